"""What people do to the nodes of a building project: plan, move, expect, finish, and keep the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, move, note
from tracker.actions.record import Actor
from tracker.actions.tasks import KeptFile
from tracker.clock import office_day
from tracker.models import NodeMove, Project, ProjectFile, ProjectNode, Task, db
from tracker.queries.nodes import nodes_of
from tracker.rules.expectations import EXPECTED_IN
from tracker.rules.lifecycle import Act, State
from tracker.rules.nodes import (
    MOST_NODES,
    PlannedNode,
    is_possible_day,
    next_due,
    why_not_done,
    why_not_expect,
    why_not_move,
)


@dataclass(frozen=True)
class _Work:
    """A project taken for one act: its claimed task, its nodes as they stand, and the facts before the act."""

    task: Task
    nodes: list[ProjectNode]
    before: dict[str, object]

    def node(self, node_id: int) -> ProjectNode:
        """A node of this project. Raises RuleRefused('node_gone')."""
        found = next((each for each in self.nodes if each.id == node_id), None)
        if found is None:
            raise RuleRefused("node_gone")
        return found

    def keep(self) -> None:
        """Write what follows from the nodes: their order, the day that lights the task, and its light."""
        for position, each in enumerate(self.nodes, 1):
            each.position = position
        self.task.node_due_on = next_due((each.planned_on, each.done_on) for each in self.nodes)
        self.task.keep_light_dates()

    def keep_last(self) -> None:
        """After the list has changed: what is expected of the task and of the node that is the last now is one day."""
        last = self.nodes[-1] if self.nodes else None
        if last is None or last.done_on:
            return
        last.expected_on = last.expected_on or self.task.expected_on
        self.task.expected_on = last.expected_on


def plan_nodes(
    actor: Actor, project: Project, version: int, rows: Sequence[PlannedNode], reason: str, now: datetime
) -> int:
    """Put a list in force: its order, new names, and days where they differ; returns how many nodes there are.

    A day that was planned otherwise is a move and needs the reason. Raises StaleTask and RuleRefused: nodes_empty,
    nodes_left_out, node_done, node_reason_missing.
    """
    work = _take(project, version)
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
            _plan(actor, node, row.planned_on, reason, now)
    work.keep()
    db.session.add_all(work.nodes)
    work.keep_last()
    said = {"nodes": [node_words(each) for each in work.nodes]}
    note(actor, "plan_nodes", work.task, now, work.before | before, **said, **({"reason": reason} if reason else {}))
    return len(rows)


def add_node(
    actor: Actor, project: Project, version: int, row: PlannedNode, after: int | None, now: datetime
) -> ProjectNode:
    """Add a node behind another one, or in front of all. Raises StaleTask and RuleRefused: node_twice, nodes_many."""
    work = _take(project, version)
    _refuse_twice(work, row.name)
    if len(work.nodes) >= MOST_NODES:
        raise RuleRefused("nodes_many")
    place = 1 + work.nodes.index(work.node(after)) if after else 0
    node = ProjectNode(task_id=project.task_id, name=row.name)
    node.planned_on = node.first_planned_on = row.planned_on
    work.nodes.insert(place, node)
    work.keep()
    db.session.add(node)
    work.keep_last()
    note(actor, "add_node", work.task, now, work.before, node=node.name, planned_on=node.planned_on)
    return node


def rename_node(actor: Actor, project: Project, version: int, node_id: int, name: str, now: datetime) -> None:
    """Call a node otherwise. Raises StaleTask and RuleRefused: node_gone, node_twice."""
    work = _take(project, version)
    node = work.node(node_id)
    _refuse_twice(work, name)
    before, node.name = node.name, name
    note(actor, "rename_node", work.task, now, work.before | {"node": before}, node=name)


def remove_node(actor: Actor, project: Project, version: int, node_id: int, now: datetime) -> str:
    """Take away a node on which nothing has happened; returns its name.

    Raises StaleTask and RuleRefused: node_gone, node_in_use.
    """
    work = _take(project, version)
    node = work.node(node_id)
    if not node.is_untouched:
        raise RuleRefused("node_in_use")
    planned_on = node.planned_on
    work.nodes.remove(node)
    db.session.delete(node)
    db.session.flush()
    work.keep()
    work.keep_last()
    note(actor, "remove_node", work.task, now, work.before | {"planned_on": planned_on}, node=node.name)
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
    work = _take(project, version)
    node = work.node(node_id)
    old = node.planned_on
    _plan(actor, node, planned_on, reason, now)
    moved = []
    if following and old and planned_on:
        for each in work.nodes[work.nodes.index(node) + 1 :]:
            if each.planned_on and not each.done_on:
                before = each.planned_on
                _plan(actor, each, before + (planned_on - old), reason, now)
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
    work = _take(project, version)
    node = work.node(node_id)
    _refuse(why_not_expect(expected_on, node.planned_on, node.done_on, office_day(now), reason))
    before, node.expected_on = node.expected_on, expected_on
    if node is work.nodes[-1]:
        work.task.expected_on = expected_on
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
    work = _take(project, version)
    node = work.node(node_id)
    _refuse(why_not_done(done_on, node.done_on, office_day(now)))
    node.done_on, node.note = done_on, words or None
    for file in files:
        row = ProjectFile(name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256, at=now)
        node.files.append(row)
    if work.task.state is State.NOT_STARTED:
        move(work.task, Act.REPORT, now)
    work.keep()
    said: dict[str, object] = {"node": node.name, "done_on": done_on}
    said |= {"text": words} if words else {}
    said |= {"files": [file.name for file in files]} if files else {}
    note(actor, "finish_node", work.task, now, work.before, **said)


def undo_finish(actor: Actor, project: Project, version: int, node_id: int, reason: str, now: datetime) -> None:
    """Take back that a node was done; its files stay under it.

    Raises StaleTask and RuleRefused: node_gone, node_not_done.
    """
    work = _take(project, version)
    node = work.node(node_id)
    if node.done_on is None:
        raise RuleRefused("node_not_done")
    before, node.done_on, node.note = {"done_on": node.done_on, "text": node.note}, None, None
    work.keep()
    note(actor, "undo_node", work.task, now, work.before | before, node=node.name, reason=reason)


def node_words(node: ProjectNode) -> str:
    """A node as an event keeps it: its name and its planned day."""
    return f"{node.name} {node.planned_on}" if node.planned_on else node.name


def _take(project: Project, version: int) -> _Work:
    """Claim the task and read its nodes. Raises StaleTask and RuleRefused: plan_closed, node_suspended."""
    task = project.task
    if task.state is State.SUSPENDED:
        raise RuleRefused("node_suspended")
    before = facts_of(task)
    claim(task, version)
    return _Work(task, nodes_of(project.task_id), before)


def _plan(actor: Actor, node: ProjectNode, planned_on: date | None, reason: str, now: datetime) -> None:
    """Put a planned day in force: the first one is kept as such, a later one as a move."""
    _refuse(why_not_move(node.planned_on, planned_on, node.done_on, reason))
    assert planned_on is not None  # the rule refuses a move to nowhere
    if not is_possible_day(planned_on):
        raise RuleRefused("node_too_far")
    if node.planned_on is None:
        node.first_planned_on = planned_on
    else:
        account_id = actor.person.id if actor.person else None
        moved = NodeMove(account_id=account_id, old_on=node.planned_on, new_on=planned_on, reason=reason, at=now)
        node.moves.append(moved)
    node.planned_on = planned_on


def _refuse(reason: str | None) -> None:
    if reason:
        raise RuleRefused(reason)


def _refuse_twice(work: _Work, name: str) -> None:
    if any(each.name == name for each in work.nodes):
        raise RuleRefused("node_twice")
