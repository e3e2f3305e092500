"""一校一策 as it is shown: what a school lacks in units of things, which task brings how much, what remains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.models import Task
from tracker.rules.forecast import Forecast
from tracker.rules.gains import Arrival
from tracker.rules.measures import Finding, Judged, worst
from tracker.rules.school_needs import Want, wants_of
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Item, Sense, Standard
from tracker.rules.verdicts import SchoolVerdict, UnitVerdict
from tracker.translations import gettext as _
from tracker.translations import in_language
from tracker.views.condition_words import (
    bound_words,
    condition_name,
    fixed,
    judged_words,
    missing_words,
    places_of,
    value_unit,
)
from tracker.views.indicator_sentences import school_year_words, whole, whole_amount
from tracker.views.words import word


@dataclass(frozen=True)
class Brought:
    """What a task brings to a need; None for a task of another unit, which the reader may not see."""

    task: Task | None
    amount: str


@dataclass(frozen=True)
class Need:
    """A condition that a school misses: value, bound, gap in things, what tasks bring, what remains even then.

    ``later`` is what is found when all tasks are finished.
    """

    code: str
    title: str
    value: str
    bound: str
    gap: str
    finding: Finding
    brought: list[Brought]
    later: Finding
    remains: str


@dataclass(frozen=True)
class Open:
    """A condition that cannot be judged, and the numbers that are missing for it."""

    code: str
    title: str
    missing: str


@dataclass(frozen=True)
class Part:
    """One stage of a school, or the whole of it: needs, what is not known, and what is met."""

    title: str
    students: int | None
    finding: Finding
    needs: list[Need]
    unknown: list[Open]
    met: list[str]


@dataclass(frozen=True)
class Sheet:
    """A school's sheet."""

    school: SchoolVerdict
    school_year: str
    parts: list[Part]


def sheet_of(school: SchoolVerdict, found: Forecast, tasks: Mapping[str, Task]) -> Sheet:
    """The sheet of a school from today's verdict and its forecast; ``tasks`` are those that the reader may see."""
    wants, standard = wants_of(school, found), found.standard
    titles = {code: _title(item, standard.conditions[code]) for code, item in items_of_conditions(standard).items()}

    def part(
        title: str, stage: Stage | None, students: int | None, finding: Finding, judged: Mapping[str, Judged]
    ) -> Part:
        needs = [_need(titles[each.condition.code], each, tasks) for each in wants if each.stage is stage]
        unknown = [
            Open(*titles[code], missing_words(each.missing, standard))
            for code, each in judged.items()
            if each.finding is Finding.UNKNOWN
        ]
        met = [titles[code][1] for code, each in judged.items() if each.finding is Finding.MET]
        return Part(title, students, finding, needs, unknown, met)

    parts = [part(word(unit.stage), unit.stage, _students(unit), unit.finding, unit.judged) for unit in school.units]
    if school.judged:
        whole_finding = worst(each.finding for each in school.judged.values())
        parts.append(part(_("全校"), None, school.school.students, whole_finding, school.judged))
    return Sheet(school, school_year_words(found.now.facts.year), parts)


def keys_of(schools: Sequence[SchoolVerdict], found: Forecast) -> set[str]:
    """The keys of the tasks that bring something to some schools."""
    shown = {each.school.id for each in schools}
    return {each.gain.task.key for each in found.finishing if each.gain.school in shown}


def items_of_conditions(standard: Standard) -> dict[str, Item]:
    """The item that each condition belongs to, by its code."""
    found: dict[str, Item] = {}
    for item in standard.items:
        for each in item.conditions:
            found.setdefault(each.code, item)
    return found


def _students(unit: UnitVerdict) -> int | None:
    students = unit.school.stages[unit.stage].get("students")
    return None if students is None else int(students)


def _title(item: Item, condition: Condition) -> tuple[str, str]:
    title = in_language(item, "title")
    named = condition_name(condition) if len(item.conditions) > 1 else ""
    return item.national or item.number or item.code, named or title


def _need(named: tuple[str, str], want: Want, tasks: Mapping[str, Task]) -> Need:
    condition, judged, then = want.condition, want.judged, want.finished
    said = judged_words(condition, judged)
    return Need(
        *named,
        f"{said} {'' if '%' in said else value_unit(condition)}",
        bound_words(condition, judged.bound) or fixed(judged.bound, None, places_of(condition)),
        _gap_words(condition, judged),
        Finding.TOLERATED if want.tolerated else Finding.SHORT,
        _brought(want.arrivals, tasks),
        then.finding if then else Finding.NONE,
        _gap_words(condition, then) if then and then.finding is Finding.SHORT else "",
    )


def _gap_words(condition: Condition, judged: Judged) -> str:
    amount = whole(judged.lacking or Decimal(0))
    if condition.sense is Sense.AT_LEAST:
        return _("差 %(amount)s", amount=whole_amount(condition.plus[0], amount))
    return _("超 %(amount)s", amount=whole_amount(condition.plus[0], amount))


def _brought(arrivals: Sequence[Arrival], tasks: Mapping[str, Task]) -> list[Brought]:
    """What tasks bring, those that the reader may see first."""
    said = [
        Brought(tasks.get(each.gain.task.key), whole_amount(each.gain.figure, each.gain.amount or 0))
        for each in arrivals
    ]
    return sorted(said, key=lambda each: each.task is None)
