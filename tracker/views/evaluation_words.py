"""The rows of the mock evaluation in words: what was found of each item, why, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.models import CountyValue
from tracker.rules.measures import Finding
from tracker.rules.self_evaluation import Points, Tally, counts_of, failing_schools, points_of, shared_points
from tracker.rules.stages import Stage
from tracker.rules.standards import ALL, Condition, Item, Subject
from tracker.rules.verdicts import ConditionVerdict, ItemVerdict, PartVerdict, SchoolVerdict, SpreadVerdict, Verdict
from tracker.translations import gettext as _
from tracker.views.condition_words import (
    bound_words,
    bounds_words,
    condition_name,
    judged_words,
    missing_words,
    quotient_words,
)
from tracker.views.indicator_words import value_words
from tracker.views.words import day, number, word

MOST_SCHOOLS = 8
Values = Mapping[str, CountyValue]


@dataclass(frozen=True)
class FailingSchool:
    """A school that does not meet a condition, with its values."""

    id: int
    name: str
    value: str


@dataclass(frozen=True)
class Reason:
    """Why something was found, with the schools that are short, and who says so."""

    why: str
    schools: tuple[FailingSchool, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class Line:
    """One thing that was asked of an item: what it is, what was found, why, with which schools, and who says so."""

    text: str
    finding: Finding
    why: str = ""
    schools: tuple[FailingSchool, ...] = ()
    more_schools: int = 0
    says: str = ""
    number: str = ""
    points: Points | None = None

    @property
    def written(self) -> str:
        """Why, with the schools, on one line of a sheet."""
        named = _("、").join(f"{each.name}{_('（%(value)s）', value=each.value)}" for each in self.schools)
        more = _("等 %(count)d 所", count=len(self.schools) + self.more_schools) if self.more_schools else ""
        return _("；").join(part for part in (self.why, f"{named}{more}") if part)


@dataclass(frozen=True)
class Row:
    """An item of the evaluation."""

    item: Item
    finding: Finding
    points: Points | None
    lines: tuple[Line, ...]

    @property
    def number(self) -> str:
        """The number that the framework gives the item."""
        return self.item.number or self.item.code


def rows_of(verdict: Verdict, values: Values) -> list[Row]:
    """The rows of a verdict, an item each, in the order of the framework."""
    return [
        Row(each.item, each.finding, points_of(each), tuple(_lines(each, verdict, values))) for each in verdict.items
    ]


def _lines(found: ItemVerdict, verdict: Verdict, values: Values) -> Iterator[Line]:
    """The parts, and the conditions that no part is; where points go by part, the parts alone."""
    for part in found.parts:
        yield _part_line(part, verdict, values)
    of_parts = {code for part in found.parts for code, _side in part.part.asked}
    if found.item.points is None or not found.parts:
        for condition in found.conditions:
            if condition.condition.code not in of_parts:
                name = condition_name(condition.condition)
                yield _line(name, condition.finding, [_reason(condition, "", verdict, values)])


def _part_line(found: PartVerdict, verdict: Verdict, values: Values) -> Line:
    part = found.part
    reasons = [
        _reason(verdict.conditions[code], side, verdict, values)
        for code, side in part.asked
        if code in verdict.conditions
    ]
    if not part.condition:
        why = _("县里还没有填报") if found.finding is Finding.UNKNOWN else ""
        reasons = [Reason(why, says=who_says(values.get(part.figure)))]
    line = _line(part.text, found.finding, reasons)
    return replace(line, number=part.number, points=shared_points(part.points, found.points))


def _line(text: str, finding: Finding, reasons: Sequence[Reason]) -> Line:
    schools = tuple(dict.fromkeys(school for reason in reasons for school in reason.schools))
    return Line(
        text,
        finding,
        _("；").join(dict.fromkeys(reason.why for reason in reasons if reason.why)),
        schools[:MOST_SCHOOLS],
        max(0, len(schools) - MOST_SCHOOLS),
        _("；").join(dict.fromkeys(reason.says for reason in reasons if reason.says)),
    )


def _reason(found: ConditionVerdict, side: str, verdict: Verdict, values: Values) -> Reason:
    """Why a condition, or one side of it, is found as it is; the sides are a stage and "spread"."""
    condition = found.condition
    if found.judged is not None:
        says = _("学校数据") if condition.of is Subject.TOTAL else _says_of(condition, values)
        return Reason(_judged(found, verdict), says=says)
    spreads = [_spread(each) for each in found.spreads if side in {"", "spread", each.stage.value}]
    if side == "spread":
        return Reason(_("；").join(each for each in spreads if each), says=_("学校数据"))
    if side in set(Stage):
        stage = Stage(side)
        schools = tuple(_failing(each, condition, stage) for each in failing_schools(verdict, condition, stage))
        return Reason(_stage_counts(counts_of(verdict, condition, stage), condition, stage), schools, _("学校数据"))
    schools = tuple(_failing(each, condition) for each in failing_schools(verdict, condition))
    why = _("；").join(part for part in (_counts(found), *spreads) if part)
    return Reason(why, schools, _("学校数据"))


def _judged(found: ConditionVerdict, verdict: Verdict) -> str:
    """A value of the county beside its bound, or what is missing for it."""
    condition, judged = found.condition, found.judged
    if judged is None or judged.finding is Finding.NONE:
        return _("没有要评的对象")
    if judged.missing:
        return _("缺：%(names)s", names=missing_words(judged.missing, verdict.standard))
    if condition.asks:
        return _("县里答“%(answer)s”", answer=judged_words(condition, judged))
    value, bound = judged_words(condition, judged, condition.bound(ALL)), bound_words(condition, judged.bound)
    quotient = quotient_words(condition, judged)
    behind = _("（%(quotient)s）", quotient=quotient) if quotient else ""
    return _("%(value)s%(behind)s，要求 %(bound)s", value=value, behind=behind, bound=bound)


def _counts(found: ConditionVerdict) -> str:
    """How many units or schools meet a condition, out of those asked."""
    rooms = found.condition.each is not None
    bound = bound_words(found.condition, None) if rooms else bounds_words(found.condition)
    return _counted(found.met, found.asked, found.unknown, bound)


def _stage_counts(counts: Tally, condition: Condition, stage: Stage) -> str:
    """The same for the units of one stage."""
    return _counted(counts.met, counts.asked, counts.unknown, bound_words(condition, condition.bound(stage)))


def _counted(met: int, asked: int, unknown: int, bound: str) -> str:
    if not asked:
        return _("没有要评的学校")
    said = _("%(met)d／%(asked)d 所达到（%(bound)s）", met=met, asked=asked, bound=bound)
    return said + (_("，%(count)d 所缺数", count=unknown) if unknown else "")


def _spread(found: SpreadVerdict) -> str:
    """The coefficient of a stage beside its limit."""
    stage, limit = word(found.stage), number(found.limit)
    if found.coefficient is None:
        return "" if found.finding is Finding.NONE else _("%(stage)s差异系数未评", stage=stage)
    value = value_words(found.coefficient.value, found.limit)
    if found.finding is Finding.SHORT:
        return _("%(stage)s差异系数 %(value)s，超过 %(limit)s", stage=stage, value=value, limit=limit)
    if found.finding is Finding.UNKNOWN:
        return _("%(stage)s差异系数暂为 %(value)s（上限 %(limit)s）", stage=stage, value=value, limit=limit)
    return _("%(stage)s差异系数 %(value)s，不超过 %(limit)s", stage=stage, value=value, limit=limit)


def _failing(found: SchoolVerdict, condition: Condition, stage: Stage | None = None) -> FailingSchool:
    """A school with the values of its units that are short."""
    judged = [
        f"{word(unit.stage) if stage is None else ''} {judged_words(condition, unit.judged[condition.code])}".strip()
        for unit in found.units
        if stage in {None, unit.stage}
        and condition.code in unit.judged
        and unit.judged[condition.code].finding is Finding.SHORT
    ]
    if condition.code in found.judged:
        judged = [judged_words(condition, found.judged[condition.code])]
    return FailingSchool(found.school.id, found.school.name, _("，").join(judged))


def _says_of(condition: Condition, values: Values) -> str:
    said = dict.fromkeys(who_says(values.get(code)) for code in condition.figures)
    return _("；").join(each for each in said if each)


def who_says(value: CountyValue | None) -> str:
    """Who says a value of the county, as of which day, and how far it may be relied on."""
    if value is None:
        return ""
    who = value.unit.name if value.unit else value.source
    return _("%(who)s %(day)s（%(standing)s）", who=who, day=day(value.on), standing=word(value.standing))
