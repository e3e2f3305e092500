"""Whom the open tasks ask, and what was announced to them: the rules of ``rules/reminders.py`` in SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.models import (
    EXPIRED,
    UNREADABLE,
    Account,
    AccountUnit,
    Assignment,
    AssignmentRole,
    MailState,
    OutboxItem,
    OutboxMail,
    Plan,
    PlanState,
    Report,
    Situation,
    Task,
    Unit,
    UnitMember,
    db,
)
from tracker.rules.lifecycle import State
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.permissions import Role
from tracker.rules.reminders import LONGEST_STEP, REACH, REMINDED_STATES, step_on
from tracker.rules.routing import Person, told

DIGEST = "digest"
# A mail that is dead was refused by its address: telling it again every day would change nothing.
TOLD_STATES = (MailState.QUEUED, MailState.LEASED, MailState.SENT)
# It never left us: once what kept it here is mended, it is told again.
NEVER_LEFT = (EXPIRED, UNREADABLE)


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to in the name of an asked unit: an account, or without one the unit's own mailbox."""

    account_id: int | None
    name: str
    address: str
    region_code: str
    unit_name: str

    @property
    def who(self) -> str:
        """Who gets one mail: an account, or a mailbox, though two units of a region share it."""
        return who_is(self.account_id, self.region_code, self.address)


def who_is(account_id: int | None, region: str, address: str) -> str:
    """A short name for an account or a mailbox; it stands in the reason of a mail."""
    if account_id is not None:
        return str(account_id)
    return f"mailbox-{hashlib.sha256(f'{region}:{address}'.encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Somebody(Person):
    """An account of an asked unit as a row of the question has it, with all that a mail to it needs."""

    recipient: Recipient


@dataclass(frozen=True)
class Ask:
    """A task that asks a person on a day; ``step_on`` is the step of the ladder that has been reached."""

    recipient: Recipient
    task_id: int
    key: str
    number: str | None
    title: str
    requirement: str
    state: State
    due_on: date
    late_from: date
    held_days: int
    returned_on: date | None
    step_on: date


@dataclass(frozen=True)
class AskedUnit:
    """A unit that a task still asks, and whom in it a mail reaches; nobody where it has no working contact."""

    task_id: int
    unit_id: int
    unit_name: str
    recipients: list[Recipient]


Announced = tuple[Any, ...]
"""Who was told, a task, a deadline and a step."""


def asks(day: date, who: str | None = None, task_ids: Collection[int] | None = None) -> list[Ask]:
    """Everything on its ladder on a day and whom it asks, once per person and task; of one of them or some tasks."""
    query = _asked(_recipient_columns(), _task_columns()).where(*on_the_ladder(day), _not_yet_done())
    if task_ids is not None:
        query = query.where(Task.id.in_(task_ids))
    found: dict[tuple[str, int], Ask] = {}
    for row, recipients in _routed(query):
        step = step_on(row.due_on, row.late_from, day)
        for recipient in recipients:
            if step and who in (None, recipient.who):
                found.setdefault((recipient.who, row.task_id), _ask(row, recipient, step))
    return list(found.values())


def recipients_of(task_id: int) -> list[Recipient]:
    """Whom an act on a task is told: once per person, nobody while its plan is not active."""
    query = _asked(_recipient_columns(), [Task.id.label("task_id")])
    query = query.where(Task.id == task_id, Plan.state == PlanState.ACTIVE)
    found: dict[str, Recipient] = {}
    for _row, recipients in _routed(query):
        for recipient in recipients:
            found.setdefault(recipient.who, recipient)
    return list(found.values())


def units_asked(task_ids: Collection[int]) -> list[AskedUnit]:
    """The units that each of some tasks still asks, whatever the state of task and plan: the caller's rule decides."""
    query = _asked(_recipient_columns(), [Task.id.label("task_id")]).where(Task.id.in_(task_ids), _not_yet_done())
    return [AskedUnit(row.task_id, row.unit_id, row.unit_name, recipients) for row, recipients in _routed(query)]


