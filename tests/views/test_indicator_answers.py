"""/indicators and /indicators/<code> of a county with schools: what is found, drawn and said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from gzip import compress

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_school, make_school_year, make_task
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import Addition, Contribution, CountyValue, LinkState, Origin, School, Stage, db
from tracker.queries.indicators import national_indicator
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of
from tracker.rules.stages import Standing

THIS = school_year_of(clock.today())
AREAS = (7200, 5100, 3600, 1500)


def fill(count: int = 4, region: str = COUNTY, **whole: object) -> list[School]:
    """Primary schools of RULES section 5, example B, with grounds as there (or so many more that are fine)."""
    schools = []
    for place in range(count):
        students = (1200, 600, 300, 60)[place] if place < 4 else 400
        area = AREAS[place] if place < 4 else 3600
        school = make_school(f"第{place + 1}小学", region=region)
        for year, more in ((THIS, 0), (THIS - 1, 300)):
            figures = {"sports_ground_m2": Decimal(area + more), "indoor_sports_m2": Decimal(0)} | whole
            make_school_year(school, year, stages={"primary": {"students": students}}, **figures)
        schools.append(school)
    db.session.commit()
    return schools


def text_of(page: BeautifulSoup, selector: str = "main") -> str:
    """The words of a part of a page, with single spaces."""
    return " ".join(page.select_one(selector).get_text(" ", strip=True).split())  # type: ignore[union-attr]


def row_of(page: BeautifulSoup, code: str) -> str:
    """The words of an indicator's rows in the list."""
    [found] = [each for each in page.select("tbody") if each.select_one(f"a[href^='/indicators/{code}']")][:1]
    return " ".join(found.get_text(" ", strip=True).split())


def test_the_list_answers_with_units_means_coefficients_and_years(app: Flask, world: World) -> None:
    fill()
    page = visit(client_for(app, world.leader), "/indicators")
    assert "未达标" in text_of(page, ".verdict")
    found = row_of(page, "R5")
    assert "小学 不低于 7.5 8.06 报 3 / 4 0.44 上限 0.50" in found
    [chart] = [each for each in page.select("svg.trend") if "8.06" in each["aria-label"]]
    assert f"{THIS - 1} 8.61" in chart["aria-label"]
    assert f"{THIS}—{THIS + 1} 学年" in text_of(page)


@pytest.mark.parametrize("role", [Role.PLAN_OFFICE, Role.LEADER, Role.AUDITOR, Role.UNIT_STAFF])
def test_everybody_in_business_sees_the_same_figures(app: Flask, world: World, role: Role) -> None:
    fill()
    account = make_account(role, units=[world.finance] if role is Role.UNIT_STAFF else [])
    client = client_for(app, account)
    assert "8.06 报 3 / 4" in row_of(visit(client, "/indicators"), "R5")
    assert "4 所中 1 所未达标" in text_of(visit(client, "/indicators/R5"), ".verdict")


def test_what_is_short_without_a_task_is_marked(app: Flask, world: World) -> None:
    fill()
    client = client_for(app, world.leader)
    assert "无任务对应" in row_of(visit(client, "/indicators"), "R5")
    db.session.add(Contribution(task_id=world.task.id, indicator=national_indicator("R5"), reason="扩建操场"))
    db.session.commit()
    page = visit(client, "/indicators")
    assert "无任务对应" not in row_of(page, "R5")
    assert page.select_one("a[href^='/tasks?'][href*='indicator=R5']")


def test_closed_and_still_short_is_said_only_when_every_unit_has_closed_its_task(app: Flask, world: World) -> None:
    fill()
    own = make_task(world.plan, lead=[world.finance], state=State.CLOSED, closed_on=date(THIS, 10, 1))
    others = make_task(world.plan, lead=[world.housing])
    for task in (own, others):
        db.session.add(Contribution(task_id=task.id, indicator=national_indicator("R5"), reason="扩建操场"))
    db.session.commit()
    client = client_for(app, world.staff)
    assert "任务已销号" not in row_of(visit(client, "/indicators"), "R5")
    others.state, others.closed_on = State.CLOSED, date(THIS, 10, 2)
    db.session.commit()
    assert "任务已销号，指标仍未达标" in row_of(visit(client, "/indicators"), "R5")


