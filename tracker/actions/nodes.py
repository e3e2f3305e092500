"""What people do to the nodes of a building project: plan, move, expect, finish, and keep the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tracker.actions.moves import RuleRefused, note
from tracker.actions.node_work import Work, expect_day, finish_on, plan_day, refuse, take
from tracker.actions.record import Actor
from tracker.actions.tasks import KeptFile
from tracker.models import Project, ProjectFile, ProjectNode, db
from tracker.rules.expectations import EXPECTED_IN
from tracker.rules.nodes import MOST_NODES, PlannedNode, why_not_name


def plan_nodes(
    actor: Actor, project: Project, version: int, rows: Sequence[PlannedNode], reason: str, now: datetime
) -> int:
    """Put a list in force: its order, new names, and days where they differ; returns how many nodes there are.

    A day that was planned otherwise is a move and needs the reason. Raises StaleTask and RuleRefused: nodes_empty,
    nodes_left_out, node_done, node_reason_missing.
    """
    work = take(project, version)
    if not rows:
        raise RuleRefused("nodes_empty")
    known = {each.name: each for each in work.nodes}
    if set(known) - {row.name for row in rows}:
        raise RuleRefused("nodes_left_out")
    before = {"nodes": [node_words(each) for each in work.nodes]}
    work.nodes.clear()
    for row in rows:
        node = known.get(row.name) or ProjectNode(task_id=project.task_id, name=row.name)
        work.nodes.append(node)
        if row.planned_on and row.planned_on != node.planned_on:
            plan_day(actor, node, row.planned_on, reason, now)
    work.keep()
    db.session.add_all(work.nodes)
    said = {"nodes": [node_words(each) for each in work.nodes]} | work.keep_last()
    note(actor, "plan_nodes", work.task, now, work.before | before, **said, **({"reason": reason} if reason else {}))
    return len(rows)


def add_node(
    actor: Actor, project: Project, version: int, row: PlannedNode, after: int | None, now: datetime
) -> ProjectNode:
    """Add a node behind another one, or in front of all.

    Raises StaleTask and RuleRefused: node_twice, nodes_many and the words of ``why_not_name``.
    """
    work = take(project, version)
    refuse(why_not_name(row.name))
    _refuse_twice(work, row.name)
    if len(work.nodes) >= MOST_NODES:
        raise RuleRefused("nodes_many")
    place = 1 + work.nodes.index(work.node(after)) if after else 0
    node = ProjectNode(task_id=project.task_id, name=row.name)
    node.planned_on = node.first_planned_on = row.planned_on
    work.nodes.insert(place, node)
    work.keep()
    db.session.add(node)
    said = {"node": node.name, "planned_on": node.planned_on} | work.keep_last()
    note(actor, "add_node", work.task, now, work.before, **said)
    return node


def rename_node(actor: Actor, project: Project, version: int, node_id: int, name: str, now: datetime) -> bool:
    """Call a node otherwise; whether that is another name.

    Raises StaleTask and RuleRefused: node_gone, node_twice and the words of ``why_not_name``.
    """
    work = take(project, version)
    node = work.node(node_id)
    if node.name == name:
        return False
    refuse(why_not_name(name))
    _refuse_twice(work, name)
    before, node.name = node.name, name
    note(actor, "rename_node", work.task, now, work.before | {"node": before}, node=name)
    return True


def remove_node(actor: Actor, project: Project, version: int, node_id: int, now: datetime) -> str:
    """Take away a node on which nothing has happened; returns its name.

    Raises StaleTask and RuleRefused: node_gone, node_in_use.
    """
    work = take(project, version)
    node = work.node(node_id)
    if not node.is_untouched:
        raise RuleRefused("node_in_use")
    planned_on = node.planned_on
    work.nodes.remove(node)
    db.session.delete(node)
    db.session.flush()
    work.keep()
    said = {"node": node.name} | work.keep_last()
    note(actor, "remove_node", work.task, now, work.before | {"planned_on": planned_on}, **said)
    return node.name


def move_node(
    actor: Actor,
    project: Project,
    version: int,
    node_id: int,
    planned_on: date | None,
    reason: str,
    now: datetime,
    following: bool = False,
) -> int:
    """Move the planned day of a node, or plan it; with ``following`` all later open nodes by as many days.

    What was planned first is kept, every move with its reason. Returns how many nodes moved. Raises StaleTask and
    RuleRefused: node_gone and the words of ``why_not_move``, node_too_far.
    """
    work = take(project, version)
    node = work.node(node_id)
    old = node.planned_on
    plan_day(actor, node, planned_on, reason, now)
    moved = []
    if following and old and planned_on:
        for each in work.nodes[work.nodes.index(node) + 1 :]:
            if each.planned_on and not each.done_on:
                before = each.planned_on
                plan_day(actor, each, before + (planned_on - old), reason, now)
                moved.append(f"{each.name} {before} → {each.planned_on}")
    work.keep()
    said = {"node": node.name, "planned_on": planned_on, "reason": reason} | ({"moved": moved} if moved else {})
    note(actor, "move_node", work.task, now, work.before | {"planned_on": old}, **said)
    return 1 + len(moved)


def expect_node(
    actor: Actor, project: Project, version: int, node_id: int, expected_on: date | None, reason: str, now: datetime
) -> None:
    """Keep the day that a unit expects of a node, or take it back; of the last node it is that of the whole task.

    Raises StaleTask and RuleRefused: not_expected, node_gone and the words of ``why_not_expect``.
    """
    if project.task.state not in EXPECTED_IN:
        raise RuleRefused("not_expected")
    work = take(project, version)
    node = work.node(node_id)
    before = node.expected_on
    expect_day(work, node, expected_on, reason, now)
    said = {"node": node.name, "expected_on": expected_on} | ({"reason": reason} if reason else {})
    note(actor, "expect_node", work.task, now, work.before | {"expected_on": before}, **said)


def finish_node(
    actor: Actor,
    project: Project,
    version: int,
    node_id: int,
    done_on: date | None,
    words: str,
    files: Sequence[KeptFile],
    now: datetime,
) -> None:
    """Say that a node was done on a day, with words and files; a task that had not begun is under way with it.

    Raises StaleTask and RuleRefused: node_gone and the words of ``why_not_done``.
    """
    work = take(project, version)
    node = work.node(node_id)
    finish_on(work, node, done_on, now)
    node.note = words or None
    for file in files:
        row = ProjectFile(name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256, at=now)
        node.files.append(row)
    work.keep()
    said: dict[str, object] = {"node": node.name, "done_on": done_on}
    said |= {"text": words} if words else {}
    said |= {"files": [file.name for file in files]} if files else {}
    note(actor, "finish_node", work.task, now, work.before, **said)


def undo_finish(actor: Actor, project: Project, version: int, node_id: int, reason: str, now: datetime) -> None:
    """Take back that a node was done; its files stay under it.

    Raises StaleTask and RuleRefused: node_gone, node_not_done.
    """
    work = take(project, version)
    node = work.node(node_id)
    if node.done_on is None:
        raise RuleRefused("node_not_done")
    before, node.done_on, node.note = {"done_on": node.done_on, "text": node.note}, None, None
    work.keep()
    said = {"node": node.name, "reason": reason} | work.keep_undone(node)
    note(actor, "undo_node", work.task, now, work.before | before, **said)


def node_words(node: ProjectNode) -> str:
    """A node as an event keeps it: its name and its planned day."""
    return f"{node.name} {node.planned_on}" if node.planned_on else node.name


def _refuse_twice(work: Work, name: str) -> None:
    if any(each.name == name for each in work.nodes):
        raise RuleRefused("node_twice")