def people_of(task_id: int, unit_id: int) -> list[Recipient]:
    """Whom one unit of a task is told through, whatever its part; nobody while the plan is not active."""
    query = _with_parts(_recipient_columns(), [Task.id.label("task_id")])
    query = query.where(Task.id == task_id, Unit.id == unit_id, Plan.state == PlanState.ACTIVE)
    return [recipient for _row, recipients in _routed(query) for recipient in recipients]


def announced(day: date) -> set[Announced]:
    """The steps, still present on a day, that a mail to the present address announces."""
    told = sa.or_(
        OutboxMail.state.in_(TOLD_STATES),
        sa.and_(OutboxMail.state == MailState.DEAD, OutboxMail.last_answer.not_in(NEVER_LEFT)),
    )
    query = (
        sa.select(
            OutboxMail.account_id,
            OutboxMail.region_code,
            OutboxMail.address,
            OutboxItem.task_id,
            OutboxItem.due_on,
            OutboxItem.step_on,
        )
        .join(OutboxItem, OutboxItem.mail_id == OutboxMail.id)
        .outerjoin(Account, Account.id == OutboxMail.account_id)
        .where(OutboxMail.kind == DIGEST, told, OutboxItem.step_on >= day - LONGEST_STEP)
        # A mailbox that was changed is another mailbox; an account that changed its address stays who it is.
        .where(sa.or_(OutboxMail.account_id.is_(None), Account.email == OutboxMail.address))
    )
    return {(who_is(*row[:3]), *row[3:]) for row in db.session.execute(query)}


def updates_since(instant: datetime, account_id: int | None = None) -> dict[int, int]:
    """The number of tasks that each account has reported on since an instant."""
    query = sa.select(Report.account_id, sa.func.count(sa.distinct(Report.task_id))).where(
        Report.at >= instant, Report.withdrawn_at.is_(None)
    )
    if account_id is not None:
        query = query.where(Report.account_id == account_id)
    return dict(db.session.execute(query.group_by(Report.account_id)).all())


def on_the_ladder(day: date) -> list[sa.ColumnElement[bool]]:
    """Open tasks of active plans, with a deadline that nobody doubts, within reach of the ladder on a day."""
    return [
        Plan.state == PlanState.ACTIVE,
        Task.light_fixed.is_(None),
        Task.state.in_(REMINDED_STATES),
        Task.due_on <= day + REACH,
        # Follows from the line above; it is the one that has an index.
        Task.late_from <= day + REACH + timedelta(days=1),
    ]


def _asked(columns: Iterable[Any], more: Iterable[Any]) -> sa.Select[Any]:
    """Tasks with their plan, each unit that they ask and each of its accounts, or none.

    Asked are leads, else all responsible; members for their collective.
    """
    lead = aliased(Assignment)
    has_lead = sa.exists().where(lead.task_id == Task.id, lead.role == AssignmentRole.LEAD)
    return _with_parts(columns, more).where(
        sa.or_(
            Assignment.role == AssignmentRole.LEAD,
            sa.and_(Assignment.role == AssignmentRole.RESPONSIBLE, ~has_lead),
        )
    )


def _with_parts(columns: Iterable[Any], more: Iterable[Any]) -> sa.Select[Any]:
    """Tasks with their plan, each unit that has a part in them and each of its accounts, or none."""
    # Nobody is asked about a task outside their region, where they could not open it.
    region_of_account = sa.func.substr(Task.region_code, 1, sa.func.length(Account.region_code))
    return (
        sa.select(*columns, *more)
        .select_from(Task)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Assignment, Assignment.task_id == Task.id)
        .outerjoin(UnitMember, UnitMember.collective_id == Assignment.unit_id)
        .join(Unit, Unit.id == sa.func.coalesce(UnitMember.member_id, Assignment.unit_id))
        .outerjoin(AccountUnit, AccountUnit.unit_id == Unit.id)
        .outerjoin(Account, sa.and_(Account.id == AccountUnit.account_id, region_of_account == Account.region_code))
        .where(Unit.disabled_at.is_(None))
        .order_by(Task.id, Unit.id, Account.id)
    )


