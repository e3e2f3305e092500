"""Which projects a list of open nodes asks for: the rule and the question of the database agree."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.factories import World, make_project, make_task
from tracker.models import Task, db
from tracker.queries.project_facts import project_facts
from tracker.queries.projects import has_node
from tracker.rules.lifecycle import State
from tracker.rules.schedules import NodesAsked, nodes_asked

TODAY = date(2026, 3, 10)
CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "none": ([], {}),
    "unplanned": ([{"name": "招标"}], {}),
    "yesterday": ([{"planned_on": date(2026, 3, 9)}], {}),
    "today": ([{"planned_on": TODAY}], {}),
    "last of the month": ([{"planned_on": date(2026, 3, 31)}], {}),
    "next month": ([{"planned_on": date(2026, 4, 1)}], {}),
    "last month": ([{"planned_on": date(2026, 2, 28)}], {}),
    "done": ([{"planned_on": date(2026, 3, 9), "done_on": date(2026, 3, 8)}], {}),
    "suspended": ([{"planned_on": date(2026, 3, 9)}], {"state": State.SUSPENDED}),
    "closed": ([{"planned_on": date(2026, 3, 9)}], {"state": State.CLOSED, "closed_on": date(2026, 3, 1)}),
    "submitted": ([{"planned_on": date(2026, 3, 9)}], {"state": State.SUBMITTED, "submitted_on": date(2026, 3, 8)}),
    "to be dated anew": ([{"planned_on": date(2026, 3, 9)}], {"needs_redate": True}),
}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (NodesAsked.MONTH, {"yesterday", "today", "last of the month", "to be dated anew", "submitted"}),
        (NodesAsked.MISSED, {"yesterday", "last month", "to be dated anew"}),
    ],
)
def test_the_rule_and_the_database_name_the_same_projects(
    app: Flask, world: World, asked: NodesAsked, expected: set[str]
) -> None:
    for title, (nodes, values) in CASES.items():
        make_project(make_task(world.plan, title=title, **({"due_on": date(2026, 9, 1)} | values)), nodes=nodes)
    db.session.flush()
    every = project_facts([Task.plan_id == world.plan.id], TODAY)
    assert {each.title for each in every if nodes_asked(each, asked, TODAY)} == expected
    assert {each.title for each in project_facts(has_node(asked, TODAY), TODAY)} == expected
