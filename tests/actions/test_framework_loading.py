"""Loading frameworks again: what the files say now, the same rows, nothing of an office touched, no event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, make_plan, make_task
from tests.visit import counted_queries
from tracker.actions.plan_indicators import store_framework
from tracker.actions.plan_states import delete_plan
from tracker.actions.record import NOBODY
from tracker.commands.plans import SEEDS, load_frameworks, load_seeds, refresh_frameworks
from tracker.documents.framework_seed import read_framework_seed
from tracker.documents.plan_shape import FrameworkSeed, IndicatorSeed, PartSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import Contribution, Event, Framework, Indicator, IndicatorPart, Plan, PlanState, Veto, db
from tracker.queries.standards import framework_by_code, standard_of
from tracker.rules.standards import Standard


def seed_of(code: str) -> FrameworkSeed:
    """A framework as its file has it."""
    return read_framework_seed(SEEDS / "frameworks" / f"{code}.yaml")


def rows() -> dict[str, list[Any]]:
    """Every row of every framework with its id."""
    return {
        table.name: [tuple(row) for row in db.session.execute(sa.select(table).order_by(table.c.id))]
        for table in (Framework.__table__, Indicator.__table__, IndicatorPart.__table__, Veto.__table__)
        if isinstance(table, sa.Table)
    }


def standards() -> dict[str, Standard]:
    """Every stored framework as a standard."""
    return {each.code: standard_of(each) for each in db.session.scalars(sa.select(Framework))}


def test_loading_twice_changes_nothing_and_writes_no_event(plans_app: Flask) -> None:
    before, events = rows(), db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    load_seeds()
    db.session.expire_all()
    assert rows() == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events
    assert not any(store_framework(seed_of(code)) for code in standards())


def test_an_installation_from_before_gets_its_conditions_on_the_same_rows(plans_app: Flask) -> None:
    wanted = standards()
    ids = {(each.framework_id, each.code): each.id for each in db.session.scalars(sa.select(Indicator))}
    for each in db.session.scalars(sa.select(Framework)):
        each.terms, each.figures = {}, []
    for item in db.session.scalars(sa.select(Indicator)):
        item.conditions, item.words, item.requirement_en = None, [], None
    for part in db.session.scalars(sa.select(IndicatorPart)):
        part.condition = None
    db.session.execute(sa.update(Plan).where(Plan.code == "urumqi-2022").values(framework_id=None))
    db.session.commit()
    load_seeds()
    db.session.expire_all()
    assert standards() == wanted
    assert {(each.framework_id, each.code): each.id for each in db.session.scalars(sa.select(Indicator))} == ids
    lists = {plan.code: plan.framework and plan.framework.code for plan in db.session.scalars(sa.select(Plan))}
    assert lists == {code: None if code == "xiji-2022" else code for code in lists}


def test_a_start_brings_an_installation_from_before_up_to_date_once(plans_app: Flask) -> None:
    wanted = standards()
    for item in db.session.scalars(sa.select(Indicator)):
        item.conditions = None
    db.session.commit()
    assert refresh_frameworks()
    db.session.expire_all()
    assert standards() == wanted
    before = rows()
    assert not refresh_frameworks()
    db.session.expire_all()
    assert rows() == before


def test_a_start_stores_no_framework_before_the_seeds_are_loaded(app: Flask) -> None:
    for table in (IndicatorPart, Veto, Indicator, Framework):
        db.session.execute(sa.delete(table))
    db.session.commit()
    assert not refresh_frameworks()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Framework)) == 0


def test_a_stored_framework_is_read_like_its_file(plans_app: Flask) -> None:
    xingguo = standard_of(db.session.scalars(sa.select(Framework).where(Framework.code == "xingguo-2023")).one())
    assert len(xingguo.items) == 38
    assert xingguo.pass_points == Decimal(90)
    assert sum(part.points or 0 for item in xingguo.items for part in item.parts) == 100


def test_the_copy_of_an_office_stays_as_it_is(app: Flask) -> None:
    shared = db.session.scalars(sa.select(Framework).where(Framework.code == "national")).one()
    copied = Framework(code="own", name="本县口径", region_code=COUNTY, copied_from_id=shared.id)
    copied.indicators = [Indicator(code="R1", number="R1", position=1, title="学历", group="资源")]
    db.session.add(copied)
    db.session.flush()
    before = rows()
    load_frameworks()
    assert not store_framework(replace(seed_of("akqi-2022"), code="own"))
    db.session.expire_all()
    assert rows() == before


def a_list(*items: IndicatorSeed, **differences: Any) -> FrameworkSeed:
    """A small list."""
    return FrameworkSeed("small.yaml", "small", "试行", indicators=list(items), **differences)


def item(code: str, **differences: Any) -> IndicatorSeed:
    """An item of a list."""
    values: dict[str, Any] = {"title": f"第{code}项", "group": "组", "national": None, "grade": None, "points": None}
    return IndicatorSeed(code, code, **(values | differences))


def test_a_changed_file_changes_the_rows_and_keeps_their_ids(app: Flask) -> None:
    parts = [PartSeed("1", "甲", None), PartSeed("2", "乙", None)]
    assert store_framework(a_list(item("1", parts=parts), item("2"), item("3"), vetoes=[("1", "作假")]))
    ids = {each.code: each.id for each in db.session.scalars(sa.select(Indicator))}
    changed = a_list(item("3"), item("1", title="改名", parts=parts[:1]), item("4"), vetoes=[("1", "弄虚作假")])
    assert store_framework(changed)
    assert not store_framework(changed)
    db.session.expire_all()
    framework = framework_by_code("small")
    assert framework is not None
    assert [(each.code, each.position, each.title) for each in framework.indicators] == [
        ("3", 1, "第3项"),
        ("1", 2, "改名"),
        ("4", 3, "第4项"),
    ]
    assert [len(each.parts) for each in framework.indicators] == [0, 1, 0]
    assert all(ids[each.code] == each.id for each in framework.indicators if each.code != "4")
    vetoes = sa.select(Veto.title).where(Veto.framework_id == framework.id)
    assert list(db.session.scalars(vetoes)) == ["弄虚作假"]


def test_a_file_that_drops_an_item_that_tasks_name_is_refused(app: Flask) -> None:
    store_framework(a_list(item("1"), item("2"), item("3")))
    framework = framework_by_code("small")
    assert framework is not None
    plan = make_plan()
    first, second = make_task(plan), make_task(plan)
    for task in (first, second):
        task.contributions = [Contribution(indicator=framework.indicators[1], reason="理由")]
    first.duty_of = framework.indicators[1]
    db.session.flush()
    before = rows()
    with pytest.raises(
        SeedError, match=r"small\.yaml, indicators \(2\): is missing, and is named by 2 tasks: keep its code"
    ):
        store_framework(a_list(item("1", title="改名")))
    db.session.expire_all()
    assert rows() == before
    assert store_framework(a_list(item("1"), item("2", title="改名")))


def test_a_national_item_that_other_lists_name_is_not_dropped(app: Flask) -> None:
    national = seed_of("national")
    store_framework(a_list(item("1", national="S1")))
    with pytest.raises(
        SeedError, match=r"indicators \(S1\): is missing, and is named by reported values or other lists"
    ):
        store_framework(replace(national, indicators=national.indicators[:-1]))


def test_a_start_keeps_what_it_may_not_change_and_says_so(plans_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    framework = framework_by_code("akqi-2022")
    assert framework is not None
    framework.indicators.append(Indicator(code="old", number="old", position=99, title="旧", group="组", words=[]))
    db.session.flush()
    make_task(make_plan()).contributions = [Contribution(indicator=framework.indicators[-1], reason="理由")]
    db.session.commit()
    assert refresh_frameworks()
    db.session.expire_all()
    assert [each.code for each in framework.indicators][-1] == "old"
    assert "akqi-2022 stays as it was" in caplog.text


def test_another_veto_is_another_version(app: Flask) -> None:
    store_framework(a_list(item("1"), vetoes=[("1", "作假")]))
    framework = framework_by_code("small")
    assert framework is not None
    version = framework.version
    store_framework(a_list(item("1"), vetoes=[("1", "弄虚作假")]))
    assert framework.version == version + 1


def test_loading_again_asks_for_all_parts_at_once(app: Flask) -> None:
    many = [item(str(number), parts=[PartSeed("1", "甲", None)]) for number in range(12)]
    store_framework(a_list(*many))
    db.session.expire_all()
    with counted_queries() as statements:
        store_framework(a_list(*many))
    assert len(statements) < 12


def test_a_fault_in_a_framework_stores_nothing(app: Flask) -> None:
    wrong = a_list(item("1", conditions=[{"code": "a", "of": "county", "asks": "nothing"}]))
    with pytest.raises(SeedError, match=r"small\.yaml, indicators \(1\), conditions 1 \(a\), asks: 'nothing' names no"):
        store_framework(wrong)
    assert framework_by_code("small") is None


@pytest.mark.parametrize("copied", [True, False])
def test_a_list_that_an_office_copied_outlives_its_plan(app: Flask, copied: bool) -> None:
    store_framework(a_list(item("1")))
    framework = framework_by_code("small")
    assert framework is not None
    if copied:
        db.session.add(Framework(code="own", name="本县口径", region_code=COUNTY, copied_from_id=framework.id))
    plan = make_plan(state=PlanState.DRAFT, framework_id=framework.id)
    delete_plan(NOBODY, plan, plan.version, datetime(2026, 3, 6, 4, tzinfo=UTC))
    assert (framework_by_code("small") is not None) is copied
