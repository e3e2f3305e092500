"""Write the nodes of one project as the rows of a file say them, by the same steps as the forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.moves import RuleRefused, facts_of
from tracker.actions.node_work import Work, expect_day, finish_on, plan_day, take
from tracker.actions.record import Actor
from tracker.models import Project, ProjectNode, db
from tracker.rules.expectations import EXPECTED_IN
from tracker.rules.nodes import MOST_NODES

Facts = dict[str, object]


@dataclass(frozen=True)
class NodeSaid:
    """What a row says of a node, by its number or new by its name; only days that change.

    ``expects`` tells a forecast that is taken back from one of which the row says nothing.
    """

    name: str
    node_id: int | None
    planned_on: date | None
    expects: bool
    expected_on: date | None
    done_on: date | None
    reason: str


def keep_nodes(
    actor: Actor, project: Project, version: int, rows: Sequence[NodeSaid], order: Sequence[str], now: datetime
) -> tuple[Facts, Facts]:
    """Write some rows and give what stood before and what stands now; who calls keeps the event.

    ``order`` are the names of all nodes in the file: a new one goes behind the one before it there. Raises StaleTask
    and RuleRefused as the acts of ``actions/nodes.py`` do.
    """
    if any(row.expects for row in rows) and project.task.state not in EXPECTED_IN:
        raise RuleRefused("not_expected")
    work = take(project, version)
    known = {row: work.node(row.node_id) for row in rows if row.node_id}
    before = [_words(each) for each in known.values()]
    for row in rows:
        if row.node_id is None:
            known[row] = _made(work, row, order)
    if len(work.nodes) > MOST_NODES:
        raise RuleRefused("nodes_many")
    for row, node in known.items():
        if row.planned_on:
            plan_day(actor, node, row.planned_on, row.reason, now)
        if row.expects:
            expect_day(work, node, row.expected_on, row.reason, now)
        if row.done_on:
            finish_on(work, node, row.done_on, now)
    work.keep()
    db.session.add_all(work.nodes)
    last = work.keep_last()
    db.session.flush()
    reasons = "；".join(f"{row.name}：{row.reason}" for row in rows if row.reason)
    after: Facts = {"nodes": [_words(known[row]) for row in rows]} | ({"reason": reasons} if reasons else {})
    return work.before | {"nodes": before}, facts_of(work.task) | after | last


def _made(work: Work, row: NodeSaid, order: Sequence[str]) -> ProjectNode:
    """A new node at its place: behind the nearest one before it in the file, else before the next, else by its day."""
    if any(each.name == row.name for each in work.nodes):
        raise RuleRefused("node_twice")
    node = ProjectNode(task_id=work.task.id, name=row.name)
    places = {each.name: place for place, each in enumerate(work.nodes)}
    own = order.index(row.name)
    behind = next((places[name] + 1 for name in reversed(order[:own]) if name in places), None)
    ahead = next((places[name] for name in order[own + 1 :] if name in places), None)
    beside = behind if behind is not None else ahead
    work.nodes.insert(_place_by_day(work, row.planned_on) if beside is None else beside, node)
    return node


def _place_by_day(work: Work, planned_on: date | None) -> int:
    """Before the first node that is planned later; at the end where none is."""
    planned = ((place, each.planned_on) for place, each in enumerate(work.nodes))
    later = (place for place, on in planned if planned_on and on and on > planned_on)
    return next(later, len(work.nodes))


def _words(node: ProjectNode) -> str:
    """A node as an event keeps it: its name and its days."""
    days = (("计划", node.planned_on), ("预计", node.expected_on), ("完成", node.done_on))
    return " ".join([node.name, *(f"{word} {on}" for word, on in days if on)])