def test_what_does_not_apply_is_not_marked_as_without_a_task(app: Flask, world: World) -> None:
    """G7 asks special schools alone, and there is none."""
    fill()
    page = visit(client_for(app, world.leader), "/indicators")
    rows = {row.select_one(".code").get_text(): row for row in page.select("table.answered tbody tr")}  # type: ignore[union-attr]
    assert "不适用" in rows["G7"].get_text()
    assert "without" not in rows["G7"].get("class", [])
    assert "without" in rows["G11"].get("class", [])


def test_an_indicator_is_drawn_worst_first_with_last_year_and_what_would_fill_it(app: Flask, world: World) -> None:
    fill()
    page = visit(client_for(app, world.leader), "/indicators/R5")
    assert "县均 8.06㎡（标准不低于 7.5），4 所中 1 所未达标，差异系数 0.44，不超过 0.50" in text_of(page, ".verdict")
    names = [each.get_text(strip=True) for each in page.select(".dot-plot tbody th a")]
    assert names == ["第1小学", "第2小学", "第3小学", "第4小学"]
    first = page.select_one(".dot-plot tbody tr")
    assert first
    assert first["class"] == ["below"]
    assert first.select_one("svg .short")
    assert first.select_one("svg .last")
    assert "差 1,800 ㎡" in first.get_text()
    assert first.select_one("svg.strip")["aria-label"] == "6.00，未达标；上年 6.25"  # type: ignore[index]
    assert "若补齐第1小学缺口 1,800 ㎡，差异系数降至 0.35，达标" in text_of(page, ".closings")
    numbers = [cell.get_text(strip=True) for cell in page.select(".numbers tbody tr")[0].select("td")]
    assert numbers[:7] == ["第1小学", "1,200", "6.00", "7.5", "80.0%", "6.25", "1,800 ㎡"]


def test_two_hundred_schools_are_drawn_but_the_fine_ones_are_folded(app: Flask, world: World) -> None:
    fill(200)
    client = client_for(app, world.leader)
    page = visit(client, "/indicators/R5")
    assert len(page.select(".stage-chart > .dot-plot tbody tr")) == 40
    assert "另有 160 所达标" in text_of(page)
    assert len(page.select(".numbers tbody tr")) == 200
    assert len(compress(client.get("/indicators/R5").data)) < 80_000


def test_a_missing_number_is_unknown_and_says_which(app: Flask, world: World) -> None:
    fill(4, indoor_sports_m2=None)
    page = visit(client_for(app, world.leader), "/indicators/R5")
    assert "4 所缺数未评" in text_of(page, ".verdict")
    assert "缺：室内体育用房面积" in text_of(page)
    assert not page.select(".dot-plot tbody tr")


@pytest.mark.parametrize("address", ["/indicators", "/indicators/R5", "/indicators/G3", "/indicators/G11"])
def test_more_schools_ask_no_more_questions(app: Flask, world: World, address: str) -> None:
    def questions() -> int:
        client = client_for(app, db.session.merge(world.leader))
        client.get(address)
        db.session.remove()
        with counted_queries() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    fill(2)
    few = questions()
    for place in range(30):
        school = make_school(f"另{place}")
        make_school_year(school, THIS, stages={"primary": {"students": 100 + place}, "junior": {"students": 70}})
    db.session.commit()
    assert questions() == few <= 15


def test_the_county_says_its_values_with_their_sources(app: Flask, world: World) -> None:
    for figure, number in (("rotated_teachers", 66), ("eligible_teachers", 620)):
        value = CountyValue(
            region_code=COUNTY,
            figure=figure,
            on=date(2026, 9, 1),
            number=Decimal(number),
            standing=Standing.CHECKED,
            source="人事报表",
            said_by_id=world.office.id,
            said_at=datetime(2026, 9, 2, tzinfo=UTC),
        )
        db.session.add(value)
    db.session.commit()
    text = text_of(visit(client_for(app, world.leader), "/indicators/G11"))
    assert "10.65% 66 ÷ 620" in text
    assert "人事报表" in text
    assert world.office.name in text


