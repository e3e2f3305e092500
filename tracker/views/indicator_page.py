"""The page of one indicator as it is shown: a chart for each stage, lists of schools, and what the county says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.models import CountyValue
from tracker.queries.county_record import CountyRecord
from tracker.queries.indicator_sources import RowStanding
from tracker.queries.indicators import Brings
from tracker.rules.charts import Axis, Bullet, Dot, Tick, axis_for, bullet, dot
from tracker.rules.measures import Finding, Judged, judge_unit, worst
from tracker.rules.rounding import shown
from tracker.rules.stages import COMPULSORY, Stage, Standing
from tracker.rules.standards import Condition, Sense, Subject
from tracker.rules.verdicts import ConditionVerdict, ItemVerdict, UnitVerdict, Verdict
from tracker.translations import gettext as _
from tracker.views.condition_words import (
    ConditionLine,
    condition_name,
    county_line,
    figure_name,
    fixed,
    is_of_units,
    judged_words,
    missing_words,
    places_of,
    value_unit,
)
from tracker.views.indicator_list import StageLine, coefficient_words, part_lines, stage_lines, units_by_condition
from tracker.views.indicator_sentences import closing_sentences, stage_sentence, whole, whole_amount
from tracker.views.words import number, word

MOST_SHOWN = 40
ORDER = {Finding.SHORT: 0, Finding.TOLERATED: 0, Finding.UNKNOWN: 1}


@dataclass(frozen=True)
class UnitRow:
    """A school unit or school in a chart or list: its value, its gap in things, last year's value and its place."""

    school_id: int
    name: str
    finding: Finding
    is_short: bool
    value: str
    bound: str
    share: str
    gap: str
    last: str
    students: int | None
    standing: Standing | None
    missing: str
    dot: Dot | None
    label: str


@dataclass(frozen=True)
class StageChart:
    """The units of a stage, worst first; folded are those that are fine beyond the first forty, and the unknown."""

    stage: Stage
    name: str
    line: StageLine
    sentence: str
    shown: list[UnitRow]
    folded: list[UnitRow]
    open: list[UnitRow]
    unit: str
    bound: str
    threshold: float
    floor: float | None
    ticks: tuple[Tick, ...]
    bullet: Bullet | None
    bullet_label: str
    closings: list[str]

    @property
    def rows(self) -> list[UnitRow]:
        """All units."""
        return [*self.shown, *self.open, *self.folded]


@dataclass(frozen=True)
class SchoolList:
    """A condition whose bound differs from school to school: who misses it and who is unknown."""

    name: str
    bound: str
    met: int
    asked: int
    unknown: int
    finding: Finding
    short: list[UnitRow]
    open: list[UnitRow]


@dataclass(frozen=True)
class CountyRow:
    """A condition that the county answers, with the values behind it."""

    line: ConditionLine
    values: list[tuple[str, str, CountyValue]]


@dataclass(frozen=True)
class IndicatorAnswer:
    """A county's answer to one indicator: charts by stage, lists of schools, the county's own values, parts."""

    finding: Finding
    items: Sequence[ItemVerdict]
    charts: list[StageChart]
    lists: list[SchoolList]
    values: list[CountyRow]
    parts: list[ConditionLine]


def indicator_answer(items: Sequence[ItemVerdict], verdict: Verdict, record: CountyRecord) -> IndicatorAnswer:
    """The answer of a county to the items of its standard that are an indicator."""
    found = {each.condition.code: each for item in items for each in item.conditions}.values()
    drawn = [each for each in found if has_chart(each.condition)]
    charts = [
        replace(chart, name=condition_name(each.condition) if len(drawn) > 1 else "")
        for each in drawn
        for chart in charts_of(each, verdict, record)
    ]
    return IndicatorAnswer(
        worst(item.finding for item in items),
        items,
        charts,
        [school_list(each, verdict) for each in found if each.judged is None and not has_chart(each.condition)],
        [county_row(each, verdict, record) for each in found if each.judged is not None],
        part_lines(items),
    )


def charts_of(found: ConditionVerdict, verdict: Verdict, record: CountyRecord) -> list[StageChart]:
    """A chart for each stage of a condition that has one threshold for all units of a stage."""
    units = units_by_condition(verdict)
    last = last_values(found.condition, verdict, record)
    return [
        _chart(line, units.get((found.condition.code, line.stage), []), last, verdict, record.standings)
        for line in stage_lines(found, verdict, record)
        if units.get((found.condition.code, line.stage))
    ]


