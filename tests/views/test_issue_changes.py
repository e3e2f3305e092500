"""GET /overview/issues/N/changes, /overview/issues/N/beside/M and the way to it: two issues compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import COUNTY, World, make_account, make_plan, make_task, make_unit
from tests.views.test_overview import linked_numbers, main_of, rows_behind, text_of
from tests.visit import client_for, visit
from tracker.actions.issues import freeze_week
from tracker.clock import as_instant
from tracker.models import Issue, IssueLine, PlanState, db
from tracker.queries.issue_differences import between
from tracker.queries.issues import frozen_overview
from tracker.rules.issue_reasons import Reason
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import light_changes
from tracker.rules.permissions import Role

FRIDAY = as_instant("2026-03-06T17:00")
WEEK = timedelta(days=7)
CHANGES, BESIDE = "/overview/issues/2/changes", "/overview/issues/2/beside/1"


def frozen(now: datetime, region: str = COUNTY) -> Issue:
    """The issue that a freeze makes, stored."""
    issue = freeze_week(region, now)
    assert issue
    db.session.commit()
    return issue


def two_weeks(world: World) -> tuple[Issue, Issue]:
    """Two issues between which a task was closed, one fell late, one was re-dated, one withdrawn, one added."""
    doing = {"state": State.IN_PROGRESS, "last_reported_at": FRIDAY - timedelta(days=1)}
    slipping = make_task(world.plan, lead=[world.finance], title="将逾期", due_on=date(2026, 3, 9), **doing)
    moved = make_task(world.plan, lead=[world.housing], title="待重定", due_on=date(2024, 1, 1), needs_redate=True)
    gone = make_task(world.plan, lead=[world.housing], title="要撤销", due_on=date(2026, 9, 1), **doing)
    first = frozen(FRIDAY)
    closed = world.housing_task
    closed.state, closed.closed_on = State.CLOSED, date(2026, 3, 10)
    moved.due_on, moved.needs_redate = date(2026, 12, 31), False
    gone.state, gone.withdrawn_on = State.SUSPENDED, date(2026, 3, 10)
    slipping.last_words = "设备未到货"
    world.shared_task.last_words = "已经开会"
    for task in (closed, moved, gone, slipping):
        task.keep_light_dates()
    make_task(world.plan, lead=[world.education], title="新列任务", due_on=date(2026, 12, 31), **doing)
    world.housing.name = "住房和城乡建设局"
    db.session.commit()
    return first, frozen(FRIDAY + WEEK)


def sums_on(page: BeautifulSoup) -> dict[str, str]:
    """The signed sum of each group as the table of reasons shows it."""
    return {str(cell["data-sum"]): cell.get_text(strip=True) for cell in page.select("[data-sum]")}


def reasons_on(page: BeautifulSoup) -> dict[str, int]:
    """The reasons of the table with the number of their tasks."""
    rows = [row.select("td") for row in page.select(".reasons tbody tr")]
    return {cells[0].get_text(strip=True): int(cells[1].get_text()) for cells in rows}


def item_of(page: BeautifulSoup, title: str) -> str:
    """The row of a task without spaces."""
    row = next(row for row in page.select(".changed-items tbody tr") if title in row.get_text())
    return "".join(row.get_text().split())


def signed(value: int) -> str:
    """A change as the page writes it."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "±0"


@pytest.mark.parametrize("who", ["office", "leader", "auditor"])
def test_every_changed_number_is_explained_by_reasons(app: Flask, world: World, who: str) -> None:
    two_weeks(world)
    page = visit(client_for(app, getattr(world, who)), CHANGES)
    assert reasons_on(page) == {
        "销号": 1,
        "到期转为逾期": 1,
        "重定或确认时限": 1,
        "新增任务": 1,
        "撤销任务": 1,
    }
    figures = frozen_overview(db.session.scalars(sa.select(Issue).where(Issue.number == 2)).one()).figures
    assert figures.before
    changes = light_changes(figures.lights, figures.before)
    assert sums_on(page) == {light.value: signed(changes[light]) for light in COUNTED}


