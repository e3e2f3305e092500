"""Units as their pages show them: who they are, what they have to do, whom a mail to them reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.models import (
    Account,
    AccountUnit,
    Assignment,
    AssignmentRole,
    Plan,
    PlanState,
    Task,
    Unit,
    UnitAlias,
    UnitMember,
    db,
)
from tracker.queries.mail_addresses import is_address
from tracker.queries.paging import Page, page_of
from tracker.queries.routing import is_refused
from tracker.queries.visibility import within_region
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role
from tracker.rules.routing import HELD_BY_ONE, Duty
from tracker.rules.search import words_of

OPEN_STATES = (State.NOT_STARTED, State.IN_PROGRESS, State.SUBMITTED)
MOST_TASKS = 20
MOST_UNITS = 1000


@dataclass
class Standing:
    """What a list says of a unit: how many open tasks it leads or has another part in, and its people by duty."""

    leads: int = 0
    parts: int = 0
    people: dict[Duty, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def accounts(self) -> int:
        """How many people can sign in for the unit."""
        return sum(len(names) for names in self.people.values())


@dataclass(frozen=True)
class UnitPerson:
    """An account of a unit with what it is to it."""

    account: Account
    duty: Duty


def units_page(region: str, q: str, number: int) -> Page[Unit]:
    """A page of the units at or below a region by name, those merged into another left out, narrowed by a text."""
    query = sa.select(Unit).where(within_region(Unit.region_code, region), Unit.merged_into_id.is_(None))
    if q:
        for words in words_of(q):
            alias = Unit.aliases.any(UnitAlias.folded.contains(words, autoescape=True))
            query = query.where(sa.or_(Unit.folded.contains(words, autoescape=True), alias))
    return page_of(query.order_by(Unit.region_code, Unit.name), number)


def standings_of(unit_ids: Collection[int]) -> dict[int, Standing]:
    """The standing of each of some units, in two questions."""
    found = {unit_id: Standing() for unit_id in unit_ids}
    parts = (
        sa.select(Assignment.unit_id, Assignment.role, sa.func.count(sa.distinct(Task.id)))
        .join(Task, Task.id == Assignment.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Assignment.unit_id.in_(unit_ids), *_is_open())
        .group_by(Assignment.unit_id, Assignment.role)
    )
    for unit_id, role, count in db.session.execute(parts):
        if role is AssignmentRole.LEAD:
            found[unit_id].leads += count
        else:
            found[unit_id].parts += count
    people = (
        sa.select(AccountUnit.unit_id, AccountUnit.duty, Account.name)
        .join(Account, Account.id == AccountUnit.account_id)
        .where(AccountUnit.unit_id.in_(unit_ids), Account.disabled_at.is_(None))
        .order_by(Account.id)
    )
    for unit_id, duty, name in db.session.execute(people):
        found[unit_id].people[duty].append(name)
    return found


def unit_in(region: str, unit_id: int) -> Unit | None:
    """A unit at or below a region with its aliases and members."""
    query = sa.select(Unit).where(Unit.id == unit_id, within_region(Unit.region_code, region))
    return db.session.scalar(
        query.options(selectinload(Unit.aliases), selectinload(Unit.members), selectinload(Unit.collectives))
    )


def units_beside(unit: Unit) -> list[Unit]:
    """The other units of a unit's region that still are, by name."""
    query = sa.select(Unit).where(Unit.region_code == unit.region_code, Unit.id != unit.id)
    return list(db.session.scalars(query.where(Unit.disabled_at.is_(None)).order_by(Unit.name).limit(MOST_UNITS)))


def named_otherwise(region: str, names: Collection[str], but: int | None) -> dict[str, Unit]:
    """Those of some names that mean another unit of the region already, by its name or an alias."""
    theirs = sa.select(Unit).where(Unit.region_code == region, Unit.name.in_(names))
    found = {unit.name: unit for unit in db.session.scalars(theirs) if unit.id != but}
    aliases = sa.select(UnitAlias).where(UnitAlias.region_code == region, UnitAlias.alias.in_(names))
    for each in db.session.scalars(aliases.options(selectinload(UnitAlias.unit))):
        if each.unit_id != but:
            found[each.alias] = each.unit
    return {name: unit for name, unit in found.items() if unit.merged_into_id is None or unit.merged_into_id != but}