def test_what_a_task_brings_stands_beside_it(app: Flask, world: World) -> None:
    [first, *_] = fill()
    db.session.add(Contribution(task_id=world.task.id, indicator=national_indicator("R5"), reason="扩建操场"))
    db.session.add(
        Addition(
            task_id=world.task.id,
            school_id=first.id,
            stage=Stage.PRIMARY,
            figure="sports_ground_m2",
            amount=Decimal(620),
            reason="操场",
            state=LinkState.CONFIRMED,
            origin=Origin.HAND,
        )
    )
    db.session.commit()
    page = visit(client_for(app, world.leader), "/indicators/R5")
    assert text_of(page, ".brings") == "第1小学小学 增加 620 ㎡"
    assert "待推进办确认" in text_of(page, ".reason")


def test_above_a_county_its_counties_stand_side_by_side_the_worst_first(app: Flask, world: World) -> None:
    fill()
    make_school("没有数字的小学", region=OTHER_COUNTY)
    db.session.commit()
    client = client_for(app, make_account(Role.LEADER, region=""))
    page = visit(client, "/indicators")
    links = [each["href"] for each in page.select(".counties tbody a")]
    assert links == [f"/indicators?region={COUNTY}", f"/indicators?region={OTHER_COUNTY}"]
    assert "未达标" in text_of(page, ".counties tbody tr")
    assert "4 所中 3 所达标" in text_of(visit(client, "/indicators/R5"))
    assert visit(client, f"/indicators?region={COUNTY}").select_one(".staged")
    assert visit(client, f"/indicators/R5?region={COUNTY}").select_one(".dot-plot")


def test_the_framework_in_the_address_is_one_of_the_county(app: Flask, world: World) -> None:
    client = client_for(app, world.leader)
    visit(client, "/indicators?framework=national")
    visit(client, "/indicators/R1?framework=national")
    visit(client, "/indicators?framework=nothing", status=404)


def test_english_readers_read_english(app: Flask, world: World) -> None:
    fill()
    client = client_for(app, world.leader)
    client.set_cookie("language", "en")
    for address, code in (("/indicators", "R5"), ("/indicators/R5", "R5"), ("/indicators/G11", "G11")):
        indicator = national_indicator(code)
        assert indicator
        assert indicator.title_en
        said = text_of(visit(client, address))
        assert indicator.title_en in said
        assert indicator.title not in said
    assert "School sheet" in text_of(visit(client, "/schools/sheets"))


def test_no_chart_carries_a_style(app: Flask, world: World) -> None:
    fill()
    body = client_for(app, world.leader).get("/indicators/R5").text
    assert not re.search(r"\sstyle=", body)


def test_what_is_short_even_when_all_is_done_is_said_in_the_answer(app: Flask, world: World) -> None:
    [first, *_] = fill()
    page = visit(client_for(app, world.leader), "/indicators/R5")
    said = text_of(page, ".verdict")
    assert "现在未达标；按现有学生数，在办任务全部完成后仍未达标。仍差：第1小学 差 1,800㎡" in said
    assert page.select_one(".verdict a[href^='/forecast?']")
    brings = {"task_id": world.task.id, "school_id": first.id, "figure": "sports_ground_m2", "reason": "操场"}
    confirmed = {"state": LinkState.CONFIRMED, "origin": Origin.HAND}
    db.session.add(Addition(stage=Stage.PRIMARY, amount=Decimal(1800), **brings, **confirmed))
    db.session.commit()
    said = text_of(visit(client_for(app, world.leader), "/indicators/R5"), ".verdict")
    assert "在办任务全部完成后达标。" in said
    assert "仍差" not in said


def test_ten_tasks_stand_open_and_the_rest_are_folded_the_late_and_bringing_first(app: Flask, world: World) -> None:
    fill()
    tasks = [make_task(world.plan, title=f"办学任务{number}") for number in range(12)]
    reason = {"indicator": national_indicator("R5"), "reason": "扩建操场"}
    db.session.add_all(Contribution(task=each, **reason) for each in tasks)
    last = {"task_id": tasks[-1].id, "figure": "sports_ground_m2", "amount": Decimal(1), "reason": "操场"}
    db.session.add(Addition(**last, state=LinkState.CONFIRMED, origin=Origin.HAND))
    db.session.commit()
    page = visit(client_for(app, world.leader), "/indicators/R5")
    assert "办学任务11" in text_of(page, ".serving-tasks > .task-cards li")
    assert len(page.select(".serving-tasks > .task-cards > li")) == 10
    assert len(page.select(".serving-tasks details .task-cards > li")) == 2
    assert "其余 2 项" in text_of(page, ".serving-tasks")
