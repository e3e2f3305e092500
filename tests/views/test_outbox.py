"""/outbox, /outbox/<id> and /outbox/<id>/resend."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import OTHER_COUNTY, World, make_account, make_plan, make_task, make_unit
from tests.visit import client_for, send, token_of, visit
from tracker import clock
from tracker.jobs.job import Period
from tracker.jobs.schedule import TIMETABLE
from tracker.models import GIVEN_UP, TAKEN_OUT, WRONG_CLOCK, Event, JobRun, MailState, OutboxMail, db
from tracker.notifications.digest import queue_digests
from tracker.rules.permissions import Role
from tracker.views.outbox import JOBS, PERIODS, answer_words

MORNING = clock.at_office(date(2026, 3, 6), 9)


@pytest.fixture
def mail(world: World) -> OutboxMail:
    """The digest of the staff of 住建局, waiting."""
    make_task(world.plan, lead=[world.housing], title="机密措辞的任务", due_on=date(2026, 3, 5))
    queue_digests(MORNING)
    db.session.commit()
    return db.session.scalars(sa.select(OutboxMail)).one()


def set_mail(mail: OutboxMail, **values: object) -> None:
    """Change a mail, committed."""
    for name, value in values.items():
        setattr(mail, name, value)
    db.session.commit()


def test_the_office_finds_every_mail_and_reads_it(app: Flask, world: World, mail: OutboxMail) -> None:
    client = client_for(app, world.office)
    page = visit(client, "/outbox")
    link = page.find("a", string=mail.subject)
    assert link is not None
    words = page.get_text(" ", strip=True)
    assert f"p***@{mail.address.partition('@')[2]}" in words
    assert "待发" in words
    assert mail.address not in str(page)
    letter = visit(client, str(link["href"]))
    assert letter.h1.get_text() == mail.subject
    assert letter.find("pre").get_text().strip() == mail.text.replace("◆", "").replace("▲", "")
    assert letter.select("pre svg")
    address = f"http://localhost/tasks/{mail.items[0].task.key}?report=1#report"
    assert letter.find("pre").find("a", string=address)["href"] == address
    assert mail.address not in str(letter)
    assert letter.find("a", href=f"/tasks/{world.plan.code}-{mail.items[0].task.key.rpartition('-')[2]}")


def test_the_administrator_sees_masked_addresses_and_no_words(app: Flask, world: World, mail: OutboxMail) -> None:
    client = client_for(app, world.administrator)
    page = visit(client, "/outbox")
    assert "每日汇总" in page.get_text()
    for secret in (mail.address, mail.subject, "机密措辞", "住建局"):
        assert secret not in str(page)
    assert client.get(f"/outbox/{mail.id}").status_code == 403


def test_the_auditor_reads_and_sends_nothing_again(app: Flask, world: World, mail: OutboxMail) -> None:
    set_mail(mail, state=MailState.DEAD, last_answer="550 no")
    client = client_for(app, world.auditor)
    assert visit(client, f"/outbox/{mail.id}").find("form", action=f"/outbox/{mail.id}/resend") is None
    page = visit(client, "/outbox")
    assert page.find("form", action=f"/outbox/{mail.id}/resend") is None
    assert send(client, f"/outbox/{mail.id}/resend", {}, token_from="/outbox").status_code == 403


@pytest.mark.parametrize("who", ["staff", "leader", "security"])
def test_the_others_may_not_enter(app: Flask, world: World, mail: OutboxMail, who: str) -> None:
    client = client_for(app, getattr(world, who))
    assert client.get("/outbox").status_code == 403
    assert client.get(f"/outbox/{mail.id}").status_code == 403


def test_a_stranger_finds_nothing_of_another_county(app: Flask, world: World, mail: OutboxMail) -> None:
    client = client_for(app, world.stranger)
    assert mail.subject not in visit(client, "/outbox").get_text()
    assert client.get(f"/outbox/{mail.id}").status_code == 404
    assert client.get(f"/outbox/{mail.id + 1000}").status_code == 404
    assert client.get(f"/outbox/{10**30}").status_code == 404
    set_mail(mail, state=MailState.DEAD)
    assert send(client, f"/outbox/{mail.id}/resend", {}, token_from="/outbox").status_code == 404
    assert db.session.get_one(OutboxMail, mail.id, populate_existing=True).state is MailState.DEAD


def test_anonymous_visitors_sign_in_first(app: Flask, world: World, mail: OutboxMail) -> None:
    for address in ("/outbox", f"/outbox/{mail.id}"):
        assert client_for(app, None).get(address).status_code == 302


def test_a_dead_mail_is_sent_again_under_its_old_message_id(app: Flask, world: World, mail: OutboxMail) -> None:
    message_id = mail.message_id
    set_mail(mail, state=MailState.DEAD, attempts=4, last_answer="550 no", expires_at=MORNING)
    client = client_for(app, world.office)
    assert send(client, f"/outbox/{mail.id}/resend", {}, token_from="/outbox").status_code == 302
    row = db.session.get_one(OutboxMail, mail.id, populate_existing=True)
    assert (row.state, row.attempts, row.last_answer, row.message_id) == (MailState.QUEUED, 0, None, message_id)
    assert row.expires_at > clock.now()
    event = db.session.scalars(sa.select(Event).where(Event.act == "resend_mail")).one()
    assert event.object_id == str(mail.id)
    assert mail.address not in str(event.after)


@pytest.mark.parametrize("answer", [TAKEN_OUT, GIVEN_UP])
def test_what_people_dropped_is_sent_again(app: Flask, world: World, mail: OutboxMail, answer: str) -> None:
    set_mail(mail, state=MailState.DROPPED, last_answer=answer)
    client = client_for(app, world.office)
    address = f"/outbox/{mail.id}/resend"
    assert visit(client, f"/outbox/{mail.id}").find("form", action=address)
    assert visit(client, "/outbox").find("form", action=address)
    send(client, address, {}, token_from="/outbox")
    row = db.session.get_one(OutboxMail, mail.id, populate_existing=True)
    assert (row.state, row.last_answer) == (MailState.QUEUED, None)


@pytest.mark.parametrize("answer", ["nothing_left", "newer", "address_changed"])
def test_what_lost_its_reason_is_not_sent_again(app: Flask, world: World, mail: OutboxMail, answer: str) -> None:
    set_mail(mail, state=MailState.DROPPED, last_answer=answer)
    client = client_for(app, world.office)
    assert visit(client, "/outbox").find("form", action=f"/outbox/{mail.id}/resend") is None
    send(client, f"/outbox/{mail.id}/resend", {}, token_from="/outbox")
    assert db.session.get_one(OutboxMail, mail.id, populate_existing=True).state is MailState.DROPPED


@pytest.mark.parametrize("state", [state for state in MailState if state is not MailState.DEAD])
def test_only_what_failed_or_was_dropped_by_people_is_sent_again(
    app: Flask, world: World, mail: OutboxMail, state: MailState
) -> None:
    set_mail(mail, state=state)
    client = client_for(app, world.office)
    send(client, f"/outbox/{mail.id}/resend", {}, token_from="/outbox")
    assert db.session.get_one(OutboxMail, mail.id, populate_existing=True).state is state
    assert "可能已由他人重新发送" in visit(client, "/outbox").get_text()
    assert not db.session.scalars(sa.select(Event).where(Event.act == "resend_mail")).all()


def test_of_two_people_who_press_at_once_one_sends(app: Flask, world: World, mail: OutboxMail) -> None:
    set_mail(mail, state=MailState.DEAD)
    clients = [client_for(app, world.office), client_for(app, world.administrator)]
    tokens = [token_of(client, "/outbox") for client in clients]
    barrier = threading.Barrier(2)

    def press(place: int) -> None:
        with app.app_context():
            barrier.wait()
            clients[place].post(f"/outbox/{mail_id}/resend", data={"csrf_token": tokens[place]})

    mail_id = mail.id
    db.session.commit()
    people = [threading.Thread(target=press, args=[place]) for place in range(2)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert len(db.session.scalars(sa.select(Event).where(Event.act == "resend_mail")).all()) == 1
    assert db.session.get_one(OutboxMail, mail_id, populate_existing=True).state is MailState.QUEUED


def test_a_waiting_mail_is_taken_out_once(app: Flask, world: World, mail: OutboxMail) -> None:
    client = client_for(app, world.office)
    for _ in range(2):
        assert send(client, f"/outbox/{mail.id}/take-out", {}, token_from="/outbox").status_code == 302
    assert "没有改动" in visit(client, "/outbox").get_text()
    row = db.session.get_one(OutboxMail, mail.id, populate_existing=True)
    assert (row.state, row.last_answer) == (MailState.DROPPED, TAKEN_OUT)
    assert "已由人工撤下" in visit(client, f"/outbox/{mail.id}").get_text()
    event = db.session.scalars(sa.select(Event).where(Event.act == "take_out_mail")).one()
    assert event.object_id == str(mail.id)
    assert mail.address not in str(event.after)


@pytest.mark.parametrize("state", [state for state in MailState if state is not MailState.QUEUED])
def test_only_waiting_mails_are_taken_out(app: Flask, world: World, mail: OutboxMail, state: MailState) -> None:
    set_mail(mail, state=state)
    client = client_for(app, world.administrator)
    assert visit(client, "/outbox").find("form", action=f"/outbox/{mail.id}/take-out") is None
    send(client, f"/outbox/{mail.id}/take-out", {}, token_from="/outbox")
    assert db.session.get_one(OutboxMail, mail.id, populate_existing=True).state is state


def test_who_may_not_send_again_takes_nothing_out(app: Flask, world: World, mail: OutboxMail) -> None:
    address = f"/outbox/{mail.id}/take-out"
    assert send(client_for(app, world.auditor), address, {}, token_from="/outbox").status_code == 403
    assert send(client_for(app, world.staff), address, {}, token_from="/password").status_code == 403
    assert send(client_for(app, world.stranger), address, {}, token_from="/outbox").status_code == 404
    office = client_for(app, world.office)
    assert office.post(address).status_code == 400
    assert send(office, address, {"state": "dropped"}, token_from="/outbox").status_code == 400
    assert db.session.get_one(OutboxMail, mail.id, populate_existing=True).state is MailState.QUEUED


def test_sending_again_takes_a_token_and_no_other_field(app: Flask, world: World, mail: OutboxMail) -> None:
    set_mail(mail, state=MailState.DEAD)
    client = client_for(app, world.office)
    assert client.post(f"/outbox/{mail.id}/resend").status_code == 400
    assert send(client, f"/outbox/{mail.id}/resend", {"address": "x@y.test"}, token_from="/outbox").status_code == 400
    assert client.get(f"/outbox/{mail.id}/resend").status_code == 405


def test_the_list_is_filtered_by_state(app: Flask, world: World, mail: OutboxMail) -> None:
    client = client_for(app, world.office)
    assert mail.subject in visit(client, "/outbox?state=queued").get_text()
    page = visit(client, "/outbox?state=sent")
    assert mail.subject not in page.get_text()
    assert "没有这种状态的邮件" in page.get_text()
    for odd in ("state=burning", "state=__class__", "page=x"):
        assert client.get(f"/outbox?{odd}").status_code == 400
    assert client.get("/outbox?page=99").status_code == 200


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 <person@example.test> no such user", "对方服务器拒收（代码 550）"),
        ("451 greylisted", "对方服务器暂不接收，将自动重试（代码 451）"),
        ("timed_out", "邮件服务器没有按时应答"),
        ("nothing_left", "事项已办结，无需再发"),
    ],
)
def test_answers_are_told_in_plain_words(app: Flask, world: World, mail: OutboxMail, answer: str, words: str) -> None:
    set_mail(mail, state=MailState.DEAD, attempts=1, last_answer=answer)
    page = visit(client_for(app, world.administrator), "/outbox")
    assert words in page.get_text()
    assert "person@example.test" not in str(page)


def test_without_a_server_the_page_says_where_the_mails_are(app: Flask, world: World, mail: OutboxMail) -> None:
    assert "没有配置邮件服务器" in visit(client_for(app, world.office), "/outbox").get_text()
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_host="mail.example.test")
    assert "没有配置邮件服务器" not in visit(client_for(app, world.office), "/outbox").get_text()


def test_a_server_that_is_down_is_told_with_what_waits(app: Flask, world: World, mail: OutboxMail) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_host="mail.example.test")
    values = {"started_at": MORNING, "lease_until": MORNING, "error": "service_down connection_refused"}
    db.session.add(JobRun(job="deliver_outbox", period="latest", **values))
    db.session.commit()
    set_mail(mail, attempts=1, last_answer="250")
    words = visit(client_for(app, world.office), "/outbox").get_text()
    assert "邮件服务不可用：邮件服务器拒绝连接，积压 1 封，最早 3月6日09:00。" in words
    assert "最近一次应答" not in words


def test_what_waits_elsewhere_is_not_told_here(app: Flask, world: World) -> None:
    values = {"started_at": MORNING, "lease_until": MORNING, "finished_at": MORNING}
    db.session.add(JobRun(job="deliver_outbox", period="latest", result="sent=2 waiting=4", **values))
    db.session.commit()
    words = visit(client_for(app, world.office), "/outbox").get_text()
    assert "已发 2 封" in words
    assert "待发 4 封" not in words


def test_what_was_missed_long_ago_is_folded(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"started_at": MORNING, "lease_until": MORNING, "finished_at": MORNING}
    for day in ("2026-02-09", "2026-02-11", "2026-03-04", "2026-03-06"):
        db.session.add(JobRun(job="notice_overdue", period=day, result="noticed=0", **values))
    for week in ("2026-W08", "2026-W10"):
        db.session.add(JobRun(job="freeze_week", period=week, region_code="360732", result="issues=1", **values))
    db.session.commit()
    monkeypatch.setenv("TRACKER_FAKE_NOW", MORNING.isoformat())
    page = visit(client_for(app, world.office), "/outbox")
    row = page.find("td", string="记录新增逾期").parent
    assert row.find("details").find("summary").get_text() == "更早未运行 1 次"
    folded = [each.get_text() for each in row.select("details .missed")]
    assert folded[-1].startswith("2月10日 未运行，已由 2月11日")
    openly = [each.get_text() for each in row.select(".missed") if not each.find_parent("details")]
    assert [each[:5] for each in openly] == ["3月5日 ", "2月12日"]
    weekly = page.find("td", string="每周冻结周览").parent.get_text()
    assert "2月23日—3月1日 当周未运行；最近一周的由“补出上周周览”补出，更早的不再补" in weekly
    assert "冻结周览 1 期" in weekly


def test_jobs_show_their_last_and_next_run(app: Flask, world: World) -> None:
    values = {"started_at": MORNING, "lease_until": MORNING, "finished_at": MORNING}
    digests = {"job": "queue_digests", "period": "2026-03-06", "result": "digests=5 calendar_unknown"}
    db.session.add(JobRun(**digests, region_code="360732", **values))
    db.session.add(JobRun(**digests | {"result": "digests=99"}, region_code="36", **values))
    db.session.add(
        JobRun(job="notice_overdue", period="2026-03-06", error="ValueError: x", **values | {"finished_at": None})
    )
    db.session.commit()
    page = visit(client_for(app, world.office), "/outbox")
    words = page.get_text(" ", strip=True)
    assert "生成汇总 5 封" in words
    assert "99" not in words
    assert "2026年3月6日 09:00" in words
    assert "运行出错" in words
    assert "ValueError" not in words
    assert "尚未运行" in words


def test_a_wrong_clock_is_told_before_any_later_run(app: Flask, world: World) -> None:
    values = {"job": "queue_digests", "finished_at": MORNING}
    earlier = MORNING - timedelta(days=3)
    db.session.add(JobRun(**values, period="2026-03-06", result="digests=5", started_at=MORNING, lease_until=MORNING))
    db.session.add(
        JobRun(job="queue_digests", period=WRONG_CLOCK, error=WRONG_CLOCK, started_at=earlier, lease_until=earlier)
    )
    db.session.commit()
    words = visit(client_for(app, world.office), "/outbox").get_text(" ", strip=True)
    assert "系统时间异常" in words
    assert "生成汇总 5 封" not in words


def test_every_job_and_period_has_words() -> None:
    assert set(JOBS) == {job.name for job in TIMETABLE}
    assert set(PERIODS) == set(Period)


def test_units_that_no_mail_reaches_are_named(app: Flask, world: World) -> None:
    make_task(world.plan, lead=[make_unit("无账号单位")], due_on=clock.today() + timedelta(days=1))
    db.session.commit()
    assert "无账号单位" in visit(client_for(app, world.office), "/outbox").get_text()


def test_many_mails_make_pages_and_no_more_questions(app: Flask, world: World) -> None:
    unit = make_unit("教育局")
    for _ in range(60):
        make_account(Role.UNIT_STAFF, units=[unit])
    make_task(world.plan, lead=[unit], due_on=date(2026, 3, 5))
    queue_digests(MORNING)
    db.session.commit()
    page = visit(client_for(app, world.office), "/outbox")
    assert len(page.select("table.mails tbody tr")) == 50
    assert page.find("a", rel="next")["href"] == "/outbox?page=2"
    assert len(visit(client_for(app, world.office), "/outbox?page=2").select("table.mails tbody tr")) == 10


def test_a_title_with_markup_stays_text(app: Flask, world: World) -> None:
    plan = make_plan("other", region=OTHER_COUNTY)
    unit = make_unit("<b>单位</b>", region=OTHER_COUNTY)
    make_account(Role.UNIT_STAFF, units=[unit], region=OTHER_COUNTY, name="<script>alert(1)</script>")
    make_task(plan, lead=[unit], title="<img src=x onerror=alert(1)>", due_on=date(2026, 3, 5))
    queue_digests(MORNING)
    db.session.commit()
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    client = client_for(app, world.stranger)
    for address in ("/outbox", f"/outbox/{mail.id}"):
        page = visit(client, address)
        assert page.find("img") is None
        assert page.find("b") is None


def test_a_mail_that_could_not_be_written_twice_says_so_as_after_the_first_time() -> None:
    assert answer_words("unreadable 2") == answer_words("unreadable") == "邮件内容无法生成"


def test_a_link_that_nobody_waits_for_is_not_sent_again(app: Flask, world: World, mail: OutboxMail) -> None:
    set_mail(mail, state=MailState.DEAD, kind="password_reset")
    client = client_for(app, world.office)
    for address in ("/outbox", f"/outbox/{mail.id}"):
        assert visit(client, address).find("form", action=f"/outbox/{mail.id}/resend") is None
    send(client, f"/outbox/{mail.id}/resend", {}, token_from="/outbox")
    assert "请本人重新申请" in visit(client, "/outbox").get_text()
    assert db.session.get_one(OutboxMail, mail.id, populate_existing=True).state is MailState.DEAD
