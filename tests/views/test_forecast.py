"""/forecast: what a county meets on a day, what is short even then, and what-ifs by GET."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_school, make_school_year, make_task
from tests.queries.test_gains import add
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import Contribution, LinkState, School, Task, db
from tracker.queries.indicators import national_indicator
from tracker.rules.permissions import Role
from tracker.rules.school_years import first_day, school_year_of

PAGE = "/forecast?framework=national"


def year() -> int:
    """The present school year."""
    return school_year_of(clock.today())


def september(ahead: int = 1) -> date:
    """The first day of a school year from now."""
    return first_day(year() + ahead)


def primary(name: str, grounds: int = 5000, **differences: object) -> School:
    """A primary school of 800 with so large grounds, 6,000 m² being enough."""
    school = make_school(name, **differences)
    numbers = {"students": 800, "classes": 20, "largest_class": 44, "arts_teachers": 8}
    make_school_year(school, year(), stages={"primary": numbers}, sports_ground_m2=Decimal(grounds), indoor_sports_m2=0)
    return school


def ground(world: World, school: School, amount: int = 1000, due_on: date | None = None, **differences: object) -> Task:
    """A task that adds grounds to a school."""
    task = make_task(
        world.plan, lead=[world.finance], title=f"{school.name}运动场", due_on=due_on or september(), **differences
    )
    add(task, "sports_ground_m2", amount, school)
    return task


def row_of(page: BeautifulSoup, code: str) -> list[str]:
    """The cells of an indicator's row."""
    for row in page.select("table.forecast tbody tr"):
        cells = [cell.get_text(" ", strip=True) for cell in row.select("td")]
        if cells[0] == code:
            return cells
    raise AssertionError(f"no row for {code}")


def test_it_says_now_then_and_what_is_short_even_then(app: Flask, world: World) -> None:
    ground(world, primary("一小"), 1000)
    ground(world, primary("二小", 4600), 400)
    page = visit(client_for(app, world.office), PAGE)
    _code, _title, now, then, finished, lacking = row_of(page, "R5")
    assert (now.split()[0], then.split()[0], finished.split()[0]) == ("未达标", "未达标", "未达标")
    assert ("0/2所" in now, "1/2所" in then) == (True, True)
    assert lacking == "二小 差 1,000㎡"
    assert "全部任务完成后仍有" in page.select_one("p.notice").get_text()  # type: ignore[union-attr]


def test_what_is_short_in_a_school_whose_other_numbers_are_not_known_is_listed_but_decides_nothing(
    app: Flask, world: World
) -> None:
    primary("一小", 5200)
    _code, _title, now, _then, finished, lacking = row_of(visit(client_for(app, world.office), PAGE), "R5")
    assert (now.split()[0], finished.split()[0]) == ("未评", "未评")
    assert lacking == "一小 差 800㎡ 数据不全，尚不能定"


def test_the_total_leaves_out_what_does_not_apply_and_names_it(app: Flask, world: World) -> None:
    """G7 asks special schools alone, and there is none."""
    ground(world, primary("一小"))
    client = client_for(app, world.office)
    said = visit(client, PAGE).select_one("p.notice").get_text()  # type: ignore[union-attr]
    total, rest = re.findall(r"，(\d+) 项指标中|另有 (\d+) 项不适用", said)
    assert int(total[0]) + int(rest[1]) == 32
    assert int(rest[1]) > 0
    evaluation = visit(client, "/self-evaluation?framework=national").get_text()
    assert f"指标 {total[0]} 项" in evaluation
    assert f"另有 {rest[1]} 项不适用" in evaluation


def test_the_day_the_mode_and_unconfirmed_ones_are_asked_for(app: Flask, world: World) -> None:
    task = ground(world, primary("一小"), expected_on=september(2))
    add(task, "equipment_yuan", 5, db.session.get(School, task.id), state=LinkState.PROPOSED)
    client = client_for(app, world.office)
    met = {
        query: "1/1所" in row_of(visit(client, f"{PAGE}&{query}"), "R5")[3]
        for query in (
            f"on={september()}",
            f"on={clock.today()}",
            f"on={september()}&mode=expected",
            f"on={september(2)}&mode=expected",
            f"on={september()}&mode=closed",
        )
    }
    assert list(met.values()) == [True, False, False, True, False]
    page = visit(client, PAGE)
    assert page.select_one("a[href*='unconfirmed=1']")
    assert not visit(client, f"{PAGE}&unconfirmed=1").select("main p.no-print a[href*='unconfirmed=1']")


