"""/outbox/people/<id>/clear and /outbox/units/<id>/clear, and what a refused address does."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account, make_task, make_unit
from tests.notifications.test_mailer import FRIDAY, MINUTE, MORNING, mail_of, queue_for, use_server
from tests.queries.test_routing import serve
from tests.smtp import smtp_server
from tests.visit import client_for, send, visit
from tracker.models import ADDRESS_REFUSED, Account, Duty, Event, MailState, OutboxMail, RefusedAddress, db
from tracker.notifications.mailer import deliver
from tracker.notifications.password_changed import queue_password_changed
from tracker.notifications.refused import forgive, refuse
from tracker.notifications.returned import queue_returned
from tracker.queries.routing import recipients_of
from tracker.queries.unreached import count_of_unreached, unreached
from tracker.rules.permissions import Role

COUNTY = "360732"


def refused() -> set[str]:
    """The addresses on record."""
    found = set(db.session.scalars(sa.select(RefusedAddress.address)))
    db.session.commit()
    return found


def refuse_now(account: Account) -> None:
    """Let the server have refused the address of a person, committed."""
    refuse(str(account.email), "550 5.1.1 no such user", MORNING)
    db.session.commit()


@pytest.mark.parametrize(
    ("reply", "kept"),
    [("550 5.1.1 no such user", True), ("550 gone", True), ("554 5.7.1 relay access denied", False), ("451 no", False)],
)
def test_an_address_that_is_refused_for_good_is_kept(app: Flask, world: World, reply: str, kept: bool) -> None:
    (person,) = queue_for(world)
    with smtp_server() as box:
        use_server(app, box.port)
        box.rcpt_replies = {str(person.email): reply}
        deliver(MORNING)
    assert refused() == ({person.email} if kept else set())


def test_words_that_are_refused_are_no_fault_of_the_address(app: Flask, world: World) -> None:
    (person,) = queue_for(world)
    with smtp_server() as box:
        use_server(app, box.port)
        box.data_replies = {str(person.email): "554 spam"}
        assert deliver(MORNING) == Counter(dead=1)
    assert refused() == set()


def test_a_mail_that_is_taken_forgives_the_address(app: Flask, world: World) -> None:
    (person,) = queue_for(world)
    with smtp_server() as box:
        use_server(app, box.port)
        box.rcpt_replies = {str(person.email): "550 gone"}
        deliver(MORNING)
        box.rcpt_replies = {}
        queue_password_changed(person, MORNING)
        db.session.commit()
        assert deliver(MORNING + MINUTE) == Counter(sent=1)
    assert refused() == set()


def test_sending_again_tries_the_address_once_more(app: Flask, world: World) -> None:
    (person,) = queue_for(world)
    with smtp_server() as box:
        use_server(app, box.port)
        box.rcpt_replies = {str(person.email): "550 gone"}
        deliver(MORNING)
        send(client_for(app, world.office), f"/outbox/{mail_of(person).id}/resend", {}, token_from="/outbox")
        assert refused() == set()
        db.session.execute(sa.update(OutboxMail).values(not_before=MORNING))
        db.session.commit()
        assert deliver(MORNING + MINUTE) == Counter(dead=1)
    assert refused() == {person.email}


def test_a_mail_that_waits_for_a_refused_address_is_dead_and_not_dropped_silently(app: Flask, world: World) -> None:
    (person,) = queue_for(world)
    refuse_now(person)
    with smtp_server() as box:
        use_server(app, box.port)
        assert deliver(MORNING) == Counter(dead=1)
    assert (mail_of(person).state, mail_of(person).last_answer) == (MailState.DEAD, ADDRESS_REFUSED)
    assert box.messages == []


def test_a_refused_contact_is_passed_over_for_the_deputy_then_the_mailbox(world: World) -> None:
    unit = make_unit("教育局", mailbox="jyj@example.test")
    contact, deputy = (make_account(Role.UNIT_STAFF, units=[unit]) for _ in range(2))
    serve(contact, unit, Duty.CONTACT)
    serve(deputy, unit, Duty.DEPUTY)
    task = make_task(world.plan, lead=[unit], due_on=FRIDAY)

    def reached() -> list[str]:
        return [each.address for each in recipients_of(task.id)]

    assert reached() == [contact.email]
    refuse_now(contact)
    assert reached() == [deputy.email]
    refuse_now(deputy)
    assert reached() == ["jyj@example.test"]
    refuse("jyj@example.test", "550 gone", MORNING)
    assert reached() == []
    forgive(str(contact.email))
    assert reached() == [contact.email]
    contact.email = "new@example.test"
    refuse("person@example.test", "550", MORNING)
    db.session.flush()
    assert reached() == ["new@example.test"]


def test_the_page_names_whom_no_mail_reaches_and_why(app: Flask, world: World) -> None:
    world.staff.email = None
    refuse_now(world.staff2)
    make_account(Role.UNIT_STAFF, units=[world.education], email=None)  # whose unit no task asks
    client = client_for(app, world.office)
    words = visit(client, "/outbox").find(id="addresses").find_parent("section").get_text(" ", strip=True)
    assert world.staff.name in words
    assert "没有邮箱" in words
    assert "对方服务器拒收（代码 550）" in words
    assert "2026年3月6日 09:00" in words
    assert str(world.staff2.email) not in words
    assert len(unreached(COUNTY, 50)) == db.session.scalar(sa.select(count_of_unreached(COUNTY))) == 2
    assert db.session.scalar(sa.select(count_of_unreached("640422"))) == 0


def test_a_head_and_the_staff_beside_a_contact_are_not_counted(world: World) -> None:
    unit = make_unit("教育局")
    people = [make_account(Role.UNIT_STAFF, units=[unit], email=None) for _ in range(3)]
    make_task(world.plan, lead=[unit], due_on=FRIDAY)
    serve(people[0], unit, Duty.CONTACT)
    serve(people[1], unit, Duty.HEAD)
    assert [each.account_id for each in unreached(COUNTY, 50)] == [people[0].id]
    task = make_task(world.plan, lead=[unit], due_on=FRIDAY)
    task.assignments[0].handler_id = people[2].id
    db.session.flush()
    assert {each.account_id for each in unreached(COUNTY, 50)} == {people[0].id, people[2].id}


def test_a_refused_mailbox_stands_in_the_list(app: Flask, world: World) -> None:
    world.finance.mailbox = "czj@example.test"
    refuse("czj@example.test", "550 gone", MORNING)
    db.session.commit()
    client = client_for(app, world.administrator)
    page = visit(client, "/outbox")
    assert "单位邮箱" in page.find(id="addresses").find_parent("section").get_text()
    assert send(client, f"/outbox/units/{world.finance.id}/clear", {}, token_from="/outbox").status_code == 302
    assert refused() == set()


@pytest.mark.parametrize("who", ["office", "administrator"])
def test_a_cleared_address_is_used_again(app: Flask, world: World, who: str) -> None:
    refuse_now(world.staff)
    client = client_for(app, getattr(world, who))
    assert send(client, f"/outbox/people/{world.staff.id}/clear", {}, token_from="/outbox").status_code == 302
    assert refused() == set()
    event = db.session.scalars(sa.select(Event).where(Event.act == "clear_address")).one()
    assert event.object_id == world.staff.username
    assert str(world.staff.email) not in str(event.after)
    send(client, f"/outbox/people/{world.staff.id}/clear", {}, token_from="/outbox")
    assert "可能已由他人处理" in visit(client, "/outbox").get_text()


def test_strangers_and_readers_clear_nothing(app: Flask, world: World) -> None:
    refuse_now(world.staff)
    for address in (f"/outbox/people/{world.staff.id}/clear", f"/outbox/units/{world.finance.id}/clear"):
        assert send(client_for(app, world.stranger), address, {}, token_from="/outbox").status_code == 404
        assert send(client_for(app, world.auditor), address, {}, token_from="/outbox").status_code == 403
        assert send(client_for(app, world.staff), address, {}, token_from="/password").status_code == 403
        office = client_for(app, world.office)
        assert office.get(address).status_code in {404, 405}
        assert office.post(address).status_code == 400
        assert send(office, address, {"address": "x@y.test"}, token_from="/outbox").status_code == 400
    assert refused() == {world.staff.email}


def test_the_weekly_overview_says_how_many_have_no_address(app: Flask, world: World) -> None:
    assert "无有效邮箱" not in visit(client_for(app, world.leader), "/overview").get_text()
    world.staff.email = None
    refuse_now(world.housing_staff)
    leader, office = (
        visit(client_for(app, world.leader), "/overview"),
        visit(client_for(app, world.office), "/overview"),
    )
    for page in (leader, office):
        assert "2 名责任人无有效邮箱" in page.get_text()
    assert leader.find("a", href="/outbox#addresses") is None
    assert office.find("a", href="/outbox#addresses")


def test_an_act_reaches_the_deputy_of_a_refused_contact(app: Flask, world: World) -> None:
    serve(world.staff, world.finance, Duty.CONTACT)
    serve(world.staff2, world.finance, Duty.DEPUTY)
    refuse_now(world.staff)
    queue_returned(world.task, "补充凭证", MORNING)
    db.session.commit()
    with smtp_server() as box:
        use_server(app, box.port)
        assert deliver(MORNING + timedelta(minutes=1)) == Counter(sent=1)
    assert [each.recipients for each in box.messages] == [[world.staff2.email]]
