"""GET /trend: a year of a region by its frozen issues, with the tables beside the charts."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task, make_unit
from tests.views.test_overview import main_of, rows_behind, text_of
from tests.visit import client_for, counted_queries, visit
from tracker.actions.issues import freeze_week
from tracker.clock import as_instant
from tracker.models import Issue, IssueStanding, Region, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

FRIDAY = as_instant("2026-03-06T17:00")


def frozen(weeks: int = 0, region: str = COUNTY) -> Issue:
    """An issue frozen so many weeks after the first Friday."""
    issue = freeze_week(region, FRIDAY + timedelta(weeks=weeks))
    assert issue
    db.session.commit()
    return issue


def late(world: World, lead: Any = None, **differences: Any) -> Any:
    """A task that is late on the first Friday already."""
    values = {"lead": [lead or world.finance], "due_on": date(2026, 2, 20), "state": State.IN_PROGRESS}
    return make_task(world.plan, **(values | differences))


def close(task: Any, on: date) -> None:
    """Submit a task and close it on a day."""
    task.state, task.closed_on, task.submitted_on, task.in_time = State.CLOSED, on, on, on <= task.due_on
    task.keep_light_dates()
    db.session.commit()


def table(page: BeautifulSoup) -> dict[str, list[str]]:
    """The rows of the table beside the charts, newest first."""
    rows = page.select(".numbers tbody tr")
    return {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")] for row in rows if row.th
    }


def unit_rows(page: BeautifulSoup) -> dict[str, list[str]]:
    """The late tasks of each unit in the last weeks, and its rate, by its name with those it had."""
    return {
        " ".join(row.th.get_text().split()): ["".join(cell.get_text().split()) for cell in row.select("td")[1:]]
        for row in page.select(".unit-trend tbody tr")
        if row.th
    }


@pytest.mark.parametrize("who", ["office", "leader", "auditor"])
def test_without_an_issue_it_says_so(app: Flask, world: World, who: str) -> None:
    page = visit(client_for(app, getattr(world, who)), "/trend")
    assert "还没有出过周览" in text_of(page)
    assert visit(client_for(app, getattr(world, who)), "/archive").select_one("a[href='/trend']")


@pytest.mark.parametrize("who", ["staff", "administrator", "security"])
def test_others_are_refused(app: Flask, world: World, who: str) -> None:
    assert client_for(app, getattr(world, who)).get("/trend").status_code == 403


def test_odd_addresses_are_not_found(app: Flask, world: World) -> None:
    frozen()
    client = client_for(app, world.leader)
    for address in ("year=1999", "year=x", "unit=0", "unit=99999", f"region={OTHER_COUNTY}", "region=3607"):
        assert client.get(f"/trend?{address}").status_code == 404, address
    assert client.get("/trend?unit=nothing").status_code == 400
    assert client.post("/trend").status_code == 405


def test_the_table_says_what_each_issue_froze_and_what_each_week_closed(app: Flask, world: World) -> None:
    first, second, third = late(world), late(world), late(world, due_on=date(2026, 3, 20))
    frozen()
    close(first, date(2026, 3, 10))
    close(third, date(2026, 3, 11))
    frozen(1)
    second.title, first.state = "后来改的名字", State.IN_PROGRESS
    db.session.commit()
    page = visit(client_for(app, world.leader), "/trend")
    rows = table(page)
    assert list(rows) == ["第 2 期", "第 1 期"]
    assert rows["第 1 期"][1:] == ["2", "1", "0", "0", "3", "0", "6", "—", "—", "0%"]
    assert rows["第 2 期"][1:] == ["1", "0", "0", "2", "3", "0", "6", "1", "1", "33%"]
    assert "线上为按时销号，一周最多 1 项；线下为逾期销号，一周最多 1 项" in text_of(page)
    assert len(page.select(".many-charts figure")) == 8
    assert page.select_one("svg[aria-label^='逾期：首期 2 项，末期 1 项，最多 2 项']")
    assert "同一刻度：0 至 3 项" in text_of(page)


def test_a_week_without_an_issue_is_a_gap_and_no_nought(app: Flask, world: World) -> None:
    late(world)
    frozen()
    frozen(2)
    page = visit(client_for(app, world.leader), "/trend")
    overdue = page.select_one(".many-charts .line")
    assert overdue
    assert re.fullmatch(r"M0 \d+H1M2 \d+H3", str(overdue["d"]))
    assert len(table(page)) == 2


def test_a_year_has_its_own_page_and_knows_what_was_closed_before(app: Flask, world: World) -> None:
    task = late(world, due_on=date(2025, 12, 1))
    assert freeze_week(COUNTY, as_instant("2025-12-26T17:00"))
    close(task, date(2025, 12, 30))
    assert freeze_week(COUNTY, as_instant("2026-01-02T17:00"))  # its week began on 29 December
    db.session.commit()
    client = client_for(app, world.leader)
    page = visit(client, "/trend")
    assert table(page)["第 2 期"][-2:] == ["1", "0%"]
    assert [link.get_text() for link in page.select(".presets a[href*='year=']")] == ["2026年", "2025年"]
    assert list(table(visit(client, "/trend?year=2025"))) == ["第 1 期"]


def test_units_stand_with_the_most_late_tasks_first_and_lead_to_them(app: Flask, world: World) -> None:
    late(world)
    frozen()
    late(world, world.housing)
    late(world, world.housing)
    frozen(1)
    client = client_for(app, world.leader)
    page = visit(client, "/trend")
    assert unit_rows(page) == {"住建局": ["0", "2", "0%"], "财政局": ["1", "1", "0%"]}
    links = page.select(".unit-trend td a")
    assert [(link.get_text(), rows_behind(client, str(link["href"]))) for link in links] == [("2", 2), ("1", 1)]
    own = visit(client, f"/trend?unit={world.housing.id}")
    assert table(own)["第 2 期"][1] == "2"
    assert "趋势 · 住建局" in text_of(own)
    assert not own.select(".unit-trend")


def test_a_unit_renamed_or_merged_is_followed_under_its_name_of_today(app: Flask, world: World) -> None:
    late(world)
    late(world, world.housing)
    late(world, gone := make_unit("临时指挥部"))
    frozen()
    world.finance.name = "财政国资局"
    world.housing.merged_into_id = world.finance.id
    for task in (world.housing_task, world.shared_task):
        task.assignments.clear()
    gone.name = "建设指挥部"
    db.session.commit()
    frozen(1)
    client = client_for(app, world.leader)
    rows = unit_rows(visit(client, "/trend"))
    assert rows["财政国资局 原住建局、原财政局"][:2] == ["2", "2"]
    assert "建设指挥部 原临时指挥部" in rows
    page = visit(client, f"/trend?unit={world.finance.id}")
    assert "原住建局、原财政局" in text_of(page)
    assert table(page)["第 1 期"][1] == "2"
    issue = db.session.query(Issue).filter_by(number=1).one()
    assert {each.name for each in issue.standings} >= {"财政局", "住建局", "临时指挥部"}


def test_a_prefecture_sees_its_counties_beside_one_another(app: Flask, world: World) -> None:
    db.session.add(Region(code="360702", name="章贡区"))
    late(world)
    make_task(make_plan("zg", region="360702"), lead=[make_unit("区住建", region="360702")], due_on=date(2026, 2, 1))
    frozen(region="3607")
    client = client_for(app, make_account(Role.LEADER, region="3607"))
    page = visit(client, "/trend")
    assert set(unit_rows(page)) == {"兴国县", "章贡区"}
    for link in page.select(".unit-trend td a"):
        assert rows_behind(client, str(link["href"])) == int(link.get_text())
    assert "趋势 · 兴国县" in text_of(visit(client, f"/trend?unit={COUNTY}"))
    frozen()
    assert "兴国县趋势" in text_of(visit(client, f"/trend?region={COUNTY}"))


def many(weeks: int, units: int, until: datetime = FRIDAY) -> None:
    """Issues with standings before the first Friday, written straight into the tables."""
    known = [make_unit(f"单位{number}") for number in range(units)]
    for number in range(1, weeks + 1):
        day = until.date() - timedelta(days=4, weeks=weeks - number)
        counts = {"overdue": number % 7, "soon": 5, "normal": 30, "closed": number, "due": 9, "in_time": 8}
        issue = Issue(
            region_code=COUNTY, number=number + 100, week_on=day, cut_off_at=until, sentence="本周", counts=counts
        )
        for position, unit in enumerate(known):
            issue.standings.append(IssueStanding(position=position, name=unit.name, unit_id=unit.id, counts=counts))
        db.session.add(issue)
    db.session.commit()


def test_three_years_of_sixty_units_ask_no_more_than_one_week(app: Flask, world: World) -> None:
    frozen(1)
    client = client_for(app, world.leader)
    with counted_queries() as statements:
        visit(client, "/trend")
    alone = len(statements)
    many(156, 60)
    with counted_queries() as statements:
        page = visit(client, "/trend?year=2025")
    assert len(statements) <= alone
    assert len(page.select(".unit-trend tbody tr")) == 60
    assert len(main_of(page).encode()) < 200_000
