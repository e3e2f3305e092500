"""The sums of many projects' money."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from tests.factories import World, make_money, make_project, make_task
from tests.visit import counted_queries
from tracker.models import Project, Task, db
from tracker.queries.money import money_of
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind, MoneySource

TODAY = date(2026, 11, 22)


def project(world: World, **figures: object) -> Project:
    """A project of 财政局."""
    return make_project(make_task(world.plan, responsible=[world.finance]), **figures)


def test_the_money_of_a_county_is_summed_by_kind_source_and_year(app: Flask, world: World) -> None:
    first, second, silent = project(world, budget_yuan=1000), project(world), project(world)
    make_money(first, MoneyKind.PLANNED, 900, for_year=2026, source=MoneySource.BOND)
    make_money(second, MoneyKind.PLANNED, 400, source=MoneySource.BOND)
    make_money(second, MoneyKind.ALLOCATED, 300, date(2025, 12, 31), source=MoneySource.COUNTY)
    make_money(first, MoneyKind.ALLOCATED, 200, date(2026, 1, 1))
    make_money(first, MoneyKind.ALLOCATED, -50, date(2026, 2, 1))
    with counted_queries() as asked:
        found = money_of([], TODAY)
    assert len(asked) == 2
    assert silent.task_id
    assert (found.projects, found.planned, found.unplanned) == (3, 1400, 1)
    assert (found.allocated, found.paid) == (450, None)
    assert found.this_year == {MoneyKind.PLANNED: 900, MoneyKind.ALLOCATED: 150}
    assert found.totals.by_source == [
        (MoneySource.COUNTY, {MoneyKind.ALLOCATED: 300}),
        (MoneySource.BOND, {MoneyKind.PLANNED: 1300}),
        (None, {MoneyKind.ALLOCATED: 150}),
    ]
    assert found.totals.by_year == [
        (2025, {MoneyKind.ALLOCATED: 300}),
        (2026, {MoneyKind.PLANNED: 900, MoneyKind.ALLOCATED: 150}),
        (None, {MoneyKind.PLANNED: 400}),
    ]


def test_what_was_withdrawn_or_suspended_is_in_no_sum(app: Flask, world: World) -> None:
    kept, cancelled = project(world, budget_yuan=1000), project(world, budget_yuan=5000)
    make_money(kept, MoneyKind.PAID, 70, TODAY, withdrawn_at=datetime(2026, 11, 1, tzinfo=UTC))
    make_money(cancelled, MoneyKind.PAID, 80, TODAY)
    cancelled.task.state = State.SUSPENDED
    cancelled.task.keep_light_dates()
    db.session.flush()
    found = money_of([], TODAY)
    assert (found.projects, found.planned, found.paid, found.totals.by_source) == (1, 1000, None, [])


def test_the_conditions_choose_the_projects(app: Flask, world: World) -> None:
    first, second = project(world, budget_yuan=1000, town="潋江镇"), project(world, budget_yuan=10)
    make_money(first, MoneyKind.PAID, 7, TODAY)
    make_money(second, MoneyKind.PAID, 8, TODAY)
    assert money_of([Project.town == "潋江镇"], TODAY).paid == 7
    assert money_of([Task.id == second.task_id], TODAY).paid == 8
    assert money_of([Task.id < 0], TODAY).projects == 0
