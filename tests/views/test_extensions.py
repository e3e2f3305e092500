"""POST /tasks/<key>/extension and /extension/decide, and GET /extensions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_task
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Account, DeadlineChange, Event, Extension, OutboxMail, Task, db
from tracker.rules.extensions import Decision
from tracker.rules.lights import Light
from tracker.rules.permissions import Role

WANTED = "2099-09-30"


def ask(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Ask for a later deadline."""
    values = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version), "once": "wish"}
    values |= {"wanted_on": WANTED, "reason": "征地未完成", "work_state": "已完成勘界"}
    return client.post(f"/tasks/{task.key}/extension", data=values | differences)


def decide(client: FlaskClient, task: Task, decision: str = "granted", **differences: Any) -> TestResponse:
    """Decide on the pending request."""
    values = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version)}
    values |= {"decision": decision, "opinion": "按重排工期办理"}
    return client.post(f"/tasks/{task.key}/extension/decide", data=values | differences)


def requests() -> list[Extension]:
    """Every request, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Extension).order_by(Extension.id)))


def mails() -> list[tuple[str, str]]:
    """(kind, address) of every mail."""
    db.session.expire_all()
    return [(mail.kind, mail.address) for mail in db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id))]


def test_a_request_waits_and_changes_neither_deadline_nor_light(app: Flask, world: World) -> None:
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    world.task.due_on = clock.today() + timedelta(days=3)
    world.task.keep_light_dates()
    wanted = (clock.today() + timedelta(days=60)).isoformat()
    assert ask(staff, world.task, wanted_on=wanted).status_code == 302
    task = reload(world.task)
    assert task.light(clock.today()) is Light.SOON
    assert task.due_on == clock.today() + timedelta(days=3)
    assert ask(staff, world.task, wanted_on=wanted).status_code == 302  # the same form once more
    assert ask(staff, world.task, once="another", wanted_on=wanted).status_code == 409
    assert len(requests()) == 1
    for account in (world.staff, world.office, world.leader, world.auditor):
        text = visit(client_for(app, account), f"/tasks/{task.key}").get_text()
        assert "征地未完成" in text
        assert "已完成勘界" in text
        assert "等待推进办批复" in text
    assert "等待批复的延期申请 1 项" in visit(office, "/work").get_text()
    page = visit(office, "/extensions")
    assert "征地未完成" in page.get_text()
    assert page.select_one(f"form[action^='/tasks/{task.key}/extension/decide']") is not None


def test_a_granted_request_moves_the_deadline_and_keeps_the_past(app: Flask, world: World) -> None:
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    ask(staff, world.task)
    assert decide(office, world.task).status_code == 302
    task = reload(world.task)
    assert (task.due_on, task.first_due_on) == (date(2099, 9, 30), date(2099, 6, 30))
    change = db.session.scalars(sa.select(DeadlineChange)).one()
    [asked] = requests()
    assert (change.extension_id, change.old_due_on, change.new_due_on) == (asked.id, date(2099, 6, 30), task.due_on)
    assert (asked.decision, asked.granted_on, asked.answer) == (Decision.GRANTED, task.due_on, "按重排工期办理")
    assert mails() == [("extension_decided", world.staff.email), ("extension_decided", world.staff2.email)]
    text = visit(staff, f"/tasks/{task.key}").get_text()
    assert "已调整 1 次" in text
    assert "延期申请" in text
    assert "同意延期" in text
    assert "没有等待批复的延期申请" in visit(office, "/extensions").get_text()
    event = db.session.scalars(sa.select(Event).where(Event.act == "decide_extension")).one()
    assert (event.before["due_on"], event.after["due_on"]) == ("2099-06-30", "2099-09-30")


def test_a_shortened_day_lies_between_the_two(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    ask(client_for(app, world.staff), world.task)
    for day in ("", "2099-06-30", WANTED, "x"):
        answer = decide(office, world.task, "shortened", shortened_to=day)
        assert answer.status_code == 400, day
        page = checked(answer)
        assert page.find(id="extensions-decide-opinion").get_text().strip() == "按重排工期办理"  # type: ignore[union-attr]
    assert decide(office, world.task, "shortened", shortened_to="2099-07-31").status_code == 302
    assert reload(world.task).due_on == date(2099, 7, 31)
    assert requests()[0].decision is Decision.SHORTENED


def test_a_refusal_needs_words_and_is_told_to_the_unit(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    ask(client_for(app, world.staff), world.shared_task)
    assert decide(office, world.shared_task, "refused", opinion=" ").status_code == 400
    assert decide(office, world.shared_task, "refused").status_code == 302
    assert reload(world.shared_task).due_on == date(2099, 6, 30)
    assert db.session.scalars(sa.select(DeadlineChange)).all() == []
    assert [address for _kind, address in mails()] == [world.staff.email, world.staff2.email]
    mail = db.session.scalars(sa.select(OutboxMail)).first()
    assert mail is not None
    assert "申请延至2099年9月30日，未予同意，时限仍为2099年6月30日" in mail.text
    # A new request may follow.
    assert ask(client_for(app, world.staff), world.shared_task, once="second").status_code == 302


def test_a_new_deadline_of_a_shared_task_is_told_to_all_who_answer_for_it(app: Flask, world: World) -> None:
    ask(client_for(app, world.staff), world.shared_task)
    decide(client_for(app, world.office), world.shared_task)
    assert {address for _kind, address in mails()} == {world.staff.email, world.staff2.email, world.housing_staff.email}
    assert {kind for kind, _address in mails()} == {"extension_decided"}


@pytest.mark.parametrize(("days", "status"), [(0, 302), (-1, 409)])
def test_after_the_deadline_it_is_too_late(app: Flask, world: World, days: int, status: int) -> None:
    world.task.due_on = clock.today() + timedelta(days=days)
    world.task.keep_light_dates()
    answer = ask(client_for(app, world.staff), world.task)
    assert answer.status_code == status
    if status == 409:
        page = checked(answer)
        assert "时限已过，不能再申请延期" in page.get_text()
        assert page.find(id="typed-reason").get_text().strip() == "征地未完成"  # type: ignore[union-attr]
        assert page.find(id="typed-work_state").get_text().strip() == "已完成勘界"  # type: ignore[union-attr]


def test_a_task_without_a_deadline_needs_no_extension(app: Flask, world: World) -> None:
    task = make_task(world.plan, lead=[world.finance])
    answer = ask(client_for(app, world.staff), task)
    assert answer.status_code == 409
    assert "没有固定时限" in checked(answer).get_text()


@pytest.mark.parametrize("wanted", ["2099-06-30", "2099-01-01", "2101-01-01", "", "x"])
def test_a_day_that_is_no_extension_is_said_at_its_field(app: Flask, world: World, wanted: str) -> None:
    answer = ask(client_for(app, world.staff), world.task, wanted_on=wanted)
    assert answer.status_code == 400
    page = checked(answer)
    assert page.find(id="extensions-ask-reason").get_text().strip() == "征地未完成"  # type: ignore[union-attr]
    assert requests() == []


def test_a_co_operating_unit_asks_for_nothing(app: Flask, world: World) -> None:
    world.housing_staff.units.append(world.education)
    client = client_for(app, world.housing_staff)
    assert ask(client, world.task).status_code == 403
    assert visit(client, f"/tasks/{world.task.key}").find(id="extensions-ask-reason") is None


def test_nobody_decides_on_a_request_of_their_own(app: Flask, world: World) -> None:
    ask(client_for(app, world.staff), world.task)
    account = db.session.get_one(Account, world.staff.id)
    account.role, account.units = Role.PLAN_OFFICE, []
    assert decide(client_for(app, world.staff), world.task).status_code == 403
    assert requests()[0].decision is None
    assert decide(client_for(app, world.office), world.task).status_code == 302


def test_a_request_is_decided_once(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    assert decide(office, world.task).status_code == 409
    ask(client_for(app, world.staff), world.task)
    decide(office, world.task)
    answer = decide(office, world.task, "refused")
    assert answer.status_code == 409
    assert checked(answer).find(id="typed-opinion").get_text().strip() == "按重排工期办理"  # type: ignore[union-attr]
    assert reload(world.task).due_on == date(2099, 9, 30)


def test_a_deadline_moved_meanwhile_leaves_only_a_refusal(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    ask(client_for(app, world.staff), world.task)
    moved = {"version": str(reload(world.task).version), "reason": "重排", "due_on": "2099-12-31"}
    token = token_of(office, "/password")
    assert office.post(f"/tasks/{world.task.key}/redate", data={"csrf_token": token, **moved}).status_code == 302
    assert decide(office, world.task).status_code == 400
    assert decide(office, world.task, "refused").status_code == 302


def test_a_stale_request_and_a_stale_decision_keep_their_words(app: Flask, world: World) -> None:
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    assert ask(staff, world.task, version="7").status_code == 409
    answer = checked(ask(staff, world.task, version="7"))
    assert answer.find(id="extensions-ask-work_state").get_text().strip() == "已完成勘界"  # type: ignore[union-attr]
    assert ask(staff, world.task).status_code == 302
    answer = checked(decide(office, world.task, version="1"))
    assert answer.find(id="extensions-decide-opinion").get_text().strip() == "按重排工期办理"  # type: ignore[union-attr]
    assert requests()[0].decision is None


def test_strangers_find_nothing_and_others_are_refused(app: Flask, world: World) -> None:
    for who, status in {"housing_staff": 404, "office": 403, "leader": 403, "auditor": 403}.items():
        assert ask(client_for(app, getattr(world, who)), world.task).status_code == status, who
    for who, status in {"stranger": 404, "staff": 403, "leader": 403}.items():
        assert decide(client_for(app, getattr(world, who)), world.task).status_code == status, who
    for account in (world.staff, world.leader, world.auditor):
        assert client_for(app, account).get("/extensions").status_code == 403
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/extension").status_code == 405


def test_the_office_of_another_county_sees_no_request(app: Flask, world: World) -> None:
    ask(client_for(app, world.staff), world.task)
    assert "资金拨付" not in visit(client_for(app, world.stranger), "/extensions").get_text()


def test_two_decisions_of_one_instant_are_one_mail(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-03-06T09:00")
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    tasks = (world.task, make_task(world.plan, lead=[world.finance], title="校园围墙", due_on=date(2099, 6, 30)))
    for task in tasks:
        assert ask(staff, task).status_code == 302
        assert decide(office, task).status_code == 302
    told = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.account_id == world.staff.id)).all()
    assert [(mail.kind, len(mail.items)) for mail in told] == [("extension_decided", 2)]
    assert all(task.title in told[0].text for task in tasks)
