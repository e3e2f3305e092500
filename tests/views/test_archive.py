"""GET /archive and /archive/beside: all issues year by year, searched, and two of them chosen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task
from tests.visit import client_for, visit
from tracker.actions.issues import freeze_week
from tracker.clock import at_office
from tracker.models import Appraisal, AppraisalState, Bulletin, BulletinKind, Issue, IssueReading, PlanState, db
from tracker.queries.archive_search import Asked, found_issues, found_tasks
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

FRIDAY = date(2026, 3, 6)
PREFECTURE = COUNTY[:4]


def friday(weeks: int) -> datetime:
    """Five in the afternoon of the Friday so many weeks later."""
    return at_office(FRIDAY + timedelta(weeks=weeks), 17)


def frozen(weeks: int, region: str = COUNTY) -> Issue:
    """The issue of a week."""
    issue = freeze_week(region, friday(weeks))
    assert issue
    db.session.commit()
    return issue


def rows(page: BeautifulSoup) -> list[str]:
    """The rows of the list as text."""
    return [row.get_text(" ", strip=True) for row in page.select(".issues-table tbody tr")]


def test_every_issue_of_a_year_stands_with_its_figures_newest_first(app: Flask, world: World) -> None:
    first, second = frozen(0), frozen(1)
    db.session.add(IssueReading(issue_id=first.id, account_id=world.leader.id, at=friday(1)))
    db.session.commit()
    page = visit(client_for(app, world.office), "/archive")
    assert [row.split(" 期")[0] for row in rows(page)] == ["第 2", "第 1"]
    assert world.leader.name in rows(page)[1]
    assert str(sum(second.counts.get(light, 0) for light in ("overdue", "normal", "soon", "not_due"))) in rows(page)[0]


def test_a_leader_sees_of_the_readers_themselves_alone(app: Flask, world: World) -> None:
    issue = frozen(0)
    other = make_account(Role.LEADER, name="第二领导")
    for account in (world.leader, other):
        db.session.add(IssueReading(issue_id=issue.id, account_id=account.id, at=friday(1)))
    db.session.commit()
    seen = rows(visit(client_for(app, world.leader), "/archive"))[0]
    assert "第二领导" not in seen
    assert world.leader.name in seen
    assert "第二领导" in rows(visit(client_for(app, world.office), "/archive"))[0]


def test_every_figure_of_the_list_leads_to_its_rows(app: Flask, world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 1), state=State.IN_PROGRESS)
    frozen(0)
    client = client_for(app, world.leader)
    links = visit(client, "/archive").select(".issues-table a[href*='/tasks?']")
    assert len(links) >= 3
    for link in links:
        assert f"共 {link.get_text()} 项" in visit(client, str(link["href"])).get_text()


def test_a_week_belongs_to_the_year_of_most_of_its_days(app: Flask, world: World) -> None:
    frozen(0), frozen(43)
    client = client_for(app, world.office)
    assert len(rows(visit(client, "/archive?year=2026"))) == 2
    frozen(44)
    page = visit(client, "/archive")
    assert [link.get_text() for link in page.select("nav[aria-label=年份] a")] == ["2027", "2026"]
    assert len(rows(page)) == len(rows(visit(client, "/archive?year=1999"))) == 1


def test_a_prefecture_reads_the_issues_of_its_counties_and_chooses_one(app: Flask, world: World) -> None:
    make_task(make_plan(region=OTHER_COUNTY, state=PlanState.ACTIVE))
    frozen(0), frozen(0, OTHER_COUNTY), frozen(0, PREFECTURE)
    client = client_for(app, make_account(Role.LEADER, region=PREFECTURE))
    assert len(rows(visit(client, "/archive"))) == 2
    [own] = rows(visit(client, f"/archive?region={COUNTY}"))
    assert "兴国县" in own or "第 1 期" in own
    assert client.get(f"/archive?region={OTHER_COUNTY}").status_code == 404


def test_a_region_without_issues_says_so(app: Flask, world: World) -> None:
    assert "还没有出过周览" in visit(client_for(app, world.stranger), "/archive").get_text()


def test_a_long_list_has_pages_and_asks_no_more_questions(app: Flask, world: World) -> None:
    db.session.add_all(
        Issue(region_code=COUNTY, number=n, week_on=date(2020, 1, 6) + timedelta(n), cut_off_at=friday(0), sentence="x")
        for n in range(1, 61)
    )
    db.session.commit()
    client = client_for(app, world.office)
    assert len(rows(visit(client, "/archive?year=2020", most_queries=12))) == 50
    assert len(rows(visit(client, "/archive?year=2020&page=2"))) == 10


def test_a_search_finds_titles_units_and_words_each_task_once(app: Flask, world: World) -> None:
    world.task.last_words = "资金缺口３００万元，正在协调"
    db.session.commit()
    frozen(0), frozen(1)
    world.task.last_words = "已到位"
    db.session.commit()
    frozen(2)
    client = client_for(app, world.office)
    for words, count in (("缺口300万元", 2), ("资金拨付", 3), ("财政局 缺口", 2)):
        page = visit(client, f"/archive?q={words}", most_queries=15)
        [row] = page.select(".found-table tbody tr")
        assert f"{count} 期" in row.get_text(" ", strip=True)
        assert f"第 {count} 期" in row.get_text(" ", strip=True)
        assert row.find("mark")
    day = FRIDAY + timedelta(weeks=1)
    link = visit(client, "/archive?q=缺口").select_one(".found-table .title-cell a")
    assert link
    assert link["href"] == f"/tasks/{world.task.key}/on/{day}"
    assert "没有找到" in visit(client, "/archive?q=小行星").get_text()


def test_a_search_finds_sentences_and_bulletins(app: Flask, world: World) -> None:
    issue = frozen(0)
    issue.sentence = "征地问题已经解决。"
    paper = Bulletin(
        region_code=COUNTY,
        issue=issue,
        kind=BulletinKind.WEEK,
        title="关于征地进展的通报",
        addressee="",
        issuer="推进办",
        dated_on=FRIDAY,
        blocks=[{"key": "a", "heading": "", "generated": "", "text": "征地"}],
        made_at=friday(0),
        once="one",
    )
    db.session.add(paper)
    db.session.commit()
    page = visit(client_for(app, world.leader), "/archive?q=征地")
    assert "第 1 期" in page.select_one(".found").get_text()  # type: ignore[union-attr]
    link = page.find("a", string="关于征地进展的通报")
    assert link
    visit(client_for(app, world.leader), str(link["href"]))
    assert "关于征地进展的通报" in visit(client_for(app, world.leader), "/archive").get_text()
    assert "没有找到" in visit(client_for(app, world.stranger), "/archive?q=征地").get_text()


def test_what_is_searched_may_hold_anything(app: Flask, world: World) -> None:
    frozen(0)
    client = client_for(app, world.office)
    for words in (
        "%25",
        "_",
        "%5C",
        "%27%3B--",
        "x" * 3000,
        "%00",
        "%F0%A0%AE%B7",
        "&page=0",
        "&page=999999",
        "&page=x",
    ):
        assert client.get(f"/archive?q={words}").status_code in (200, 400)
    assert not found_tasks(Asked("%", COUNTY, 2026)).total
    assert not found_issues(Asked("_", COUNTY, 2026))


def test_two_ticked_issues_open_beside_one_another_the_newer_first(app: Flask, world: World) -> None:
    first, second, third = frozen(0), frozen(1), frozen(2)
    client = client_for(app, world.office)
    answer = client.get(f"/archive/beside?issue={first.id}&issue={third.id}")
    assert answer.headers["Location"] == "/overview/issues/3/beside/1"
    visit(client, answer.headers["Location"])
    for asked in ("", f"issue={first.id}", f"issue={first.id}&issue={second.id}&issue={third.id}", "issue=x&issue=y"):
        answer = client.get(f"/archive/beside?{asked}")
        assert answer.headers["Location"] == "/archive"
    for number in ("9" * 20, "0" * 14 + "9" * 20, "9" * 5000):
        answer = client.get(f"/archive/beside?issue={number}&issue={first.id}")
        assert answer.headers["Location"] == "/archive"
    assert "请勾选同一地区的两期" in visit(client, "/archive").get_text()


def test_issues_of_two_regions_do_not_stand_beside_one_another(app: Flask, world: World) -> None:
    own, above = frozen(0), frozen(0, PREFECTURE)
    client = client_for(app, make_account(Role.LEADER, region=PREFECTURE))
    db.session.commit()
    answer = client.get(f"/archive/beside?issue={own.id}&issue={above.id}")
    assert answer.headers["Location"] == "/archive"
    own2 = frozen(1)
    answer = client.get(f"/archive/beside?issue={own.id}&issue={own2.id}")
    assert answer.headers["Location"] == f"/overview/issues/2/beside/1?region={COUNTY}"
    answer = client_for(app, world.stranger).get(f"/archive/beside?issue={own.id}&issue={own2.id}")
    assert answer.headers["Location"] == "/archive"


@pytest.mark.parametrize("address", ["/archive", "/archive/beside"])
def test_staff_have_no_archive(app: Flask, world: World, address: str) -> None:
    assert client_for(app, world.staff).get(address).status_code == 403
    assert client_for(app, world.office).post(address).status_code in (400, 405)


def test_the_appraisal_of_the_year_is_named_once_it_is_published(app: Flask, world: World) -> None:
    issue, client = frozen(0), client_for(app, world.leader)
    sheet = Appraisal(region_code=COUNTY, year=2026, last_issue_id=issue.id, made_at=friday(0))
    db.session.add(sheet)
    db.session.commit()
    assert "2026 年度考核" not in visit(client, "/archive").get_text()
    sheet.state, sheet.published_at, sheet.objections_until = AppraisalState.PUBLISHED, friday(1), FRIDAY
    db.session.commit()
    link = visit(client, "/archive").find("a", string="2026 年度考核")
    assert link
    visit(client, str(link["href"]))
