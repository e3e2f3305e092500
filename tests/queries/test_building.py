"""What the sums of building projects rest on is what each project says of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask

from tests.factories import World, make_money, make_project, make_school, make_task
from tests.queries.test_project_facts import TODAY, a_project
from tracker.models import Task, TaskKind, db
from tracker.queries.building import building_facts
from tracker.queries.project_facts import project_facts
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.seats import coming
from tracker.rules.stages import Stage


def kept(project: ProjectFacts) -> tuple[Any, ...]:
    """What both questions answer of a project."""
    return (
        project.category,
        project.suspended,
        project.submitted,
        project.needs_redate,
        project.expected_on,
        project.budget_yuan,
        project.deadline,
        project.money,
        [(node.name, node.planned_on, node.first_planned_on, node.expected_on, node.done_on) for node in project.nodes],
        [(part.stage, part.seats, part.handovers) for part in project.parts],
        project.completion(TODAY),
        project.planned_completion,
    )


def test_the_short_question_answers_as_the_long_one(app: Flask, world: World) -> None:
    a_project(world)
    closed = {"state": State.CLOSED, "submitted_on": date(2026, 2, 1), "closed_on": date(2026, 2, 9)}
    submitted = {"state": State.SUBMITTED, "submitted_on": date(2026, 3, 1)}
    for values in (
        closed,
        submitted,
        closed | {"needs_redate": True},
        {"expected_on": date(2026, 10, 1)},
        {"state": State.SUSPENDED},
        {"needs_redate": True},
        {"due_on": date(2026, 2, 1)},
    ):
        seats = [(make_school(), Stage.PRIMARY, 450, 10)]
        project = make_project(make_task(world.plan, **({"due_on": date(2026, 9, 1)} | values)), parts=seats)
        make_money(project, MoneyKind.PAID, 1_000_000, date(2026, 1, 1))
    db.session.flush()
    where = [Task.plan_id == world.plan.id]
    short = {each.id: each for each in building_facts(where, TODAY)}
    long = {each.id: each for each in project_facts(where, TODAY)}
    assert {key: kept(each) for key, each in short.items()} == {key: kept(each) for key, each in long.items()}
    assert coming(list(short.values()), TODAY) == coming(list(long.values()), TODAY)
    told = (Light.OVERDUE, Light.CLOSED, Light.SUSPENDED, Light.REDATE)
    assert {key: each.light for key, each in short.items() if each.light in told} == {
        key: each.light for key, each in long.items() if each.light in told
    }
    assert len({each.light for each in short.values()}) == 5


def test_a_project_without_figures_has_no_category(app: Flask, world: World) -> None:
    make_task(world.plan, kind=TaskKind.PROJECT)
    [found] = building_facts([Task.plan_id == world.plan.id], TODAY)
    assert (found.category, found.nodes, found.parts, found.money) == ("", (), (), {})