def test_items_say_what_stood_there_before(app: Flask, world: World) -> None:
    two_weeks(world)
    page = visit(client_for(app, world.leader), CHANGES)
    assert "第1期：尚未填报" not in item_of(page, "将逾期")
    assert "设备未到货" in item_of(page, "将逾期")
    assert "2024年1月1日2026年12月31日" in item_of(page, "待重定")
    assert "推进中已中止" in item_of(page, "要撤销")
    assert "＋新增" in item_of(page, "新列任务")
    struck = [cell.get_text(strip=True) for cell in page.select(".changed-items del")]
    assert "2024年1月1日" in struck
    [told] = page.select(".sentence")
    said = "".join(told.get_text().split())
    assert "与第1期（2026年3月6日）相比，销号1项，到期转为逾期1项（均为财政局）" in said
    assert said.endswith("另有1项变化不影响各组数字。")


def test_what_changes_no_group_is_listed_apart(app: Flask, world: World) -> None:
    two_weeks(world)
    page = visit(client_for(app, world.leader), CHANGES)
    apart = page.select_one(".quiet")
    assert apart
    assert [row.a.get_text() for row in apart.select("tbody tr") if row.a] == ["共同责任事项"]
    assert "有新进展 1" in apart.get_text()


def test_a_renamed_unit_is_no_change_of_its_tasks(app: Flask, world: World) -> None:
    first, second = two_weeks(world)
    assert not [item for item in between(first, second).items if item.units_changed]


def test_the_rows_of_a_reason_and_of_a_group_lead_to_their_items(app: Flask, world: World) -> None:
    two_weeks(world)
    client = client_for(app, world.leader)
    page = visit(client, CHANGES)
    for row in page.select(".reasons tbody tr"):
        link, number = row.select_one("a"), row.select("td")[1].get_text(strip=True)
        assert link
        assert len(visit(client, str(link["href"])).select(".changed-items tbody tr")) == int(number)
    of_group = visit(client, f"{CHANGES}?since=1&light=overdue")
    assert [row.a.get_text() for row in of_group.select(".changed-items tbody tr") if row.a] == ["将逾期"]


def test_every_number_of_both_pages_leads_to_its_rows(app: Flask, world: World) -> None:
    two_weeks(world)
    client = client_for(app, world.leader)
    for address in (CHANGES, BESIDE):
        numbers = [each for each in linked_numbers(visit(client, address)) if "/tasks" in each[1]]
        assert len(numbers) >= 10
        assert not [(shown, behind) for shown, behind in numbers if rows_behind(client, behind) != shown]


def test_the_changes_on_the_page_of_the_issue_lead_here(app: Flask, world: World) -> None:
    two_weeks(world)
    client = client_for(app, world.leader)
    page = visit(client, "/overview/issues/2")
    links = page.select(".lights a.change")
    assert len(links) == len(COUNTED)
    for light, link in zip(COUNTED, links, strict=True):
        behind = visit(client, str(link["href"]))
        assert sums_on(behind)[light.value] == link.get_text(strip=True).removeprefix("较上期 ")


def test_the_first_issue_says_that_there_is_nothing_before(app: Flask, world: World) -> None:
    frozen(FRIDAY)
    page = visit(client_for(app, world.leader), "/overview/issues/1/changes")
    assert "第 1 期是首期，没有上期可比。" in text_of(page)
    assert not page.select("table")


def test_a_week_without_changes_says_so(app: Flask, world: World) -> None:
    frozen(FRIDAY)
    frozen(FRIDAY + WEEK)
    page = visit(client_for(app, world.leader), CHANGES)
    assert "各组数字没有变化。" in "".join(text_of(page).split())
    assert set(sums_on(page).values()) == {"±0"}
    assert "没有改变各组数字的任务。" in text_of(page)
    assert not page.select(".changed-items")


