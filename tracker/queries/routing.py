"""Whom a task asks: its units, and in each the people whom a mail reaches, as ``rules/routing.py`` says.

A unit's group robots are told beside its people, never in their place: a unit that has nobody else stays on the
office's list of those without a contact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tracker.models import (
    Account,
    AccountUnit,
    Assignment,
    AssignmentRole,
    Plan,
    PlanState,
    RefusedAddress,
    Report,
    Situation,
    Task,
    Unit,
    UnitMember,
    db,
)
from tracker.queries.robots import Told, robots_told
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.permissions import Role
from tracker.rules.robots import address_of
from tracker.rules.routing import Person, heads, told


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to in the name of an asked unit: an account, or without one the unit's own mailbox or robot."""

    account_id: int | None
    name: str
    address: str
    region_code: str
    unit_name: str
    robot_id: int | None = None

    @property
    def who(self) -> str:
        """Who gets one mail: an account, a mailbox, though two units of a region share it, or a robot."""
        return who_is(self.account_id, self.region_code, self.address)


def who_is(account_id: int | None, region: str, address: str) -> str:
    """A short name for an account, a mailbox or a robot; it stands in the reason of a mail.

    Mail servers deliver an address in capitals to the same mailbox.
    """
    if account_id is not None:
        return str(account_id)
    return f"mailbox-{hashlib.sha256(f'{region}:{address.lower()}'.encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Somebody(Person):
    """An account of an asked unit as a row of the question has it, with all that a mail to it needs."""

    recipient: Recipient


@dataclass(frozen=True)
class AskedUnit:
    """A unit that a task still asks, and whom in it a mail reaches; nobody where it has no working contact."""

    task_id: int
    unit_id: int
    unit_name: str
    recipients: list[Recipient]


def recipients_of(task_id: int) -> list[Recipient]:
    """Whom an act on a task is told: once per person, nobody while its plan is not active."""
    query = with_asked_units(recipient_columns(), [Task.id.label("task_id")])
    query = query.where(Task.id == task_id, Plan.state == PlanState.ACTIVE)
    found: dict[str, Recipient] = {}
    for _row, recipients in routed(query):
        for recipient in recipients:
            found.setdefault(recipient.who, recipient)
    return list(found.values())


def units_asked(task_ids: Collection[int]) -> list[AskedUnit]:
    """The units that each of some tasks still asks, whatever the state of task and plan: the caller's rule decides."""
    query = with_asked_units(recipient_columns(), [Task.id.label("task_id")]).where(
        Task.id.in_(task_ids), not_yet_done()
    )
    return [AskedUnit(row.task_id, row.unit_id, row.unit_name, recipients) for row, recipients in routed(query)]


def people_of(task_id: int, unit_id: int) -> list[Recipient]:
    """Whom one unit of a task is told through, whatever its part; nobody while the plan is not active."""
    query = with_parts(recipient_columns(), [Task.id.label("task_id")])
    query = query.where(Task.id == task_id, Unit.id == unit_id, Plan.state == PlanState.ACTIVE)
    return [recipient for _row, recipients in routed(query) for recipient in recipients]


def people_of_units(unit_ids: Collection[int]) -> dict[int, list[Recipient]]:
    """Whom units are told through, whatever tasks they have; members for their collective."""
    asked = aliased(Unit)
    columns = [sa.null().label("handler_id") if each is Assignment.handler_id else each for each in recipient_columns()]
    region_of_account = sa.func.substr(Unit.region_code, 1, sa.func.length(Account.region_code))
    query = (
        sa.select(*columns, asked.id.label("task_id"))
        .select_from(asked)
        .outerjoin(UnitMember, UnitMember.collective_id == asked.id)
        .join(Unit, Unit.id == sa.func.coalesce(UnitMember.member_id, asked.id))
        .outerjoin(AccountUnit, AccountUnit.unit_id == Unit.id)
        .outerjoin(Account, sa.and_(Account.id == AccountUnit.account_id, region_of_account == Account.region_code))
        .where(asked.id.in_(unit_ids), Unit.disabled_at.is_(None))
        .order_by(asked.id, Unit.id, Account.id)
    )
    found: dict[int, dict[str, Recipient]] = {}
    for row, recipients in routed(query):
        for recipient in recipients:
            found.setdefault(row.task_id, {}).setdefault(recipient.who, recipient)
    return {unit_id: list(people.values()) for unit_id, people in found.items()}


