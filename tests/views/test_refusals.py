"""Every refusal is one event: who asked what of which thing, from where, and why not; never a secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, World
from tests.views.test_tasks_desk import act, post_report
from tests.visit import client_for, send, token_of
from tracker.actions.record import Actor, verified_chain
from tracker.actions.refusals import MOST_A_MINUTE, STRANGER, keep_refusal
from tracker.models import Event, db
from tracker.queries.accounts import person_of


def events() -> list[Event]:
    """Everything kept so far, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Event).order_by(Event.id)))


def refused(event: Event) -> tuple[str, str | None, str | None]:
    """The act, the thing and the reason of a refusal."""
    assert event.allowed is False
    return event.act, event.object_id, (event.after or {}).get("reason")


def test_a_rule_that_refuses_is_kept_with_its_reason(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    page = f"/tasks/{world.task.key}"
    answer = send(client, f"{page}/verify", {"version": 1}, token_from=page)
    assert answer.status_code == 409
    [event] = events()
    assert refused(event) == ("verify", world.task.key, "not_started")
    assert (event.person_name, event.role, event.address) == (world.office.name, "plan_office", "127.0.0.1")


def test_one_who_closes_their_own_entry_is_kept_as_refused(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    post_report(office, world.shared_task, situation="done", unit=str(world.finance.id))
    assert act(office, world.shared_task, "close").status_code == 403
    assert refused(events()[-1]) == ("close_in_part", world.shared_task.key, "own_entry")


def test_a_missing_token_is_kept(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert client.post(f"/tasks/{world.task.key}/verify", data={"version": 1}).status_code == 400
    [event] = events()
    assert refused(event) == ("verify", world.task.key, "csrf")


def test_a_foreign_thing_and_none_are_kept_alike(app: Flask, world: World) -> None:
    client = client_for(app, world.housing_staff)
    for key in (world.task.key, "no-such-task"):
        assert client.get(f"/tasks/{key}").status_code == 404
        assert send(client, f"/tasks/{key}/report", {}, token_from="/work").status_code == 404
    found = events()
    assert [refused(event) for event in found] == [
        ("see_task", world.task.key, "not_found"),
        ("report", world.task.key, "not_found"),
        ("see_task", "no-such-task", "not_found"),
        ("report", "no-such-task", "not_found"),
    ]
    assert {event.region_code for event in found} == {None}


def test_a_missing_permission_is_kept_once(app: Flask, world: World) -> None:
    client = client_for(app, world.leader)
    page = f"/tasks/{world.task.key}"
    assert send(client, f"{page}/verify", {"version": 1}, token_from=page).status_code == 403
    assert client.get("/accounts").status_code == 403
    assert [(event.act, event.allowed) for event in events()] == [("verify", False), ("manage_accounts", False)]


def test_an_unknown_field_is_kept_without_what_was_sent(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    send(client, "/password", {"old": "a-secret-word", "new": "x", "again": "x", "is_admin": "a-secret-word"})
    [event] = events()
    assert refused(event) == ("change_password", None, "bad_request")
    assert "a-secret-word" not in str([vars(each) for each in events()])


def test_a_throttled_stranger_is_kept(app: Flask, world: World) -> None:
    client = app.test_client()
    token = token_of(client, "/sign-in")
    for number in range(32):
        values = {"csrf_token": token, "username": f"nobody{number}", "password": "x", "next": ""}
        status = client.post("/sign-in", data=values).status_code
    assert status == 429
    last = events()[-1]
    assert (last.act, last.object_id, last.after) == (STRANGER, "sign_in.sign_in", {"reason": "throttled"})


def test_what_is_no_place_of_ours_is_not_kept(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    for address in ("/wp-admin", "/.git/config", "/static/none.css"):
        assert client.get(address).status_code == 404
    assert client.delete("/work").status_code in {400, 405}
    assert app.test_client().get(f"/tasks/{world.task.key}").status_code == 302
    assert [event for event in events() if event.after != {"reason": "csrf"}] == []


def test_a_flood_of_refusals_does_not_fill_the_log(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    for number in range(MOST_A_MINUTE + 5):
        assert client.get(f"/tasks/guess-{number}").status_code == 404
    found = events()
    assert len(found) == MOST_A_MINUTE
    assert found[-1].after == {"reason": "not_found", "more": "log"}
    assert client_for(app, world.staff2).get("/tasks/guess").status_code == 404
    assert len(events()) == MOST_A_MINUTE + 1


def test_a_minute_later_refusals_are_kept_again(app: Flask, world: World) -> None:
    actor, now = Actor(person_of(world.staff)), datetime(2026, 3, 6, tzinfo=UTC)
    kept = [keep_refusal(actor, "verify", now) for _ in range(MOST_A_MINUTE + 1)]
    assert kept == [True] * MOST_A_MINUTE + [False]
    assert keep_refusal(actor, "verify", now + timedelta(minutes=1))
    assert verified_chain().broken is None


def test_long_and_hostile_keys_are_kept_as_far_as_they_fit(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    for key in ("x" * 5000, "%E2%80%AEevil%0A", "𠮷" * 100):
        assert client.get(f"/tasks/{key}").status_code == 404
    assert [event.object_id for event in events()] == ["x" * 40, "evil", "𠮷" * 40]


def test_a_refusal_is_read_by_the_auditor_of_its_person(app: Flask, world: World) -> None:
    client_for(app, world.staff).get("/tasks/no-such-task")
    text = client_for(app, world.auditor).get("/events?result=refused").text
    assert "no-such-task" in text
    assert world.staff.region_code == COUNTY