def test_a_week_of_three_hundred_changes_stands_on_pages(app: Flask, world: World) -> None:
    tasks = [make_task(world.plan, lead=[world.finance], due_on=date(2026, 12, 31)) for _ in range(300)]
    frozen(FRIDAY)
    for task in tasks:
        task.due_on, task.first_due_on, task.last_words = date(2026, 3, 9), date(2026, 3, 9), "说" * 200
        task.keep_light_dates()
    db.session.commit()
    frozen(FRIDAY + WEEK)
    client = client_for(app, world.leader)
    page = visit(client, CHANGES)
    assert "共 300 项" in text_of(page)
    assert len(page.select(".changed-items tbody tr")) == 50
    assert len(client.get(CHANGES).data) < 80_000
    last = visit(client, f"{CHANGES}?page=6")
    assert len(last.select(".changed-items tbody tr")) == 50
    assert visit(client, BESIDE).select(".changed-items tbody tr")


def test_an_earlier_issue_may_be_chosen(app: Flask, world: World) -> None:
    two_weeks(world)
    frozen(FRIDAY + 2 * WEEK)
    client = client_for(app, world.leader)
    page = visit(client, "/overview/issues/3/changes?since=1")
    assert "第 3 期较第 1 期的变化" in text_of(page)
    assert [str(each["value"]) for each in page.select("#f-since option")] == ["2", "1"]
    assert visit(client, "/overview/issues/3/changes").find("h1", string="第 3 期较第 2 期的变化")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=x", 400),
        ("since=9", 404),
        ("since=2", 404),
        ("since=-1", 400),
        ("since=99999999999", 400),
        ("since=1&reason=magic", 400),
        ("since=1&light=magic", 400),
        ("since=1&plan=nothing", 404),
        ("since=1&place=64", 404),
        ("region=640422", 404),
        ("since=1&page=99", 200),
        ("since=1&quiet=1", 200),
        ("since=1&quiet=1&reason=reported", 200),
        ("since=1&reason=reported", 200),
        ("since=1&plan=xg", 200),
        ("since=1&light=suspended", 200),
        ("_scheme=javascript&number=7", 200),
    ],
)
def test_odd_addresses_are_refused_plainly(app: Flask, world: World, query: str, status: int) -> None:
    two_weeks(world)
    assert client_for(app, world.leader).get(f"{CHANGES}?{query}").status_code == status


@pytest.mark.parametrize("address", [CHANGES, BESIDE, "/overview/issues/beside?one=1&other=2"])
def test_others_are_refused(app: Flask, world: World, address: str) -> None:
    two_weeks(world)
    assert client_for(app, world.staff).get(address).status_code == 403
    assert client_for(app, world.stranger).get(address).status_code in {302, 404}
    assert client_for(app, None).get(address).status_code == 302
    assert client_for(app, world.leader).post(address).status_code == 405


def test_one_plan_alone_is_compared_also_where_it_is_closed_since(app: Flask, world: World) -> None:
    other = make_plan("second")
    make_task(other, lead=[world.finance], title="第二方案任务", due_on=date(2026, 12, 31))
    frozen(FRIDAY)
    other.state = PlanState.CLOSED
    db.session.commit()
    frozen(FRIDAY + WEEK)
    client = client_for(app, world.leader)
    page = visit(client, f"{CHANGES}?plan=second")
    assert reasons_on(page) == {"移出": 1}
    assert "所在方案已不在本期" in text_of(page)
    assert reasons_on(visit(client, f"{CHANGES}?plan=xg")) == {}


def test_two_issues_stand_side_by_side_whatever_their_order(app: Flask, world: World) -> None:
    two_weeks(world)
    client = client_for(app, world.leader)
    page = visit(client, BESIDE)
    rows = {row.td.get_text(strip=True): row for row in page.select(".two-issues tbody tr") if row.td}
    late = [cell.get_text(strip=True) for cell in rows["逾期"].select("td")[1:]]
    assert late == ["0", "1", "+1"]
    assert [cell.get_text(strip=True) for cell in rows["总数"].select("td")[1:]] == ["6", "6", "±0"]
    swapped = visit(client, "/overview/issues/1/beside/2")
    assert text_of(swapped) == text_of(page)
    assert client.get("/overview/issues/2/beside/2").location == "/overview/issues/2"
    assert client.get("/overview/issues/beside?one=1&other=2").location == "/overview/issues/2/beside/1"
    assert client.get("/overview/issues/beside?one=1").status_code == 400


