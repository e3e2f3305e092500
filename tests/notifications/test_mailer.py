"""Sending: what reaches the server, and what each answer of it does to a mail."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from tests.factories import World, make_account, make_task, make_unit
from tests.smtp import HOST, Mailbox, smtp_server
from tracker import clock
from tracker.models import Account, MailState, OutboxItem, OutboxMail, QuietDay, Task, db
from tracker.notifications.digest import queue_digests
from tracker.notifications.leases import LEASE, Lease, Marks, give_back, lease, reclaim
from tracker.notifications.letters import Letter
from tracker.notifications.mailer import MOST_UNREADABLE, deliver
from tracker.notifications.password_changed import queue_password_changed
from tracker.notifications.recheck import RECOMPOSE
from tracker.notifications.smtp import MailServer, Outcome, ServiceDown
from tracker.queries.digests import digests_on
from tracker.queries.reminders import DIGEST
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

FRIDAY = date(2026, 3, 6)
MONDAY = date(2026, 3, 9)
MORNING = clock.at_office(FRIDAY, 9)
MINUTE = timedelta(minutes=1)


def use_server(app: Flask, port: int) -> None:
    """Point the application at a port of this machine."""
    app.extensions["settings"] = replace(
        app.extensions["settings"], smtp_host=HOST, smtp_port=port, mail_from="duban@example.test"
    )


def queue_for(world: World, people: int = 1) -> list[Account]:
    """Queue a digest for each of some people of one unit, committed."""
    unit = make_unit("教育局")
    accounts = [make_account(Role.UNIT_STAFF, units=[unit], name=f"经办{n}") for n in range(people)]
    make_task(world.plan, lead=[unit], title="校舍安全", due_on=FRIDAY)
    queue_digests(MORNING)
    db.session.commit()
    return accounts


def mail_of(account: Account) -> OutboxMail:
    """The newest mail of a person as it stands in the database."""
    query = sa.select(OutboxMail).where(OutboxMail.account_id == account.id).order_by(OutboxMail.id.desc()).limit(1)
    mail = db.session.scalar(query.execution_options(populate_existing=True))
    assert mail is not None
    db.session.commit()
    return mail


def states() -> Counter[MailState]:
    """How many mails stand in which state."""
    found = Counter(db.session.scalars(sa.select(OutboxMail.state)))
    db.session.commit()
    return found


def leased(mail_id: int, now: datetime) -> list[Lease]:
    """Take one mail as a sender does, after what came free."""
    reclaim(now)
    return lease(now, [OutboxMail.id == mail_id], 1)


def test_a_mail_reaches_one_recipient_with_the_headers_of_an_automatic_mail(world: World, mailbox: Mailbox) -> None:
    first, second = queue_for(world, 2)
    assert deliver(MORNING) == Counter(sent=2)
    assert sorted(each.recipients for each in mailbox.messages) == sorted([[first.email], [second.email]])
    message = mailbox.messages[0].message
    assert message["To"] == mailbox.messages[0].recipients[0]
    assert message["Message-ID"] == mail_of(first).message_id
    assert message["From"] == "兴国县优质均衡推进办 <duban@example.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh-CN"
    assert parsedate_to_datetime(message["Date"]).date() == FRIDAY
    for name in ("To", "From", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language"):
        assert len(message.get_all(name)) == 1
    assert message.get_all("Cc") is None
    assert message.get_all("Bcc") is None
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "校舍安全" in message.get_body(("plain",)).get_content()
    assert "校舍安全" in message.get_body(("html",)).get_content()
    assert mail_of(first).state is MailState.SENT
    assert mail_of(first).sent_at is not None


def test_titles_and_names_with_line_ends_make_no_headers_and_no_recipients(world: World, mailbox: Mailbox) -> None:
    unit = make_unit("财政\r\nBcc: evil@example.test")
    person = make_account(Role.UNIT_STAFF, units=[unit], name='"a" <evil@example.test>')
    make_task(world.plan, lead=[unit], title="x\r\nBcc: evil@example.test", due_on=FRIDAY)
    queue_digests(MORNING)
    db.session.commit()
    deliver(MORNING)
    (received,) = mailbox.messages
    assert received.recipients == [person.email]
    assert received.message.get_all("Bcc") is None
    assert len(received.message.get_all("Subject")) == 1


def test_a_second_run_sends_nothing_again(world: World, mailbox: Mailbox) -> None:
    queue_for(world, 3)
    deliver(MORNING)
    assert deliver(MORNING + MINUTE) == Counter()
    assert len(mailbox.messages) == 3


def test_each_recipient_meets_the_end_that_the_server_decides(world: World, mailbox: Mailbox) -> None:
    good, gone, full, busy, late = queue_for(world, 5)
    mailbox.rcpt_replies = {gone.email: "550 no such user", full.email: "452 mailbox full", busy.email: "451 later"}
    mailbox.data_replies = {late.email: "554 refused"}
    assert deliver(MORNING) == Counter(sent=1, dead=2, later=2)
    assert mail_of(good).state is MailState.SENT
    assert (mail_of(gone).state, mail_of(gone).last_answer) == (MailState.DEAD, "550 no such user")
    assert mail_of(late).state is MailState.DEAD
    for waiting in (full, busy):
        assert mail_of(waiting).state is MailState.QUEUED
        assert MORNING < mail_of(waiting).not_before < MORNING + 2 * MINUTE
    mailbox.rcpt_replies = {}
    assert deliver(MORNING + 2 * MINUTE) == Counter(sent=2)
    assert mail_of(gone).state is MailState.DEAD


def test_pauses_grow_until_the_mail_expires(world: World, mailbox: Mailbox) -> None:
    person = world.office
    queue_password_changed(person, MORNING)
    db.session.commit()
    mailbox.rcpt_replies = {str(person.email): "451 later"}
    now, pauses = MORNING, []
    while mail_of(person).state is MailState.QUEUED and len(pauses) < 100:
        deliver(now)
        waits_until = mail_of(person).not_before
        pauses.append(round((waits_until - now) / MINUTE))
        now = waits_until
    assert pauses[:8] == [1, 5, 15, 30, 60, 120, 240, 240]
    assert mail_of(person).state is MailState.DEAD
    assert mail_of(person).last_answer == "expired"


def test_a_server_that_hangs_up_does_not_take_the_other_mails_with_it(world: World, mailbox: Mailbox) -> None:
    unlucky, *others = queue_for(world, 4)
    mailbox.rcpt_replies = {unlucky.email: "421 closing"}
    assert deliver(MORNING) == Counter(later=1, sent=3)
    assert [mail_of(each).state for each in others] == [MailState.SENT] * 3


@pytest.mark.parametrize("reply", ["421 4.7.0 too many mails", "452 4.5.3 too many mails"])
def test_a_connection_that_takes_no_more_mails_is_replaced_at_once(world: World, mailbox: Mailbox, reply: str) -> None:
    queue_for(world, 7)
    mailbox.most_mails, mailbox.too_many = 2, reply
    assert deliver(MORNING) == Counter(sent=7)
    assert set(db.session.scalars(sa.select(OutboxMail.attempts))) == {1}


def test_a_server_that_takes_one_mail_and_hangs_up_gets_them_all(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = queue_for(world, 5)
    taken = mailbox.handle_DATA

    async def hang_up(server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, and close the connection after the answer to it."""
        server.loop.call_later(0.01, server.transport.close)
        return await taken(server, session, envelope)

    monkeypatch.setattr(mailbox, "handle_DATA", hang_up)
    for minute in range(3):
        deliver(MORNING + minute * MINUTE)
    assert {mail_of(account).state for account in accounts} == {MailState.SENT}
    assert len(mailbox.messages) == len(accounts)


