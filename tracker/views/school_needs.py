"""一校一策 as it is shown: what a school lacks in units of things, which task brings how much, what remains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.models import Addition, Task
from tracker.rules.lifecycle import State
from tracker.rules.measures import Finding, Judged
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Item, Sense, Standard
from tracker.rules.verdicts import SchoolVerdict, UnitVerdict, Verdict
from tracker.translations import ENGLISH, chosen_language
from tracker.translations import gettext as _
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
    """What a task brings to a need."""

    task: Task
    amount: str
    from_on: date | None


@dataclass(frozen=True)
class Need:
    """A condition that a school misses: value, bound, gap in things, what tasks bring, what remains even then."""

    code: str
    title: str
    value: str
    bound: str
    gap: str
    finding: Finding
    brought: list[Brought] = field(default_factory=list)
    remains: str = ""
    is_covered: bool = False


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


def sheet_of(school: SchoolVerdict, verdict: Verdict, additions: Sequence[Addition]) -> Sheet:
    """The sheet of a school with the confirmed additions to it."""
    items = items_of_conditions(verdict.standard)
    mine = [each for each in additions if each.school_id == school.school.id and _counts(each, school)]
    parts = [_part_of_unit(unit, verdict, items, mine) for unit in school.units]
    if school.judged:
        parts.append(
            _part(_("全校"), school.school.students, _worst(school), school.judged, None, verdict, items, mine)
        )
    return Sheet(school, school_year_words(verdict.facts.year), parts)


def items_of_conditions(standard: Standard) -> dict[str, Item]:
    """The item that each condition belongs to, by its code."""
    found: dict[str, Item] = {}
    for item in standard.items:
        for each in item.conditions:
            found.setdefault(each.code, item)
    return found


def _counts(addition: Addition, school: SchoolVerdict) -> bool:
    """Whether an addition is still to come: a task closed by the day of the numbers stands in them already."""
    task, counted = addition.task, school.school.counted_on
    if addition.amount is None or task.state is State.SUSPENDED:
        return False
    return not (task.closed_on and counted and task.closed_on <= counted)


def _worst(school: SchoolVerdict) -> Finding:
    order = [Finding.SHORT, Finding.UNKNOWN, Finding.MET]
    found = {each.finding for each in school.judged.values()}
    return next((each for each in order if each in found), Finding.NONE)


def _part_of_unit(
    unit: UnitVerdict, verdict: Verdict, items: Mapping[str, Item], additions: Sequence[Addition]
) -> Part:
    students = unit.school.stages[unit.stage].get("students")
    return _part(
        word(unit.stage),
        None if students is None else int(students),
        unit.finding,
        unit.judged,
        unit,
        verdict,
        items,
        additions,
    )


def _part(
    title: str,
    students: int | None,
    finding: Finding,
    judged: Mapping[str, Judged],
    unit: UnitVerdict | None,
    verdict: Verdict,
    items: Mapping[str, Item],
    additions: Sequence[Addition],
) -> Part:
    standard, conditions = verdict.standard, verdict.standard.conditions
    named = {code: _title(items[code], conditions[code]) for code in judged}
    needs = [
        _need(named[code], conditions[code], each, unit, standard, additions)
        for code, each in judged.items()
        if each.finding is Finding.SHORT
    ]
    unknown = [
        Open(*named[code], missing_words(each.missing, standard))
        for code, each in judged.items()
        if each.finding is Finding.UNKNOWN
    ]
    met = [named[code][1] for code, each in judged.items() if each.finding is Finding.MET]
    return Part(title, students, finding, needs, unknown, met)


def _title(item: Item, condition: Condition) -> tuple[str, str]:
    title = (item.title_en if chosen_language() == ENGLISH else "") or item.title
    named = condition_name(condition) if len(item.conditions) > 1 else ""
    return item.national or item.number or item.code, named or title


def _need(
    named: tuple[str, str],
    condition: Condition,
    judged: Judged,
    unit: UnitVerdict | None,
    standard: Standard,
    additions: Sequence[Addition],
) -> Need:
    tolerated = unit is not None and unit.finding is Finding.TOLERATED and condition.code in standard.unit.conditions
    lacking, figure = judged.lacking or Decimal(0), condition.plus[0]
    helps = _helpful(condition, unit.stage if unit else None, additions)
    left = lacking - sum((each.amount or Decimal(0) for each in helps), Decimal(0))
    gap = whole_amount(figure, whole(lacking))
    return Need(
        *named,
        f"{judged_words(condition, judged)} {'' if '%' in judged_words(condition, judged) else value_unit(condition)}",
        bound_words(condition, judged.bound) or fixed(judged.bound, None, places_of(condition)),
        _("差 %(amount)s", amount=gap) if condition.sense is Sense.AT_LEAST else _("超 %(amount)s", amount=gap),
        Finding.TOLERATED if tolerated else Finding.SHORT,
        [Brought(each.task, whole_amount(each.figure, each.amount or 0), each.from_on) for each in helps],
        whole_amount(figure, whole(left)) if helps and left > 0 else "",
        bool(helps) and left <= 0,
    )


def _helpful(condition: Condition, stage: Stage | None, additions: Sequence[Addition]) -> list[Addition]:
    """The additions to a condition's figures, of its stage or of the whole school."""
    if condition.sense is not Sense.AT_LEAST:
        return []
    return [each for each in additions if each.figure in condition.plus and each.stage in (None, stage)]
