"""What a framework asks otherwise than the national standard: conditions, terms, and items of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.rules.standards import Condition, Item, Sense, Standard


class Facet(StrEnum):
    """In what a condition differs."""

    MEASURE = "measure"  # another value is asked for, or of somebody else
    BOUND = "bound"
    SPREAD = "spread"
    RELAXATION = "relaxation"
    ADDED = "added"
    LEFT_OUT = "left_out"


class Term(StrEnum):
    """In what the judging of the whole differs."""

    NEEDED = "needed"
    FLOOR = "floor"
    LEAST_STUDENTS = "least_students"
    WEIGHTING = "weighting"
    WEIGHTS = "weights"
    PASS_POINTS = "pass_points"


@dataclass(frozen=True)
class ConditionDifference:
    """A condition of an item that is not the national one; one of the two may not be there at all."""

    facet: Facet
    item: Item
    own: Condition | None
    national: Condition | None


@dataclass(frozen=True)
class TermDifference:
    """A term that is not the national one."""

    term: Term
    own: object
    national: object


@dataclass(frozen=True)
class Differences:
    """Everything that a framework asks otherwise: also its own items, and the national ones that it leaves out."""

    conditions: tuple[ConditionDifference, ...]
    terms: tuple[TermDifference, ...]
    own_items: tuple[Item, ...]
    left_out: tuple[Item, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether it asks just what the national standard asks."""
        return not (self.conditions or self.terms or self.own_items or self.left_out)


def differences(own: Standard, national: Standard) -> Differences:
    """How a framework differs from the national standard; nothing where it shares no item with it."""
    by_code = {item.code: item for item in national.items}
    shared = [(item, by_code[item.national]) for item in own.items if item.national in by_code]
    if not shared or own.code == national.code:
        return Differences((), (), (), ())
    known = {item.national for item in own.items}
    return Differences(
        tuple(each for item, base in shared for each in item_differences(item, base, own)),
        tuple(_terms(own, national)),
        tuple(item for item in own.items if item.national not in by_code),
        tuple(item for item in national.items if item.code not in known),
    )


def item_differences(item: Item, base: Item, own: Standard) -> Iterator[ConditionDifference]:
    """How the conditions of an item differ; parts that the county answers stand for what is not asked otherwise."""
    mine = {each.code: each for each in item.conditions}
    bases = {each.code: each for each in base.conditions}
    for code, condition in mine.items():
        if code not in bases:
            yield ConditionDifference(Facet.ADDED, item, condition, None)
        else:
            yield from _facets(item, condition, bases[code])
    if not item.parts:
        for code, condition in bases.items():
            if code not in own.conditions:
                yield ConditionDifference(Facet.LEFT_OUT, item, None, condition)


def _facets(item: Item, own: Condition, national: Condition) -> Iterator[ConditionDifference]:
    if _measure(own) != _measure(national):
        yield ConditionDifference(Facet.MEASURE, item, own, national)
    elif _bound(own) != _bound(national):
        yield ConditionDifference(Facet.BOUND, item, own, national)
    if dict(own.spread) != dict(national.spread):
        yield ConditionDifference(Facet.SPREAD, item, own, national)
    if own.relaxation != national.relaxation and _eases(own) | _eases(national):
        yield ConditionDifference(Facet.RELAXATION, item, own, national)


def _measure(each: Condition) -> tuple[object, ...]:
    """What is measured of whom; the order in which figures are named does not matter."""
    named = (each.plus, each.minus, each.per, each.per_minus, each.kinds)
    sums = tuple(frozenset(codes) for codes in named)
    asked = (each.of, each.asks, each.factor, each.per_at_least, each.only_under)
    return (*asked, each.divided, each.all_stages, each.none_asked, *sums)


def _bound(each: Condition) -> tuple[Sense, dict[str, Decimal], Decimal | None, dict[str, str]]:
    return each.sense, dict(each.bounds), each.each, dict(each.bound_figures)


def _eases(each: Condition) -> bool:
    return each.relaxation is not None and each.relaxation.on


def _terms(own: Standard, national: Standard) -> Iterator[TermDifference]:
    pairs: dict[Term, tuple[object, object]] = {
        Term.NEEDED: (own.unit.needed, national.unit.needed),
        Term.FLOOR: (own.unit.floor, national.unit.floor),
        Term.LEAST_STUDENTS: (own.unit.least_students, national.unit.least_students),
        Term.WEIGHTING: (own.weighting, national.weighting),
        Term.WEIGHTS: (dict(own.weights), dict(national.weights)),
        Term.PASS_POINTS: (own.pass_points, national.pass_points),
    }
    for term, (mine, theirs) in pairs.items():
        if mine != theirs:
            yield TermDifference(term, mine, theirs)