def test_an_answer_that_is_none_gives_no_mail_up(world: World, mailbox: Mailbox) -> None:
    (account,) = queue_for(world)
    mailbox.rcpt_replies[account.email or ""] = "550 " + "x" * 10_000
    deliver(MORNING)
    assert mail_of(account).state is MailState.QUEUED


def test_a_server_that_is_down_costs_no_mail_a_try(app: Flask, world: World) -> None:
    (person,) = queue_for(world)
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        use_server(app, closed.getsockname()[1])
        for minute in range(20):
            with pytest.raises(ServiceDown) as down:
                deliver(MORNING + minute * MINUTE)
            assert down.value.reason == "connection_refused"
    assert mail_of(person).attempts == 0
    with smtp_server() as box:
        use_server(app, box.port)
        assert deliver(MORNING + 20 * MINUTE) == Counter(sent=1)


def test_a_server_that_refuses_our_address_is_no_fault_of_the_mail(app: Flask, world: World, mailbox: Mailbox) -> None:
    (person,) = queue_for(world)
    with scripted([b"220 hello", b"250 ok", b"550 who are you"]) as port:
        use_server(app, port)
        with pytest.raises(ServiceDown) as down:
            deliver(MORNING)
    assert down.value.reason == "sender_refused"
    assert mail_of(person).state is MailState.QUEUED


