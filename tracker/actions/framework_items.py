"""What an office does to the items of its frameworks: change one, add one, take one out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tracker.actions.frameworks import FrameworkInUse, claim_framework, note, part_codes
from tracker.actions.record import Actor
from tracker.models import Framework, Indicator, IndicatorPart, Task, db
from tracker.queries.standards import standard_of
from tracker.rules.standards import Sense

Json = dict[str, Any]


class ItemTaken(Exception):
    """Another item of the framework has this number."""


@dataclass(frozen=True)
class PartSaid:
    """A part as a form says it; ``condition`` and ``code`` are kept from the part that it was."""

    number: str
    text: str
    points: Decimal | None
    condition: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class ConditionSaid:
    """What a form says of a condition: its bounds by key, its limits by stage, and its relaxation."""

    bounds: Mapping[str, Decimal] = field(default_factory=dict)
    spread: Mapping[str, Decimal] = field(default_factory=dict)
    relaxation: Json | None = None


@dataclass(frozen=True)
class ItemSaid:
    """What a form says of an item, with its conditions by code."""

    number: str
    title: str
    group: str
    requirement: str | None
    grade: str | None
    points: Decimal | None
    parts: Sequence[PartSaid]
    conditions: Mapping[str, ConditionSaid] = field(default_factory=dict)


@dataclass(frozen=True)
class QuotientSaid:
    """A quotient of two new figures with a bound; without ``below`` the first figure alone."""

    above: str
    above_unit: str
    below: str
    below_unit: str
    in_percent: bool
    sense: Sense
    bound: Decimal


def change_item(
    actor: Actor, framework: Framework, item: Indicator, version: int, said: ItemSaid, now: datetime
) -> None:
    """Set an item with its parts and the limits of its conditions. Raises StaleFramework, ItemTaken, FaultyStandard.

    A condition that other items ask as well changes there too: one condition means one thing.
    """
    before = _item_facts(item)
    claim_framework(framework, version)
    _refuse_taken(framework, said.number, item)
    item.number, item.title, item.group, item.requirement = said.number, said.title, said.group, said.requirement
    item.grade, item.points = said.grade, said.points
    _set_parts(item, said.parts)
    _set_conditions(framework, said.conditions)
    db.session.flush()
    standard_of(framework)
    note(actor, "change_framework_item", framework, now, before, _item_facts(item))


def add_item(
    actor: Actor, framework: Framework, version: int, said: ItemSaid, quotient: QuotientSaid | None, now: datetime
) -> Indicator:
    """A new item at the end: a yes/no question, parts, or a quotient with a bound. Raises as ``change_item``."""
    claim_framework(framework, version)
    _refuse_taken(framework, said.number, None)
    item = Indicator(code=_free_code(), position=_next_position(framework))
    item.number, item.title, item.group, item.requirement = said.number, said.title, said.group, said.requirement
    item.grade, item.points = said.grade, said.points
    framework.indicators.append(item)
    db.session.flush()
    _set_parts(item, said.parts)
    if quotient is not None:
        item.conditions = [_quotient(framework, item, quotient)]
    db.session.flush()
    standard_of(framework)
    note(actor, "add_framework_item", framework, now, None, _item_facts(item))
    return item


def remove_item(actor: Actor, framework: Framework, item: Indicator, version: int, now: datetime) -> None:
    """Take an item out. Raises StaleFramework, FrameworkInUse, FaultyStandard."""
    before = _item_facts(item)
    claim_framework(framework, version)
    if db.session.scalar(sa.select(Task.id).where(Task.duty_of_id == item.id).limit(1)):
        raise FrameworkInUse
    own = [each.get("code") for each in item.conditions or []]
    framework.indicators.remove(item)
    db.session.delete(item)
    db.session.flush()
    _forget_conditions(framework, own)
    standard_of(framework)
    note(actor, "remove_framework_item", framework, now, before, {})


def _refuse_taken(framework: Framework, number: str, item: Indicator | None) -> None:
    if any(each.number == number and each is not item for each in framework.indicators):
        raise ItemTaken


def _free_code() -> str:
    """A code that no item or part ever had, in no copy: what the county answered to another belongs to that alone."""
    return f"N{secrets.token_hex(4)}"


def _next_position(framework: Framework) -> int:
    return max((each.position for each in framework.indicators), default=0) + 1


def _set_parts(item: Indicator, said: Sequence[PartSaid]) -> None:
    """Write the parts anew; one that stands keeps its code, under which the county has answered it."""
    known = set(part_codes(item))
    item.parts.clear()
    db.session.flush()
    for place, part in enumerate(said, start=1):
        made = IndicatorPart(position=place, number=part.number, text=part.text, points=part.points)
        made.condition, made.code = part.condition, part.code if part.code in known else _free_code()
        item.parts.append(made)


def _set_conditions(framework: Framework, said: Mapping[str, ConditionSaid]) -> None:
    """Write the limits of conditions into every item that asks them; what came from the national item becomes own."""
    for item in framework.indicators:
        stored = item.conditions if item.conditions is not None else _inherited(item)
        codes = {each.get("code") for each in stored}
        if codes.isdisjoint(said):
            continue
        changed = [_changed(each, said.get(str(each.get("code")))) for each in deepcopy(stored)]
        if changed != stored:
            item.conditions = changed


def _inherited(item: Indicator) -> list[Json]:
    """The conditions of the national item, each with the name that it bears there."""
    base = item.national
    return [{"name": base.title, **each} for each in base.conditions or []] if base else []


def _changed(stored: Json, said: ConditionSaid | None) -> Json:
    if said is None:
        return stored
    for sense in Sense:
        if sense.value in stored:
            stored[sense.value] = _merged(stored[sense.value], said.bounds)
    if said.spread:
        stored["spread"] = _merged(stored.get("spread") or {}, said.spread)
    if said.relaxation is not None:
        stored["relaxation"] = said.relaxation
    return stored


def _merged(stored: Mapping[str, Any], said: Mapping[str, Decimal]) -> Json:
    """The numbers with those that were said; one that is the same keeps the text in which it stands."""
    same = {key: Decimal(str(number)) for key, number in stored.items()}
    return {**stored, **{key: f"{number:f}" for key, number in said.items() if same.get(key) != number}}


def _quotient(framework: Framework, item: Indicator, said: QuotientSaid) -> Json:
    """The condition of a quotient, whose figures are added to those of the framework."""
    condition: Json = {"code": item.code, "of": "county", "name": item.title}
    condition["plus"] = [_figure(framework, said.above, said.above_unit)]
    if said.below:
        condition["per"] = [_figure(framework, said.below, said.below_unit)]
        if said.in_percent:
            condition["factor"] = "100"
    condition[said.sense.value] = {"all": f"{said.bound:f}"}
    return condition


def _figure(framework: Framework, name: str, unit: str) -> str:
    """The code of a figure of this name and unit, a new one where the framework has none."""
    for each in framework.figures:
        if each.get("name") == name and each.get("unit", "") == unit and not each.get("question"):
            return str(each["code"])
    taken = {each["code"] for each in framework.figures}
    code = next(code for number in range(1, len(taken) + 2) if (code := f"{framework.code}.f{number}") not in taken)
    framework.figures = [*framework.figures, {"code": code, "name": name, "unit": unit}]
    return code


def _forget_conditions(framework: Framework, codes: Sequence[Any]) -> None:
    """Let the terms of school units name only conditions that some item still asks."""
    unit = (framework.terms or {}).get("unit")
    left = {each.get("code") for item in framework.indicators for each in item.conditions or _inherited(item)}
    if unit:
        kept = [code for code in unit.get("conditions", []) if code in left]
        framework.terms = {**framework.terms, "unit": {**unit, "conditions": kept}}
        db.session.flush()


def _item_facts(item: Indicator) -> Json:
    """What is said of an item, for its events."""
    parts = [f"{part.number} {part.text}{f' {part.points}' if part.points is not None else ''}" for part in item.parts]
    return {
        "number": item.number,
        "title": item.title,
        "group": item.group,
        "requirement": item.requirement,
        "grade": item.grade,
        "points": None if item.points is None else str(item.points),
        "parts": parts,
        "conditions": [_in_words(each) for each in item.conditions or _inherited(item)],
    }


def _in_words(condition: Json) -> str:
    """The limits of a condition in a row."""
    said = [f"{name} {condition[name]}" for name in (*Sense, "each", "spread", "relaxation") if condition.get(name)]
    return f"{condition.get('code')}: {', '.join(said)}".replace("'", "")
