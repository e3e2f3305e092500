"""Storing a plan: everything or nothing, once, with units known by every name they go by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.documents.test_plan_seed import BOUNDED, GOOD, MISTAKES, written
from tests.factories import make_account, make_unit
from tracker.actions.plan_indicators import store_framework
from tracker.actions.plans import activate, store_plan
from tracker.actions.record import Actor
from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.plan_shape import FrameworkSeed, IndicatorSeed, PlanSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import Event, Framework, Plan, PlanState, Project, Task, Unit, UnitAlias, UnitKind, db
from tracker.queries.accounts import person_of
from tracker.rules.deadlines import Doubt
from tracker.rules.lights import Light
from tracker.rules.permissions import Role

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)


@pytest.fixture
def seed(tmp_path: Path) -> PlanSeed:
    """The small plan of the reader's tests."""
    return read_plan_seed(written(tmp_path, GOOD))


def counts() -> dict[str, int]:
    """The number of rows of every table."""
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in db.metadata.tables.items()
    }


def stored(seed: PlanSeed, **differences: Any) -> Plan:
    """A plan that was stored."""
    plan = store_plan(replace(seed, **differences), NOW)
    assert plan is not None
    return plan


def test_a_plan_is_stored_as_a_draft_with_an_event(app: Flask, seed: PlanSeed) -> None:
    office = Actor(person_of(make_account(Role.PLAN_OFFICE, name="李四")), None, "192.0.2.7")
    plan = store_plan(seed, NOW, office)
    assert plan is not None
    assert plan.state is PlanState.DRAFT
    event = db.session.scalars(sa.select(Event)).one()
    assert (event.act, event.object_id, event.person_name, event.region_code) == (
        "store_plan",
        "small-2023",
        "李四",
        "360732",
    )
    assert event.after == {"tasks": 2, "state": "draft"}


