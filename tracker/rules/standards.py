"""A standard of evaluation as plain values: its items, their conditions and how schools and the whole are judged.

A framework keeps them as data (``seeds/frameworks``). Numbers stand there as texts, so that 0.85 is exactly that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from tracker.rules.stages import SchoolKind, Stage

ONE = Decimal(1)
ALL = "all"  # the key of a bound that holds for every stage


class Subject(StrEnum):
    """Of what a condition is asked."""

    UNIT = "unit"  # a school unit: one stage of a school
    SCHOOL = "school"  # a school with all its compulsory stages
    TOTAL = "total"  # the sum over the county's schools
    COUNTY = "county"  # values that the county enters


class Sense(StrEnum):
    """On which side of its bound a value is good."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"


class Weighting(StrEnum):
    """How much a school weighs in the coefficient: by its students, or one like another."""

    STUDENTS = "students"
    NONE = "none"


@dataclass(frozen=True)
class Relaxation:
    """A bound stretched by ``share`` for schools opened before a day; off until it is switched on.

    With ``while_shrinking`` only for those that have no more students than a year ago.
    """

    share: Decimal
    opened_before: date | None = None
    while_shrinking: bool = False
    on: bool = False

    def may_hold(self, opened_on: date | None) -> bool:
        """Whether it is for a school that opened on a day."""
        return self.opened_before is None or (opened_on is not None and opened_on < self.opened_before)


@dataclass(frozen=True)
class Condition:
    """One thing that an item asks: a quotient of figures beside a bound, or a question to be answered with yes.

    value = factor × (Σ plus − Σ minus) ÷ (Σ per − Σ per_minus); without ``per`` the value is the numerator itself.
    ``bounds`` go by stage (``Stage`` values), by form for a school ("single", "combined"), or hold for ``ALL``. With
    ``each`` the bound is ⌈Σ per ÷ each⌉ and the value the numerator. With ``bound_figures`` the bound is a figure of
    the county by stage. ``per_at_least`` is the least denominator (100 students are funded even where there are 63).
    ``only_under`` leaves out schools with that many students or more. ``spread`` limits the coefficient by stage.
    ``divided`` means that the stages of a combined school share the figures by their weights. ``all_stages`` counts a
    school's other stages beside the compulsory ones. A quotient by nothing is unknown; with ``none_asked`` nothing is
    asked then.
    """

    code: str
    of: Subject
    name: str = ""
    name_en: str = ""
    asks: str | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    per_minus: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    sense: Sense = Sense.AT_LEAST
    bounds: Mapping[str, Decimal] = field(default_factory=dict)
    each: Decimal | None = None
    bound_figures: Mapping[str, str] = field(default_factory=dict)
    per_at_least: Decimal | None = None
    only_under: Decimal | None = None
    kinds: tuple[SchoolKind, ...] = (SchoolKind.SCHOOL, SchoolKind.TEACHING_POINT)
    divided: bool = False
    all_stages: bool = False
    none_asked: bool = False
    spread: Mapping[str, Decimal] = field(default_factory=dict)
    relaxation: Relaxation | None = None

    def bound(self, key: str) -> Decimal | None:
        """The bound for a stage or form; None where it asks nothing of it."""
        return self.bounds.get(key, self.bounds.get(ALL))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The codes of all figures that it needs."""
        asked = (self.asks,) if self.asks else ()
        return (*asked, *self.quotient, *self.bound_figures.values())

    @property
    def is_simple(self) -> bool:
        """Whether its value is one quotient beside a bound that needs no other figure, for every subject of a stage."""
        is_bent = self.relaxation is not None and self.relaxation.on
        has_own_bound = bool(self.bound_figures) or self.per_at_least is not None
        has_own_subject = self.asks is not None or self.only_under is not None or self.all_stages
        is_one_quotient = len(self.plus) > 0 and len(self.per) < 2 and not self.per_minus
        return is_one_quotient and self.sense is not Sense.BELOW and not (is_bent or has_own_bound or has_own_subject)

    @cached_property
    def quotient(self) -> tuple[str, ...]:
        """The codes of the figures that its value is made of."""
        return (*self.plus, *self.minus, *self.per, *self.per_minus)


class Ask(NamedTuple):
    """A condition made ready to be asked of thousands; without ``first`` it is not simple and is asked in full.

    value = factor × (first + Σ added − Σ taken) ÷ per; with ``each`` the bound is ⌈per ÷ each⌉ instead.
    """

    condition: Condition
    code: str
    bound: Decimal | None
    is_at_least: bool
    factor: Decimal
    first: str | None
    added: tuple[str, ...]
    taken: tuple[str, ...]
    per: str | None
    divided: bool
    each: Decimal | None


def ask(condition: Condition, key: str) -> Ask:
    """A condition made ready for the subjects of a stage or form."""
    bound = condition.bound(key)
    simple = condition.is_simple and (bound is not None or condition.each is not None)
    return Ask(
        condition=condition,
        code=condition.code,
        bound=bound,
        is_at_least=condition.sense is Sense.AT_LEAST,
        factor=ONE if condition.factor == ONE else condition.factor,
        first=condition.plus[0] if simple else None,
        added=condition.plus[1:],
        taken=condition.minus,
        per=condition.per[0] if simple and condition.per else None,
        divided=condition.divided,
        each=condition.each,
    )


@dataclass(frozen=True)
class Part:
    """A part of an item with its points; the county says how many it has, unless conditions decide.

    ``condition`` names them, joined by "+", each whole ("G12") or one side of it ("R1/primary", "R1/spread").
    """

    number: str
    text: str
    points: Decimal | None
    figure: str
    condition: str | None = None

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The codes of its conditions, each with the side that is meant; empty for the whole."""
        named = self.condition.split("+") if self.condition else []
        return [(code, side) for code, _slash, side in (each.partition("/") for each in named)]


