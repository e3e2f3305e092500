"""Store the units and schools that a plan names, each once in its region."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.documents.plan_shape import PlanSeed, UnitSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import School, Unit, UnitAlias, UnitKind, db
from tracker.queries.plan_names import schools_by_name, units_by_name


def store_units(seed: PlanSeed) -> dict[str, Unit]:
    """The units of a plan by every name they go by; known units of the region are used again and learn new aliases."""
    known = units_by_name(seed.region)
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


def store_schools(seed: PlanSeed) -> dict[str, School]:
    """The schools of the region by name, those that the plan builds for among them."""
    schools = schools_by_name(seed.region)
    add_schools(
        seed.region, schools, (each.name for task in seed.tasks if task.project for each in task.project.schools)
    )
    return schools


def add_schools(region: str, schools: dict[str, School], names: Iterable[str]) -> None:
    """Add the schools of these names that the region does not know yet."""
    for name in names:
        if name not in schools:
            schools[name] = School(region_code=region, name=name)
            db.session.add(schools[name])
    db.session.flush()


def add_units(region: str, units: dict[str, Unit], names: Iterable[str], kind: UnitKind) -> list[Unit]:
    """Add units that somebody has confirmed to be new; a name that is known by now is left alone."""
    added = [Unit(region_code=region, name=name, kind=kind) for name in dict.fromkeys(names) if name not in units]
    db.session.add_all(added)
    db.session.flush()
    units |= {unit.name: unit for unit in added}
    return added
