"""Building projects as plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from tests.factories import COUNTY, World, make_money, make_project, make_school, make_task
from tracker.models import Handover, Report, Situation, Stage, Task, db
from tracker.queries.project_facts import facts_of, project_facts
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import HandoverFacts

TODAY = date(2026, 3, 1)


def a_project(world: World) -> Task:
    school = make_school("第九中学")
    task = make_task(world.plan, responsible=[world.housing], due_on=date(2026, 9, 30), title="第九中学建设")
    nodes = [
        {"name": "开工", "planned_on": date(2026, 1, 5), "done_on": date(2026, 1, 9)},
        {"name": "投用", "planned_on": date(2026, 8, 20), "first_planned_on": date(2026, 6, 30)},
    ]
    project = make_project(
        task, parts=[(school, Stage.JUNIOR, 2000, 40)], nodes=nodes, budget_yuan=100_000_000, town="潋江镇"
    )
    project.schools[0].handovers.append(Handover(seats=800, handed_on=date(2026, 2, 1)))
    make_money(project, MoneyKind.PLANNED, 60_000_000, for_year=2026)
    make_money(project, MoneyKind.PLANNED, 40_000_000, for_year=2025)
    make_money(project, MoneyKind.ALLOCATED, 30_000_000, date(2025, 12, 31))
    make_money(project, MoneyKind.PAID, 9_000_000, date(2026, 2, 3))
    make_money(project, MoneyKind.PAID, 5_000_000, date(2026, 2, 4), withdrawn_at=datetime(2026, 2, 5, tzinfo=UTC))
    return task


def test_a_project_comes_with_its_nodes_sums_and_schools(app: Flask, world: World) -> None:
    task = a_project(world)
    for percent, withdrawn in ((35, None), (90, datetime(2026, 2, 9, tzinfo=UTC))):
        db.session.add(
            Report(
                task=task,
                account_id=world.office.id,
                situation=Situation.ON_PLAN,
                text="砌体施工",
                at=datetime(2026, 2, 8, tzinfo=UTC),
                light_before=Light.NORMAL,
                light_after=Light.NORMAL,
                progress_percent=percent,
                withdrawn_at=withdrawn,
                once=f"once-{percent}",
            )
        )
    db.session.flush()
    found = facts_of(task.id, TODAY)
    assert found is not None
    assert [node.name for node in found.nodes] == ["开工", "投用"]
    assert found.money == {MoneyKind.PLANNED: 100_000_000, MoneyKind.ALLOCATED: 30_000_000, MoneyKind.PAID: 9_000_000}
    assert found.of_year == {MoneyKind.PLANNED: 60_000_000, MoneyKind.PAID: 9_000_000}
    assert (found.seats, found.done_nodes, found.planned_yuan) == (2000, 1, 100_000_000)
    assert found.parts[0].handovers == (HandoverFacts(800, handed_on=date(2026, 2, 1)),)
    assert (found.progress, found.progress_on) == (35, date(2026, 2, 8))
    assert (found.region, found.category, found.town, found.light) == (COUNTY, "new", "潋江镇", Light.NOT_DUE)


def test_a_project_of_which_nothing_is_said_has_nothing(app: Flask, world: World) -> None:
    task = make_task(world.plan)
    make_project(task)
    found = facts_of(task.id, TODAY)
    assert found is not None
    assert (found.nodes, found.money, found.of_year, found.parts, found.progress) == ((), {}, {}, (), None)
    assert (found.planned_yuan, found.seats, found.completion(TODAY).on) == (None, None, None)


def test_a_task_that_builds_nothing_is_no_project(app: Flask, world: World) -> None:
    assert facts_of(world.task.id, TODAY) is None


def test_a_cut_list_asks_for_its_own_projects_alone(app: Flask, world: World) -> None:
    a_project(world)
    make_project(make_task(world.plan, due_on=date(2026, 1, 1), title="逾期的"))
    assert [each.title for each in project_facts([Task.plan_id == world.plan.id], TODAY, most=1)] == ["逾期的"]


def test_a_missed_node_lights_a_project(app: Flask, world: World) -> None:
    task = make_task(world.plan, due_on=date(2026, 9, 30))
    make_project(task, nodes=[{"name": "开工", "planned_on": date(2026, 2, 28)}])
    assert (task.light(date(2026, 2, 28)), task.light(TODAY)) == (Light.NOT_DUE, Light.SOON)
    assert task.rule(TODAY) == "node_missed"