def people_of(unit: Unit) -> list[UnitPerson]:
    """The accounts of a unit that may still sign in, with their duties."""
    query = (
        sa.select(Account, AccountUnit.duty)
        .join(AccountUnit, AccountUnit.account_id == Account.id)
        .where(AccountUnit.unit_id == unit.id, Account.disabled_at.is_(None))
        .order_by(Account.id)
    )
    return [UnitPerson(account, duty) for account, duty in db.session.execute(query)]


def open_tasks_of(unit: Unit) -> list[Task]:
    """The first open tasks of active plans in which a unit has a part."""
    query = sa.select(Task).join(Plan, Plan.id == Task.plan_id).where(*_is_open())
    query = query.where(Task.id.in_(sa.select(Assignment.task_id).where(Assignment.unit_id == unit.id)))
    return list(db.session.scalars(query.order_by(Task.due_on, Task.id).limit(MOST_TASKS + 1)))


def units_without_contact(region: str, most: int) -> Sequence[Unit]:
    """The first units at or below a region that have open tasks and nobody whom a mail would reach."""
    return db.session.scalars(sa.select(Unit).where(*_unreached(region)).order_by(Unit.name).limit(most)).all()


def count_without_contact(region: str) -> int:
    """How many units at or below a region have open tasks and nobody whom a mail would reach."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Unit).where(*_unreached(region))) or 0


def _is_open() -> list[sa.ColumnElement[bool]]:
    return [Plan.state == PlanState.ACTIVE, Task.state.in_(OPEN_STATES)]


def _unreached(region: str) -> list[sa.ColumnElement[bool]]:
    """The rule of ``rules/routing.py`` for a unit as a whole: who handles a single task is left out of it."""
    groups = sa.select(UnitMember.collective_id).where(UnitMember.member_id == Unit.id).correlate(Unit)
    has_part = (
        sa.select(Assignment.id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(sa.or_(Assignment.unit_id == Unit.id, Assignment.unit_id.in_(groups)), *_is_open())
        .correlate(Unit)
        .exists()
    )
    marked = _account_of_unit(AccountUnit.duty.in_(HELD_BY_ONE))
    contact = _account_of_unit(AccountUnit.duty.in_(HELD_BY_ONE), *_reachable())
    anybody = _account_of_unit(AccountUnit.duty != Duty.HEAD, *_reachable())
    reached = sa.or_(
        contact,
        sa.and_(~marked, anybody),
        sa.and_(is_address(Unit.mailbox), ~is_refused(Unit.mailbox)),
    )
    return [
        within_region(Unit.region_code, region),
        Unit.merged_into_id.is_(None),
        # A collective unit with members is reached through them.
        ~sa.exists().where(UnitMember.collective_id == Unit.id),
        sa.or_(Unit.disabled_at.is_not(None), ~reached),
        has_part,
    ]


def _account_of_unit(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    region_of_account = sa.func.substr(Unit.region_code, 1, sa.func.length(Account.region_code))
    return (
        sa.select(AccountUnit.account_id)
        .join(Account, Account.id == AccountUnit.account_id)
        .where(AccountUnit.unit_id == Unit.id, region_of_account == Account.region_code, *conditions)
        .correlate(Unit)
        .exists()
    )


def _reachable() -> list[sa.ColumnElement[bool]]:
    return [
        Account.role == Role.UNIT_STAFF,
        Account.disabled_at.is_(None),
        is_address(Account.email),
        ~is_refused(Account.email),
    ]


def named_in(unit_ids: Collection[int]) -> list[Unit]:
    """Some units by their ids."""
    return list(db.session.scalars(sa.select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.name)))
