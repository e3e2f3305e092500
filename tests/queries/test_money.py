"""The ledger of a project with its sums."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from tests.factories import World, make_money, make_project, make_task
from tests.visit import counted_queries
from tracker.models import db
from tracker.queries.money import ledger_of
from tracker.rules.money import MoneyKind, MoneySource

WITHDRAWN = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_money_of_a_project_is_summed_by_kind_source_and_year(app: Flask, world: World) -> None:
    project, other = (make_project(make_task(world.plan, responsible=[world.finance])) for _ in range(2))
    make_money(project, MoneyKind.PLANNED, 900, for_year=2026, source=MoneySource.BOND)
    make_money(project, MoneyKind.PLANNED, 400, source=MoneySource.BOND)
    make_money(project, MoneyKind.ALLOCATED, 300, date(2025, 12, 31), source=MoneySource.COUNTY)
    make_money(project, MoneyKind.ALLOCATED, 200, date(2026, 1, 1))
    make_money(project, MoneyKind.ALLOCATED, -50, date(2026, 2, 1))
    make_money(project, MoneyKind.PAID, 70, date(2026, 2, 1), withdrawn_at=WITHDRAWN, withdrawn_reason="重复")
    make_money(other, MoneyKind.PAID, 80, date(2026, 2, 1))
    db.session.flush()
    with counted_queries() as asked:
        ledger = ledger_of(project.task_id)
    assert len(asked) == 1
    assert [entry.amount_yuan for entry in ledger.entries] == [70, -50, 200, 300, 400, 900]
    assert ledger.totals.kinds == {MoneyKind.PLANNED: 1300, MoneyKind.ALLOCATED: 450}
    assert ledger.totals.by_source == [
        (MoneySource.COUNTY, {MoneyKind.ALLOCATED: 300}),
        (MoneySource.BOND, {MoneyKind.PLANNED: 1300}),
        (None, {MoneyKind.ALLOCATED: 150}),
    ]
    assert ledger.totals.by_year == [
        (2025, {MoneyKind.ALLOCATED: 300}),
        (2026, {MoneyKind.PLANNED: 900, MoneyKind.ALLOCATED: 150}),
        (None, {MoneyKind.PLANNED: 400}),
    ]
