"""Whom a task reaches in its unit: 经办人, contact, deputy, all staff, mailbox; a unit with none is listed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import COUNTY, World, make_account, make_task, make_unit
from tracker import clock
from tracker.models import Account, AccountUnit, Duty, MailState, OutboxMail, PlanState, Unit, UnitKind, db
from tracker.notifications.digest import queue_digests, recompose
from tracker.notifications.returned import queue_returned
from tracker.notifications.returned import recompose as recompose_returned
from tracker.queries.outbox import has_newer
from tracker.queries.reminders import asks
from tracker.queries.routing import recipients_of
from tracker.queries.units import count_without_contact, units_without_contact
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

DAY = date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
MAILBOX = "bgs@example.test"


def morning(day: date = DAY) -> datetime:
    """The hour of the digest."""
    return clock.at_office(day, 9)


def serve(account: Account, unit: Unit, duty: Duty) -> None:
    """Give a person of a unit a duty."""
    db.session.execute(
        sa.update(AccountUnit)
        .where(AccountUnit.account_id == account.id, AccountUnit.unit_id == unit.id)
        .values(duty=duty)
    )


class Cast:
    """A unit with three people and a task that it leads."""

    def __init__(self, world: World, **unit: object) -> None:
        self.unit = make_unit("发改委", **unit)
        self.people = {
            name: make_account(Role.UNIT_STAFF, units=[self.unit], name=name, email=f"{name}@example.test")
            for name in ("a", "b", "c")
        }
        self.task = make_task(world.plan, lead=[self.unit], due_on=DAY)

    def reached(self) -> list[str]:
        """Who is told of the task, by address; the two questions agree."""
        told = [each.address.partition("@")[0] for each in recipients_of(self.task.id)]
        asked = [ask.recipient.address.partition("@")[0] for ask in asks(DAY) if ask.task_id == self.task.id]
        assert sorted(told) == sorted(asked)
        return sorted(told)


CASES = [
    # duties, handler, unreachable, mailbox, reached
    ({}, None, "", None, "a b c"),
    ({}, None, "a", None, "b c"),
    ({}, None, "abc", None, ""),
    ({}, None, "abc", MAILBOX, "bgs"),
    ({}, "b", "", None, "b"),
    ({}, "b", "b", None, "a c"),
    ({"a": Duty.CONTACT}, None, "", MAILBOX, "a"),
    ({"a": Duty.CONTACT}, "c", "", None, "c"),
    ({"a": Duty.CONTACT, "b": Duty.DEPUTY}, None, "", None, "a"),
    ({"a": Duty.CONTACT, "b": Duty.DEPUTY}, None, "a", None, "b"),
    ({"a": Duty.CONTACT, "b": Duty.DEPUTY}, "c", "c", None, "a"),
    ({"a": Duty.CONTACT, "b": Duty.DEPUTY}, None, "ab", None, ""),
    ({"a": Duty.CONTACT, "b": Duty.DEPUTY}, None, "ab", MAILBOX, "bgs"),
    ({"a": Duty.HEAD, "b": Duty.HEAD, "c": Duty.HEAD}, None, "", None, ""),
]


@pytest.mark.parametrize("unreachable_by", ["email", "disabled", "role"])
@pytest.mark.parametrize(("duties", "handler", "unreachable", "mailbox", "reached"), CASES)
def test_a_task_reaches_its_unit_along_the_chain(
    world: World,
    duties: dict[str, Duty],
    handler: str | None,
    unreachable: str,
    mailbox: str | None,
    reached: str,
    unreachable_by: str,
) -> None:
    cast = Cast(world, mailbox=mailbox)
    for name, duty in duties.items():
        serve(cast.people[name], cast.unit, duty)
    if handler:
        cast.task.assignments[0].handler_id = cast.people[handler].id
    for name in unreachable:
        person = cast.people[name]
        if unreachable_by == "email":
            person.email = None
        elif unreachable_by == "disabled":
            person.disabled_at = NOW
        else:
            person.role = Role.LEADER
    db.session.flush()
    assert cast.reached() == reached.split()
    listed = {unit.id for unit in units_without_contact(COUNTY, 100)}
    # Who handles one task makes no contact of the whole unit.
    if handler is None or handler in unreachable:
        assert (cast.unit.id in listed) is (not reached)


def test_a_contact_who_is_replaced_gets_nothing_and_the_new_one_gets_all(world: World) -> None:
    cast = Cast(world)
    serve(cast.people["a"], cast.unit, Duty.CONTACT)
    other = make_task(world.plan, lead=[cast.unit], due_on=DAY + timedelta(days=5))
    queue_digests(morning())
    waiting = db.session.scalar(sa.select(OutboxMail).where(OutboxMail.account_id == cast.people["a"].id))
    assert waiting
    serve(cast.people["a"], cast.unit, Duty.STAFF)
    serve(cast.people["b"], cast.unit, Duty.CONTACT)
    assert recompose([waiting], morning()) == {waiting.id: None}
    queue_digests(morning(DAY + timedelta(days=3)))
    newest = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.address == "b@example.test")).one()
    assert {item.task_id for item in newest.items} == {cast.task.id, other.id}
    later = sa.select(OutboxMail).where(OutboxMail.address == "a@example.test", OutboxMail.id > waiting.id)
    assert db.session.scalar(later) is None


@pytest.mark.parametrize("change", ["disabled", "left"])
def test_a_contact_who_is_disabled_or_leaves_gets_nothing(world: World, change: str) -> None:
    cast = Cast(world)
    serve(cast.people["a"], cast.unit, Duty.CONTACT)
    serve(cast.people["b"], cast.unit, Duty.DEPUTY)
    assert cast.reached() == ["a"]
    if change == "disabled":
        cast.people["a"].disabled_at = NOW
    else:
        cast.people["a"].units = []
    db.session.flush()
    assert cast.reached() == ["b"]


def mails_to(address: str) -> list[OutboxMail]:
    """The mails to an address, oldest first."""
    query = sa.select(OutboxMail).where(OutboxMail.address == address).order_by(OutboxMail.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def test_a_mailbox_gets_one_digest_a_day_though_two_units_share_it(world: World) -> None:
    one, two = make_unit("宣传部", mailbox=MAILBOX), make_unit("网信办", mailbox=MAILBOX)
    make_task(world.plan, lead=[one], title="甲", due_on=DAY)
    make_task(world.plan, lead=[two], title="乙", due_on=DAY)
    assert queue_digests(morning()) == (1, 0)
    assert queue_digests(morning()) == (0, 0)
    mail = mails_to(MAILBOX)[0]
    assert mail.account_id is None
    assert mail.text.startswith("宣传部经办同志：")
    assert "甲" in mail.text
    assert "乙" in mail.text


def test_a_mailbox_written_in_capitals_is_the_same(world: World) -> None:
    one, two = make_unit("宣传部", mailbox=MAILBOX), make_unit("网信办", mailbox=MAILBOX.upper())
    make_task(world.plan, lead=[one, two], due_on=DAY)
    queue_digests(morning())
    assert len(db.session.scalars(sa.select(OutboxMail)).all()) == 1


def test_a_newer_digest_of_a_mailbox_supersedes_the_older_and_no_other(world: World) -> None:
    one, two = make_unit("宣传部", mailbox=MAILBOX), make_unit("网信办", mailbox="wxb@example.test")
    make_task(world.plan, lead=[one], due_on=DAY - timedelta(days=1))
    make_task(world.plan, lead=[two], due_on=DAY - timedelta(days=1))
    queue_digests(morning())
    make_task(world.plan, lead=[one], due_on=DAY + timedelta(days=3))
    queue_digests(morning(DAY + timedelta(days=3)))
    assert [mail.state for mail in mails_to(MAILBOX)] == [MailState.SUPERSEDED, MailState.QUEUED]
    assert [mail.state for mail in mails_to("wxb@example.test")] == [MailState.QUEUED]
    older, newer = mails_to(MAILBOX)
    assert has_newer(older)
    assert not has_newer(newer)


def test_a_mail_to_a_mailbox_is_dropped_when_the_unit_has_another_or_a_person(world: World) -> None:
    unit = make_unit("宣传部", mailbox=MAILBOX)
    task = make_task(world.plan, lead=[unit], due_on=DAY)
    queue_digests(morning())
    queue_returned(task, "补充凭证", NOW)
    digest, returned = mails_to(MAILBOX)
    assert recompose([digest], NOW)[digest.id]
    assert recompose_returned(returned, NOW)
    unit.mailbox = "new@example.test"
    db.session.flush()
    assert recompose([digest], NOW) == {digest.id: None}
    assert recompose_returned(returned, NOW) is None


def test_the_handler_of_one_unit_says_nothing_for_another(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance, world.housing], due_on=DAY)
    task.assignments[0].handler_id = world.staff.id
    db.session.flush()
    reached = {each.account_id for each in recipients_of(task.id)}
    assert reached == {world.staff.id, world.housing_staff.id}


def test_only_units_with_open_tasks_of_active_plans_are_listed(world: World) -> None:
    make_unit("甲局")
    closed, plan = make_unit("丙局"), world.plan
    make_task(plan, lead=[closed], state=State.CLOSED, closed_on=DAY)
    group = make_unit("各乡镇", kind=UnitKind.COLLECTIVE)
    member = make_unit("石文镇", kind=UnitKind.TOWNSHIP)
    group.members = [member]
    make_task(plan, lead=[group], due_on=None)
    db.session.flush()
    listed = {unit.name for unit in units_without_contact(COUNTY, 100)}
    assert listed == {"教科体局", "石文镇"}
    assert count_without_contact(COUNTY) == 2
    plan.state = PlanState.DRAFT
    db.session.flush()
    assert count_without_contact(COUNTY) == 0


def test_a_disabled_unit_with_open_tasks_is_told_nothing_and_listed(world: World) -> None:
    world.finance.disabled_at = NOW
    db.session.flush()
    assert recipients_of(world.task.id) == []
    assert world.finance.id in {unit.id for unit in units_without_contact(COUNTY, 100)}