def test_units_are_followed_under_their_new_names_and_into_those_they_were_merged_with(
    app: Flask, world: World
) -> None:
    old = make_unit("老区办")
    task = make_task(world.plan, lead=[old], title="老区任务", due_on=date(2026, 12, 31))
    two_weeks(world)
    later = frozen(FRIDAY + 2 * WEEK)
    old.merged_into_id = world.finance.id
    task.assignments[0].unit = world.finance
    db.session.commit()
    frozen(FRIDAY + 3 * WEEK)
    assert later.number == 3
    client = client_for(app, world.leader)
    said = {
        row.td.get_text(" ", strip=True)
        for row in visit(client, "/overview/issues/4/beside/1").select(".pairs tbody tr")
        if row.td
    }
    assert "住房和城乡建设局 原住建局" in said
    assert "老区办 并入财政局" in said
    assert "教科体局 第 1 期没有任务" in said


def test_a_prefecture_compares_its_counties(app: Flask, world: World) -> None:
    leader = make_account(Role.LEADER, region="3607")
    doing = {"state": State.IN_PROGRESS, "last_reported_at": FRIDAY}
    slipping = make_task(world.plan, lead=[world.finance], title="将逾期", due_on=date(2026, 3, 9), **doing)
    frozen(FRIDAY, "3607")
    frozen(FRIDAY + WEEK, "3607")
    client = client_for(app, leader)
    page = visit(client, BESIDE)
    assert "各地情况" in text_of(page)
    assert "兴国县" in main_of(page).select(".pairs tbody tr")[0].get_text()
    narrow = visit(client, f"{CHANGES}?place={COUNTY}")
    assert reasons_on(narrow) == {"到期转为逾期": 1}
    assert slipping.title in text_of(narrow)
    assert "单位情况" in text_of(visit(client, f"{BESIDE}?place={COUNTY}"))


def test_the_county_of_another_is_read_with_its_region(app: Flask, world: World) -> None:
    two_weeks(world)
    leader = make_account(Role.LEADER, region="36")
    page = visit(client_for(app, leader), f"{CHANGES}?region={COUNTY}")
    assert reasons_on(page)
    assert all(f"region={COUNTY}" in str(link["href"]) for link in page.select(".reasons a"))


def test_what_is_deleted_since_changes_no_comparison(app: Flask, world: World) -> None:
    first, second = two_weeks(world)
    before = [(item.line.task_key, item.reason) for item in between(first, second).items]
    world.task.title, world.finance.name = "改名", "改名局"
    world.plan.state = PlanState.CLOSED
    db.session.commit()
    assert [(item.line.task_key, item.reason) for item in between(first, second).items] == before
    assert visit(client_for(app, world.leader), CHANGES).select(".changed-items")


def test_the_number_of_questions_does_not_grow_with_the_lines(app: Flask, world: World) -> None:
    first, second = two_weeks(world)
    kept = db.session.scalars(sa.select(IssueLine).where(IssueLine.issue_id == second.id)).first()
    assert kept
    columns = {each.name: getattr(kept, each.name) for each in IssueLine.__table__.columns if each.name != "id"}
    rows = [columns | {"task_id": 9_000 + n, "task_key": f"extra-{n}", "light": Light.NORMAL} for n in range(400)]
    db.session.execute(sa.insert(IssueLine), rows)
    db.session.commit()
    client = client_for(app, world.leader)
    for address in (CHANGES, BESIDE):
        page = visit(client, address, most_queries=12)
        assert len(page.select(".changed-items tbody tr")) >= 50
    assert len([item for item in between(first, second).items if item.reason is Reason.ADDED]) == 401