@dataclass(frozen=True)
class Item:
    """An item: its conditions, or, where none is computed, its parts, or one question to the county.

    ``code`` is the item's own, ``national`` that of the national item that it is.
    """

    code: str
    number: str
    title: str
    title_en: str
    group: str
    group_en: str
    national: str | None
    conditions: tuple[Condition, ...]
    parts: tuple[Part, ...] = ()
    grade: str | None = None
    points: Decimal | None = None


@dataclass(frozen=True)
class VetoRule:
    """A reason to refuse; ``figure`` is the county's answer to whether it is there."""

    number: str
    title: str
    figure: str


@dataclass(frozen=True)
class FigureSpec:
    """A figure that a framework asks of a county: a number in a unit, or yes or no."""

    code: str
    name: str
    name_en: str
    unit: str
    is_question: bool


@dataclass(frozen=True)
class UnitTerms:
    """When a school unit passes: so many of these conditions met, the others above this share of their bound.

    教督〔2017〕6号: six of seven, the rest at 85 %. Teaching points below ``least_students`` are left out, like special
    and vocational schools.
    """

    conditions: tuple[str, ...] = ()
    needed: int = 0
    floor: Decimal = Decimal(1)
    least_students: int = 50


@dataclass(frozen=True)
class Standard:
    """A whole framework. ``weights`` divide the rooms of a combined school by students: primary 1, junior 1.1 …

    ``pass_points`` is what the graded items (B) must reach where a framework scores.
    """

    code: str
    name: str
    name_en: str
    items: tuple[Item, ...]
    vetoes: tuple[VetoRule, ...] = ()
    figures: tuple[FigureSpec, ...] = ()
    unit: UnitTerms = field(default_factory=UnitTerms)
    weighting: Weighting = Weighting.STUDENTS
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    pass_points: Decimal | None = None

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """All conditions by code."""
        return {each.code: each for item in self.items for each in item.conditions}

    @cached_property
    def figure_specs(self) -> dict[str, FigureSpec]:
        """The county's figures by code."""
        return {each.code: each for each in self.figures}

    @cached_property
    def of_school(self) -> dict[tuple[SchoolKind, str], tuple[Ask, ...]]:
        """The conditions that are asked of whole schools, by their kind and form."""
        asked = [each for each in self.conditions.values() if each.of is Subject.SCHOOL]
        return {
            (kind, form): tuple(ask(each, form) for each in asked if not each.kinds or kind in each.kinds)
            for kind in SchoolKind
            for form in ("single", "combined")
        }

    @cached_property
    def of_unit(self) -> dict[tuple[SchoolKind, Stage], tuple[Ask, ...]]:
        """The conditions that are asked of the units of a kind of school, by stage."""
        asked = [each for each in self.conditions.values() if each.of is Subject.UNIT]
        return {
            (kind, stage): tuple(ask(each, stage) for each in asked if kind in each.kinds)
            for kind in SchoolKind
            for stage in Stage
        }

    @cached_property
    def kinds(self) -> frozenset[SchoolKind]:
        """The kinds of schools whose numbers some condition asks for."""
        of_schools = [each for each in self.conditions.values() if each.of is not Subject.COUNTY]
        return frozenset(kind for each in of_schools for kind in each.kinds or SchoolKind)

    @cached_property
    def school_codes(self) -> tuple[str, ...]:
        """The codes of the figures that whole schools are asked for."""
        asked = [each for each in self.conditions.values() if each.of is Subject.SCHOOL]
        return tuple(dict.fromkeys(code for each in asked for code in each.quotient))

    def weight(self, stage: Stage | str) -> Decimal:
        """What a student of a stage weighs when rooms are divided; 0 for one that does not share."""
        return self.weights.get(str(stage), Decimal(0))
