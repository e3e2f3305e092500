"""体检: what contradicts itself inside a plan, each finding with its figures and what would put it right.

A rule takes what it looks at and yields findings. Rules stand as lines in tables, one beside the other
(``rules/capacity.py``); the words of each finding stand in ``views/check_words.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from tracker.rules.stages import Stage

Thing = TypeVar("Thing")
Amounts = tuple[tuple[str, Decimal], ...]  # an amount for each of some names, such as m² for each school
Figure = int | bool | str | Decimal | tuple[str, ...] | Amounts | None


class Severity(StrEnum):
    """矛盾、值得一看."""

    CONTRADICTION = "contradiction"
    LOOK = "look"


class Code(StrEnum):
    """The kinds of findings, in the order in which they are read."""

    CLASS_SIZE = "class_size"
    SCHOOL_SIZE = "school_size"
    SPORTS_OVER_SITE = "sports_over_site"
    SPORTS_SHORT = "sports_short"
    TEACHING_SHORT = "teaching_short"
    BUILDINGS_OVER_FLOOR = "buildings_over_floor"
    SHARED_SITE = "shared_site"
    SAME_SITE = "same_site"
    SPORTS_UNSTATED = "sports_unstated"
    ROOMS = "rooms"
    TITLE_USE = "title_use"
    WITHOUT_MONEY = "without_money"
    WITHOUT_DATE = "without_date"
    WITHOUT_SEATS = "without_seats"
    BEFORE_ISSUE = "deadline_before_issue"
    WHICH_YEAR = "deadline_ambiguous"
    UNREADABLE = "deadline_unreadable"
    WITHOUT_MONTH = "deadline_without_month"
    WITHOUT_DEADLINE = "without_deadline"
    WITHOUT_UNIT = "without_unit"
    LEAD_UNSTATED = "lead_unstated"
    INDICATORS_WITHOUT_UNITS = "indicators_without_units"
    TWO_NAMES = "two_names"
    GROUP_NAMES = "group_names"
    NUMBER_GAP = "number_gap"
    NUMBER_TWICE = "number_twice"
    NUMBERS_RESTART = "numbers_restart"
    HEADING_NUMBERS = "heading_numbers"
    TWO_VALUES = "two_values"
    TWO_DATES = "two_dates"
    OTHER_TERMS = "other_terms"
    LEFT_OUT = "indicator_left_out"
    WITHOUT_DUTY = "indicator_without_duty"
    WITHOUT_TASK = "indicator_without_task"
    WITHOUT_INDICATOR = "task_without_indicator"
    REPORTED_SHORT = "reported_short"
    REPORTED_ELSEWHERE = "reported_elsewhere"
    POINTS = "points"
    GRADE_COUNT = "grade_count"
    NO_DOCUMENT_NUMBER = "no_document_number"
    NO_ISSUE_DATE = "no_issue_date"


# What the figures of projects say stands before what the words of the plan say.
OF_FIGURES = tuple(Code)[: tuple(Code).index(Code.BEFORE_ISSUE)]


@dataclass(frozen=True)
class About:
    """A task by its key and title."""

    key: str
    title: str


@dataclass(frozen=True)
class Finding:
    """What contradicts itself, or deserves a look: about which tasks and school, the evidence, and the mend as figures.

    Areas are m², land is 亩, shares are of one.
    """

    code: Code
    severity: Severity
    about: tuple[About, ...]
    school: str = ""
    stage: Stage | None = None
    evidence: Mapping[str, Figure] = field(default_factory=dict)
    mend: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the tasks that it is about."""
        return tuple(each.key for each in self.about)


@dataclass(frozen=True)
class Kind:
    """The findings of one code that weigh the same."""

    severity: Severity
    code: Code
    findings: tuple[Finding, ...]


Rule = Callable[[Thing], Iterable[Finding]]


def findings_by(rules: Iterable[Rule[Thing]], thing: Thing) -> list[Finding]:
    """What some rules find in a thing, contradictions first, each kind together; equal ones as they were found."""
    return in_order(found for rule in rules for found in rule(thing))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Contradictions first, each kind together."""
    weights, places = list(Severity), list(Code)
    return sorted(findings, key=lambda each: (weights.index(each.severity), places.index(each.code)))


def kinds_of(findings: Sequence[Finding]) -> list[Kind]:
    """Findings by severity and code, in their order."""
    groups: dict[tuple[Severity, Code], list[Finding]] = {}
    for each in in_order(findings):
        groups.setdefault((each.severity, each.code), []).append(each)
    return [Kind(severity, code, tuple(found)) for (severity, code), found in groups.items()]
