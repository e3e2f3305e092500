"""/events: the auditor reads who did what; nobody else does, and nobody changes it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account
from tests.visit import client_for, send, visit
from tracker.actions.record import NOBODY, Actor, record
from tracker.models import Account, Event, db
from tracker.queries.accounts import person_of
from tracker.rules.permissions import Role


def actor_for(account: Account) -> Actor:
    """A person as the author of an event."""
    return Actor(person_of(account), "财政局", "10.0.0.7")


def rows(client: FlaskClient, query: str = "") -> list[str]:
    """The rows of the log as text."""
    return [
        " ".join(row.get_text(" ", strip=True).split()) for row in visit(client, f"/events{query}").select("tbody tr")
    ]


@pytest.fixture
def auditor(app: Flask, world: World) -> FlaskClient:
    """The auditor's browser, with a few events in the log."""
    early, late = datetime(2026, 3, 5, 15, 59, tzinfo=UTC), datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    key, region = ("task", world.task.key), COUNTY
    record(actor_for(world.staff), "report", early, obj=key, region=region, after={"text": "已完成主体结构"})
    record(
        actor_for(world.office),
        "redate",
        late,
        obj=key,
        region=region,
        before={"due_on": "2026-03-01"},
        after={"due_on": "2026-06-01"},
    )
    record(actor_for(world.leader), "verify", late, obj=key, region=region, allowed=False)
    record(actor_for(world.stranger), "redate", late, obj=("task", "foreign"), region=OTHER_COUNTY)
    record(actor_for(world.staff), "manage_accounts", late, allowed=False)
    record(actor_for(world.stranger), "manage_accounts", late, allowed=False)
    record(NOBODY, "notice_overdue", late, after={"count": 3})
    db.session.commit()
    return client_for(app, world.auditor)


def test_the_auditor_of_a_county_reads_its_events_and_those_of_its_people(auditor: FlaskClient, world: World) -> None:
    assert [row.split(" ")[0] for row in rows(auditor)] == ["5", "3", "2", "1"]


def test_the_auditor_of_the_country_reads_all(app: Flask, auditor: FlaskClient) -> None:
    client = client_for(app, make_account(Role.AUDITOR, region=""))
    assert len(rows(client)) == 7


def test_an_event_says_who_what_where_and_the_change(auditor: FlaskClient, world: World) -> None:
    row = next(row for row in rows(auditor) if row.startswith("2 "))
    for said in (
        "2026年3月6日 00:00",
        world.office.name,
        "推进办",
        "财政局",
        "调整时限",
        world.task.key,
        "成功",
        "10.0.0.7",
        "2026-03-01",
        "2026-06-01",
    ):
        assert said in row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?act=redate", ["2"]),
        ("?act=sign_in", []),
        ("?result=refused", ["5", "3"]),
        ("?result=allowed", ["2", "1"]),
        ("?until=2026-03-05", ["1"]),
        ("?since=2026-03-05&until=2026-03-05", ["1"]),
        ("?since=2026-03-06", ["5", "3", "2"]),
        ("?since=2026-03-06&until=2026-03-05", []),
        ("?subject=xg-none", []),
        ("?who=%25", []),
        ("?who=leader", ["3"]),
        ("?act=redate&result=refused", []),
        ("?page=99", ["5", "3", "2", "1"]),
        ("?page=x", ["5", "3", "2", "1"]),
    ],
)
def test_the_log_is_filtered(auditor: FlaskClient, query: str, found: list[str]) -> None:
    assert [row.split(" ")[0] for row in rows(auditor, query)] == found


def test_the_log_of_one_object(auditor: FlaskClient, world: World) -> None:
    assert len(rows(auditor, f"?subject={world.task.key}")) == 3


ODD = ["act=__class__", "result=1", "since=yesterday", "until=9999-12-31", "since=0001-01-01"]


@pytest.mark.parametrize("query", ODD)
def test_filters_that_do_not_exist_are_refused(auditor: FlaskClient, query: str) -> None:
    assert auditor.get(f"/events?{query}").status_code == 400


@pytest.mark.parametrize("role", ["administrator", "security", "office", "staff", "leader"])
def test_nobody_else_reads_the_log_and_the_try_is_kept(
    app: Flask, auditor: FlaskClient, world: World, role: str
) -> None:
    assert client_for(app, getattr(world, role)).get("/events").status_code == 403
    assert "查看审计日志" in rows(auditor)[0]


