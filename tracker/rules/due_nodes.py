"""Which nodes of building projects have passed their planned day without being done, and which are due this month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from tracker.rules.completion import NodeFacts
from tracker.rules.project_facts import ProjectFacts


class DueNodes(StrEnum):
    """What is asked of the nodes that are not done: missed, or planned for a day of this month."""

    MISSED = "missed"
    MONTH = "month"


def days_asked(asked: DueNodes, today: date) -> tuple[date, date]:
    """The first and the last planned day of the nodes in question."""
    if asked is DueNodes.MISSED:
        return date.min, date.fromordinal(today.toordinal() - 1)
    return today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])


def due_nodes(projects: Iterable[ProjectFacts], asked: DueNodes, today: date) -> list[tuple[ProjectFacts, NodeFacts]]:
    """The nodes in question with their projects; what is closed or suspended waits for nothing."""
    first, last = days_asked(asked, today)
    return [
        (project, node)
        for project in projects
        if not project.suspended and not project.closed_on
        for node in project.nodes
        if node.planned_on and not node.done_on and first <= node.planned_on <= last
    ]