def with_asked_units(columns: Iterable[Any], more: Iterable[Any]) -> sa.Select[Any]:
    """Tasks with their plan, each unit that they ask and each of its accounts, or none.

    Asked are leads, else all responsible; members for their collective.
    """
    lead = aliased(Assignment)
    has_lead = sa.exists().where(lead.task_id == Task.id, lead.role == AssignmentRole.LEAD)
    return with_parts(columns, more).where(
        sa.or_(
            Assignment.role == AssignmentRole.LEAD,
            sa.and_(Assignment.role == AssignmentRole.RESPONSIBLE, ~has_lead),
        )
    )


def with_parts(columns: Iterable[Any], more: Iterable[Any]) -> sa.Select[Any]:
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


def routed(query: sa.Select[Any]) -> Iterator[tuple[sa.Row[Any], list[Recipient]]]:
    """Each asked unit of each task with whom in it a mail goes to: its people as the rule says, else its mailbox.

    Its robots are told as well, whoever else is.
    """
    for row, recipients, _heads in routed_with_heads(query):
        yield row, recipients


def routed_with_heads(query: sa.Select[Any]) -> Iterator[tuple[sa.Row[Any], list[Recipient], list[Recipient]]]:
    """The same, and the heads of the unit whom mail reaches: the long late tasks go up to them."""
    rows = db.session.execute(query).all()
    robots = robots_told() if rows else {}
    for _key, group in groupby(rows, key=lambda row: (row.task_id, row.unit_id)):
        of_unit = list(group)
        people = {row.account_id: _somebody(row) for row in of_unit if row.account_id is not None}
        # Who handles one part of the unit handles the task for it, whatever its other parts say.
        for row in of_unit:
            if row.account_id is not None and row.account_id == row.handler_id:
                people[row.account_id] = _somebody(row)
        known = list(people.values())
        found = [each.recipient for each in told(known)] or _mailbox(of_unit[0])
        found += [_robot(of_unit[0], each) for each in robots.get(of_unit[0].unit_id, ())]
        yield of_unit[0], found, [each.recipient for each in heads(known)]


def _mailbox(row: sa.Row[Any]) -> list[Recipient]:
    """The mailbox of a unit. Its reader is greeted as whoever in the unit handles the matter."""
    if not is_mail_address(row.mailbox or "") or row.mailbox_is_refused:
        return []
    return [Recipient(None, f"{row.unit_name}经办", row.mailbox, row.unit_region, row.unit_name)]


def _robot(row: sa.Row[Any], robot: Told) -> Recipient:
    """The group of a unit, which is greeted as the unit."""
    return Recipient(None, row.unit_name, address_of(robot.id), row.unit_region, row.unit_name, robot.id)


def not_yet_done() -> sa.ColumnElement[bool]:
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


def recipient_columns() -> list[Any]:
    """What a question must name of an account and its unit for ``routed``."""
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
        is_refused(Account.email).label("email_is_refused"),
        is_refused(Unit.mailbox).label("mailbox_is_refused"),
    ]


def is_refused(address: sa.ColumnElement[Any] | InstrumentedAttribute[Any]) -> sa.ColumnElement[bool]:
    """Whether a mail server refused an address for good."""
    return sa.exists().where(RefusedAddress.address == address)


def _somebody(row: sa.Row[Any]) -> Somebody:
    is_in = row.account_role is Role.UNIT_STAFF and row.account_disabled_at is None
    return Somebody(
        duty=row.duty,
        is_handler=row.account_id == row.handler_id,
        is_reachable=is_in and is_mail_address(row.email or "") and not row.email_is_refused,
        recipient=Recipient(row.account_id, row.person_name, row.email or "", row.account_region, row.unit_name),
    )
