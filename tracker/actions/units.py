"""What the office and administrators do to units: make, change, disable, delete, name their contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import AccountUnit, Duty, Region, Unit, UnitAlias, UnitKind, db
from tracker.queries.unit_references import is_referred_to
from tracker.queries.units import named_otherwise
from tracker.rules.mail_addresses import masked


class StaleUnit(Exception):
    """Somebody else saved the unit after this form was opened."""


class UnitInUse(Exception):
    """Something refers to the unit: it may be disabled, not deleted."""


class NameTaken(Exception):
    """A name or alias means another unit of the region already."""

    def __init__(self, name: str, unit_name: str) -> None:
        super().__init__(f"{name}: {unit_name}")
        self.name = name
        self.unit_name = unit_name


@dataclass(frozen=True)
class UnitFacts:
    """What a form or a sheet says of a unit."""

    name: str
    full_name: str | None
    kind: UnitKind
    mailbox: str | None
    aliases: Sequence[str] = ()
    members: Sequence[Unit] = ()


def create_unit(actor: Actor, region: str, said: UnitFacts, now: datetime) -> Unit:
    """A new unit of a region. Raises NameTaken."""
    lock_names(region)
    _refuse_taken(region, said, None)
    unit = Unit(region_code=region, name=said.name, kind=said.kind)
    db.session.add(unit)
    _set(unit, said)
    _note(actor, "create_unit", unit, now, None)
    return unit


def change_unit(actor: Actor, unit: Unit, version: int, said: UnitFacts, now: datetime) -> None:
    """Set what is known of a unit. Raises StaleUnit, NameTaken."""
    lock_names(unit.region_code)
    before = facts_of(unit)
    claim_unit(unit, version)
    _refuse_taken(unit.region_code, said, unit.id)
    _set(unit, said)
    _note(actor, "change_unit", unit, now, before)


def disable_unit(actor: Actor, unit: Unit, version: int, now: datetime) -> None:
    """Offer a unit no more and tell it nothing; what refers to it stays. Raises StaleUnit."""
    before = facts_of(unit)
    claim_unit(unit, version)
    unit.disabled_at = now
    _note(actor, "disable_unit", unit, now, before)


def enable_unit(actor: Actor, unit: Unit, version: int, now: datetime) -> None:
    """Offer a disabled unit again. Raises StaleUnit."""
    before = facts_of(unit)
    claim_unit(unit, version)
    unit.disabled_at = None
    _note(actor, "enable_unit", unit, now, before)


def delete_unit(actor: Actor, unit: Unit, version: int, now: datetime) -> None:
    """Delete a unit to which nothing refers. Raises StaleUnit, UnitInUse."""
    lock_names(unit.region_code)
    before, key = facts_of(unit), (str(unit.id), unit.region_code)
    claim_unit(unit, version)
    if is_referred_to(unit.id):
        raise UnitInUse
    db.session.delete(unit)
    db.session.flush()
    record(actor, "delete_unit", now, obj=("unit", key[0]), region=key[1], before=before, after={"name": None})


def set_duties(actor: Actor, unit: Unit, version: int, duties: Mapping[int, Duty], now: datetime) -> None:
    """Say what each account is to its unit; who is not named is staff. Raises StaleUnit."""
    claim_unit(unit, version)
    rows = list(db.session.scalars(sa.select(AccountUnit).where(AccountUnit.unit_id == unit.id)))
    before = _duties(rows)
    for row in rows:
        row.duty = duties.get(row.account_id, Duty.STAFF)
    db.session.flush()
    _record(actor, "set_duties", unit, now, before, _duties(rows))


def lock_names(region: str) -> None:
    """Let those who give names in a region follow one another, so that no name comes to mean two units."""
    db.session.execute(sa.select(Region.code).where(Region.code == region).with_for_update())


def claim_unit(unit: Unit, version: int) -> None:
    """Take the next version of the unit, or raise StaleUnit; a unit merged into another is always stale."""
    claimed = db.session.execute(
        sa.update(Unit)
        .where(Unit.id == unit.id, Unit.version == version, Unit.merged_into_id.is_(None))
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleUnit
    db.session.refresh(unit)


def facts_of(unit: Unit) -> dict[str, object]:
    """What an event says of a unit."""
    return {
        "name": unit.name,
        "full_name": unit.full_name,
        "kind": unit.kind.value,
        "mailbox": masked(unit.mailbox),
        "aliases": [each.alias for each in unit.aliases],
        "members": [each.name for each in unit.members],
        "disabled_at": unit.disabled_at,
    }


def _refuse_taken(region: str, said: UnitFacts, own: int | None) -> None:
    taken = named_otherwise(region, [said.name, *said.aliases], own)
    for name, unit in taken.items():
        raise NameTaken(name, unit.name)


def _set(unit: Unit, said: UnitFacts) -> None:
    unit.name, unit.full_name, unit.kind, unit.mailbox = said.name, said.full_name, said.kind, said.mailbox
    wanted = [alias for alias in dict.fromkeys(said.aliases) if alias != said.name]
    kept = [each for each in unit.aliases if each.alias in wanted]
    known = {each.alias for each in kept}
    unit.aliases = kept + [UnitAlias(region_code=unit.region_code, alias=a) for a in wanted if a not in known]
    unit.members = [each for each in said.members if each is not unit] if said.kind is UnitKind.COLLECTIVE else []
    db.session.flush()


def _duties(rows: Sequence[AccountUnit]) -> dict[str, object]:
    return {str(row.account_id): row.duty.value for row in rows if row.duty is not Duty.STAFF}


def _note(actor: Actor, act: str, unit: Unit, now: datetime, before: dict[str, object] | None) -> None:
    db.session.flush()
    _record(actor, act, unit, now, before, facts_of(unit))


def _record(
    actor: Actor, act: str, unit: Unit, now: datetime, before: dict[str, object] | None, after: dict[str, object]
) -> None:
    obj = ("unit", str(unit.id))
    record(actor, act, now, obj=obj, region=unit.region_code, before=before, after={"unit": unit.name, **after})