def test_presets_are_the_next_septembers_and_what_the_plan_aims_at(app: Flask, world: World) -> None:
    plan = db.session.merge(world.plan)
    plan.target_on = september(4)
    page = visit(client_for(app, world.office), PAGE)
    presets = [str(link["href"]) for link in page.select("main nav[aria-label='日期'] a")]
    days = [re.findall(r"on=([\d-]+)", address) for address in presets]
    assert days == [[str(september(ahead))] for ahead in (1, 2, 4)]


def test_tasks_without_a_credible_date_are_listed_with_links(app: Flask, world: World) -> None:
    late = ground(world, primary("一小"), due_on=date(2020, 1, 1))
    indicator = national_indicator("G1")
    assert indicator
    db.session.add(
        Contribution(
            task_id=late.id, indicator_id=indicator.id, reason="规划", condition="G1", state=LinkState.CONFIRMED
        )
    )
    page = visit(client_for(app, world.office), PAGE)
    undated = page.select_one("#undated")
    assert undated
    assert [str(link["href"]) for link in undated.select("li a")] == [f"/tasks/{late.key}"]
    assert "体育运动场地面积 +1,000㎡" in undated.get_text() or "体育运动场地面积 +1000㎡" in undated.get_text()
    assert "满足 G1" in undated.get_text()


def test_a_slipped_task_says_what_it_costs(app: Flask, world: World) -> None:
    first, second = ground(world, primary("一小")), ground(world, primary("二小"))
    client = client_for(app, world.office)
    asked = f"{PAGE}&on={september()}&slip={first.key}:{september(2)}&drop={second.key}"
    card = visit(client, asked).select_one(".what-if")
    assert card
    assert "小学 R5 多2所未达标" in card.get_text()
    assert "“一小运动场”改在" in card.get_text()
    assert "“二小运动场”取消" in card.get_text()
    # When all is finished, the slipped one is there and the dropped one is not.
    assert "全部任务完成后：小学 R5 多1所未达标" in " ".join(card.get_text().split())


def test_more_students_in_a_school_are_tried(app: Flask, world: World) -> None:
    school = primary("一小", 6100)
    page = visit(client_for(app, world.office), f"{PAGE}&on={september()}&more={school.id}:primary:{year() + 1}:200")
    card = page.select_one(".what-if")
    assert card
    assert "一小小学" in card.get_text()
    assert "小学 R5 多1所未达标" in card.get_text()
    none = visit(client_for(app, world.office), f"{PAGE}&on={september()}&more={school.id}:primary:{year() + 2}:200")
    assert "与没有假设时相同" in none.select_one(".what-if").get_text()  # type: ignore[union-attr]


def test_what_is_typed_becomes_an_address_to_share(app: Flask, world: World) -> None:
    school = primary("一小")
    task = ground(world, school)
    typed = (
        f"{PAGE}&on={september()}&drop=x&slip_task={task.key}&slip_on={september(2)}"
        f"&more_school={school.id}:primary&more_year={year() + 1}&more_students=%2B200"
    )
    answer = client_for(app, world.office).get(typed)
    assert answer.status_code == 302
    address = answer.location.replace("%3A", ":")
    assert f"slip={task.key}:{september(2)}" in address
    assert f"more={school.id}:primary:{year() + 1}:200" in address
    assert "drop=x" in address
    assert "slip_task" not in address
    page = visit(client_for(app, world.office), answer.location)
    assert "不起作用" in page.get_text()  # the task that is dropped is none of this county's
    assert len(page.select(".what-if li a")) == 3


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("on=2020-01-01", "请填写今天或以后、2100年底以前的日期"),
        ("on=gestern", "请填写日期，如 2027-09-01"),
        ("slip_task=a", "请填写完成日期"),
        (f"slip_on={september(2)}", "请选择要改期的任务"),
        ("more_year=2027&more_students=5", "请选择增减学生的学校"),
        ("slip_task=a&slip_on=2020-01-01", "请填写今天或以后"),
        ("more_school=1:primary&more_year=2027&more_students=viele", "请填写人数"),
        ("more_school=1:primary&more_year=2027&more_students=0", "请填写人数"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(app: Flask, world: World, query: str, problem: str) -> None:
    page = visit(client_for(app, world.office), f"{PAGE}&{query}")
    error = page.select_one(".invalid .error-text")
    assert error
    assert problem in error.get_text()
    field = page.select_one(f".invalid [aria-describedby='{error['id']}']")
    assert field
    summary = page.select_one(".notice.bad")
    assert summary
    assert summary.select_one(f"a[href='#{field['id']}']")
    assert problem in summary.get_text()


def test_a_day_that_is_refused_stays_in_its_field(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.office), f"{PAGE}&on=2020-01-01")
    assert page.select_one("#on")["value"] == "2020-01-01"  # type: ignore[index]


