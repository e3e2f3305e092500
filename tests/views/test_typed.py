"""What a person typed when their session had ended: shown, carried through the sign-in, and back in its form."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_tasks_desk import act
from tests.views.test_tasks_report import PDF
from tests.views.test_tasks_report import post as post_report
from tests.visit import checked, client_for, token_of, visit
from tracker.models import Account, LoginSession, Report, Task, db
from tracker.rules.passwords import HashCost, hash_password

RIGHT = "copper river 71"
TEXT = "主体结构已封顶，下一步装修；卡在第二笔资金。<b>&"
ENDINGS = ["idle", "nine_hours", "signed_out"]
# Of each act: its place in the address, what is sent, and the field of the task page that must hold the text again.
ACTS: dict[str, tuple[dict[str, str], str]] = {
    "report": ({"situation": "difficulty", "text": TEXT, "once": "x"}, "report-text"),
    "return": ({"reason": TEXT}, "send_back-reason"),
    "close": ({"reason": TEXT}, "close_in_part-reason"),
    "redate": ({"reason": TEXT, "due_on": "2098-01-31"}, "redate-reason"),
}


@pytest.fixture
def door(app: Flask, world: World) -> Flask:
    """The cast with a password that everybody knows."""
    db.session.execute(sa.update(Account).values(password_hash=hash_password(RIGHT, HashCost(1, 8))))
    db.session.commit()
    return app


def end(client: FlaskClient, how: str) -> None:
    """End every session."""
    past = datetime.now(UTC) - (timedelta(minutes=31) if how == "idle" else timedelta(hours=9, minutes=1))
    if how == "signed_out":
        client.post("/sign-out", data={"csrf_token": token_of(client, "/password")})
        return
    db.session.execute(sa.update(LoginSession).values({"last_seen_at" if how == "idle" else "created_at": past}))
    db.session.commit()


def hidden(page: BeautifulSoup) -> dict[str, str]:
    """The hidden fields of the sign-in form of a page."""
    return {str(each["name"]): str(each["value"]) for each in page.select("form[action='/sign-in'] input[type=hidden]")}


def enter(client: FlaskClient, page: BeautifulSoup, username: str, password: str = RIGHT) -> TestResponse:
    """Sign in with the form of a page."""
    return client.post("/sign-in", data={**hidden(page), "username": username, "password": password})


def ready(door: Flask, world: World, name: str) -> tuple[FlaskClient, str, Task]:
    """Who does an act, signed in, their user name, and a task that allows it."""
    task = world.shared_task if name == "close" else world.task
    if name in {"return", "close"}:
        post_report(client_for(door, world.staff), task, situation="done")
    account = world.staff2 if name == "report" else world.office
    return client_for(door, account), account.username, task


@pytest.mark.parametrize("how", ENDINGS)
@pytest.mark.parametrize("name", list(ACTS))
def test_what_was_typed_is_in_its_form_again_after_signing_in(door: Flask, world: World, name: str, how: str) -> None:
    client, username, task = ready(door, world, name)
    sent, place = ACTS[name]
    token = token_of(client, f"/tasks/{task.key}")
    end(client, how)
    reports = db.session.scalar(sa.select(sa.func.count()).select_from(Report))
    answer = client.post(f"/tasks/{task.key}/{name}", data={"csrf_token": token, "version": "1", **sent})
    assert answer.status_code == 401
    page = checked(answer)
    assert page.h1.get_text() == "登录已超时，填写内容已保留"  # type: ignore[union-attr]
    shown = page.find(id="typed-text" if name == "report" else "typed-reason")
    assert shown.get_text().strip() == TEXT  # type: ignore[union-attr]
    assert shown.has_attr("readonly")  # type: ignore[union-attr]

    again = enter(client, page, username, "wrong")
    assert again.status_code == 400
    entered = enter(client, checked(again), username)
    assert entered.status_code == 302
    assert str(entered.location).startswith(f"/tasks/{task.key}")
    page = visit(client, str(entered.location))
    field = page.find(id=place)
    assert field.get_text().strip() == TEXT  # type: ignore[union-attr]
    assert field.find_parent("details").has_attr("open")  # type: ignore[union-attr]
    assert "填写的内容还没有提交" in page.get_text()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == reports

    form = field.find_parent("form")  # type: ignore[union-attr]
    values = {each["name"]: each.get("value", "") for each in form.select("input[type=hidden]")}
    values |= {key: value for key, value in sent.items() if key != "once"}
    assert client.post(str(form["action"]), data=values).status_code == 302
    page = visit(client, str(entered.location))
    assert page.find(id="back") is None
    assert TEXT in page.select_one(".entry .said").get_text()  # type: ignore[union-attr]


def test_the_situation_and_the_date_come_back_too(door: Flask, world: World) -> None:
    for name, place in (
        ("report", "input[value=difficulty][checked]"),
        ("redate", "#redate-due_on[value='2098-01-31']"),
    ):
        client, username, task = ready(door, world, name)
        token = token_of(client, f"/tasks/{task.key}")
        end(client, "idle")
        page = checked(client.post(f"/tasks/{task.key}/{name}", data={"csrf_token": token, **ACTS[name][0]}))
        entered = enter(client, page, username)
        assert visit(client, str(entered.location)).select_one(place)


def test_the_words_are_handed_over_once_and_to_their_own_task_alone(door: Flask, world: World) -> None:
    client, username, task = ready(door, world, "report")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    page = checked(client.post(f"/tasks/{task.key}/report", data={"csrf_token": token, **ACTS["report"][0]}))
    enter(client, page, username)
    assert TEXT not in visit(client, f"/tasks/{world.shared_task.key}").get_text()
    assert TEXT not in visit(client, f"/tasks/{task.key}").get_text()


def test_no_password_token_or_file_is_shown_or_carried(door: Flask, world: World) -> None:
    client, _, task = ready(door, world, "report")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    sent: dict[str, Any] = {"csrf_token": token, **ACTS["report"][0], "password": "my own secret"}
    answer = client.post(f"/tasks/{task.key}/report", data={**sent, "files": (io.BytesIO(PDF), "凭证.pdf")})
    assert answer.status_code == 401
    assert "my own secret" not in answer.text
    assert token not in [each.get_text() for each in checked(answer).find_all("textarea")]
    assert "请重新选择文件" in answer.text
    assert not list(door.extensions["settings"].evidence_dir.rglob("*"))


def test_a_text_too_long_for_a_cookie_stays_to_be_copied(door: Flask, world: World) -> None:
    long = "".join(chr(0x4E00 + number * 7 % 20000) for number in range(2000))
    client, username, task = ready(door, world, "report")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    page = checked(client.post(f"/tasks/{task.key}/report", data={"csrf_token": token, "text": long}))
    assert page.find(id="typed-text").get_text().strip() == long  # type: ignore[union-attr]
    assert "登录后不能自动带回" in page.get_text()
    assert page.select_one("form[action='/sign-in']")["target"] == "_blank"  # type: ignore[index]
    assert enter(client, page, username).status_code == 302


def test_the_cookie_that_carries_the_words_is_one_that_browsers_keep(door: Flask, world: World) -> None:
    client, username, task = ready(door, world, "report")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    taken = 0
    for length in range(100, 2000, 50):
        text = "".join(chr(0x4E00 + number * number * 31 % 20000) for number in range(length))
        page = checked(client.post(f"/tasks/{task.key}/report", data={"csrf_token": token, "text": text}))
        if not hidden(page)["typed"]:
            break
        taken, last = length, page
    assert taken >= 500
    cookie = enter(client, last, username).headers["Set-Cookie"]
    assert len(cookie) < 4000


def test_a_forged_word_carries_nothing(door: Flask, world: World) -> None:
    client = door.test_client()
    page = visit(client, "/sign-in?next=/tasks")
    values = {**hidden(page), "typed": "WyJ0YXNrcyJd.x.y", "username": "staff", "password": RIGHT}
    assert client.post("/sign-in", data=values).location == "/tasks"
    with client.session_transaction() as session:
        assert "typed" not in session


def test_a_request_of_another_site_is_not_repeated_on_our_page(door: Flask, world: World) -> None:
    answer = door.test_client().post(
        f"/tasks/{world.task.key}/report", data={"text": TEXT}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert "主体结构" not in answer.text


def test_other_forms_lead_to_the_door_as_before(door: Flask, world: World) -> None:
    client, _, task = ready(door, world, "report")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    assert client.post(f"/tasks/{task.key}/verify", data={"csrf_token": token}).location == "/sign-in"
    assert client.post(f"/tasks/{task.key}/report", data={"csrf_token": token, "text": " "}).location == "/sign-in"


def test_who_may_no_longer_act_finds_the_words_to_copy(door: Flask, world: World) -> None:
    client, _, task = ready(door, world, "return")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    page = checked(client.post(f"/tasks/{task.key}/return", data={"csrf_token": token, "reason": TEXT}))
    assert act(client_for(door, world.office2), task, "verify").status_code == 302
    entered = enter(client, page, "office")
    page = visit(client, str(entered.location))
    assert page.find(id="typed-reason").get_text().strip() == TEXT  # type: ignore[union-attr]


def test_a_form_whose_token_is_old_leaves_its_words_to_copy(door: Flask, world: World) -> None:
    client, _, task = ready(door, world, "report")
    answer = client.post(f"/tasks/{task.key}/report", data={"csrf_token": "old", **ACTS["report"][0]})
    assert answer.status_code == 400
    assert checked(answer).find(id="typed-text").get_text().strip() == TEXT  # type: ignore[union-attr]


def test_too_many_failures_do_not_cost_the_words(door: Flask, world: World) -> None:
    client, _, task = ready(door, world, "report")
    token = token_of(client, f"/tasks/{task.key}")
    end(client, "idle")
    page = checked(client.post(f"/tasks/{task.key}/report", data={"csrf_token": token, **ACTS["report"][0]}))
    answers = [enter(client, page, f"nobody{number}", "wrong") for number in range(60)]
    waiting = [answer for answer in answers if answer.status_code == 429]
    assert waiting
    assert checked(waiting[0]).find(id="typed-text").get_text().strip() == TEXT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/urges", {"key": "xg-1", "text": TEXT}),
        ("/tasks/batch/redate", {"reason": TEXT}),
        ("/tasks/batch/rhythm", {"reason": TEXT}),
        ("/units/new", {"name": TEXT, "aliases": "别的写法"}),
    ],
)
def test_words_that_are_not_of_one_task_can_be_copied_after_the_session(
    app: Flask, world: World, address: str, values: dict[str, str]
) -> None:
    client = client_for(app, world.office)
    token = token_of(client, "/password")
    with client.session_transaction() as session:
        session.pop("_user_id")
    answer = client.post(address, data={"csrf_token": token, **values})
    assert answer.status_code == 401
    for value in values.values():
        assert value in checked(answer).get_text() or value == "xg-1"


@pytest.mark.parametrize("act", ["school_years.save", "enrolments.save", "county_values.say", "ladders.save"])
def test_a_draft_in_the_name_of_a_form_of_another_page_is_refused_with_a_page(
    app: Flask, world: World, act: str
) -> None:
    client = client_for(app, world.office)
    values = {"primary.students": "5", "source": TEXT, "note": TEXT, "csrf_token": "old"}
    answer = client.post(f"/tasks/xg-1/draft?act={act}", data=values)
    assert answer.status_code == 400
    assert checked(answer).find("h1")
