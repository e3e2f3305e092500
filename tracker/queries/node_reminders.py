"""Whom the nodes of building projects ask: the earliest open node of each, on a ladder of its own.

The ladder is that of ``rules/nodes.py``. Where the task itself asks a person, its nodes ask nothing besides.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.models import Plan, PlanState, ProjectNode, Task
from tracker.queries.routing import Recipient, not_yet_done, recipient_columns, routed, with_asked_units
from tracker.queries.visibility import within_regions
from tracker.rules.lights import Light
from tracker.rules.nodes import NODE_LADDER, node_step_on
from tracker.rules.reminders import REMINDED_STATES


@dataclass(frozen=True)
class NodeAsk:
    """A node that asks a person on a day; ``step_on`` is the step of its ladder that has been reached."""

    recipient: Recipient
    task_id: int
    key: str
    title: str
    name: str
    planned_on: date
    step_on: date

    @property
    def matter(self) -> tuple[str, int, date | None]:
        """What a mail announces a step of."""
        return (self.recipient.who, self.task_id, self.planned_on)


def node_asks(
    day: date, *, regions: Collection[str] | None = None, task_ids: Collection[int] | None = None
) -> list[NodeAsk]:
    """The nodes on their ladder on a day and whom they ask, once per person and project.

    Narrowed to the recipients of some regions or to some tasks.
    """
    columns = [Task.id.label("task_id"), Task.key, Task.title, Task.node_due_on, _name().label("node_name")]
    query = with_asked_units(recipient_columns(), columns).where(*_on_the_ladder(day), not_yet_done())
    if regions is not None:
        query = query.where(within_regions(Task.region_code, regions))
    if task_ids is not None:
        query = query.where(Task.id.in_(task_ids))
    found: dict[tuple[str, int], NodeAsk] = {}
    for row, recipients in routed(query):
        step = node_step_on(row.node_due_on, day)
        for each in recipients if step else ():
            if regions is None or each.region_code in regions:
                ask = NodeAsk(each, row.task_id, row.key, row.title, row.node_name, row.node_due_on, step or day)
                found.setdefault((each.who, row.task_id), ask)
    return list(found.values())


def _on_the_ladder(day: date) -> list[sa.ColumnElement[bool]]:
    """Open projects of active plans whose earliest open node is missed or due within the reach of the ladder."""
    return [
        Plan.state == PlanState.ACTIVE,
        sa.or_(Task.light_fixed.is_(None), Task.light_fixed == Light.REDATE),
        Task.state.in_(REMINDED_STATES),
        Task.node_due_on <= day + NODE_LADDER.reach,
    ]


def _name() -> sa.ScalarSelect[str]:
    """The name of the earliest open node of a project; of several on one day the first."""
    query = sa.select(ProjectNode.name).where(
        ProjectNode.task_id == Task.id, ProjectNode.done_on.is_(None), ProjectNode.planned_on == Task.node_due_on
    )
    return query.order_by(ProjectNode.position).limit(1).correlate(Task).scalar_subquery()
