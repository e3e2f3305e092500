"""退回: the units that submitted are told at once."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories import World, make_account, make_plan, make_task
from tests.smtp import Mailbox
from tracker import clock
from tracker.models import MailState, OutboxMail, PlanState, Task, db
from tracker.notifications.mailer import deliver
from tracker.notifications.returned import queue_returned
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

NOW = clock.at_office(date(2026, 3, 7), 15)  # a Saturday: an act is told at once on any day


def mails() -> list[OutboxMail]:
    """Every mail, by recipient."""
    db.session.flush()
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.account_id, OutboxMail.id)))


def returned_task(world: World, **differences: object) -> Task:
    """A task that the office has just returned."""
    values = {"state": State.IN_PROGRESS, "returned_on": date(2026, 3, 7), "returned_at": NOW, **differences}
    return make_task(world.plan, lead=[world.finance], cooperating=[world.education], **values)


def test_everybody_of_the_submitting_unit_is_told_the_reason_and_nobody_else(world: World) -> None:
    make_account(Role.UNIT_STAFF, units=[world.education])
    task = returned_task(world, number="17", title="资金拨付到位", due_on=date(2026, 3, 31))
    queue_returned(task, "缺第二笔拨款凭证", NOW)
    assert [mail.account_id for mail in mails()] == [world.staff.id, world.staff2.id]
    mail = mails()[0]
    assert mail.subject == "【督办】1项被退回｜财政局｜3月7日（周六）"
    assert "退回意见：缺第二笔拨款凭证" in mail.text
    assert "第17项 资金拨付到位（时限3月31日）" in mail.text
    assert f"http://localhost/tasks/{task.key}?report=1#report" in mail.text
    assert "退回意见：缺第二笔拨款凭证" in mail.html
    assert [item.task_id for item in mail.items] == [task.id]


def test_several_returns_of_one_act_are_one_mail_per_person(world: World) -> None:
    for title in ("甲事项", "乙事项"):
        queue_returned(returned_task(world, title=title), "不全", NOW)
    assert len(mails()) == 2
    assert "甲事项" in mails()[0].text
    assert "乙事项" in mails()[0].text
    assert "2项被退回" in mails()[0].subject


def test_saying_the_same_twice_changes_nothing(world: World) -> None:
    task = returned_task(world)
    queue_returned(task, "不全", NOW)
    queue_returned(task, "不全", NOW)
    assert [len(mail.items) for mail in mails()] == [1, 1]


def test_what_is_written_between_brackets_stays_text(world: World) -> None:
    queue_returned(returned_task(world), "<img src=x onerror=alert(1)>{{7*7}}", NOW)
    assert "<img" not in mails()[0].html
    assert "{{7*7}}" in mails()[0].text


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_a_plan_that_is_not_active_mails_nobody(world: World, state: PlanState) -> None:
    plan = make_plan("other", state=state)
    queue_returned(make_task(plan, lead=[world.finance]), "不全", NOW)
    assert mails() == []


def test_nothing_is_queued_when_the_act_is_undone(world: World) -> None:
    task = returned_task(world)
    db.session.commit()
    queue_returned(task, "不全", NOW)
    db.session.rollback()
    assert mails() == []


def test_it_is_sent_on_a_day_off_and_dropped_once_the_unit_has_submitted_again(world: World, mailbox: Mailbox) -> None:
    first, second = returned_task(world, title="甲事项"), returned_task(world, title="乙事项")
    for task in (first, second):
        queue_returned(task, "不全", NOW)
    first.state, first.submitted_on = State.SUBMITTED, date(2026, 3, 7)
    db.session.commit()
    assert deliver(NOW) == Counter(sent=2)
    assert "甲事项" not in mailbox.messages[0].message.get_body(("plain",)).get_content()
    queue_returned(second, "仍不全", clock.at_office(date(2026, 3, 7), 16))
    second.state, second.submitted_on = State.SUBMITTED, date(2026, 3, 7)
    db.session.commit()
    assert deliver(clock.at_office(date(2026, 3, 7), 16)) == Counter(dropped=2)
    assert {mail.state for mail in mails()} == {MailState.SENT, MailState.DROPPED}