def test_many_events_come_in_pages_with_few_questions(auditor: FlaskClient, world: World) -> None:
    for _ in range(100):
        record(actor_for(world.staff), "report", datetime(2026, 3, 7, tzinfo=UTC), obj=("task", "t"), region=COUNTY)
    db.session.commit()
    page = visit(auditor, "/events?act=report&page=2", most_queries=8)
    assert len(page.select("tbody tr")) == 50
    assert "第 2 / 3 页" in page.get_text()
    previous, following = (link["href"] for link in page.select(".pager a"))
    assert (previous, following) == ("/events?act=report&page=1", "/events?act=report&page=3")


FOREIGN = "endpoint=x&_method=POST&_external=1&_scheme=ftp&_anchor=a&_host=evil.test&number=1"


def test_links_to_other_pages_keep_the_filters_and_nothing_else(auditor: FlaskClient, world: World) -> None:
    for _ in range(60):
        record(actor_for(world.staff), "report", datetime(2026, 3, 7, tzinfo=UTC), obj=("task", "t"), region=COUNTY)
    db.session.commit()
    page = visit(auditor, f"/events?{FOREIGN}&act=report&since=2026-03-07")
    assert [link["href"] for link in page.select(".pager a")] == ["/events?act=report&since=2026-03-07&page=2"]


def test_hostile_texts_are_shown_as_text(auditor: FlaskClient, world: World) -> None:
    said = {"text": "<img src=x onerror=alert(1)>{{7*7}}"}
    record(
        actor_for(world.staff), "report", datetime(2026, 3, 7, tzinfo=UTC), obj=("task", "t"), region=COUNTY, after=said
    )
    db.session.commit()
    page = visit(auditor, "/events")
    assert not page.find("img")
    assert said["text"] in page.get_text()


def test_the_auditor_changes_nothing(auditor: FlaskClient, world: World) -> None:
    for address in ("/accounts/new", f"/accounts/{world.staff.username}/disable"):
        assert send(auditor, address, {"version": 1}, token_from="/events").status_code == 403


def exported(client: FlaskClient, **filters: str) -> tuple[TestResponse, list[list[str]]]:
    """The answer of an export and its rows without the head."""
    answer = send(client, "/events/export", filters, token_from="/events")
    rows = list(csv.reader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    return answer, rows[1:]


def test_the_whole_filtered_list_is_taken_away_and_the_log_says_so(auditor: FlaskClient, world: World) -> None:
    for _ in range(1100):
        record(actor_for(world.staff), "report", datetime(2026, 3, 7, tzinfo=UTC), obj=("task", "t"), region=COUNTY)
    answer, found = exported(auditor, act="report", since="2026-03-05")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(found) == 1101
    assert found[-1][:3] == ["1", "2026-03-05T23:59:00+08:00", world.staff.name]
    assert "已完成主体结构" in found[-1][10]
    db.session.rollback()
    event = db.session.scalars(sa.select(Event).where(Event.act == "export_events")).one()
    assert (event.allowed, event.person_name) == (True, world.auditor.name)
    assert event.after == {"count": 1101, "act": "report", "since": "2026-03-05"}


def test_a_file_holds_no_more_than_the_page(auditor: FlaskClient, world: World) -> None:
    _, found = exported(auditor)
    assert [row[0] for row in found] == ["5", "3", "2", "1"]


def test_no_cell_of_the_file_is_a_formula(auditor: FlaskClient, world: World) -> None:
    world.staff.name = "=HYPERLINK(1)"
    record(actor_for(world.staff), "report", datetime(2026, 3, 7, tzinfo=UTC), obj=("task", "@t"), region=COUNTY)
    _, found = exported(auditor)
    assert (found[0][2], found[0][7]) == ("'=HYPERLINK(1)", "'@t")


@pytest.mark.parametrize("filters", [{"act": "x"}, {"until": "never"}, {"page": "1"}])
def test_an_odd_filter_of_an_export_is_refused(auditor: FlaskClient, filters: dict[str, str]) -> None:
    assert exported(auditor, **filters)[0].status_code == 400


def test_the_name_of_the_file_fits_a_header(auditor: FlaskClient) -> None:
    """A server sends Latin letters alone: the test client would let a Chinese name through."""
    name = exported(auditor)[0].headers["Content-Disposition"]
    name.encode("latin-1")
    assert unquote(name.split("filename*=UTF-8''")[1]).startswith("审计日志-")


def test_nobody_else_takes_the_log_away(app: Flask, world: World) -> None:
    for who in ("administrator", "security", "office", "staff", "leader"):
        client = client_for(app, getattr(world, who))
        assert send(client, "/events/export", {}, token_from="/password").status_code == 403
    assert client_for(app, world.auditor).get("/events/export").status_code == 405