def test_storing_twice_changes_nothing(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    before = counts()
    assert store_plan(seed, NOW) is None
    assert store_plan(replace(seed, title="另一个标题"), NOW) is None
    assert counts() == before


def test_a_task_keeps_its_words_and_the_date_read_from_them(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    dated, inheriting = db.session.scalars(sa.select(Task).order_by(Task.position))
    assert (dated.key, dated.deadline_text, dated.due_on, dated.first_due_on, dated.deadline_inherited) == (
        "small-2023-a-01",
        "2024年9月",
        date(2024, 9, 30),
        date(2024, 9, 30),
        False,
    )
    assert (inheriting.deadline_text, inheriting.due_on, inheriting.deadline_inherited) == (
        None,
        date(2030, 12, 31),
        True,
    )
    assert inheriting.duty_of is not None
    assert inheriting.duty_of.code == "1.10"
    assert dated.light(date(2024, 10, 1)) is Light.OVERDUE


@pytest.mark.parametrize(
    ("words", "doubt"),
    [
        ("2023年9月", Doubt.BEFORE_ISSUE),
        ("2025年前", Doubt.BEFORE_WHICH_YEAR),
        ("2026年2月30日", Doubt.IMPOSSIBLE_DATE),
        ("2025年暑假", Doubt.UNREADABLE),
    ],
)
def test_a_doubtful_deadline_waits_for_the_office(app: Flask, seed: PlanSeed, words: str, doubt: Doubt) -> None:
    stored(seed, tasks=[replace(seed.tasks[0], deadline=words)])
    task = db.session.scalars(sa.select(Task)).one()
    assert (task.deadline_text, task.deadline_doubt, task.needs_redate) == (words, doubt, True)
    assert task.light(date(2040, 1, 1)) is Light.REDATE


def test_a_unit_is_one_under_all_its_names(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    task = db.session.scalars(sa.select(Task).order_by(Task.position)).first()
    assert task is not None
    assert [(each.unit.name, each.name_in_plan) for each in task.assignments] == [
        ("财政局", "县财政局"),
        ("各乡镇", "各乡镇"),
    ]
    assert [member.name for member in task.assignments[1].unit.members] == ["潋江镇"]


def test_a_second_plan_uses_the_units_of_its_region_and_teaches_them_new_names(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    units = db.session.scalar(sa.select(sa.func.count()).select_from(Unit))
    finance = replace(seed.units[0], name="县财政局", aliases=["财政局", "县财局"])
    stored(seed, code="second", tasks=[], units=[finance, *seed.units[1:]], indicators=[], vetoes=[], reported=[])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit)) == units
    assert set(db.session.scalars(sa.select(UnitAlias.alias))) == {"县财政局", "县财局"}


def test_the_same_name_in_another_region_is_another_unit(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    stored(seed, code="second", region="640422", tasks=[], indicators=[], vetoes=[], reported=[])
    regions = db.session.scalars(sa.select(Unit.region_code).where(Unit.name == "财政局").order_by(Unit.region_code))
    assert list(regions) == ["360732", "640422"]


def test_two_known_units_under_one_name_are_refused(app: Flask, seed: PlanSeed) -> None:
    make_unit("财政局")
    make_unit("县财政局")
    with pytest.raises(SeedError, match=r"small\.yaml, units \(财政局\): .*财政局、县财政局: merge them first"):
        store_plan(seed, NOW)


@pytest.mark.parametrize(
    ("differences", "message"),
    [
        ({"region": "999999"}, r"small\.yaml, plan, region: '999999' is unknown: add it to seeds/regions\.yaml"),
        ({"reported": "Z9"}, r"small\.yaml, reported, indicator: 'Z9' is unknown: use a national code"),
        ({"tasks": "Z9"}, r"small\.yaml, tasks 1 \(a-01\), indicators: 'Z9' is unknown: use a national code"),
        ({"indicators": "Z9"}, r"small\.yaml, indicators \(1\.10\), national: 'Z9' is unknown: use a national code"),
    ],
)
def test_what_the_database_does_not_know_is_refused_by_place(
    app: Flask, seed: PlanSeed, differences: dict[str, Any], message: str
) -> None:
    code = next(iter(differences.values()))
    wrong: dict[str, Callable[[], Any]] = {
        "region": lambda: code,
        "reported": lambda: [replace(seed.reported[0], indicator=code)],
        "tasks": lambda: [replace(seed.tasks[0], indicators={code: "理由"}), seed.tasks[1]],
        "indicators": lambda: [replace(seed.indicators[0], national=code)],
    }
    with pytest.raises(SeedError, match=message):
        store_plan(replace(seed, **{name: wrong[name]() for name in differences}), NOW)


def test_a_draft_becomes_active_once(app: Flask, seed: PlanSeed) -> None:
    plan = stored(seed)
    activate(plan, NOW)
    activate(plan, NOW)
    assert plan.state is PlanState.ACTIVE
    acts = list(db.session.scalars(sa.select(Event.act).order_by(Event.id)))
    assert acts == ["store_plan", "activate_plan"]


def test_a_closed_plan_is_not_made_active_again(app: Flask, seed: PlanSeed) -> None:
    plan = stored(seed)
    plan.state = PlanState.CLOSED
    activate(plan, NOW)
    assert plan.state is PlanState.CLOSED


def test_a_framework_is_stored_once(app: Flask) -> None:
    items = [IndicatorSeed(code, code, title, "组", None, None, None) for code, title in (("X1", "甲"), ("X2", "乙"))]
    other = FrameworkSeed("other.yaml", "other", "另一标准", indicators=items)
    assert store_framework(other)
    assert not store_framework(other)
    framework = db.session.scalars(sa.select(Framework).where(Framework.code == "other")).one()
    assert [(item.code, item.position) for item in framework.indicators] == [("X1", 1), ("X2", 2)]


def test_a_collective_is_a_unit_like_any_other(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    assert db.session.scalars(sa.select(Unit).where(Unit.name == "各乡镇")).one().kind is UnitKind.COLLECTIVE


def test_a_plan_that_fills_its_columns_is_stored(app: Flask, tmp_path: Path) -> None:
    content, key = GOOD, "k" * (40 - len("small-2023-"))
    for old, new, length in [
        ("full_name: 兴国县财政局", "full_name: %s", 200),
        ("aliases: [县财政局]", "aliases: [县财政局, %s]", 200),
        ("document_number: 试办发〔2023〕1号", "issuer: %s", 200),
        ("{text: 2030年,", "{text: 2030年前%s,", 190),
        ("title: 准备", "title: %s", 200),
        ("number: 1.10", "number: %s", 40),
        ("group: 资源配置", "group: %s", 200),
        ("{indicator: R4,", "{subject: %s,", 200),
        ("measure: cv", "measure: %s", 40),
        ("number: 1\n", "number: %s\n", 40),
        ("officials: [张三]", "officials: [%s]", 200),
        ("no_indicator: 只是程序", "no_indicator: 只是程序\n    source: %s", 200),
        ("category: new", "category: new\n      town: %s", 200),
        ("{name: 第八中学, stage", "{name: %s, stage", 200),
        ("use: 教学楼", "use: %s", 200),
    ]:
        assert content.count(old) == 1, old
        content = content.replace(old, new % ("长" * length))
    for old, new in [
        ("key: a-02", f"key: {key}"),
        ("points: 2.5", "points: 9999.99"),
        ("seats: 2000", "seats: 1000000"),
        ("budget_yuan: 134400000", "budget_yuan: 1000000000000000\n      sports_area_m2: 9999999999.99"),
        ("land_mu: 70.26", "land_mu: 99999999.99"),
        ("floor_area_m2: 3100.5", "floor_area_m2: 9999999999.99"),
        ('value: "0.5380"', 'value: "99999999.999999"'),
        ("deadline: 2024年9月", "deadline: 2100年"),
        ("ends_on: 2030-12-31", "ends_on: 2100-12-31"),
    ]:
        assert content.count(old) == 1, old
        content = content.replace(old, new)
    stored(read_plan_seed(written(tmp_path, content)))
    db.session.expire_all()
    first, last = db.session.scalars(sa.select(Task).order_by(Task.position))
    assert (first.due_on, last.key, len(last.key)) == (date(2100, 12, 31), f"small-2023-{key}", 40)
    project = db.session.scalars(sa.select(Project)).one()
    assert (project.budget_yuan, project.land_mu) == (10**15, Decimal("99999999.99"))


@pytest.mark.parametrize(
    "words", ["9999年底", "9999年12月31日", "9999年起", "0001年1月至2025年6月", "12099年底", "1948年"]
)
def test_a_year_that_no_plan_can_mean_waits_for_the_office(app: Flask, seed: PlanSeed, words: str) -> None:
    stored(replace(seed, document_number="〔0000〕1号", issued_on=None), tasks=[replace(seed.tasks[0], deadline=words)])
    task = db.session.scalars(sa.select(Task)).one()
    assert (task.deadline_doubt, task.due_on, task.starts_on) == (Doubt.IMPOSSIBLE_DATE, None, None)
    assert task.light(date(2040, 1, 1)) is Light.REDATE


def test_what_is_beyond_a_column_is_refused_before_the_database_sees_it(app: Flask, tmp_path: Path) -> None:
    before = counts()
    for old, new in [(old, new % ("x" * (longest + 1))) for old, new, _place, longest in BOUNDED] + [
        (old, new) for old, new, _place, _mend in MISTAKES
    ]:
        with pytest.raises(SeedError):
            store_plan(read_plan_seed(written(tmp_path, GOOD.replace(old, new))), NOW)
    assert counts() == before


def test_two_units_of_a_seed_that_are_one_in_the_region_are_refused(app: Flask, seed: PlanSeed) -> None:
    known = make_unit("潋江镇")
    known.aliases.append(UnitAlias(region_code=known.region_code, alias="各乡镇"))
    db.session.flush()
    with pytest.raises(SeedError, match=r"small\.yaml, units \(各乡镇\): .*潋江镇.*: join the two"):
        store_plan(seed, NOW)


def test_a_key_that_another_plan_comes_to_is_refused(app: Flask, seed: PlanSeed) -> None:
    stored(seed)
    task = replace(seed.tasks[0], key="2023-a-01")
    second = replace(seed, code="small", tasks=[task], indicators=[], vetoes=[], reported=[])
    with pytest.raises(SeedError, match=r"tasks 1 \(2023-a-01\), key: 'small-2023-a-01' stands in another plan"):
        store_plan(second, NOW)