def has_chart(condition: Condition) -> bool:
    """Whether one threshold holds for all units of a stage."""
    return is_of_units(condition) and condition.each is None and not condition.bound_figures


def last_values(condition: Condition, verdict: Verdict, record: CountyRecord) -> dict[tuple[int, Stage], Judged]:
    """The answers of the school year before, by school and stage."""
    if not record.earlier:
        return {}
    facts = record.earlier[0]
    return {
        (school.id, stage): judge_unit(condition, school, stage, verdict.standard, facts.figures)
        for school in facts.schools
        for stage in school.compulsory
    }


def _chart(
    line: StageLine,
    units: list[tuple[UnitVerdict, Judged]],
    last: Mapping[tuple[int, Stage], Judged],
    verdict: Verdict,
    standings: Mapping[int, RowStanding],
) -> StageChart:
    condition, bound = line.condition, line.condition.bound(line.stage) or Decimal(0)
    axis = axis_for([judged.value for _unit, judged in units if judged.value is not None], bound)
    rows = [
        _unit_row(unit, judged, last.get((unit.school.id, unit.stage)), condition, axis, verdict, standings)
        for unit, judged in sorted(units, key=lambda each: _worst_first(each[1], condition))
    ]
    known = [row for row in rows if row.dot]
    shown_rows = max(MOST_SHOWN, sum(row.is_short for row in known))
    floor = _floor(condition, bound, verdict)
    coefficient = line.spread.coefficient if line.spread else None
    return StageChart(
        line.stage,
        "",
        line,
        stage_sentence(line) if line.spread else count_sentence(line),
        known[:shown_rows],
        known[shown_rows:],
        [row for row in rows if not row.dot],
        value_unit(condition),
        number(bound),
        axis.at(bound),
        axis.at(floor) if floor is not None else None,
        axis.ticks([bound]),
        bullet(coefficient.value, line.spread.limit) if line.spread and coefficient else None,
        _("差异系数 %(value)s，上限 %(limit)s", value=coefficient_words(line.spread), limit=line.limit),
        closing_sentences(line.spread) if line.spread else [],
    )


def count_sentence(line: StageLine) -> str:
    """12 所中 3 所未达标（标准不超过 45）."""
    short = line.asked - line.met - line.unknown
    said = _("%(asked)d 所中 %(short)d 所未达标（标准%(bound)s）", asked=line.asked, short=short, bound=line.bound)
    return said + (_("，%(count)d 所缺数未评", count=line.unknown) if line.unknown else "")


def _worst_first(judged: Judged, condition: Condition) -> tuple[int, Decimal]:
    if judged.value is None:
        return (ORDER.get(judged.finding, 2), Decimal(0))
    sign = 1 if condition.sense is Sense.AT_LEAST else -1
    share = judged.value / judged.bound if judged.bound else judged.value
    return (ORDER.get(judged.finding, 2), sign * share)


def _floor(condition: Condition, bound: Decimal, verdict: Verdict) -> Decimal | None:
    """The least that is tolerated where a unit may miss a few thresholds."""
    terms = verdict.standard.unit
    return bound * terms.floor if condition.code in terms.conditions and terms.floor < 1 else None


def _unit_row(
    unit: UnitVerdict,
    judged: Judged,
    last: Judged | None,
    condition: Condition,
    axis: Axis,
    verdict: Verdict,
    standings: Mapping[int, RowStanding],
) -> UnitRow:
    is_short = judged.finding is Finding.SHORT
    tolerated = is_short and unit.finding is Finding.TOLERATED and condition.code in verdict.standard.unit.conditions
    before = last.value if last else None
    place = dot(axis, judged.value, judged.bound, is_short, before) if judged.value is not None else None
    row = _row(unit.school.id, unit.school.name, judged, condition, verdict)
    standing = standings.get(unit.school.id)
    return UnitRow(
        *row[:2],
        Finding.TOLERATED if tolerated else judged.finding,
        is_short,
        *row[2:],
        fixed(before, judged.bound, places_of(condition)),
        unit.school.stages[unit.stage].get("students"),  # type: ignore[arg-type]
        standing.of(condition.figures, unit.stage) if standing else None,
        missing_words(judged.missing, verdict.standard),
        place,
        _label(row[2], fixed(before, judged.bound, places_of(condition)), is_short, judged),
    )


