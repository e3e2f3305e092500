"""Nodes that have passed their day, and those of this month."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.completion import NodeFacts
from tracker.rules.due_nodes import DueNodes, days_asked, due_nodes
from tracker.rules.project_facts import ProjectFacts

TODAY = date(2026, 3, 6)


def node(day: date | None, done: date | None = None) -> NodeFacts:
    return NodeFacts("开工", day, day, done_on=done)


@pytest.mark.parametrize(
    ("planned", "missed", "month"),
    [
        (node(None), 0, 0),
        (node(date(2026, 2, 28)), 1, 0),
        (node(date(2026, 3, 1)), 1, 1),
        (node(date(2026, 3, 5)), 1, 1),
        (node(TODAY), 0, 1),
        (node(date(2026, 3, 31)), 0, 1),
        (node(date(2026, 4, 1)), 0, 0),
        (node(date(2026, 3, 1), TODAY), 0, 0),
    ],
)
def test_a_node_is_asked_for_until_it_is_done(planned: NodeFacts, missed: int, month: int) -> None:
    projects = [ProjectFacts("p", "某小学", "new", nodes=(planned,))]
    assert len(due_nodes(projects, DueNodes.MISSED, TODAY)) == missed
    assert len(due_nodes(projects, DueNodes.MONTH, TODAY)) == month


def test_what_is_closed_or_suspended_waits_for_nothing() -> None:
    late = (node(date(2026, 3, 1)),)
    projects = [
        ProjectFacts("p", "某小学", "new", nodes=late, suspended=True),
        ProjectFacts("p", "某小学", "new", nodes=late, closed_on=TODAY),
    ]
    assert due_nodes(projects, DueNodes.MISSED, TODAY) == []


def test_a_month_ends_on_its_last_day() -> None:
    assert days_asked(DueNodes.MONTH, date(2028, 2, 3)) == (date(2028, 2, 1), date(2028, 2, 29))
