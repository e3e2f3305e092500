"""People whom open tasks would ask and whom no mail reaches: they have no address, or the server refused it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.models import (
    Account,
    AccountUnit,
    Assignment,
    AssignmentRole,
    Plan,
    PlanState,
    RefusedAddress,
    Task,
    Unit,
    UnitMember,
    db,
)
from tracker.queries.mail_addresses import is_address
from tracker.queries.visibility import within_region
from tracker.rules.permissions import Role
from tracker.rules.reminders import REMINDED_STATES
from tracker.rules.routing import HELD_BY_ONE, Duty

REFUSAL = (RefusedAddress.answer, RefusedAddress.refused_at)


@dataclass(frozen=True)
class Unreached:
    """A person, or without one the mailbox of a unit, with the server's answer where it refused the address."""

    account_id: int | None
    unit_id: int
    name: str
    unit_name: str
    address: str | None
    answer: str | None
    refused_at: datetime | None


def unreached(region: str, most: int) -> list[Unreached]:
    """The first people at and below a region whom no mail reaches, then the mailboxes that were refused."""
    people = _people(_columns(Account.id, sa.func.min(Unit.id), Account.name, sa.func.min(Unit.name), Account.email))
    people = people.group_by(Account.id, Account.name, Account.email, *REFUSAL)
    both = sa.union_all(_within(people, region), _within(_mailboxes(), region)).subquery()
    rows = db.session.execute(
        sa.select(both).order_by(both.c.account_id.is_(None), both.c.unit_name, both.c.account_id).limit(most)
    )
    return [Unreached(*row) for row in rows]


def count_of_unreached(region: str) -> sa.ScalarSelect[int]:
    """How many people at and below a region open tasks would ask, and no mail reaches; to be asked beside others."""
    count = _within(_people(sa.select(sa.func.count(sa.distinct(Account.id)))), region)
    return count.scalar_subquery()


def refused_account(region: str, account_id: int) -> Account | None:
    """A person at or below a region by the account's number."""
    return db.session.scalar(
        sa.select(Account).where(Account.id == account_id, within_region(Account.region_code, region))
    )


def _within(query: sa.Select[Any], region: str) -> sa.Select[Any]:
    return query.where(within_region(Unit.region_code, region), Unit.disabled_at.is_(None))


def _people(query: sa.Select[Any]) -> sa.Select[Any]:
    """The rule of ``rules/routing.py`` for those who would be told if a mail reached them."""
    colleague = sa.alias(AccountUnit.__table__, "colleague")
    is_marked = sa.exists().where(colleague.c.unit_id == Unit.id, colleague.c.duty.in_(HELD_BY_ONE)).correlate(Unit)
    told = sa.or_(
        AccountUnit.duty.in_(HELD_BY_ONE),
        Assignment.handler_id == Account.id,
        sa.and_(AccountUnit.duty != Duty.HEAD, ~is_marked),
    )
    return (
        query.select_from(Account)
        .join(AccountUnit, AccountUnit.account_id == Account.id)
        .join(Unit, Unit.id == AccountUnit.unit_id)
        .outerjoin(RefusedAddress, RefusedAddress.address == Account.email)
        .where(Account.id.in_(_out_of_reach()), _is_asked(told))
    )


def _out_of_reach() -> sa.Select[int]:
    """The staff without a usable address, most often nobody: found first, so that the tasks are asked of them alone."""
    refused = sa.select(RefusedAddress.address)
    return sa.select(Account.id).where(
        Account.role == Role.UNIT_STAFF,
        Account.disabled_at.is_(None),
        sa.or_(~is_address(Account.email), Account.email.in_(refused)),
    )


def _mailboxes() -> sa.Select[Any]:
    """The refused mailboxes of units that open tasks ask."""
    columns = _columns(sa.cast(sa.null(), sa.Integer), Unit.id, Unit.name, Unit.name, Unit.mailbox)
    return columns.join(RefusedAddress, RefusedAddress.address == Unit.mailbox).where(_is_asked(sa.true()))


def _columns(account_id: Any, unit_id: Any, name: Any, unit_name: Any, address: Any) -> sa.Select[Any]:
    """The columns of a line of the list."""
    return sa.select(
        account_id.label("account_id"),
        unit_id.label("unit_id"),
        name.label("name"),
        unit_name.label("unit_name"),
        address.label("address"),
        *REFUSAL,
    )


def _is_asked(told: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether an open task asks the unit, itself or through a collective, and the person there would be told."""
    lead = sa.alias(Assignment.__table__, "lead")
    has_lead = sa.exists().where(lead.c.task_id == Task.id, lead.c.role == AssignmentRole.LEAD)
    groups = sa.select(UnitMember.collective_id).where(UnitMember.member_id == Unit.id).correlate(Unit)
    return (
        sa.select(Assignment.id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            sa.or_(Assignment.unit_id == Unit.id, Assignment.unit_id.in_(groups)),
            Plan.state == PlanState.ACTIVE,
            Task.state.in_(REMINDED_STATES),
            sa.or_(
                Assignment.role == AssignmentRole.LEAD,
                sa.and_(Assignment.role == AssignmentRole.RESPONSIBLE, ~has_lead),
            ),
            told,
        )
        .correlate(Account, AccountUnit, Unit)
        .exists()
    )
