"""Mails about parts, extensions and waits: whom they reach, and that they are dropped once they are no longer true."""

from __future__ import annotations

from collections import Counter
from datetime import date

import sqlalchemy as sa

from tests.actions.test_tasks import acting
from tests.factories import World, make_account, make_task, make_unit
from tests.smtp import Mailbox
from tracker import clock
from tracker.actions.extensions import Ruling, Wish, ask, decide
from tracker.actions.receipts import accept, ask_again, return_part
from tracker.actions.tasks import Said, redate, report, send_back
from tracker.actions.waits import Awaiting, end_wait, wait
from tracker.models import OutboxMail, Situation, Task, UnitKind, db
from tracker.notifications.asked_again import queue_asked_again
from tracker.notifications.awaited import queue_awaited
from tracker.notifications.digest import queue_digests
from tracker.notifications.extension_decided import queue_extension_decided
from tracker.notifications.mailer import deliver
from tracker.notifications.part_returned import queue_part_returned
from tracker.notifications.returned import queue_returned
from tracker.rules.extensions import Decision
from tracker.rules.permissions import Role

NOW = clock.at_office(date(2026, 3, 7), 15)
LATER = clock.at_office(date(2026, 3, 7), 16)


def mails() -> dict[str, OutboxMail]:
    """Every mail, by address."""
    db.session.flush()
    return {mail.address: mail for mail in db.session.scalars(sa.select(OutboxMail))}


def waiting_task(world: World) -> Task:
    """A task of 财政局 that waits for 自然资源局, which the mail has told."""
    nature = make_unit("自然资源局")
    make_account(Role.UNIT_STAFF, units=[nature], email="nature@example.test")
    task = make_task(world.plan, lead=[world.finance], cooperating=[nature], due_on=date(2026, 3, 9))
    said = Awaiting(nature.id, world.finance.id, date(2026, 3, 2), "等选址意见", task.version)
    queue_awaited(task, wait(acting(world.staff), task, said, NOW), NOW)
    db.session.commit()
    return task


def test_a_co_operating_unit_gets_no_digest_but_is_told_that_it_is_awaited(world: World, mailbox: Mailbox) -> None:
    waiting_task(world)
    assert set(mails()) == {"nature@example.test"}
    mail = mails()["nature@example.test"]
    assert "财政局自2026年3月2日起等待配合：等选址意见" in mail.text
    assert "财政局自2026年3月2日起等待配合：等选址意见" in mail.html
    assert deliver(NOW) == Counter(sent=1)
    queue_digests(clock.at_office(date(2026, 3, 9), 9))
    assert mails()["nature@example.test"].kind == "awaited"
    assert mails()[world.staff.email or ""].kind == "digest"


def test_a_wait_that_has_ended_tells_nobody(world: World, mailbox: Mailbox) -> None:
    task = waiting_task(world)
    nature = task.assignments[1].unit_id
    end_wait(acting(world.staff), task, task.version, nature, frozenset({world.finance.id}), NOW)
    db.session.commit()
    assert deliver(LATER) == Counter(dropped=1)


def test_a_returned_part_is_told_to_the_office_while_it_lies_there(world: World, mailbox: Mailbox) -> None:
    task = make_task(world.plan, lead=[world.finance])
    part = return_part(acting(world.staff), task, task.version, world.finance.id, "应由国资中心承担", NOW)
    queue_part_returned(task, part.unit_name, "应由国资中心承担", NOW)
    db.session.commit()
    assert set(mails()) == {world.office.email, world.office2.email}
    ask_again(acting(world.office), task, task.version, world.finance.id, "资金由财政局拨付", NOW)
    queue_asked_again(task, world.finance.id, "资金由财政局拨付", NOW)
    db.session.commit()
    assert set(mails()) >= {world.staff.email, world.staff2.email}
    assert deliver(LATER) == Counter(dropped=2, sent=2)


def test_what_was_accepted_meanwhile_is_not_asked_again(world: World, mailbox: Mailbox) -> None:
    task = make_task(world.plan, lead=[world.finance])
    return_part(acting(world.staff), task, task.version, world.finance.id, "应由国资中心承担", NOW)
    ask_again(acting(world.office), task, task.version, world.finance.id, "资金由财政局拨付", NOW)
    queue_asked_again(task, world.finance.id, "资金由财政局拨付", NOW)
    accept(acting(world.staff), task, {world.finance.id}, LATER)
    db.session.commit()
    assert deliver(LATER) == Counter(dropped=2)


def test_a_decision_that_was_overtaken_is_not_sent(world: World, mailbox: Mailbox) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 31))
    wish = Wish(world.finance.id, date(2026, 4, 30), "征地未完成", "已勘界", "wish", task.version)
    ask(acting(world.staff), task, wish, NOW)
    old = task.due_on
    decided = decide(acting(world.office), task, Ruling(Decision.GRANTED, "同意", task.version), NOW)
    queue_extension_decided(task, decided, old, NOW)
    db.session.commit()
    assert (
        "申请延至2026年4月30日，同意，时限由2026年3月31日调整为2026年4月30日" in mails()[world.staff.email or ""].text
    )
    redate(acting(world.office), task, task.version, date(2026, 6, 30), "全县重排", LATER)
    db.session.commit()
    assert deliver(LATER) == Counter(dropped=2)


def done(world: World, task: Task, unit: int, account: object, minute: int) -> None:
    """A unit says done."""
    said = Said(Situation.DONE, "已完成", f"done-{unit}-{minute}", task.version, unit)
    report(acting(account), task, said, clock.at_office(date(2026, 3, 6), 9, minute))  # type: ignore[arg-type]


def test_a_return_reaches_every_unit_and_says_whose_submission_came_back(world: World) -> None:
    task = make_task(world.plan, responsible=[world.finance, world.housing], cooperating=[world.education])
    done(world, task, world.finance.id, world.staff, 1)
    done(world, task, world.housing.id, world.housing_staff, 2)
    send_back(acting(world.office), task, task.version, "缺凭证", NOW)
    queue_returned(task, "缺凭证", NOW)
    assert set(mails()) == {world.staff.email, world.staff2.email, world.housing_staff.email}
    for mail in mails().values():
        assert "所退提交：财政局、住建局；各责任单位此前报告的“已完成”均须重新确认" in mail.text
        assert "所退提交：财政局、住建局" in mail.html


def test_only_the_submission_of_the_last_round_is_named(world: World) -> None:
    other = make_unit("城投公司", kind=UnitKind.COMPANY)
    task = make_task(world.plan, lead=[world.finance, other])
    done(world, task, world.finance.id, world.staff, 1)
    send_back(acting(world.office), task, task.version, "缺凭证", clock.at_office(date(2026, 3, 6), 10))
    said = Said(Situation.DONE, "已完成", "again", task.version, other.id)
    report(acting(world.staff), task, said, clock.at_office(date(2026, 3, 6), 11))
    send_back(acting(world.office), task, task.version, "仍缺", NOW)
    queue_returned(task, "仍缺", NOW)
    assert "所退提交：城投公司\n" in mails()[world.staff.email or ""].text
