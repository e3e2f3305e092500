"""Whom the open tasks ask, and what was announced to them: the rules of ``rules/reminders.py`` in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from tracker.queries.visibility import within_region
from tracker.rules.lifecycle import State
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.permissions import Role
from tracker.rules.reminders import LONGEST_STEP, REACH, REMINDED_STATES, step_on

DIGEST = "digest"
# A mail that is dead was refused by its address: telling it again every day would change nothing.
TOLD_STATES = (MailState.QUEUED, MailState.LEASED, MailState.SENT)
# It never left us: once what kept it here is mended, it is told again.
NEVER_LEFT = (EXPIRED, UNREADABLE)


@dataclass(frozen=True)
class Recipient:
    """An account of an asked unit that mail can reach, with the unit in whose name it is asked."""

    account_id: int
    name: str
    address: str
    region_code: str
    unit_name: str


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


Announced = tuple[Any, ...]
"""An account, a task, a deadline and a step."""


def asks(day: date, account_id: int | None = None, task_ids: Collection[int] | None = None) -> list[Ask]:
    """Everything on its ladder on a day and whom it asks, once per person and task; of one person or some tasks."""
    query = _asked(_recipient_columns(), _task_columns()).where(*on_the_ladder(day), *_reachable(), _not_yet_done())
    if account_id is not None:
        query = query.where(Account.id == account_id)
    if task_ids is not None:
        query = query.where(Task.id.in_(task_ids))
    found: dict[tuple[int, int], Ask] = {}
    for row in db.session.execute(query.order_by(Account.id, Task.id, Unit.id)):
        step = step_on(row.due_on, row.late_from, day)
        if step and is_mail_address(row.email):
            found.setdefault((row.account_id, row.task_id), _ask(row, step))
    return list(found.values())


def recipients_of(task_id: int) -> list[Recipient]:
    """Whom an act on a task is told: once per person, nobody while its plan is not active."""
    query = _asked(_recipient_columns(), []).where(Task.id == task_id, Plan.state == PlanState.ACTIVE, *_reachable())
    found: dict[int, Recipient] = {}
    for row in db.session.execute(query.order_by(Account.id, Unit.id)):
        if is_mail_address(row.email):
            found.setdefault(row.account_id, _recipient(row))
    return list(found.values())


def announced(day: date) -> set[Announced]:
    """The steps, still present on a day, that a mail to the account's present address announces."""
    told = sa.or_(
        OutboxMail.state.in_(TOLD_STATES),
        sa.and_(OutboxMail.state == MailState.DEAD, OutboxMail.last_answer.not_in(NEVER_LEFT)),
    )
    query = (
        sa.select(OutboxMail.account_id, OutboxItem.task_id, OutboxItem.due_on, OutboxItem.step_on)
        .join(OutboxItem, OutboxItem.mail_id == OutboxMail.id)
        .join(Account, sa.and_(Account.id == OutboxMail.account_id, Account.email == OutboxMail.address))
        .where(OutboxMail.kind == DIGEST, told, OutboxItem.step_on >= day - LONGEST_STEP)
    )
    return {tuple(row) for row in db.session.execute(query)}


def updates_since(instant: datetime, account_id: int | None = None) -> dict[int, int]:
    """The number of tasks that each account has reported on since an instant."""
    query = sa.select(Report.account_id, sa.func.count(sa.distinct(Report.task_id))).where(Report.at >= instant)
    if account_id is not None:
        query = query.where(Report.account_id == account_id)
    return dict(db.session.execute(query.group_by(Report.account_id)).all())


def silent_units(region: str, day: date, most: int) -> list[str]:
    """The first units at or below a region that are asked on a day and have no account that mail can reach."""
    reached = (
        sa.select(AccountUnit.unit_id)
        .join(Account, Account.id == AccountUnit.account_id)
        .where(AccountUnit.unit_id == Unit.id, *_reachable())
        .exists()
    )
    query = _asked([Unit.name], [], accounts=False).where(
        *on_the_ladder(day), _not_yet_done(), ~reached, within_region(Task.region_code, region)
    )
    return list(db.session.scalars(query.distinct().order_by(Unit.name).limit(most)))


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


def _asked(columns: Iterable[Any], more: Iterable[Any], accounts: bool = True) -> sa.Select[Any]:
    """Tasks with their plan and each unit that they ask: leads, else all responsible; members for their collective."""
    lead = aliased(Assignment)
    has_lead = sa.exists().where(lead.task_id == Task.id, lead.role == AssignmentRole.LEAD)
    query = (
        sa.select(*columns, *more)
        .select_from(Task)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Assignment, Assignment.task_id == Task.id)
        .outerjoin(UnitMember, UnitMember.collective_id == Assignment.unit_id)
        .join(Unit, Unit.id == sa.func.coalesce(UnitMember.member_id, Assignment.unit_id))
        .where(
            sa.or_(
                Assignment.role == AssignmentRole.LEAD,
                sa.and_(Assignment.role == AssignmentRole.RESPONSIBLE, ~has_lead),
            )
        )
    )
    if not accounts:
        return query
    # Nobody is asked about a task outside their region, where they could not open it.
    region_of_account = sa.func.substr(Task.region_code, 1, sa.func.length(Account.region_code))
    return (
        query.join(AccountUnit, AccountUnit.unit_id == Unit.id)
        .join(Account, Account.id == AccountUnit.account_id)
        .where(region_of_account == Account.region_code)
    )


def _reachable() -> list[sa.ColumnElement[bool]]:
    return [Account.role == Role.UNIT_STAFF, Account.disabled_at.is_(None), Account.email.is_not(None)]


def _not_yet_done() -> sa.ColumnElement[bool]:
    """A lead is asked until it submits the whole; another unit until its latest word since a return is done."""
    said, later = aliased(Report), aliased(Report)
    newer = sa.exists().where(later.task_id == said.task_id, later.unit_id == said.unit_id, later.id > said.id)
    done = sa.exists().where(
        said.task_id == Task.id,
        said.unit_id == Unit.id,
        said.situation == Situation.DONE,
        sa.or_(Task.returned_at.is_(None), said.at > Task.returned_at),
        ~newer,
    )
    return sa.or_(Assignment.role == AssignmentRole.LEAD, ~done)


def _recipient_columns() -> list[Any]:
    return [
        Account.id.label("account_id"),
        Account.name.label("person_name"),
        Account.email,
        Account.region_code.label("account_region"),
        Unit.name.label("unit_name"),
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


def _recipient(row: sa.Row[Any]) -> Recipient:
    return Recipient(row.account_id, row.person_name, row.email, row.account_region, row.unit_name)


def _ask(row: sa.Row[Any], step: date) -> Ask:
    return Ask(
        recipient=_recipient(row),
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