@pytest.mark.parametrize(("code", "reason"), [(450, "server_busy"), (452, "server_busy"), (553, "sender_refused")])
def test_a_server_that_is_busy_does_not_blame_the_sender(
    app: Flask, world: World, mailbox: Mailbox, code: int, reason: str
) -> None:
    (person,) = queue_for(world)
    with scripted([b"220 hello", b"250 ok", f"{code} no".encode()]) as port:
        use_server(app, port)
        with pytest.raises(ServiceDown) as down:
            deliver(MORNING)
    assert down.value.reason == reason
    assert mail_of(person).state is MailState.QUEUED


def test_a_connection_lost_after_the_data_is_tried_again_with_the_same_message_id(app: Flask, world: World) -> None:
    (person,) = queue_for(world)
    with scripted([b"220 hello", b"250 ok", b"250 ok", b"250 ok", b"354 go on", None]) as port:
        use_server(app, port)
        assert deliver(MORNING) == Counter(later=1)
    assert mail_of(person).last_answer == "disconnected"
    with smtp_server() as box:
        use_server(app, box.port)
        deliver(MORNING + 2 * MINUTE)
    assert [each.message["Message-ID"] for each in box.messages] == [mail_of(person).message_id]


def test_a_server_that_says_nothing_is_given_up_after_the_timeout(app: Flask) -> None:
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        use_server(app, silent.getsockname()[1])
        with pytest.raises(ServiceDown) as down:
            MailServer(app.extensions["settings"], timeout=0.2).open()
    assert down.value.reason == "timed_out"


def test_a_sender_that_dies_between_lease_and_mark_loses_nothing(world: World, mailbox: Mailbox) -> None:
    (person,) = queue_for(world)
    message_id = mail_of(person).message_id
    assert leased(mail_of(person).id, MORNING)
    assert deliver(MORNING + MINUTE) == Counter()
    assert mailbox.messages == []
    assert deliver(MORNING + LEASE) == Counter(sent=1)
    assert [each.message["Message-ID"] for each in mailbox.messages] == [message_id]


def test_a_mark_that_comes_after_the_lease_was_lost_changes_nothing(world: World, mailbox: Mailbox) -> None:
    (person,) = queue_for(world)
    mail_id = mail_of(person).id
    [first] = leased(mail_id, MORNING)
    assert leased(mail_id, MORNING + MINUTE) == []
    [second] = leased(mail_id, MORNING + LEASE)
    marks = Marks()
    marks.write(first, state=MailState.SENT)
    give_back([first])
    assert states() == Counter({MailState.LEASED: 1})
    marks.write(second, state=MailState.SENT)
    assert states() == Counter({MailState.SENT: 1})
    marks.close()


def test_two_senders_at_once_send_every_mail_once(app: Flask, world: World, mailbox: Mailbox) -> None:
    people = queue_for(world, 12)
    barrier = threading.Barrier(2)
    tallies: list[Counter[str]] = []

    def send() -> None:
        with app.app_context():
            barrier.wait()
            tallies.append(deliver(MORNING))

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sum(tallies, Counter()) == Counter(sent=12)
    assert sorted(each.recipients[0] for each in mailbox.messages) == sorted(str(person.email) for person in people)


def test_what_was_done_since_drops_out_and_the_rest_is_written_anew(world: World, mailbox: Mailbox) -> None:
    done = make_task(world.plan, lead=[world.finance], title="已办结事项", due_on=FRIDAY)
    make_task(world.plan, lead=[world.finance], title="未办结事项", due_on=FRIDAY)
    queue_digests(MORNING)
    close(done)
    deliver(MORNING)
    assert len(mailbox.messages) == 2
    for received in mailbox.messages:
        text = received.message.get_body(("plain",)).get_content()
        assert "有1项任务" in text
        assert "未办结事项" in text
        assert "已办结事项" not in text
        assert "1项7日内到期" in received.message["Subject"]
    assert "已办结事项" not in mail_of(world.staff).text


@pytest.mark.parametrize("change", ["done", "disabled", "address", "unit", "role", "plan"])
def test_a_mail_that_lost_its_reason_is_dropped(world: World, mailbox: Mailbox, change: str) -> None:
    (person,) = queue_for(world)
    task = db.session.scalars(sa.select(Task).where(Task.title == "校舍安全")).one()
    match change:
        case "done":
            close(task)
        case "disabled":
            person.disabled_at = MORNING
        case "address":
            person.email = "other@example.test"
        case "unit":
            person.units = [world.housing]
        case "role":
            person.role = Role.LEADER
        case "plan":
            task.plan.state = "closed"
    db.session.commit()
    assert deliver(MORNING) == Counter(dropped=1)
    assert mailbox.messages == []
    assert mail_of(person).state is MailState.DROPPED


