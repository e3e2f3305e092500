"""Store frameworks from their seeds: the national standard, and the lists of plans with their vetoes.

Loading again brings a shared framework to what its file says now; an office's own copies stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.documents.framework_seed import standard_from
from tracker.documents.plan_shape import FrameworkSeed, IndicatorSeed, PartSeed, PlanSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import (
    NATIONAL,
    Contribution,
    Framework,
    Indicator,
    IndicatorPart,
    ReportedValue,
    Task,
    Veto,
    db,
)
from tracker.queries.plan_names import national_by_code
from tracker.queries.standards import framework_by_code, national_standard, standard_of
from tracker.rules.standard_entries import FaultyStandard


def store_framework(seed: FrameworkSeed) -> bool:
    """Store a framework, or bring the shared one of its code to what the seed says; False where nothing changed.

    Rows keep their ids. Raises SeedError for faults in its conditions, and where it drops an item that something names;
    then nothing was stored.
    """
    national = None if seed.code == NATIONAL else national_standard()
    standard_from(seed, national)
    framework = framework_by_code(seed.code)
    if framework is not None and framework.region_code is not None:
        return False
    if framework is None:
        framework = Framework(code=seed.code)
        db.session.add(framework)
    else:
        _drops_nothing_named(framework, seed)
        _read_parts(framework)
    changed = _write(framework, name=seed.name, name_en=seed.name_en, terms=seed.terms, figures=seed.figures)
    with db.session.no_autoflush:
        changed = _write_items(framework, seed) or changed
    is_known = framework.id is not None
    db.session.flush()
    changed = _write_vetoes(framework, seed.vetoes) or changed
    if changed and is_known:
        framework.version += 1
        db.session.flush()
    _is_readable(framework, seed)
    return changed


def named(items: dict[str, Indicator], code: str | None, place: str) -> Indicator | None:
    """The national item of a code; None for none. Raises SeedError for a code that no item has."""
    if code is None:
        return None
    if code not in items:
        raise SeedError(f"{place}: {code!r} is unknown: use a national code such as R1, G5, Q9 or S1")
    return items[code]


def framework_of(seed: PlanSeed) -> Framework | None:
    """The list that a plan judges by: the one that it names or brings; None for the national one. Raises SeedError."""
    if seed.indicators:
        own = FrameworkSeed(seed.file, seed.code, seed.title, indicators=seed.indicators, vetoes=seed.vetoes)
        store_framework(own)
        return framework_by_code(seed.code)
    if seed.framework in {None, NATIONAL}:
        return None
    framework = framework_by_code(seed.framework or "")
    if framework is None:
        raise SeedError(f"{seed.file}, plan, framework: {seed.framework!r} is unknown: add it to seeds/frameworks")
    return framework


def _write(row: Framework | Indicator | IndicatorPart, **values: Any) -> bool:
    """Give a row these values; whether one of them is another than before."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _write_items(framework: Framework, seed: FrameworkSeed) -> bool:
    national = {} if seed.code == NATIONAL else national_by_code()
    standing = {each.code: each for each in framework.indicators}
    changed = _remove_items(framework, set(standing) - {each.code for each in seed.indicators})
    for position, each in enumerate(seed.indicators, start=1):
        item = standing.get(each.code)
        if item is None:
            item = Indicator(code=each.code)
            framework.indicators.append(item)
        changed = _write_item(item, position, each, national, seed.file) or changed
    return changed


def _write_item(item: Indicator, position: int, seed: IndicatorSeed, national: dict[str, Indicator], file: str) -> bool:
    changed = _write(
        item,
        number=seed.number,
        position=position,
        title=seed.title,
        title_en=seed.title_en,
        group=seed.group,
        group_en=seed.group_en,
        requirement=seed.requirement,
        requirement_en=seed.requirement_en,
        grade=seed.grade,
        points=seed.points,
        conditions=seed.conditions,
        words=seed.words,
        national=named(national, seed.national, f"{file}, indicators ({seed.code}), national"),
    )
    return _write_parts(item, seed.parts) or changed


def _write_parts(item: Indicator, seeds: list[PartSeed]) -> bool:
    changed = len(item.parts) > len(seeds)
    del item.parts[len(seeds) :]
    for position, seed in enumerate(seeds, start=1):
        if position > len(item.parts):
            item.parts.append(IndicatorPart(position=position))
        part = item.parts[position - 1]
        values = {"number": seed.number, "text": seed.text, "points": seed.points, "condition": seed.condition}
        changed = _write(part, position=position, **values) or changed
    return changed


def _remove_items(framework: Framework, codes: set[str]) -> bool:
    """Remove items that the list has no more."""
    gone = [each for each in framework.indicators if each.code in codes]
    for each in gone:
        framework.indicators.remove(each)
        db.session.delete(each)
    return bool(gone)


def _drops_nothing_named(framework: Framework, seed: FrameworkSeed) -> None:
    """Refuse a file that drops items something names: half of one would stay in the standard."""
    kept = {each.code for each in seed.indicators}
    dropped = {each.id: each.code for each in framework.indicators if each.code not in kept}
    if not dropped:
        return
    tasks, others = _tasks_naming(dropped), _named_elsewhere(dropped)
    namers = dict.fromkeys(others, "reported values or other lists")
    namers |= {key: f"{len(named)} task{'s' if len(named) > 1 else ''}" for key, named in tasks.items()}
    faults = [
        f"{seed.file}, indicators ({code}): is missing, and is named by {namers[key]}: keep its code"
        for key, code in dropped.items()
        if key in namers
    ]
    if faults:
        raise SeedError("\n".join(faults))


def _tasks_naming(items: Collection[int]) -> dict[int, set[int]]:
    """The tasks that serve some items or are their duties, by the item's id."""
    named: sa.CompoundSelect[Any] = sa.union(
        sa.select(Contribution.indicator_id, Contribution.task_id).where(Contribution.indicator_id.in_(items)),
        sa.select(Task.duty_of_id, Task.id).where(Task.duty_of_id.in_(items)),
    )
    found: dict[int, set[int]] = {}
    for item, task in db.session.execute(named):
        found.setdefault(item, set()).add(task)
    return found


def _named_elsewhere(items: Collection[int]) -> set[int]:
    """Which of some items reported values or items of other lists name."""
    columns = (ReportedValue.indicator_id, Indicator.national_id)
    return set(db.session.scalars(sa.union(*(sa.select(column).where(column.in_(items)) for column in columns))))


def _read_parts(framework: Framework) -> None:
    """Have the parts of all items at hand, in one question."""
    query = sa.select(Indicator).where(Indicator.framework_id == framework.id).options(selectinload(Indicator.parts))
    db.session.scalars(query).all()


def _is_readable(framework: Framework, seed: FrameworkSeed) -> None:
    """Refuse what cannot be read back as a standard from the tables."""
    try:
        standard_of(framework)
    except FaultyStandard as error:
        raise SeedError(f"{seed.file}: cannot be read as it would be stored.\n{error}") from error


def _write_vetoes(framework: Framework, seeds: list[tuple[str, str]]) -> bool:
    standing = {
        each.number: each
        for each in db.session.scalars(sa.select(Veto).where(Veto.framework_id == framework.id).order_by(Veto.id))
    }
    if [(each.number, each.title) for each in standing.values()] == seeds:
        return False
    for each in standing.values():
        db.session.delete(each)
    db.session.flush()
    db.session.add_all(Veto(framework_id=framework.id, number=number, title=title) for number, title in seeds)
    db.session.flush()
    return True
