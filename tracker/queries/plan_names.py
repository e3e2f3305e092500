"""What the words of a plan may name: the units and schools of its region, phases, indicators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from tracker.models import Indicator, Phase, Plan, School, Unit, UnitAlias, db
from tracker.queries.indicators import national_indicators


@dataclass(frozen=True)
class PlanNames:
    """Everything by the name that a plan calls it by: units by every name they go by, phases by number."""

    units: dict[str, Unit]
    schools: dict[str, School]
    phases: dict[str, Phase]
    national: dict[str, Indicator]


def names_of(plan: Plan) -> PlanNames:
    """What the tasks of a plan may name."""
    return PlanNames(
        units=units_by_name(plan.region_code),
        schools=schools_by_name(plan.region_code),
        phases={phase.number: phase for phase in plan.phases},
        national=national_by_code(),
    )


def units_by_name(region: str) -> dict[str, Unit]:
    """The units of a region by name and alias; a name of a unit that went into another means that other."""
    rows = {unit.id: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.region_code == region))}
    by_name = {unit.name: unit for unit in rows.values()}
    aliases = sa.select(UnitAlias.alias, UnitAlias.unit_id).where(UnitAlias.region_code == region)
    by_name |= {alias: rows[unit_id] for alias, unit_id in db.session.execute(aliases)}
    return {name: _in_force(unit, rows) for name, unit in by_name.items()}


def _in_force(unit: Unit, rows: dict[int, Unit]) -> Unit:
    """The unit that stands for one that was merged, through any number of mergers."""
    seen = {unit.id}
    while unit.merged_into_id and unit.merged_into_id in rows and unit.merged_into_id not in seen:
        unit = rows[unit.merged_into_id]
        seen.add(unit.id)
    return unit


def schools_by_name(region: str) -> dict[str, School]:
    """The schools of a region."""
    return {school.name: school for school in db.session.scalars(sa.select(School).where(School.region_code == region))}


def national_by_code() -> dict[str, Indicator]:
    """The national items by code, in their order."""
    return {item.code: item for item in national_indicators()}


def names_in_use(units: Iterable[Unit]) -> list[str]:
    """The names to offer while somebody types: those of units that still act, in their order."""
    return sorted({unit.name for unit in units if not unit.disabled_at and not unit.merged_into_id})