def _row(
    school_id: int, name: str, judged: Judged, condition: Condition, verdict: Verdict
) -> tuple[int, str, str, str, str, str]:
    """Id, name, value, bound, share of the bound in percent, and gap in things."""
    bound = number(judged.bound) if judged.bound is not None else ""
    share = ""
    if judged.value is not None and judged.bound:
        share = f"{shown(judged.value / judged.bound * 100, Decimal(100) * verdict.standard.unit.floor, 1)}%"
    gap = whole_amount(condition.plus[0], whole(judged.lacking)) if judged.lacking is not None else ""
    return (school_id, name, judged_words(condition, judged), bound, share, gap)


def _label(value: str, last: str, is_short: bool, judged: Judged) -> str:
    if judged.value is None:
        return _("没有数值")
    said = _("%(value)s，未达标", value=value) if is_short else value
    return said if last == "—" else _("%(value)s；上年 %(last)s", value=said, last=last)


def school_list(found: ConditionVerdict, verdict: Verdict) -> SchoolList:
    """A condition asked of schools, or of units with bounds of their own."""
    line = county_line(found, verdict, {})
    ordered = sorted(_asked(found.condition, verdict), key=lambda each: _worst_first(each[2], found.condition))
    rows = [_plain_row(key, name, judged, found.condition, verdict) for key, name, judged in ordered]
    short = [row for row in rows if row.is_short]
    unknown = [row for row in rows if row.finding is Finding.UNKNOWN]
    return SchoolList(line.name, line.bound, found.met, found.asked, found.unknown, found.finding, short, unknown)


def _asked(condition: Condition, verdict: Verdict) -> list[tuple[int, str, Judged]]:
    """The schools or units of which a condition is asked, with their answers."""
    code = condition.code
    if condition.of is Subject.UNIT:
        units = [unit for unit in verdict.units if code in unit.judged]
        return [(unit.school.id, _unit_name(unit), unit.judged[code]) for unit in units]
    schools = [each for each in verdict.schools if code in each.judged]
    return [(each.school.id, each.school.name, each.judged[code]) for each in schools]


def _unit_name(unit: UnitVerdict) -> str:
    if len(unit.school.compulsory) < len(COMPULSORY):
        return unit.school.name
    return _("%(school)s（%(stage)s）", school=unit.school.name, stage=word(unit.stage))


def _plain_row(key: int, name: str, judged: Judged, condition: Condition, verdict: Verdict) -> UnitRow:
    row = _row(key, name, judged, condition, verdict)
    missing = missing_words(judged.missing, verdict.standard)
    return UnitRow(
        *row[:2], judged.finding, judged.finding is Finding.SHORT, *row[2:], "—", None, None, missing, None, ""
    )


def county_row(found: ConditionVerdict, verdict: Verdict, record: CountyRecord) -> CountyRow:
    """A condition of the county with the values behind it, who says each and since when."""
    names = {each.code: each for each in verdict.standard.figures}
    line = county_line(found, verdict, record.values)
    values = []
    for code in dict.fromkeys(found.condition.figures):
        value = record.values.get(code)
        if value is not None and code in names:
            said = (_("是") if value.yes else _("否")) if value.number is None else number(value.number)
            values.append((figure_name(code, verdict.standard), said, value))
    return CountyRow(line, values)


def brought_words(brings: Sequence[Brings]) -> str:
    """What a task brings to an indicator: 第八中学初中 +620 ㎡."""
    said = []
    for each in brings:
        where = each.school or ""
        stage = word(each.stage) if each.stage else ""
        said.append(_("%(where)s 增加 %(amount)s", where=where + stage, amount=whole_amount(each.figure, each.amount)))
    return _("；").join(text.strip() for text in said)


@dataclass(frozen=True)
class CountyAnswerLine:
    """What a county answers to one indicator, on one line among others."""

    region: str
    name: str
    finding: Finding
    words: str


def county_words(conditions: Sequence[ConditionVerdict]) -> str:
    """12 所中 9 所达标, or the county's own values."""
    said = []
    for found in conditions:
        if found.judged is not None:
            said.append(f"{condition_name(found.condition)} {judged_words(found.condition, found.judged)}".strip())
        elif found.asked:
            said.append(_("%(asked)d 所中 %(met)d 所达标", asked=found.asked, met=found.met))
        over = [each for each in found.spreads if each.finding is Finding.SHORT]
        said += [_("%(stage)s差异系数超限", stage=word(each.stage)) for each in over]
    return _("，").join(said)
