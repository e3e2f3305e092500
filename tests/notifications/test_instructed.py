"""批示: the units that are to answer and the plan office are told at once."""

from __future__ import annotations

from collections import Counter
from datetime import date

import sqlalchemy as sa

from tests.factories import COUNTY, World, make_account
from tests.smtp import Mailbox
from tracker import clock
from tracker.models import Instruction, OutboxMail, Task, db
from tracker.notifications.instructed import queue_instructed
from tracker.notifications.mailer import deliver
from tracker.rules.permissions import Role

NOW = clock.at_office(date(2026, 3, 7), 15)  # a Saturday


def say(world: World, task: Task, once: str = "1") -> Instruction:
    """A leader's word on a task."""
    said = Instruction(task=task, account=world.leader, leader_name="王明", text="请抓紧\n拨付", at=NOW, once=once)
    db.session.add(said)
    db.session.flush()
    return said


def mail_to(account_id: int) -> OutboxMail:
    return db.session.scalars(sa.select(OutboxMail).where(OutboxMail.account_id == account_id)).one()


def test_the_unit_is_asked_to_answer_and_the_office_is_told(world: World) -> None:
    world.task.number = "17"
    queue_instructed(world.task, say(world, world.task), NOW)
    unit = mail_to(world.staff.id)
    assert unit.subject == "【督办】1项批示待答复｜财政局｜3月7日（周六）"
    assert "王明同志批示：请抓紧 拨付" in unit.text
    assert f"http://localhost/tasks/{world.task.key}?answer=1#instructions" in unit.text
    office = mail_to(world.office.id)
    assert office.subject == "【督办】1项任务有批示｜推进办｜3月7日（周六）"
    assert f"http://localhost/tasks/{world.task.key}#instructions" in office.text
    assert office.region_code == COUNTY
    assert "王明同志批示" in office.html


def test_the_office_of_another_county_and_partners_are_not_told(world: World) -> None:
    partner = make_account(Role.UNIT_STAFF, units=[world.education])
    queue_instructed(world.task, say(world, world.task), NOW)
    told = set(db.session.scalars(sa.select(OutboxMail.account_id)))
    assert not told & {world.stranger.id, partner.id, world.leader.id}


def test_once_answered_the_units_mail_drops_out_and_the_offices_goes(world: World, mailbox: Mailbox) -> None:
    said = say(world, world.task)
    queue_instructed(world.task, said, NOW)
    said.answered_at = NOW
    db.session.commit()
    assert deliver(NOW) == Counter(sent=2, dropped=2)


def test_an_unanswered_word_is_sent_to_all(world: World, mailbox: Mailbox) -> None:
    queue_instructed(world.task, say(world, world.task), NOW)
    db.session.commit()
    assert deliver(NOW) == Counter(sent=4)
