"""Store the units and schools that a plan names, each once in its region."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.documents.plan_shape import PlanSeed, UnitSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import School, Unit, UnitAlias, db


def store_units(seed: PlanSeed) -> dict[str, Unit]:
    """The units of a plan by every name they go by; known units of the region are used again and learn new aliases."""
    known = _known_units(seed.region)
    used: dict[int, str] = {}
    for each in seed.units:
        names, place = (each.name, *each.aliases), f"{seed.file}, units ({each.name})"
        unit = _known_by(names, known, place) or _new(each, seed.region)
        if unit.id in used:
            raise SeedError(f"{place}: is known as {unit.name}, and so is {used[unit.id]!r}: join the two")
        used[unit.id] = each.name
        for name in names:
            if name not in known and name != unit.name:
                unit.aliases.append(UnitAlias(region_code=seed.region, alias=name))
            known[name] = unit
    for each in seed.units:
        collective = known[each.name]
        collective.members += [known[name] for name in each.members if known[name] not in collective.members]
    db.session.flush()
    return known


def _known_by(names: tuple[str, ...], known: dict[str, Unit], place: str) -> Unit | None:
    found = {known[name].id: known[name] for name in names if name in known}
    if len(found) > 1:
        meant = "、".join(unit.name for unit in found.values())
        raise SeedError(f"{place}: its names mean {len(found)} known units, {meant}: merge them first")
    return next(iter(found.values()), None)


def _new(seed: UnitSeed, region: str) -> Unit:
    unit = Unit(region_code=region, name=seed.name, full_name=seed.full_name, kind=seed.kind)
    db.session.add(unit)
    db.session.flush()
    return unit


def _known_units(region: str) -> dict[str, Unit]:
    units = {unit.name: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.region_code == region))}
    for alias in db.session.scalars(sa.select(UnitAlias).where(UnitAlias.region_code == region)):
        units[alias.alias] = alias.unit
    return units


def store_schools(seed: PlanSeed) -> dict[str, School]:
    """The schools of the region by name, those that the plan builds for among them."""
    schools = {
        school.name: school for school in db.session.scalars(sa.select(School).where(School.region_code == seed.region))
    }
    for task in seed.tasks:
        for each in task.project.schools if task.project else []:
            if each.name not in schools:
                schools[each.name] = School(region_code=seed.region, name=each.name)
                db.session.add(schools[each.name])
    db.session.flush()
    return schools
