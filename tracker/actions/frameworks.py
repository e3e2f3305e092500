"""What an office does to its frameworks: copy one, begin an empty one, adjust it, choose it for a plan.

The national standard and the lists of plans are shared and never changed; an office changes the copies of its region.
Every change is read as a standard before it stands, so that no county is judged by what nobody can read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.actions.record import Actor, record
from tracker.actions.units import lock_names
from tracker.models import Framework, Indicator, IndicatorPart, Plan, Task, Veto, db
from tracker.queries.frameworks import can_use, codes_of_copies, last_veto_number
from tracker.queries.standards import standard_of
from tracker.rules.standards import Standard

Json = dict[str, Any]


class NameTaken(Exception):
    """Another framework of the region has this name."""


class StaleFramework(Exception):
    """Somebody else saved the framework after this form was opened."""


class FrameworkInUse(Exception):
    """A plan judges by the framework, or another one was copied from it."""


class FrameworkElsewhere(Exception):
    """The region of the plan cannot be judged by the framework."""


class DutiesStay(Exception):
    """Tasks of the plan answer for items that the framework does not have."""

    def __init__(self, items: Sequence[Indicator]) -> None:
        super().__init__([each.code for each in items])
        self.items = items


@dataclass(frozen=True)
class TermsSaid:
    """What a form says of the whole."""

    name: str
    needed: int | None
    floor: Decimal | None
    least_students: int | None
    weighting: str
    weights: Mapping[str, Decimal]
    pass_points: Decimal | None
    vetoes: Sequence[str]


def copy_framework(actor: Actor, origin: Framework, region: str, name: str, now: datetime) -> Framework:
    """A copy for a region, item by item, that its office may adjust; sent twice it is made once. Raises NameTaken."""
    if (there := _named(region, name, origin)) is not None:
        return there
    made = _new(region, name, origin)
    made.terms, made.figures = deepcopy(origin.terms), deepcopy(origin.figures)
    for item in origin.indicators:
        made.indicators.append(_copied(item))
    db.session.flush()
    vetoes = db.session.scalars(sa.select(Veto).where(Veto.framework_id == origin.id).order_by(Veto.id))
    db.session.add_all(Veto(framework_id=made.id, number=each.number, title=each.title) for each in vetoes.all())
    db.session.flush()
    note(actor, "copy_framework", made, now, None, {"name": name, "origin": origin.code})
    return made


def create_framework(actor: Actor, region: str, name: str, now: datetime) -> Framework:
    """An empty framework of a region, for another field of policy; sent twice it is made once. Raises NameTaken."""
    if (there := _named(region, name, None)) is not None:
        return there
    made = _new(region, name, None)
    db.session.flush()
    note(actor, "create_framework", made, now, None, {"name": name})
    return made


def change_terms(actor: Actor, framework: Framework, version: int, said: TermsSaid, now: datetime) -> None:
    """Set how the whole is judged. Raises StaleFramework, FaultyStandard."""
    standard = standard_of(framework)
    before = _terms_of(framework, standard)
    claim_framework(framework, version)
    terms: Json = {
        "weighting": said.weighting,
        "weights": {key: str(weight) for key, weight in said.weights.items()},
        "unit": _unit_terms(standard, said),
    }
    if said.pass_points is not None:
        terms["pass_points"] = str(said.pass_points)
    # Weights that are empty are said as well: nothing is divided, whatever the national standard does.
    framework.name = said.name
    framework.terms = {name: value for name, value in terms.items() if value or name == "weights"}
    _set_vetoes(framework, said.vetoes)
    db.session.flush()
    note(actor, "change_framework", framework, now, before, _terms_of(framework, standard_of(framework)))


def delete_framework(actor: Actor, framework: Framework, version: int, now: datetime) -> None:
    """Remove a copy that no plan uses and nothing was copied from. Raises StaleFramework, FrameworkInUse."""
    claim_framework(framework, version)
    used = sa.select(Plan.id).where(Plan.framework_id == framework.id)
    copied = sa.select(Framework.id).where(Framework.copied_from_id == framework.id)
    items = sa.select(Indicator.id).where(Indicator.framework_id == framework.id)
    duties = sa.select(Task.id).where(Task.duty_of_id.in_(items))
    if any(db.session.scalar(query.limit(1)) for query in (used, copied, duties)):
        raise FrameworkInUse
    said = {"name": framework.name, "items": len(framework.indicators)}
    note(actor, "delete_framework", framework, now, said, {})
    db.session.execute(sa.delete(Veto).where(Veto.framework_id == framework.id))
    for item in list(framework.indicators):
        db.session.delete(item)
    db.session.flush()
    db.session.delete(framework)
    db.session.flush()


def choose_framework(actor: Actor, plan: Plan, framework: Framework, now: datetime) -> None:
    """Let a plan be judged by a framework; the duties of its tasks go over to the items that are the same.

    Raises FrameworkElsewhere, and before anything is written DutiesStay.
    """
    if not can_use(plan.region_code, framework):
        raise FrameworkElsewhere
    before = {"framework": plan.framework.code if plan.framework else None}
    query = sa.select(Task).where(Task.plan_id == plan.id, Task.duty_of_id.is_not(None)).order_by(Task.id)
    tasks = list(db.session.scalars(query.options(joinedload(Task.duty_of).joinedload(Indicator.framework))))
    moves = [(task, _same_item(task.duty_of, framework)) for task in tasks if task.duty_of]
    if left := [task.duty_of for task, item in moves if task.duty_of and item is None]:
        raise DutiesStay(list(dict.fromkeys(left)))
    for task, item in moves:
        task.duty_of = item
    plan.framework = framework
    db.session.flush()
    after = {"framework": framework.code}
    record(actor, "choose_framework", now, obj=("plan", plan.code), region=plan.region_code, before=before, after=after)


def _same_item(item: Indicator, framework: Framework) -> Indicator | None:
    """The item of a framework that is the same: the same national one, of several that with the same code."""
    national = item.as_national
    same = [each for each in framework.indicators if each.as_national == national]
    by_code = next((each for each in same if each.code == item.code), None)
    # Own items of two lists are the same where one was copied from the other, which keeps the code.
    return by_code or (same[0] if same and national else None)


def _named(region: str, name: str, origin: Framework | None) -> Framework | None:
    """What the same form made before, if it was sent twice. Raises NameTaken where another framework has the name."""
    lock_names(region)
    there = db.session.scalar(sa.select(Framework).where(Framework.region_code == region, Framework.name == name))
    if there is not None and there.copied_from_id != (origin.id if origin else None):
        raise NameTaken
    return there


def _new(region: str, name: str, origin: Framework | None) -> Framework:
    """A framework of a region with a code that none had: what a county answered to another one stays with that."""
    taken = codes_of_copies(region)
    code = next(code for number in count(1) if (code := f"{region}-{number}") not in taken)
    made = Framework(code=code, name=name, region_code=region, terms={}, figures=[])
    made.copied_from_id = origin.id if origin else None
    db.session.add(made)
    return made


def _copied(item: Indicator) -> Indicator:
    """An item as it stands in a copy; one of the national standard points at it."""
    kept = {name: getattr(item, name) for name in ("code", "number", "position", "title", "title_en", "group")}
    kept |= {name: getattr(item, name) for name in ("group_en", "requirement", "requirement_en", "grade", "points")}
    made = Indicator(**kept, conditions=deepcopy(item.conditions), words=list(item.words))
    made.national_id = item.as_national.id if item.as_national else None
    same = ("position", "number", "text", "points", "condition")
    made.parts = [
        IndicatorPart(**{name: getattr(part, name) for name in same}, code=code)
        for code, part in part_codes(item).items()
    ]
    return made


def part_codes(item: Indicator) -> dict[str, IndicatorPart]:
    """The parts of an item by the code under which each is answered: its own, else its number, else its place."""
    return {part.code or part.number or str(place): part for place, part in enumerate(item.parts, start=1)}


def claim_framework(framework: Framework, version: int) -> None:
    """Take the version that the form was read at to the next. Raises StaleFramework where another was faster."""
    here = sa.update(Framework).where(Framework.id == framework.id, Framework.version == version)
    done = db.session.execute(here.values(version=version + 1).execution_options(synchronize_session=False))
    if not getattr(done, "rowcount", 0):
        raise StaleFramework
    db.session.refresh(framework, ["version"])


def note(actor: Actor, act: str, framework: Framework, now: datetime, before: Json | None, after: Json | None) -> None:
    """Record what was done to a framework."""
    obj, region = ("framework", framework.code), framework.region_code
    record(actor, act, now, obj=obj, region=region, before=before, after=after)


def _unit_terms(standard: Standard, said: TermsSaid) -> Json:
    """When a school unit passes; nothing for a framework that judges no school units."""
    if not standard.unit.conditions:
        return {}
    unit = standard.unit
    return {
        "conditions": list(unit.conditions),
        "needed": str(unit.needed if said.needed is None else said.needed),
        "floor": str(unit.floor if said.floor is None else said.floor),
        "least_students": str(unit.least_students if said.least_students is None else said.least_students),
    }


def _set_vetoes(framework: Framework, titles: Sequence[str]) -> None:
    """Keep, add and remove vetoes; one that stays keeps its number, under which the county has answered it."""
    stored = db.session.scalars(sa.select(Veto).where(Veto.framework_id == framework.id).order_by(Veto.id)).all()
    known = {each.title: each for each in stored}
    last = last_veto_number(framework)
    for each in stored:
        if each.title not in titles:
            db.session.delete(each)
    for title in dict.fromkeys(titles):
        if title not in known:
            last += 1
            db.session.add(Veto(framework_id=framework.id, number=str(last), title=title))
    db.session.flush()


def _terms_of(framework: Framework, standard: Standard) -> Json:
    """What is said of the whole, for its events."""
    unit = standard.unit
    return {
        "name": framework.name,
        "needed": unit.needed,
        "floor": str(unit.floor),
        "least_students": unit.least_students,
        "weighting": standard.weighting.value,
        "weights": [f"{key} {weight}" for key, weight in standard.weights.items()],
        "pass_points": None if standard.pass_points is None else str(standard.pass_points),
        "vetoes": [each.title for each in standard.vetoes],
    }