def test_a_digest_of_an_earlier_day_gives_way_to_the_one_of_this_day(world: World, mailbox: Mailbox) -> None:
    (person,) = queue_for(world)
    older = mail_of(person).id
    make_task(world.plan, lead=person.units, title="新到事项", due_on=date(2026, 3, 16))
    assert deliver(clock.at_office(MONDAY, 0, 1)) == Counter()
    queue_digests(clock.at_office(MONDAY, 9))
    db.session.commit()
    assert deliver(clock.at_office(MONDAY, 9)) == Counter(sent=1)
    assert "3月9日（周一）" in mailbox.messages[0].message["Subject"]
    assert db.session.get_one(OutboxMail, older, populate_existing=True).state is MailState.SUPERSEDED


def test_a_digest_of_an_earlier_day_waits_for_the_hour_and_speaks_of_its_day(world: World, mailbox: Mailbox) -> None:
    (person,) = queue_for(world)
    message_id = mail_of(person).message_id
    tuesday = date(2026, 3, 10)
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 17))
    assert deliver(clock.at_office(tuesday, 0, 1)) == Counter()
    db.session.execute(sa.update(OutboxItem).values(step_on=tuesday))
    queue_digests(clock.at_office(tuesday, 9))
    db.session.commit()
    deliver(clock.at_office(tuesday, 9))
    (received,) = [each.message for each in mailbox.messages if each.message["Message-ID"] == message_id]
    assert "3月10日（周二）" in received["Subject"]
    assert "逾期4天" in received.get_body(("plain",)).get_content()


def test_a_task_that_a_sent_digest_left_out_was_not_told(world: World, mailbox: Mailbox) -> None:
    unit = make_unit("教育局")
    make_account(Role.UNIT_STAFF, units=[unit])
    paused, _other = (make_task(world.plan, lead=[unit], due_on=FRIDAY) for _ in range(2))
    queue_digests(MORNING)
    paused.state = State.SUSPENDED
    paused.keep_light_dates()
    db.session.commit()
    assert deliver(MORNING) == Counter(sent=1)
    paused.state = State.IN_PROGRESS
    paused.keep_light_dates()
    db.session.commit()
    news = {ask.task_id: ask.step_on for digest in digests_on(FRIDAY).digests for ask in digest.news}
    assert list(news) == [paused.id]


def test_digests_wait_for_a_working_day(world: World, mailbox: Mailbox) -> None:
    db.session.add(QuietDay(region_code="3607", day=MONDAY, note="考试"))
    queue_for(world)
    for day in (date(2026, 3, 7), MONDAY):
        assert deliver(clock.at_office(day, 9)) == Counter()
    queue_digests(clock.at_office(date(2026, 3, 10), 9))
    db.session.commit()
    assert deliver(clock.at_office(date(2026, 3, 10), 9)) == Counter(sent=1)


def test_digests_wait_where_a_day_is_quiet_and_other_mails_go(world: World, mailbox: Mailbox) -> None:
    queue_for(world)
    db.session.add(QuietDay(region_code="3607", day=FRIDAY, note="考试"))
    queue_password_changed(world.office, MORNING)
    db.session.commit()
    assert deliver(MORNING) == Counter(sent=1)
    assert states() == Counter({MailState.SENT: 1, MailState.QUEUED: 1})


def test_an_older_digest_that_was_in_hand_gives_way_to_the_newer(world: World, mailbox: Mailbox) -> None:
    (person,) = queue_for(world)
    older = mail_of(person).id
    leased(older, MORNING)
    make_task(world.plan, lead=person.units, due_on=date(2026, 3, 9))
    queue_digests(clock.at_office(date(2026, 3, 9), 9))
    db.session.commit()
    assert deliver(clock.at_office(MONDAY, 9)) == Counter(sent=1)
    assert len(mailbox.messages) == 1
    queue_digests(clock.at_office(date(2026, 3, 10), 9))
    assert db.session.get_one(OutboxMail, older, populate_existing=True).state is MailState.SUPERSEDED


