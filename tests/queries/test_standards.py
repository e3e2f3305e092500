"""Frameworks as standards: which one a region is judged by, and what a list takes from the national one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Flask
from sqlalchemy import event

from tests.factories import COUNTY, make_plan
from tracker.models import Framework, Indicator, IndicatorPart, PlanState, Veto, db
from tracker.queries.plan_names import national_by_code
from tracker.queries.standards import framework_by_code, framework_for, national_standard, standard_of
from tracker.rules.standards import Subject


def make_list(code: str, **differences: object) -> Framework:
    """A stored list with one item that is R4, one that is a sum of parts, one that nothing computes, and a veto."""
    national = national_by_code()
    framework = Framework(code=code, name="试行办法", **differences)
    framework.indicators = [
        Indicator(code="1", number="1", position=1, title="用房", group="资源", national=national["R4"]),
        Indicator(code="2", number="2", position=2, title="优先", group="保障", grade="B", points=Decimal(5)),
        Indicator(code="3", number="3", position=3, title="氛围", group="质量"),
    ]
    framework.indicators[1].parts = [IndicatorPart(position=1, number="1", text="投入", points=Decimal(5))]
    db.session.add(framework)
    db.session.flush()
    db.session.add(Veto(framework_id=framework.id, number="1", title="弄虚作假"))
    db.session.flush()
    return framework


def test_the_national_standard_has_32_items(app: Flask) -> None:
    standard = national_standard()
    assert len(standard.items) == 32
    assert all(item.conditions for item in standard.items)


def test_a_list_takes_conditions_figures_and_terms_from_the_national_standard(app: Flask) -> None:
    standard = standard_of(make_list("small"))
    assert [[each.code for each in item.conditions] for item in standard.items] == [["R4"], [], ["3"]]
    assert standard.conditions["R4"] == national_standard().conditions["R4"]
    assert standard.conditions["3"].of is Subject.COUNTY
    assert standard.conditions["3"].asks == "small/3"
    assert [(each.code, each.is_question) for each in standard.figures] == [
        ("small/3", True),
        ("small/2.1", False),
        ("small/veto.1", True),
    ]
    assert (standard.unit.conditions, standard.unit.needed) == (("R4",), 1)
    assert standard.weights == national_standard().weights


def test_a_list_brings_only_the_national_figures_that_it_asks_for(app: Flask) -> None:
    framework = make_list("small")
    framework.indicators[2].national = national_by_code()["G11"]
    db.session.flush()
    codes = {each.code for each in standard_of(framework).figures}
    assert {"eligible_teachers", "rotated_teachers", "rotated_backbone_teachers"} <= codes
    assert "layout_reasonable" not in codes


def test_a_copy_of_a_copy_asks_the_county_for_the_same_answers(app: Flask) -> None:
    first = make_list("small")
    second = make_list("small-a", region_code=COUNTY, copied_from_id=first.id)
    third = make_list("small-b", region_code=COUNTY, copied_from_id=second.id)
    assert standard_of(third).vetoes == standard_of(first).vetoes
    assert standard_of(third).figures == standard_of(first).figures


def test_a_region_is_judged_by_the_list_of_its_latest_active_plan(app: Flask) -> None:
    assert framework_for(COUNTY).code == "national"
    for code, state, day in (
        ("old", PlanState.ACTIVE, date(2021, 1, 1)),
        ("new", PlanState.ACTIVE, date(2023, 1, 1)),
        ("undated", PlanState.ACTIVE, None),
        ("draft", PlanState.DRAFT, date(2024, 1, 1)),
        ("closed", PlanState.CLOSED, date(2025, 1, 1)),
    ):
        plan = make_plan(code=f"{code}-plan", state=state, issued_on=day)
        plan.framework_id = make_list(code).id
    make_plan(code="without-list", issued_on=date(2026, 1, 1))
    db.session.flush()
    assert framework_for(COUNTY).code == "new"
    assert framework_for("36").code == "national"
    assert framework_by_code("draft") is not None
    assert framework_by_code("nothing") is None


def statements_for(framework: Framework) -> int:
    """How many statements a standard takes to read."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        standard_of(framework)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_standard_takes_the_same_number_of_questions_however_long(app: Flask) -> None:
    framework = make_list("small")
    before = statements_for(framework)
    national = national_by_code()["R5"]
    framework.indicators += [
        Indicator(
            code=f"x{number}",
            number="",
            position=9 + number,
            title="项",
            group="组",
            national=national,
            parts=[IndicatorPart(position=1, number="1", text="点")],
        )
        for number in range(40)
    ]
    db.session.flush()
    db.session.expire_all()
    assert statements_for(db.session.get_one(Framework, framework.id)) <= before + 1
