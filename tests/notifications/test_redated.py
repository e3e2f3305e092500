"""时限调整: the units that answer for a task are told at once."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories import World
from tests.smtp import Mailbox
from tracker import clock
from tracker.models import OutboxMail, db
from tracker.notifications.mailer import deliver
from tracker.notifications.redated import queue_redated

NOW = clock.at_office(date(2026, 3, 6), 15)
OLD, NEW = date(2026, 3, 31), date(2027, 6, 30)


def mails() -> list[OutboxMail]:
    """Every mail, by recipient."""
    db.session.flush()
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.account_id, OutboxMail.id)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (OLD, NEW, "时限由2026年3月31日调整为2027年6月30日"),
        (NEW, NEW, "时限确认为2027年6月30日"),
        (None, NEW, "时限由无固定时限调整为2027年6月30日"),
        (OLD, None, "时限由2026年3月31日调整为无固定时限"),
    ],
)
def test_the_mail_says_what_changed_and_why(world: World, old: date | None, new: date | None, words: str) -> None:
    queue_redated(world.task, old, new, "雨季停工", NOW)
    assert [mail.account_id for mail in mails()] == [world.staff.id, world.staff2.id]
    mail = mails()[0]
    assert mail.subject == "【督办】1项时限调整｜财政局｜3月6日（周五）"
    assert words in mail.text
    assert words in mail.html
    assert "理由：雨季停工" in mail.text


def test_all_responsible_units_are_told_where_none_leads(world: World) -> None:
    queue_redated(world.shared_task, OLD, NEW, "雨季停工", NOW)
    assert {mail.account_id for mail in mails()} == {world.staff.id, world.staff2.id, world.housing_staff.id}


def test_several_deadlines_of_one_act_are_one_mail_per_person(world: World) -> None:
    queue_redated(world.task, OLD, NEW, "雨季停工", NOW)
    queue_redated(world.shared_task, OLD, NEW, "雨季停工", NOW)
    assert len(mails()) == 3
    assert "2项时限调整" in mails()[0].subject


def test_a_deadline_that_moved_again_before_the_mail_went_out_is_told_once(world: World, mailbox: Mailbox) -> None:
    queue_redated(world.housing_task, OLD, NEW, "雨季停工", NOW)
    world.housing_task.due_on = date(2026, 9, 1)
    queue_redated(world.housing_task, NEW, date(2026, 9, 1), "改到开学前", clock.at_office(date(2026, 3, 6), 16))
    db.session.commit()
    assert deliver(clock.at_office(date(2026, 3, 6), 16)) == Counter(sent=1, dropped=1)
    text = mailbox.messages[0].message.get_body(("plain",)).get_content()
    assert "9月1日" in text
