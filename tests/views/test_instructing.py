"""GET /overview?instruct=KEY and /overview/issues/N?instruct=KEY: a leader's word on a task from the week's page."""

from __future__ import annotations

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, World, make_account
from tests.views.test_overview import add_progress, freeze
from tests.visit import checked, client_for, visit
from tracker.models import Instruction, OutboxMail, PlanState, Task, db
from tracker.rules.permissions import Role

WORDS = "请财政局3月10日前拨付第二笔资金。"


def late(days: int) -> Task:
    """One of the late tasks."""
    return db.session.scalars(sa.select(Task).where(Task.title == f"逾期{days}天")).one()


def form_of(page: BeautifulSoup) -> tuple[str, dict[str, str]]:
    """The address and the hidden values of the form that is open."""
    [form] = page.select(".instruct-here form")
    return str(form["action"]), {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}


def post(client: FlaskClient, page: BeautifulSoup, **typed: str) -> TestResponse:
    """Fill in the form that is open and send it."""
    address, hidden = form_of(page)
    return client.post(address, data=hidden | typed)


def instructions() -> list[Instruction]:
    """What is stored."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Instruction)))


def test_a_leader_writes_under_the_row_and_comes_back_to_the_page(app: Flask, world: World) -> None:
    add_progress(world)
    task, client = late(45), client_for(app, world.leader)
    page = visit(client, "/overview?plan=xg")
    assert not page.select(".instruct-here")
    [address, *_] = [str(link["href"]) for link in page.select(".decide a.to-instruct")]
    assert address == f"/overview?plan=xg&instruct={task.key}"
    page = visit(client, address)
    row = page.select_one(".decide .instruct-here")
    assert row
    assert row.find_parent("li").find("a", string="逾期45天")  # type: ignore[union-attr]
    assert row.select_one("textarea[autofocus]")
    answer = post(client, page, instruction=WORDS)
    assert (answer.status_code, answer.location) == (302, "/overview?plan=xg")
    [said] = instructions()
    assert (said.task_id, said.text, said.leader_name) == (task.id, WORDS, world.leader.name)
    assert db.session.scalar(sa.select(sa.func.count()).where(OutboxMail.kind == "instructed"))
    assert "批示已记录" in visit(client, answer.location).get_text()


def test_a_row_among_the_worst_opens_under_itself(app: Flask, world: World) -> None:
    add_progress(world)
    page = visit(client_for(app, world.leader), f"/overview?instruct={late(3).key}")
    assert not page.select(".decide .instruct-here")
    opened = page.select_one(".worst .instruct-row")
    assert opened
    assert "逾期3天" in opened.find_previous_sibling("tr").get_text()  # type: ignore[union-attr]


def test_the_same_on_a_frozen_page_with_its_part(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(0)
    client = client_for(app, world.leader)
    page = visit(client, f"/overview/issues/1?plan=xg&instruct={late(45).key}")
    assert post(client, page, instruction=WORDS).location == "/overview/issues/1?plan=xg"
    assert len(instructions()) == 1


def test_the_same_form_sent_twice_is_one_word(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.leader)
    page = visit(client, f"/overview?instruct={late(45).key}")
    assert [post(client, page, instruction=WORDS).status_code for _ in range(2)] == [302, 302]
    assert len(instructions()) == 1


def test_what_was_refused_is_kept_and_still_leads_back(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.leader)
    page = visit(client, f"/overview?instruct={late(45).key}")
    answer = post(client, page, instruction="字" * 501)
    assert answer.status_code == 400
    again = checked(answer)
    assert again.select_one("#instructions textarea").get_text().strip() == "字" * 501  # type: ignore[union-attr]
    [form] = again.select("#instruct form")
    assert form["action"] == f"/tasks/{late(45).key}/instructions?next=/overview"
    assert not instructions()


def test_the_office_says_whose_word_it_is(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.office)
    page = visit(client, f"/overview?instruct={late(45).key}")
    assert page.select_one(".instruct-here input[autofocus]")
    assert post(client, page, instruction=WORDS, leader_name="王明").location == "/overview"
    assert instructions()[0].leader_name == "王明"


def test_the_end_of_a_session_keeps_the_words(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, world.leader)
    page = visit(client, f"/overview?instruct={late(45).key}")
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    answer = post(client, page, instruction=WORDS)
    assert answer.status_code == 401
    assert WORDS in answer.text


def test_auditors_and_odd_addresses_open_nothing(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(0)
    for path in ("/overview", "/overview/issues/1"):
        page = visit(client_for(app, world.auditor), f"{path}?instruct={late(45).key}")
        assert not page.select(".to-instruct, .instruct-here")
        for odd in ("", "nothing", "%00", world.task.key):
            assert not visit(client_for(app, world.leader), f"{path}?instruct={odd}").select(".instruct-here")


def test_a_frozen_row_whose_task_takes_no_more_words_says_so(app: Flask, world: World) -> None:
    add_progress(world)
    freeze(0)
    gone, closed = late(3), late(45)
    address, other = (f"/overview/issues/1?instruct={each.key}" for each in (gone, closed))
    db.session.delete(gone)
    db.session.commit()
    client = client_for(app, world.leader)
    assert "不能再对该任务批示" in visit(client, address).select_one(".instruct-here").get_text()  # type: ignore[union-attr]
    world.plan.state = PlanState.CLOSED
    db.session.commit()
    page = visit(client, other)
    assert "不能再对该任务批示" in page.select_one(".instruct-here").get_text()  # type: ignore[union-attr]
    assert not page.select(".instruct-here form")


def test_a_leader_of_the_prefecture_instructs_from_the_county_and_comes_back_there(app: Flask, world: World) -> None:
    add_progress(world)
    client = client_for(app, make_account(Role.LEADER, region="3607"))
    page = visit(client, f"/overview?region={COUNTY}&instruct={late(45).key}")
    assert post(client, page, instruction=WORDS).location == f"/overview?region={COUNTY}"
    assert len(instructions()) == 1