def test_a_mail_that_cannot_be_written_stops_no_other_and_is_given_up(
    world: World, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, good = queue_for(world, 2)
    mail_of(poisoned).kind = "unheard_of"
    db.session.commit()
    assert deliver(MORNING) == Counter(later=1, sent=1)
    assert mail_of(good).state is MailState.SENT
    now = MORNING
    for _ in range(MOST_UNREADABLE - 1):
        now = mail_of(poisoned).not_before
        deliver(now)
    assert (mail_of(poisoned).state, mail_of(poisoned).last_answer) == (MailState.DEAD, "unreadable")
    told = [record for record in caplog.records if record.exc_info and f"mail {mail_of(poisoned).id}" in record.message]
    assert len(told) == MOST_UNREADABLE, "each try leaves its trace in the log"


def test_tries_that_met_a_server_do_not_count_against_a_mail_that_cannot_be_written(
    world: World, mailbox: Mailbox
) -> None:
    (person,) = queue_for(world)
    mailbox.rcpt_replies = {person.email: "451 later"}
    for _ in range(MOST_UNREADABLE):
        deliver(mail_of(person).not_before)
    kind, mail_of(person).kind = mail_of(person).kind, "unheard_of"
    db.session.commit()
    for _ in range(MOST_UNREADABLE - 1):
        deliver(mail_of(person).not_before)
        assert mail_of(person).state is MailState.QUEUED
    assert mail_of(person).attempts == 2 * MOST_UNREADABLE - 1
    db.session.execute(sa.update(OutboxMail).values(kind=kind))
    db.session.commit()
    mailbox.rcpt_replies = {}
    assert deliver(mail_of(person).not_before) == Counter(sent=1)


@pytest.mark.parametrize(
    "fault",
    [
        sa.exc.OperationalError("SELECT 1", {}, Exception("away")),
        sa.exc.InterfaceError("SELECT 1", {}, Exception("broken")),
        sa.exc.InternalError("SELECT 1", {}, Exception("out of order")),
        sa.exc.TimeoutError("no connection to spare"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_no_mail_is_to_blame_for_a_fault_of_the_database(
    app: Flask, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    (person,) = queue_for(world)

    def fail(mails: object, now: object) -> dict[int, Letter | None]:
        raise fault

    with monkeypatch.context() as broken:
        broken.setitem(RECOMPOSE, DIGEST, fail)  # type: ignore[arg-type]
        with pytest.raises(type(fault)):
            deliver(MORNING)
    assert mail_of(person).last_answer is None
    assert mail_of(person).state is MailState.LEASED
    assert deliver(MORNING + LEASE + MINUTE) == Counter(sent=1)


def test_a_process_that_ends_begins_no_further_mail(world: World, mailbox: Mailbox) -> None:
    queue_for(world, 3)
    assert deliver(MORNING, stopping=lambda: len(mailbox.messages) >= 1) == Counter(sent=1)
    assert states() == Counter({MailState.SENT: 1, MailState.QUEUED: 2})


def test_nothing_is_locked_while_the_server_takes_its_time(
    app: Flask, world: World, mailbox: Mailbox, database: str
) -> None:
    if database != "sqlite":
        pytest.skip("only SQLite has one writer")
    queue_for(world, 2)
    path = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
    written = []

    class Observed(dict[str, str]):
        def __contains__(self, address: object) -> bool:
            with sqlite3.connect(str(path), timeout=0) as connection:
                connection.execute("UPDATE marks SET value = value")
            written.append(address)
            return False

    mailbox.data_replies = Observed()
    assert deliver(MORNING) == Counter(sent=2)
    assert len(written) == 2


def test_what_the_server_says_decides_what_follows(app: Flask) -> None:
    server = MailServer(app.extensions["settings"])
    assert server._answered(550, b"no\r\nsuch  user").outcome is Outcome.REFUSED
    assert server._answered(550, b"no\r\nsuch  user").words == "550 no such user"
    assert server._answered(451, "later").outcome is Outcome.LATER


def close(task: Task) -> None:
    """Close a task behind the mailer's back."""
    task.state, task.closed_on = State.CLOSED, FRIDAY
    task.keep_light_dates()
    db.session.commit()


@contextmanager
def scripted(replies: list[bytes | None]) -> Iterator[int]:
    """A server that says its lines one after another, whatever it hears; None hangs up at the end of the data."""

    def play() -> None:
        connection, _address = listener.accept()
        with connection, connection.makefile("rb") as heard:
            for reply in replies:
                if reply is None:
                    while heard.readline() not in {b".\r\n", b""}:
                        pass
                    return
                connection.sendall(reply + b"\r\n")
                if reply != b"354 go on":
                    heard.readline()

    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        player = threading.Thread(target=play, daemon=True)
        player.start()
        yield int(listener.getsockname()[1])
        player.join(5)