def _routed(query: sa.Select[Any]) -> Iterator[tuple[sa.Row[Any], list[Recipient]]]:
    """Each asked unit of each task with whom in it a mail goes to: its people as the rule says, else its mailbox."""
    rows = db.session.execute(query)
    for _key, group in groupby(rows, key=lambda row: (row.task_id, row.unit_id)):
        of_unit = list(group)
        people = {row.account_id: _somebody(row) for row in of_unit if row.account_id is not None}
        # Who handles one part of the unit handles the task for it, whatever its other parts say.
        for row in of_unit:
            if row.account_id is not None and row.account_id == row.handler_id:
                people[row.account_id] = _somebody(row)
        found = [each.recipient for each in told(list(people.values()))]
        yield of_unit[0], found or _mailbox(of_unit[0])


def _mailbox(row: sa.Row[Any]) -> list[Recipient]:
    """The mailbox of a unit. Its reader is greeted as whoever in the unit handles the matter."""
    if not is_mail_address(row.mailbox or ""):
        return []
    return [Recipient(None, f"{row.unit_name}经办", row.mailbox, row.unit_region, row.unit_name)]


def _not_yet_done() -> sa.ColumnElement[bool]:
    """A lead is asked until it submits the whole; another unit until its latest word since a return is done.

    The word of a collective unit itself stands for its members.
    """
    said, later = aliased(Report), aliased(Report)
    newer = sa.exists().where(
        later.task_id == said.task_id,
        later.unit_id == said.unit_id,
        later.id > said.id,
        later.withdrawn_at.is_(None),
    )
    done = sa.exists().where(
        said.task_id == Task.id,
        sa.or_(said.unit_id == Unit.id, said.unit_id == Assignment.unit_id),
        said.situation == Situation.DONE,
        said.withdrawn_at.is_(None),
        sa.or_(Task.returned_at.is_(None), said.at > Task.returned_at),
        ~newer,
    )
    return sa.or_(Assignment.role == AssignmentRole.LEAD, ~done)


def _recipient_columns() -> list[Any]:
    return [
        Account.id.label("account_id"),
        Account.name.label("person_name"),
        Account.email,
        Account.role.label("account_role"),
        Account.disabled_at.label("account_disabled_at"),
        Account.region_code.label("account_region"),
        AccountUnit.duty,
        Assignment.handler_id,
        Unit.id.label("unit_id"),
        Unit.name.label("unit_name"),
        Unit.region_code.label("unit_region"),
        Unit.mailbox,
    ]


def _task_columns() -> list[Any]:
    return [
        Task.id.label("task_id"),
        Task.key,
        Task.number,
        Task.title,
        Task.requirement,
        Task.state,
        Task.due_on,
        Task.late_from,
        Task.held_days,
        Task.returned_on,
    ]


def _somebody(row: sa.Row[Any]) -> Somebody:
    is_in = row.account_role is Role.UNIT_STAFF and row.account_disabled_at is None
    return Somebody(
        duty=row.duty,
        is_handler=row.account_id == row.handler_id,
        is_reachable=is_in and is_mail_address(row.email or ""),
        recipient=Recipient(row.account_id, row.person_name, row.email or "", row.account_region, row.unit_name),
    )


def _ask(row: sa.Row[Any], recipient: Recipient, step: date) -> Ask:
    return Ask(
        recipient=recipient,
        task_id=row.task_id,
        key=row.key,
        number=row.number,
        title=row.title,
        requirement=row.requirement,
        state=row.state,
        due_on=row.due_on,
        late_from=row.late_from,
        held_days=row.held_days,
        returned_on=row.returned_on,
        step_on=step,
    )