@pytest.mark.parametrize(
    "query",
    [
        "mode=hope",
        "slip=a",
        "slip=a:tomorrow",
        "slip=:2027-01-01",
        "slip=a:0001-01-01",
        "drop=" + "x" * 61,
        "more=1:primary:2027",
        "more=a:primary:2027:1",
        "more=1:senior:2027:1",
        "more=1:primary:2027:1e9",
        "more=1:primary:99999:1",
        "more_school=1:nine_year&more_year=2027&more_students=5",
        "more_school=x:primary&more_year=2027&more_students=5",
        "drop=" + "&drop=".join(f"t{number}" for number in range(21)),
        "region=36x",
    ],
)
def test_an_odd_value_is_a_bad_request(app: Flask, world: World, query: str) -> None:
    assert client_for(app, world.office).get(f"{PAGE}&{query}").status_code == 400


def test_staff_see_the_numbers_and_only_their_own_tasks(app: Flask, world: World) -> None:
    own = ground(world, primary("一小"), due_on=date(2020, 1, 1))
    other = make_task(world.plan, lead=[world.housing], title="别的单位的任务名", due_on=date(2020, 1, 1))
    add(other, "sports_ground_m2", 5, primary("二小"))
    page = visit(client_for(app, world.staff), PAGE)
    assert [str(link["href"]) for link in page.select("#undated li a")] == [f"/tasks/{own.key}"]
    assert "别的单位的任务名" not in page.get_text()
    assert "其他单位的任务" in page.get_text()
    hidden = visit(client_for(app, world.staff), f"{PAGE}&drop={other.key}")
    assert "别的单位的任务名" not in hidden.get_text()
    assert "其他单位的一项任务取消" in hidden.get_text()
    assert "不起作用" not in hidden.get_text()
    later = visit(client_for(app, world.staff), f"{PAGE}&slip={other.key}:{september(2)}")
    assert "其他单位的一项任务改在" in later.get_text()


@pytest.mark.parametrize(("region", "below"), [("", COUNTY[:2]), (COUNTY[:2], COUNTY[:4]), (COUNTY[:4], COUNTY)])
def test_above_a_county_one_is_chosen(app: Flask, world: World, region: str, below: str) -> None:
    page = visit(client_for(app, make_account(Role.LEADER, region=region)), "/forecast")
    assert f"/forecast?region={below}" in [str(link["href"]) for link in page.select("main a")]


def test_who_may_not_see_it(app: Flask, world: World) -> None:
    assert client_for(app, None).get(PAGE).status_code == 302
    assert client_for(app, world.administrator).get(PAGE).status_code == 403
    assert client_for(app, world.office).get(f"{PAGE}&region={OTHER_COUNTY}").status_code == 400
    assert client_for(app, world.office).post(PAGE).status_code == 405


def test_a_county_without_schools_is_told_so(app: Flask, world: World) -> None:
    assert "本县还没有学校数据" in visit(client_for(app, world.office), PAGE).get_text()


def test_the_questions_do_not_grow_with_the_county(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    ground(world, primary("一小"))
    with counted_queries() as few:
        client.get(PAGE)
    for number in range(30):
        ground(world, primary(f"学校{number}"))
    with counted_queries() as many:
        client.get(PAGE)
    assert len(few) == len(many) <= 15, "\n".join(many)


def test_nothing_is_stored(app: Flask, world: World) -> None:
    task = ground(world, primary("一小"))
    client_for(app, world.office).get(f"{PAGE}&slip={task.key}:{september(2)}")
    assert db.session.get_one(Task, task.id).due_on == september()
    db.session.rollback()


def test_what_stays_as_it_is_is_folded_and_the_what_if_opens_when_it_is_used(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    page = visit(client, "/forecast")
    assert page.select_one("details.still table.forecast")
    assert not page.select_one("details#what-if[open]")
    assert visit(client, f"/forecast?drop={world.task.key}").select_one("details#what-if[open]")
    assert page.select_one(".head ~ nav.presets a[aria-current]")
