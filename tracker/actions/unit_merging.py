"""Two units that are one: all that refers to the one moves to the other, in one transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.actions.record import Actor, record
from tracker.actions.units import claim_unit, lock_names
from tracker.models import (
    Account,
    AccountUnit,
    Assignment,
    Duty,
    OutboxMail,
    Robot,
    Task,
    Unit,
    UnitAlias,
    UnitMember,
    Wait,
    db,
)
from tracker.queries.unit_references import REFERENCES, Reference, counted_references, tasks_of_references
from tracker.rules.mail_addresses import masked
from tracker.rules.routing import HELD_BY_ONE


class CannotMerge(Exception):
    """The two are one already, of different regions, or the one that would stay is gone."""


def merge_units(actor: Actor, unit: Unit, version: int, into: Unit, now: datetime) -> None:
    """Let a unit go on as another: its references and names move, its row stays and points there.

    Its mailbox goes along where the other has none. Overviews that were issued keep the names that they were frozen
    with. Raises StaleUnit, CannotMerge.
    """
    lock_names(unit.region_code)
    claim_unit(unit, version)
    db.session.refresh(into)
    if into.id == unit.id or into.region_code != unit.region_code or into.merged_into_id or into.disabled_at:
        raise CannotMerge
    moved, name = counted_references(unit.id), unit.name
    taken = None if into.mailbox else unit.mailbox
    # First of all: whoever is about to say something for the old unit waits here, and is stale afterwards.
    tasks = _touch_tasks(unit.id)
    _settle(unit, into, now)
    for reference in REFERENCES:
        _move(reference, unit.id, into.id)
    _keep_names(unit, into)
    _write(sa.update(Unit).where(Unit.id == unit.id).values(merged_into_id=into.id, disabled_at=now))
    _write(sa.update(Unit).where(Unit.id == into.id).values(version=Unit.version + 1, mailbox=taken or into.mailbox))
    db.session.expire_all()
    record(
        actor,
        "merge_units",
        now,
        obj=("unit", str(unit.id)),
        region=into.region_code,
        before={"unit": name},
        after={
            "unit": into.name,
            "tasks": tasks,
            **({"mailbox": masked(taken)} if taken else {}),
            **{key: count for key, count in moved.items() if count},
        },
    )


def _touch_tasks(unit_id: int) -> int:
    """Raise the versions of the tasks that name the unit; how many they are."""
    found = tasks_of_references(unit_id).subquery()
    touched = sa.update(Task).where(Task.id.in_(sa.select(found.c[0]))).values(version=Task.version + 1)
    accounts = sa.select(AccountUnit.account_id).where(AccountUnit.unit_id == unit_id)
    _write(sa.update(Account).where(Account.id.in_(accounts)).values(version=Account.version + 1))
    return _write(touched)


def _settle(unit: Unit, into: Unit, now: datetime) -> None:
    """Mend what two rows say differently before they become one."""
    twin = aliased(Assignment)
    part = (
        sa.select(Assignment.handler_id)
        .where(Assignment.unit_id == unit.id, Assignment.task_id == twin.task_id, Assignment.role == twin.role)
        .scalar_subquery()
    )
    _write(sa.update(twin).where(twin.unit_id == into.id, twin.handler_id.is_(None)).values(handler_id=part))
    _settle_duties(unit.id, into.id)
    _settle_robots(unit.id, into.id)
    _end_waits(unit.id, into.id, now)
    both = (unit.id, into.id)
    _write(sa.delete(UnitMember).where(UnitMember.collective_id.in_(both), UnitMember.member_id.in_(both)))


def _settle_duties(unit_id: int, into_id: int) -> None:
    """One contact and one deputy: those of the unit that stays keep their duty, others take up what is free."""
    rows = list(db.session.scalars(sa.select(AccountUnit).where(AccountUnit.unit_id.in_((unit_id, into_id)))))
    staying = {row.account_id: row for row in rows if row.unit_id == into_id}
    held = {row.duty for row in staying.values() if row.duty in HELD_BY_ONE}
    for row in rows:
        if row.unit_id == unit_id and row.duty in held:
            row.duty = Duty.STAFF
        twin = staying.get(row.account_id)
        if row.unit_id == unit_id and twin and twin.duty is Duty.STAFF:
            twin.duty = row.duty
    db.session.flush()


def _settle_robots(unit_id: int, into_id: int) -> None:
    """One robot for each service: that of the unit that stays, unless it alone is stopped or removed.

    The messages of the other keep its address: what was sent stays told, and what waits is for nobody any more.
    """
    rows = list(db.session.scalars(sa.select(Robot).where(Robot.unit_id.in_((unit_id, into_id)))))
    staying = {row.kind: row for row in rows if row.unit_id == into_id}
    for row in rows:
        twin = staying.get(row.kind)
        if row.unit_id == into_id or twin is None:
            continue
        kept, dropped = (row, twin) if twin.disabled_at and not row.disabled_at else (twin, row)
        _write(sa.update(OutboxMail).where(OutboxMail.robot_id == dropped.id).values(robot_id=kept.id))
        _write(sa.delete(Robot).where(Robot.id == dropped.id))
        db.session.expunge(dropped)
    db.session.flush()


def _end_waits(unit_id: int, into_id: int, now: datetime) -> None:
    """End what would stand twice, or wait for itself."""
    other = aliased(Wait)
    twice = sa.exists().where(other.task_id == Wait.task_id, other.unit_id == into_id, other.ended_at.is_(None))
    both = (unit_id, into_id)
    itself = sa.and_(Wait.unit_id.in_(both), Wait.by_unit_id.in_(both))
    ended = sa.or_(sa.and_(Wait.unit_id == unit_id, twice), itself)
    _write(sa.update(Wait).where(Wait.ended_at.is_(None), ended).values(ended_at=now))


def _move(reference: Reference, unit_id: int, into_id: int) -> None:
    """Let the rows of a reference name the other unit; one that stands there already is dropped."""
    column = reference.column
    if reference.beside:
        twin = aliased(reference.model)
        same = [getattr(twin, each.key) == each for each in reference.beside]
        double = sa.exists().where(getattr(twin, column.key) == into_id, *same)
        _write(sa.delete(reference.model).where(column == unit_id, double))
    _write(sa.update(reference.model).where(column == unit_id).values({column.key: into_id}))


def _keep_names(unit: Unit, into: Unit) -> None:
    """The name of the unit that goes becomes an alias of the one that stays."""
    region, names = into.region_code, (unit.name, into.name)
    _write(sa.delete(UnitAlias).where(UnitAlias.region_code == region, UnitAlias.alias.in_(names)))
    db.session.add(UnitAlias(unit_id=into.id, region_code=region, alias=unit.name))
    db.session.flush()


def _write(statement: sa.Update | sa.Delete) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
