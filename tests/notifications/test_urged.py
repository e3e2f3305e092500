"""催办: one mail per person and act, true when it is sent."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from tests.actions.test_tasks import acting
from tests.factories import World, make_task
from tests.smtp import Mailbox
from tracker import clock
from tracker.actions.tasks import Said, report
from tracker.models import OutboxMail, PlanState, Situation, db
from tracker.notifications.mailer import deliver
from tracker.notifications.urged import queue_urged
from tracker.queries.urges import preview
from tracker.rules.lifecycle import State

NOW = clock.at_office(date(2026, 3, 6), 15)


def test_it_names_each_task_with_its_deadline_and_the_form(world: World) -> None:
    late = make_task(world.plan, lead=[world.finance], number="17", title="资金拨付到位", due_on=date(2026, 2, 28))
    assert queue_urged(preview([late.id, world.task.id], NOW), "请<b>今天</b>更新", "once", NOW) == 2
    mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.account_id == world.staff.id)).one()
    assert mail.subject == "【督办】催办2项任务｜财政局｜3月6日（周五）"
    assert "第17项 资金拨付到位（时限2月28日，逾期6天）" in mail.text
    assert f"http://localhost/tasks/{late.key}?report=1#report" in mail.text
    assert "请<b>今天</b>更新" in mail.text
    assert "<b>" not in mail.html
    assert [item.words for item in mail.items] == ["请<b>今天</b>更新"] * 2


def test_what_was_submitted_meanwhile_drops_out(world: World, mailbox: Mailbox) -> None:
    other = make_task(world.plan, lead=[world.finance], title="另一事项")
    queue_urged(preview([world.task.id, other.id], NOW), "请更新", "once", NOW)
    world.task.state, world.task.submitted_on = State.SUBMITTED, date(2026, 3, 6)
    db.session.commit()
    assert deliver(NOW) == Counter(sent=2)
    body = mailbox.messages[0].message.get_body(("plain",)).get_content()
    assert "另一事项" in body
    assert "资金拨付" not in body


def test_a_unit_that_has_said_done_meanwhile_is_urged_no_more(world: World, mailbox: Mailbox) -> None:
    assert queue_urged(preview([world.shared_task.id], NOW), "请更新", "once", NOW) == 3
    said = Said(Situation.DONE, "已完成", "1", world.shared_task.version, unit_id=world.housing.id)
    report(acting(world.housing_staff), world.shared_task, said, NOW)
    db.session.commit()
    assert deliver(NOW) == Counter(sent=2, dropped=1)
    assert [world.housing_staff.email] not in [each.recipients for each in mailbox.messages]


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_a_plan_that_is_not_active_any_more_urges_nobody(world: World, mailbox: Mailbox, state: PlanState) -> None:
    assert queue_urged(preview([world.task.id], NOW), "请更新", "once", NOW) == 2
    world.plan.state = state
    db.session.commit()
    assert deliver(NOW) == Counter(dropped=2)
    assert mailbox.messages == []
