"""GET /overview, /overview/issues/N and POST /overview/freeze: the week on one page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    World,
    make_account,
    make_money,
    make_plan,
    make_project,
    make_school,
    make_school_year,
    make_task,
    make_unit,
)
from tests.notifications.test_digest_heads import choose
from tests.visit import client_for, counted_queries, send, visit
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.models import (
    Contribution,
    Event,
    Indicator,
    Issue,
    PlanState,
    Project,
    ProjectCategory,
    Region,
    SchoolYear,
    Stage,
    Task,
    TaskKind,
    Unit,
    Wait,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.coverage import Coverage
from tracker.queries.issues import frozen_overview
from tracker.queries.overview import live_overview
from tracker.rules.ladders import Ladder
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.money import MoneyKind
from tracker.rules.overview import Since, sentence
from tracker.rules.permissions import Person, Role


def days_ago(days: int) -> date:
    """A day before today on the office calendar."""
    return clock.today() - timedelta(days=days)


def add_progress(world: World) -> None:
    """Late, soon, closed in time and late, re-dated and suspended tasks, with a project and an indicator."""
    finance, housing = world.finance, world.housing
    quiet, fresh = clock.now() - timedelta(days=20), clock.now() - timedelta(days=1)
    doing = {"state": State.IN_PROGRESS, "last_reported_at": fresh}
    for lead, days in ((finance, 45), (housing, 31), (housing, 3), (finance, 2)):
        make_task(world.plan, lead=[lead], title=f"逾期{days}天", due_on=days_ago(days), last_words="卡在审批", **doing)
    make_task(world.plan, responsible=[finance, housing], title="共同逾期", due_on=days_ago(30), **doing)
    for number in range(3):
        closed = {"state": State.CLOSED, "submitted_on": days_ago(10), "closed_on": days_ago(8)}
        make_task(world.plan, lead=[finance], title=f"按时{number}", due_on=days_ago(9), **closed)
        make_task(world.plan, lead=[housing], title=f"迟交{number}", due_on=days_ago(11), **closed)
    soon = {"due_on": days_ago(-5), "state": State.IN_PROGRESS, "last_reported_at": quiet}
    make_task(world.plan, lead=[housing], title="临期", **soon)
    make_task(
        world.plan, lead=[housing], title="待核验", due_on=days_ago(1), state=State.SUBMITTED, submitted_on=days_ago(1)
    )
    make_task(world.plan, lead=[world.education], title="待重定", due_on=date(2020, 1, 1), needs_redate=True)
    make_task(world.plan, lead=[finance], title="中止", due_on=days_ago(40), state=State.SUSPENDED)
    built = make_task(
        world.plan, lead=[housing], kind=TaskKind.PROJECT, title="第八中学", due_on=days_ago(-90), **doing
    )
    db.session.add(Project(task=built, category=ProjectCategory.NEW, budget_yuan=123_450_000))
    served = db.session.query(Indicator).filter_by(code="R1").one()
    db.session.add(Contribution(task=built, indicator=served, reason="校舍"))
    make_task(make_plan("draft", state=PlanState.DRAFT), lead=[finance], title="草稿任务", due_on=days_ago(50))
    db.session.commit()


def freeze(days: int, region: str = COUNTY) -> Issue:
    """An issue frozen so many days ago."""
    issue = freeze_week(region, clock.now() - timedelta(days=days))
    assert issue
    db.session.commit()
    return issue


def main_of(page: BeautifulSoup) -> Tag:
    """The content of a page without its frame."""
    main = page.find("main")
    assert isinstance(main, Tag)
    return main


def linked_numbers(page: BeautifulSoup) -> list[tuple[int, str]]:
    """Every number that is a link to a list, with its address."""
    found = []
    for link in main_of(page).select("a[href]"):
        shown = link.select_one(".count") or link
        if re.fullmatch(r"\d+", shown.get_text(strip=True)):
            found.append((int(shown.get_text(strip=True)), str(link["href"])))
    return found


def rows_behind(client: FlaskClient, address: str) -> int:
    """How many rows a list has, on all its pages."""
    page = visit(client, address)
    total = re.search(r"共 (\d+) 项", main_of(page).get_text())
    return int(total.group(1)) if total else len(page.select("tbody tr"))


def text_of(page: BeautifulSoup) -> str:
    """The words of a page with single spaces."""
    return " ".join(main_of(page).get_text(" ").split())


def standing(page: BeautifulSoup, name: str) -> list[str]:
    """The cells of a unit's or a region's row, without spaces."""
    row = next(row for row in page.select(".standings tbody tr") if row.td and row.td.get_text().startswith(name))
    return ["".join(cell.get_text().split()) for cell in row.select("td")[1:]]


@pytest.mark.parametrize("who", ["office", "leader", "auditor"])
def test_office_leaders_and_auditors_see_the_week(app: Flask, world: World, who: str) -> None:
    page = visit(client_for(app, getattr(world, who)), "/overview")
    assert "兴国县推进情况周览" in text_of(page)
    assert "数据截至" in text_of(page)


@pytest.mark.parametrize("who", ["staff", "administrator", "security"])
def test_others_are_refused(app: Flask, world: World, who: str) -> None:
    client = client_for(app, getattr(world, who))
    assert client.get("/overview").status_code == 403
    assert client.get("/overview/issues/1").status_code == 403


def test_the_counts_by_light_add_up_and_suspended_stand_apart(app: Flask, world: World) -> None:
    add_progress(world)
    page = visit(client_for(app, world.leader), "/overview")
    counts = [int(count.get_text()) for count in page.select(".lights .count")]
    assert len(counts) == 6
    assert f"共 {sum(counts)} 项，另有已中止 1 项" in text_of(page)
    assert counts == [5, 1, 2, 6, 3, 1]


def test_every_number_leads_to_exactly_its_rows(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(7)
    make_task(world.plan, lead=[world.finance], title="新逾期", due_on=days_ago(1), state=State.IN_PROGRESS)
    slipping, done = world.task, world.housing_task
    slipping.due_on = days_ago(1)
    done.state, done.submitted_on, done.closed_on = State.CLOSED, days_ago(2), days_ago(1)
    for task in (slipping, done):
        task.keep_light_dates()
    db.session.commit()
    client = client_for(app, world.leader)
    numbers = linked_numbers(visit(client, "/overview"))
    assert len(numbers) > 25
    wrong = [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]
    assert not wrong


def test_every_number_of_a_frozen_issue_leads_to_its_own_lines(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(14)
    issue = freeze(0)
    world.task.state = State.SUSPENDED
    world.task.keep_light_dates()
    db.session.commit()
    client = client_for(app, world.leader)
    numbers = linked_numbers(visit(client, f"/overview/issues/{issue.number}"))
    assert len(numbers) > 20
    assert all(
        address.startswith(("/overview/issues/2/tasks", "/overview/issues/2/indicators")) for _, address in numbers
    )
    wrong = [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]
    assert not wrong


def test_with_drafts_beside_several_active_plans_the_numbers_still_agree(app: Flask, world: World) -> None:
    add_progress(world)
    make_task(make_plan("second"), lead=[world.finance], title="第二方案", due_on=days_ago(4))
    db.session.commit()
    client = client_for(app, world.leader)
    numbers = linked_numbers(visit(client, "/overview"))
    assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]
    page = visit(client, "/overview?plan=second")
    assert [int(count.get_text()) for count in page.select(".lights .count")] == [1, 0, 0, 0, 0, 0]


def test_live_and_frozen_pages_say_the_same_at_the_cut_off(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(8)
    world.housing_task.due_on = days_ago(1)
    world.housing_task.keep_light_dates()
    db.session.commit()
    live = live_overview(person_of(world.leader), Coverage(COUNTY), clock.now())
    frozen = frozen_overview(freeze(0))
    assert frozen.figures.lights == live.figures.lights
    assert frozen.figures.before == live.figures.before
    assert frozen.figures.week == live.figures.week
    assert frozen.figures.on_time == live.figures.on_time
    assert frozen.figures.to_decide == live.figures.to_decide
    assert [(row.key, row.units, row.days_late, row.before, row.light) for row in frozen.worst] == [
        (row.key, row.units, row.days_late, row.before, row.light) for row in live.worst
    ]
    assert (frozen.works, frozen.building) == (live.works, live.building)
    assert [(row.said, row.in_difficulty, row.waits_for) for row in frozen.worst] == [
        (row.said, row.in_difficulty, row.waits_for) for row in live.worst
    ]
    assert [(each.name, each.total, each.on_time, each.own, each.place, each.stale) for each in frozen.units] == [
        (each.name, each.total, each.on_time, each.own, each.place, each.stale) for each in live.units
    ]


def test_the_sentence_of_the_page_is_the_one_that_an_issue_would_keep(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(7)
    page = visit(client_for(app, world.leader), "/overview")
    week = live_overview(person_of(world.leader), Coverage(COUNTY), clock.now()).figures.week
    assert week.since in {Since.ISSUE, Since.THIS_WEEK}  # by the day on which the test runs
    said = page.select_one(".sentence")
    assert said
    assert said.get_text(strip=False).strip() == sentence(week, clock.today())


def test_changes_since_the_last_issue_are_signed(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(7)
    for task in (world.task, world.housing_task):
        task.due_on = days_ago(1)
        task.keep_light_dates()
    db.session.commit()
    changes = [
        change.get_text(strip=True)
        for change in visit(client_for(app, world.leader), "/overview").select(".lights .change")
    ]
    today = live_overview(person_of(world.leader), Coverage(COUNTY), clock.now()).figures
    assert changes[0] == f"较上期 +{today.lights[Light.OVERDUE] - (today.before or {})[Light.OVERDUE]}"
    assert any("−" in change for change in changes)
    assert sum(today.lights[light] for light in COUNTED) == sum(
        (today.before or {})[light] for light in COUNTED if light in (today.before or {})
    )


def test_at_most_three_tasks_late_by_thirty_days_ask_for_a_decision(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.leader)
    asked = [item.get_text() for item in visit(client, "/overview").select(".decide li")]
    assert [re.search(r"逾期45天|逾期31天|共同逾期", text)[0] for text in asked] == ["逾期45天", "逾期31天", "共同逾期"]  # type: ignore[index]
    for days in (60, 61):
        make_task(world.plan, lead=[world.finance], title=f"久拖{days}", due_on=days_ago(days))
    db.session.commit()
    page = visit(client, "/overview")
    assert len(page.select(".decide li")) == 3
    assert "逾期 30 天以上共 5 项" in text_of(page)


def test_the_days_that_ask_for_a_decision_are_those_of_the_region_that_is_seen(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.leader)
    choose("36", Ladder(decide_after=40))
    [asked] = visit(client, "/overview").select(".decide li")
    assert "逾期45天" in asked.get_text()
    choose(COUNTY, Ladder(decide_after=None))
    page = visit(client, "/overview")
    assert not page.select(".decide")
    assert "需要领导决定" not in text_of(page)
    choose(COUNTY, Ladder(decide_after=2))
    page = visit(client, "/overview")
    shown = page.select_one(".decide h2 a")
    assert shown
    assert "late_for=2" in str(shown["href"])
    assert rows_behind(client, str(shown["href"])) == int(shown.get_text())


def test_an_issue_keeps_the_days_that_held_when_it_was_frozen(app: Flask, world: World) -> None:
    add_progress(world)
    choose(COUNTY, Ladder(decide_after=40))
    issue = freeze(0)
    client = client_for(app, world.leader)
    choose(COUNTY, Ladder(decide_after=None))
    assert len(visit(client, f"/overview/issues/{issue.number}").select(".decide li")) == 1
    later = freeze(-7)
    assert not visit(client, f"/overview/issues/{later.number}").select(".decide")


def test_the_ten_worst_come_first_with_what_the_unit_said(app: Flask, world: World) -> None:
    add_progress(world)
    for number in range(8):
        make_task(world.plan, lead=[world.finance], title=f"更多{number}", due_on=days_ago(1), last_words="长" * 60)
    db.session.commit()
    rows = visit(client_for(app, world.leader), "/overview").select(".worst tbody tr")
    assert len(rows) == 10
    assert [row.a.get_text() for row in rows[:3] if row.a] == ["逾期45天", "逾期31天", "共同逾期"]
    assert "卡在审批" in rows[0].get_text()
    assert "长" * 39 + "…" in rows[-1].get_text()
    assert "长" * 40 not in rows[-1].get_text()


def test_units_are_ranked_by_what_they_answer_for_alone(app: Flask, world: World) -> None:
    add_progress(world)
    page = visit(client_for(app, world.leader), "/overview")
    # 财政局 alone: 3 in time of 5 due; with the shared task 3 of 6. 住建局 alone: 1 of 6; with it 1 of 7.
    assert standing(page, "财政局")[5:7] == ["50%3/6", "1"]
    assert standing(page, "住建局")[5:7] == ["14%1/7", "2"]
    assert standing(page, "教科体局")[5:7] == ["—", "—"]


def test_a_shared_task_counts_for_each_of_its_units(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.leader), "/overview")
    assert standing(page, "财政局")[0] == "2"
    assert standing(page, "住建局")[0] == "2"
    assert not [row for row in page.select(".standings tbody tr") if "教科体局" in row.get_text()]


def test_plan_facts_projects_and_indicators_stand_on_the_page(app: Flask, world: World) -> None:
    add_progress(world)
    world.plan.title, world.plan.document_number = "推进工作方案", "兴教督办发〔2023〕1号"
    db.session.commit()
    said = text_of(visit(client_for(app, world.leader), "/overview"))
    assert "《推进工作方案》 兴教督办发〔2023〕1号" in said
    assert "12,345 万元" in said
    assert "1 / 32 项国家指标" in said
    assert "亮灯规则" in said
    assert "按时率＝" in said


def test_a_week_without_an_issue_is_said(app: Flask, world: World) -> None:
    client = client_for(app, world.leader)
    assert "还没有出过周览" in text_of(visit(client, "/overview"))
    freeze(9)
    assert "已超过 8 天没有出刊：上一期是第 1 期" in text_of(visit(client, "/overview"))
    freeze(0)
    assert "没有出刊" not in text_of(visit(client, "/overview"))


def test_a_plan_with_nothing_late_says_so(app: Flask, world: World) -> None:
    assert "没有逾期或临期任务。" in text_of(visit(client_for(app, world.leader), "/overview"))


def test_the_nation_sees_the_counties_side_by_side(app: Flask, world: World) -> None:
    add_progress(world)
    other = make_plan("xiji", region=OTHER_COUNTY)
    make_task(other, lead=[make_unit("教育局", region=OTHER_COUNTY)], title="外县逾期", due_on=days_ago(70))
    nation = make_account(Role.LEADER, region="")
    db.session.commit()
    freeze(7)
    client = client_for(app, nation)
    page = visit(client, "/overview")
    assert standing(page, "兴国县")[1] == "5"
    assert standing(page, "西吉县")[:2] == ["1", "1"]
    assert "西吉县 教育局" in text_of(page)
    assert "1 个县超过 8 天没有出刊：西吉县。" in text_of(page)
    numbers = linked_numbers(page)
    assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]
    below = visit(client, f"/overview?region={COUNTY}")
    assert "兴国县推进情况周览" in text_of(below)
    assert standing(below, "财政局")
    numbers = linked_numbers(below)
    assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]


def test_a_prefecture_reads_the_issues_of_its_counties(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(7)
    client = client_for(app, make_account(Role.LEADER, region="3607"))
    assert "兴国县 第 1 期" in text_of(visit(client, "/overview"))
    page = visit(client, f"/overview/issues/1?region={COUNTY}")
    numbers = linked_numbers(page)
    assert numbers
    assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]


def test_a_task_is_placed_in_the_nearest_region(app: Flask, world: World) -> None:
    add_progress(world)
    own = make_plan("ganzhou", region="3607")
    for number in range(9):
        late = days_ago(100 if number == 0 else 1)
        make_task(own, lead=[make_unit(f"市局{number}", region="3607")], title=f"市级{number}", due_on=late)
    db.session.commit()
    overview = live_overview(person_of(make_account(Role.LEADER, region="3607")), Coverage("3607"), clock.now())
    assert [each.region for each in overview.regions] == ["3607", COUNTY]
    places = {row.title: row.place for row in overview.worst}
    assert (places["市级0"], places["逾期45天"]) == ("赣州市", "兴国县")


def test_a_prefecture_freezes_its_own_week_with_all_counties(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(0, region="3607")
    page = visit(client_for(app, make_account(Role.LEADER, region="3607")), "/overview/issues/1")
    assert standing(page, "兴国县")[1] == "5"


@pytest.mark.parametrize("query", [f"region={OTHER_COUNTY}", "plan=draft", "plan=unknown", "region=36"])
def test_what_lies_elsewhere_is_not_found(app: Flask, world: World, query: str) -> None:
    visit(client_for(app, world.leader), f"/overview?{query}", status=404)


@pytest.mark.parametrize("query", ["issue=x", "issue=-1", "issue=99999999999", "region=36'--"])
def test_odd_values_are_a_clear_400(app: Flask, world: World, query: str) -> None:
    visit(client_for(app, world.leader), f"/overview?{query}", status=400)


def test_lines_refuse_odd_filters_and_foreign_issues(app: Flask, world: World) -> None:
    freeze(0)
    client = client_for(app, world.leader)
    visit(client, "/overview/issues/1/tasks?light=red", status=400)
    visit(client, "/overview/issues/2/tasks", status=404)
    visit(client, "/overview/issues/99999999999999999999/tasks", status=404)
    visit(client_for(app, world.stranger), "/overview/issues/1", status=404)
    visit(client_for(app, world.stranger), f"/overview/issues/1/tasks?region={COUNTY}", status=404)


def test_lines_come_in_pages(app: Flask, world: World) -> None:
    for _ in range(60):
        make_task(world.plan, due_on=days_ago(1))
    freeze(0)
    client = client_for(app, world.leader)
    page = visit(client, "/overview/issues/1/tasks?light=overdue&endpoint=x&_external=1&_anchor=a&number=7")
    assert len(page.select("tbody tr")) == 50
    following = page.find("a", rel="next")
    assert isinstance(following, Tag)
    assert following["href"] == "/overview/issues/1/tasks?light=overdue&page=2"
    assert len(visit(client, str(following["href"])).select("tbody tr")) == 10


def test_an_older_address_of_an_issue_leads_to_its_page(app: Flask, world: World) -> None:
    response = client_for(app, world.leader).get(f"/overview?issue=7&region={COUNTY}")
    assert response.headers["Location"] == f"/overview/issues/7?region={COUNTY}"


def test_the_office_freezes_the_week_once(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    response = send(client, "/overview/freeze", {}, token_from="/overview")
    assert response.headers["Location"] == "/overview/issues/1"
    send(client, "/overview/freeze", {}, token_from="/overview")
    assert db.session.query(Issue).count() == 1
    assert "本周已经出刊" in text_of(visit(client, "/overview"))
    event = db.session.query(Event).filter_by(act="freeze_week", allowed=True).one()
    assert (event.person_name, event.region_code) == (world.office.name, COUNTY)


def test_only_the_office_freezes_and_only_by_post(app: Flask, world: World) -> None:
    for who in (world.leader, world.auditor, world.staff):
        response = send(client_for(app, who), "/overview/freeze", {}, token_from="/tasks")
        assert response.status_code == 403
    client = client_for(app, world.office)
    assert client.get("/overview/freeze").status_code == 405
    assert client.post("/overview/freeze").status_code == 400
    assert send(client, "/overview/freeze", {"region": "36"}, token_from="/overview").status_code == 400
    assert db.session.query(Issue).count() == 0


def test_the_nation_has_no_week_of_its_own_to_freeze(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.PLAN_OFFICE, region=""))
    assert not visit(client, "/overview").select(".freeze")
    assert send(client, "/overview/freeze", {}, token_from="/overview").status_code == 400


def test_the_questions_do_not_grow_with_the_tasks(app: Flask, world: World) -> None:
    freeze(7)
    client = client_for(app, world.leader)
    with counted_queries() as few:
        client.get("/overview")
    add_progress(world)
    for number in range(40):
        make_task(world.plan, lead=[make_unit(f"局{number}")], due_on=days_ago(number))
    db.session.commit()
    with counted_queries() as many:
        client.get("/overview")
    assert len(many) <= max(len(few), 15)


def test_the_five_plans_are_read_with_every_number_right(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER))
    page = visit(client, "/overview")
    assert "兴教督办发〔2023〕1号" in text_of(page)
    assert "128,758.7 万元" in text_of(page)
    numbers = dict.fromkeys(linked_numbers(page))
    assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]


def test_the_five_plans_are_frozen_as_they_are_read(plans_app: Flask) -> None:
    """Every county, a prefecture and a province: the page of the moment and the issue of it say the same."""
    for region in ("653023", "640422", "650121", "210421", "360732", "3607", "36"):
        live = live_overview(Person(0, Role.LEADER, region), Coverage(region), clock.now())
        issue = freeze_week(region, clock.now())
        assert issue
        db.session.commit()
        frozen = frozen_overview(issue)
        assert frozen.figures.lights == live.figures.lights
        assert frozen.figures.on_time == live.figures.on_time
        assert (frozen.figures.to_decide, frozen.figures.unlinked) == (live.figures.to_decide, live.figures.unlinked)
        assert (frozen.works, frozen.building) == (live.works, live.building)
        assert {each.code: each.tasks for each in frozen.board.items} == {
            each.code: each.tasks for each in live.indicators
        }
        assert [(each.name, each.lights[Light.OVERDUE], each.on_time) for each in (*frozen.units, *frozen.regions)] == [
            (each.name, each.lights[Light.OVERDUE], each.on_time) for each in (*live.units, *live.regions)
        ]


def test_a_part_of_an_issue_has_every_number_right(app: Flask, world: World) -> None:
    add_progress(world)
    other = make_plan("second")
    make_task(other, lead=[world.finance], title="第二方案", due_on=days_ago(4), state=State.IN_PROGRESS)
    add_wait(world.task, world.housing, world.finance, world.office.id)
    db.session.commit()
    freeze(14, region="3607")
    freeze(0, region="3607")
    client = client_for(app, make_account(Role.LEADER, region="3607"))
    whole = visit(client, "/overview/issues/2")
    assert standing(whole, "兴国县")[1] == "6"
    for query in ("", "?plan=second", f"?place={COUNTY}", f"?place={COUNTY}&plan=second"):
        numbers = dict.fromkeys(linked_numbers(visit(client, f"/overview/issues/2{query}")))
        assert len(numbers) > 5
        assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]
    part = visit(client, f"/overview/issues/2?place={COUNTY}&plan=second")
    assert "兴国县推进情况周览 第 2 期" in text_of(part)
    assert [int(count.get_text()) for count in part.select(".lights .count")] == [1, 0, 0, 0, 0, 0]
    before = part.select_one("a[rel=prev]")
    assert before
    assert visit(client, str(before["href"])).select_one("[aria-current=page][href*='plan=second']")
    visit(client, "/overview/issues/2?plan=unknown", status=404)
    visit(client, f"/overview/issues/2?place={OTHER_COUNTY}", status=404)


def test_indicators_of_an_issue_stand_as_they_stood(app: Flask, world: World) -> None:
    school = make_school("第九小学")
    numbers = {"students": 800, "classes": 20, "largest_class": 60}
    make_school_year(school, 2025, stages={"primary": numbers}, sports_ground_m2=Decimal(100), indoor_sports_m2=0)
    db.session.commit()
    issue = freeze(0)
    client = client_for(app, world.leader)
    for address in ("/overview", f"/overview/issues/{issue.number}"):
        numbers_there = [each for each in linked_numbers(visit(client, address)) if "/indicators" in each[1]]
        assert numbers_there
        assert not [(shown, link) for shown, link in numbers_there if rows_behind(client, link) != shown]
    short = f"/overview/issues/{issue.number}/indicators?standing=short"
    assert "R5" in text_of(visit(client, short))
    year = db.session.scalars(sa.select(SchoolYear)).one()
    year.sports_ground_m2 = Decimal(100_000)
    db.session.commit()
    assert "R5" in text_of(visit(client, short))
    visit(client, f"/overview/issues/{issue.number}/indicators?standing=red", status=400)


def add_wait(task: Task, unit: Unit, by: Unit, account: int) -> None:
    """A task waits for a unit."""
    db.session.add(
        Wait(task=task, unit=unit, by_unit=by, account_id=account, since=days_ago(3), reason="等选址", at=clock.now())
    )


def test_blame_goes_where_it_belongs_and_every_number_leads_to_its_rows(app: Flask, world: World) -> None:
    add_progress(world)
    nature = make_unit("自然资源局")
    late = {"state": State.IN_PROGRESS, "due_on": days_ago(3)}
    tasks = [make_task(world.plan, lead=[world.finance], cooperating=[nature], **late) for _ in range(2)]
    shared = make_task(world.plan, responsible=[world.finance, world.housing], **late)
    for task in tasks:
        add_wait(task, nature, world.finance, world.staff.id)
    add_wait(tasks[0], world.housing, world.finance, world.staff.id)
    add_wait(shared, world.housing, world.finance, world.staff.id)
    db.session.commit()
    client = client_for(app, world.leader)
    page = visit(client, "/overview")
    assert "其中等他人3" in standing(page, "财政局")[1]
    assert "等他人" not in standing(page, "住建局")[1]
    assert "被等待2" in standing(page, "住建局")[0]
    assert standing(page, "自然资源局")[0] == "0被等待2"
    numbers = linked_numbers(page)
    assert sum("waiting=1" in address or "waits_for=" in address for _, address in numbers) == 3
    assert not [(shown, address) for shown, address in numbers if rows_behind(client, address) != shown]


def test_waits_ask_no_more_questions(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.leader)
    visit(client, "/overview")
    with counted_queries() as without:
        client.get("/overview")
    for number in range(5):
        unit = make_unit(f"配合单位{number}")
        task = make_task(world.plan, lead=[world.finance], cooperating=[unit], due_on=days_ago(3))
        add_wait(task, unit, world.finance, world.staff.id)
    with counted_queries() as with_waits:
        client.get("/overview")
    assert len([each for each in with_waits if "BEGIN" not in each and not each.startswith("INSERT")]) == len(
        [each for each in without if "BEGIN" not in each]
    )


def test_money_without_a_plan_is_named_and_in_no_share(app: Flask, world: World) -> None:
    today = clock.today()
    for budget, kinds in ((20_000_000, {MoneyKind.ALLOCATED: 10_000_000}), (None, {MoneyKind.ALLOCATED: 30_000_000})):
        built = make_project(make_task(world.plan, lead=[world.finance], due_on=today), budget_yuan=budget)
        for kind, yuan in kinds.items():
            make_money(built, kind, yuan, today)
    client = client_for(app, world.leader)
    said = text_of(visit(client, "/overview"))
    assert "到位 4,000 万元 50% 2/2 项已填" in said
    assert "1 个项目没有投资计划，到位 3,000 万元不计入比例。" in said
    page = visit(client, "/projects").select_one(".together")
    assert page
    assert "1 个项目没有投资计划，到位 3,000 万元不计入比例。" in page.text


def test_money_seats_and_nodes_of_the_works_stand_on_the_page(app: Flask, world: World) -> None:
    finance, today = world.finance, clock.today()
    late = [{"name": "招标", "planned_on": today - timedelta(days=40)}, {"name": "投用", "planned_on": today}]
    school = make_school("第九小学")
    built = make_project(
        make_task(world.plan, lead=[finance], title="第九小学", due_on=today),
        nodes=late,
        parts=[(school, Stage.PRIMARY, 450, 10)],
        budget_yuan=20_000_000,
    )
    make_money(built, MoneyKind.ALLOCATED, 10_000_000, today)
    make_project(make_task(world.plan, lead=[finance], title="第十小学", due_on=today), nodes=late[1:])
    cancelled = make_task(world.plan, lead=[finance], due_on=today, state=State.SUSPENDED)
    make_project(cancelled, nodes=late, budget_yuan=90_000_000)
    client = client_for(app, world.leader)
    page = visit(client, "/overview")
    said = text_of(page)
    assert "计划投资 2,000 万元 1/2 项已填 到位 1,000 万元 50% 1/2 项已填 支付 未填 0/2 项已填" in said
    assert "不计入比例" not in said
    assert "学位：计划 450 个" in said
    assert "本月到期节点 2 个，涉及 2 个项目" in said
    assert "已过计划日期的节点 1 个，涉及 1 个项目" in said
    numbers = [each for each in linked_numbers(page) if "node=" in each[1]]
    assert [count for count, _ in numbers] == [2, 1]
    for count, address in numbers:
        assert len(visit(client, address).select(".project-list tbody tr")) == count


def test_one_county_of_a_wider_issue_is_not_shown_by_the_numbers_of_another(app: Flask, world: World) -> None:
    school = make_school("第九小学")
    numbers = {"students": 800, "classes": 20, "largest_class": 60}
    make_school_year(school, 2025, stages={"primary": numbers}, sports_ground_m2=Decimal(100), indoor_sports_m2=0)
    db.session.add(Region(code="360731", name="于都县"))
    db.session.flush()
    neighbour = make_plan("neighbour", region="360731")
    neighbour.title = "邻县方案"
    make_task(neighbour, lead=[make_unit("教育局", region="360731")], title="邻县任务", due_on=days_ago(4))
    db.session.commit()
    freeze(0, region="3607")
    client = client_for(app, make_account(Role.LEADER, region="3607"))
    whole = visit(client, f"/overview/issues/1?place={COUNTY}")
    assert "学校还没有填报数据" not in text_of(whole)
    part = visit(client, "/overview/issues/1?place=360731")
    assert "学校还没有填报数据，暂不能判断是否达标。" in text_of(part)
    assert "未达标" not in text_of(part)
    plans = part.select_one(".plan-facts")
    assert plans
    assert plans.text.strip() == "《邻县方案》"
    listed = visit(client, "/overview/issues/1/indicators?place=360731&standing=short")
    assert "没有符合条件的指标。" in text_of(listed)


def test_a_place_with_plans_of_its_own_leads_nowhere_beside_the_counties_below_it(app: Flask, world: World) -> None:
    add_progress(world)
    own = make_plan("ganzhou", region="3607")
    make_task(own, lead=[make_unit("市局", region="3607")], title="市级", due_on=days_ago(3), state=State.IN_PROGRESS)
    db.session.commit()
    freeze(0, region="36")
    client = client_for(app, make_account(Role.LEADER, region="36"))
    for address in ("/overview/issues/1", "/overview"):
        numbers = dict.fromkeys(linked_numbers(visit(client, address)))
        assert not [(shown, link) for shown, link in numbers if rows_behind(client, link) != shown]


def test_a_part_of_an_issue_is_told_in_its_own_sentence_with_links(app: Flask, world: World) -> None:
    add_progress(world)
    make_task(make_plan("second"), lead=[world.finance], title="第二方案", due_on=days_ago(4))
    db.session.commit()
    issue = freeze(0)
    client = client_for(app, world.leader)
    part, whole = (
        visit(client, f"/overview/issues/1{query}").select_one(".sentence") for query in ("?plan=second", "")
    )
    assert part
    assert whole
    assert "共 1 项任务" in " ".join(part.get_text().split())
    assert "".join(whole.get_text().split()) == "".join(issue.generated.split())
    assert whole.select("a[href]")


def test_what_waits_for_a_decision_is_asked_though_ten_others_are_worse(app: Flask, world: World) -> None:
    late = {"due_on": days_ago(90), "state": State.SUBMITTED, "submitted_on": days_ago(80), "in_time": False}
    for number in range(10):
        make_task(world.plan, lead=[world.housing], title=f"已交{number}", **late)
    make_task(world.plan, lead=[world.housing], title="等决定", due_on=days_ago(60), state=State.IN_PROGRESS)
    db.session.commit()
    freeze(0)
    client = client_for(app, world.leader)
    for address in ("/overview", "/overview/issues/1"):
        page = visit(client, address)
        assert "等决定" in "".join(each.get_text() for each in page.select("section.decide"))
        assert len(page.select(".worst tbody tr")) == 10


def test_an_issue_keeps_the_name_of_its_region(app: Flask, world: World) -> None:
    freeze(0)
    region = db.session.get_one(Region, COUNTY)
    region.name = "新名县"
    db.session.commit()
    client = client_for(app, world.leader)
    for page in ("", "/tasks", "/late", "/changes", "/indicators"):
        title = visit(client, f"/overview/issues/1{page}").title
        assert title
        assert "新名县" not in title.get_text()


@pytest.mark.parametrize("page", ["tasks", "indicators"])
def test_a_draft_never_says_that_it_stays(app: Flask, world: World, page: str) -> None:
    freeze(0)
    said = text_of(visit(client_for(app, world.office), f"/overview/issues/1/{page}"))
    assert "今后不再变动" not in said
    assert "草稿，尚未签发" in said
