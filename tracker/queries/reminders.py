"""Whom the open tasks ask, and what was announced to them: the rules of ``rules/reminders.py`` in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.models import (
    ADDRESS_REFUSED,
    EXPIRED,
    UNREADABLE,
    Account,
    MailState,
    OutboxItem,
    OutboxMail,
    Plan,
    PlanState,
    Report,
    Task,
    db,
)
from tracker.queries.holds import WAITING
from tracker.queries.ladders import ladders
from tracker.queries.routing import (
    Recipient,
    not_yet_done,
    recipient_columns,
    routed_with_heads,
    who_is,
    with_asked_units,
)
from tracker.queries.visibility import within_regions
from tracker.rules.ladders import Ladders
from tracker.rules.lifecycle import State
from tracker.rules.reminders import REMINDED_STATES

DIGEST = "digest"
# It never left us: once what kept it here is mended, it is told again.
NEVER_LEFT = (EXPIRED, UNREADABLE, ADDRESS_REFUSED)


@dataclass(frozen=True)
class Ask:
    """A task that asks a person on a day; ``step_on`` is the step of the ladder that has been reached.

    With ``late_for`` it goes up to the head of a unit that still answers for it, as it is late by so many days.
    """

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
    late_for: int | None = None

    @property
    def to_head(self) -> bool:
        """Whether the person is told as head of the unit, not asked to handle it."""
        return self.late_for is not None

    @property
    def matter(self) -> Matter:
        """What a mail announces a step of."""
        return (self.recipient.who, self.task_id, self.due_on)


Matter = tuple[str, int, date | None]
"""Who is told, of which task, with which deadline."""


@dataclass(frozen=True)
class Asking:
    """What is on its ladder on a day: whom it asks, and the units where it reaches nobody.

    ``unreached`` are units in which no mail reaches anybody, ``headless`` units without a head whom mail reaches though
    something is to go up to one; each by its id.
    """

    asks: list[Ask]
    unreached: dict[int, str]
    headless: dict[int, str]


def asks(
    day: date,
    *,
    regions: Collection[str] | None = None,
    who: Collection[str] | None = None,
    task_ids: Collection[int] | None = None,
    by: Ladders | None = None,
) -> list[Ask]:
    """Everything on its ladder on a day and whom it asks, once per person and task.

    Narrowed to the recipients of some regions, to some recipients or to some tasks; ``by`` other ladders than those
    that hold.
    """
    found = asking(day, regions=regions, task_ids=task_ids, by=by).asks
    return found if who is None else [ask for ask in found if ask.recipient.who in who]


def asking(
    day: date,
    *,
    regions: Collection[str] | None = None,
    task_ids: Collection[int] | None = None,
    by: Ladders | None = None,
) -> Asking:
    """The same with the units where it reaches nobody. Who handles a task and heads the unit is asked, not told of it.

    ``regions`` are those of the recipients; nobody is asked about a task outside their region.
    """
    by = by or ladders()
    query = with_asked_units(recipient_columns(), _task_columns()).where(*on_the_ladder(day, by.reach), not_yet_done())
    if regions is not None:
        query = query.where(within_regions(Task.region_code, regions))
    if task_ids is not None:
        query = query.where(Task.id.in_(task_ids))
    asked: dict[tuple[str, int], Ask] = {}
    escalated: dict[tuple[str, int], Ask] = {}
    unreached: dict[int, str] = {}
    headless: dict[int, str] = {}
    for row, recipients, heads in routed_with_heads(query):
        ladder, is_here = by.of(row.region_code), regions is None or row.unit_region in regions
        if step := ladder.step_on(row.due_on, row.late_from, day):
            for each in recipients:
                asked.setdefault((each.who, row.task_id), _ask(row, each, step))
            if is_here and not recipients:
                unreached[row.unit_id] = row.unit_name
        if step := ladder.head_step_on(row.due_on, row.late_from, row.held_days, day):
            for each in heads:
                escalated.setdefault((each.who, row.task_id), _ask(row, each, step, ladder.head_after))
            if is_here and not heads:
                headless[row.unit_id] = row.unit_name
    found = [*asked.values(), *(ask for key, ask in escalated.items() if key not in asked)]
    here = [ask for ask in found if regions is None or ask.recipient.region_code in regions]
    return Asking(here, unreached, headless)


def announced(day: date, longest: timedelta, regions: Collection[str] | None = None) -> dict[Matter, date]:
    """The latest step of each matter, still present on a day, that a mail to the present address announces.

    ``longest`` is how long a step may last. Narrowed to the recipients of some regions.
    """
    told = sa.or_(
        OutboxMail.state.in_((*WAITING, MailState.SENT)),
        # Its address refused it: telling it again every day would change nothing.
        sa.and_(OutboxMail.state == MailState.DEAD, OutboxMail.last_answer.not_in(NEVER_LEFT)),
    )
    columns = (OutboxMail.account_id, OutboxMail.region_code, OutboxMail.address, OutboxItem.task_id, OutboxItem.due_on)
    query = (
        sa.select(*columns, sa.func.max(OutboxItem.step_on))
        .join(OutboxItem, OutboxItem.mail_id == OutboxMail.id)
        .outerjoin(Account, Account.id == OutboxMail.account_id)
        .where(OutboxMail.kind == DIGEST, told, OutboxItem.step_on >= day - longest)
        # A mailbox that was changed is another mailbox; an account that changed its address stays who it is.
        .where(sa.or_(OutboxMail.account_id.is_(None), Account.email == OutboxMail.address))
        .group_by(*columns)
    )
    if regions is not None:
        mailbox = sa.and_(OutboxMail.account_id.is_(None), OutboxMail.region_code.in_(regions))
        query = query.where(sa.or_(mailbox, Account.region_code.in_(regions)))
    # In the order of the steps the latest stays: one person may have been told in the name of two regions.
    rows: Iterable[Any] = db.session.execute(query.order_by(sa.func.max(OutboxItem.step_on)))
    return {(who_is(*row[:3]), row[3], row[4]): row[5] for row in rows}


def updates_since(instant: datetime, accounts: Collection[int] | None = None) -> dict[int, int]:
    """The number of tasks that each account, or each of some, has reported on since an instant."""
    query = sa.select(Report.account_id, sa.func.count(sa.distinct(Report.task_id))).where(
        Report.at >= instant, Report.withdrawn_at.is_(None)
    )
    if accounts is not None:
        query = query.where(Report.account_id.in_(accounts))
    return dict(db.session.execute(query.group_by(Report.account_id)).all())


def on_the_ladder(day: date, reach: timedelta) -> list[sa.ColumnElement[bool]]:
    """Open tasks of active plans, with a deadline that nobody doubts, in reach of a ladder on a day."""
    return [
        Plan.state == PlanState.ACTIVE,
        Task.light_fixed.is_(None),
        Task.state.in_(REMINDED_STATES),
        Task.due_on <= day + reach,
        # Follows from the line above; it is the one that has an index.
        Task.late_from <= day + reach + timedelta(days=1),
    ]


def _task_columns() -> list[Any]:
    return [
        Task.id.label("task_id"),
        Task.key,
        Task.region_code,
        Task.number,
        Task.title,
        Task.requirement,
        Task.state,
        Task.due_on,
        Task.late_from,
        Task.held_days,
        Task.returned_on,
    ]


def _ask(row: sa.Row[Any], recipient: Recipient, step: date, late_for: int | None = None) -> Ask:
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
        late_for=late_for,
    )
