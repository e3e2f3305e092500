"""The list of indicators of a county as it is shown: a row for each national one, by stage where units are judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.models import Indicator
from tracker.queries.county_record import CountyRecord
from tracker.queries.indicator_sources import RowStanding, weakest
from tracker.queries.indicators import IndicatorRow, Tally
from tracker.rules.charts import Trend, trend
from tracker.rules.gaps import is_closed_but_short
from tracker.rules.measures import Finding, Judged, worst
from tracker.rules.stages import COMPULSORY, Stage, Standing
from tracker.rules.standards import Condition, Item, Standard
from tracker.rules.trends import means
from tracker.rules.verdicts import (
    ConditionVerdict,
    ItemVerdict,
    SpreadVerdict,
    UnitVerdict,
    Verdict,
)
from tracker.translations import gettext as _
from tracker.views.condition_words import (
    ConditionLine,
    bound_words,
    county_line,
    fixed,
    is_of_units,
    places_of,
)

Means = Mapping[tuple[str, Stage], Decimal]


@dataclass(frozen=True)
class StageLine:
    """One stage of a condition: its units that meet it, its mean, its coefficient and its years."""

    stage: Stage
    condition: Condition
    bound: str
    mean: str
    met: int
    asked: int
    unknown: int
    finding: Finding
    spread: SpreadVerdict | None
    coefficient: str
    limit: str
    trend: Trend | None
    years: str
    standing: Standing | None


@dataclass(frozen=True)
class Row:
    """An indicator of the list with its answer and its tasks.

    ``closed`` says of the tasks of the county that serve it, those of other units as well, whether they are closed;
    ``applies`` whether it asks something of the county, as far as its numbers tell.
    """

    base: IndicatorRow
    finding: Finding
    items: tuple[ItemVerdict, ...]
    stages: tuple[StageLine, ...]
    lines: tuple[ConditionLine, ...]
    closed: tuple[bool, ...] = ()
    applies: bool = True

    @property
    def indicator(self) -> Indicator:
        """The national indicator."""
        return self.base.indicator

    @property
    def tally(self) -> Tally:
        """Its tasks by light."""
        return self.base.tally

    @property
    def own_numbers(self) -> list[str]:
        """The codes of the items of a plan's own list that it is."""
        return [each.item.code for each in self.items if each.item.national]

    @property
    def is_unserved(self) -> bool:
        """Whether it asks something, is not known to be met, and no task serves it."""
        is_met = self.finding in {Finding.MET, Finding.TOLERATED}
        return self.applies and not is_met and not self.tally.total

    @property
    def is_red_though_closed(self) -> bool:
        """Whether it is short although every task that serves it is closed."""
        return is_closed_but_short(self.finding, self.closed)


def rows_of(
    board: Sequence[IndicatorRow], verdict: Verdict, record: CountyRecord, serving: Mapping[str, Sequence[bool]]
) -> list[Row]:
    """A row for each national indicator, as the items of the standard that are it answer.

    ``serving`` says of the tasks of each indicator whether they are closed.
    """
    items = items_by_national(verdict)
    history = [means(verdict.standard, facts, _spread_conditions(verdict.standard)) for facts in record.earlier]
    asked = units_by_condition(verdict)
    rows = []
    for base in board:
        mine = items.get(base.indicator.code, ())
        conditions = {each.condition.code: each for item in mine for each in item.conditions}.values()
        split = [each for each in conditions if is_of_units(each.condition) and each.spreads]
        lines = [county_line(each, verdict, record.values) for each in conditions if each not in split]
        stages = [line for each in split for line in _stage_lines(each, asked, history, record)]
        finding, closed = _finding(mine), tuple(serving.get(base.indicator.code, ()))
        applies = finding is not Finding.NONE or verdict.facts.year is None
        rows.append(Row(base, finding, mine, tuple(stages), (*lines, *part_lines(mine)), closed, applies))
    return rows


def items_by_national(verdict: Verdict) -> dict[str, tuple[ItemVerdict, ...]]:
    """The items of a standard by the national indicator that they are."""
    found: dict[str, tuple[ItemVerdict, ...]] = {}
    for each in verdict.items:
        code = national_code(each.item, verdict.standard)
        if code:
            found[code] = (*found.get(code, ()), each)
    return found


def national_code(item: Item, standard: Standard) -> str | None:
    """The code of the national indicator that an item is; an item of the national standard is itself."""
    return item.national or (item.code if standard.code == "national" else None)


def part_lines(items: Sequence[ItemVerdict]) -> list[ConditionLine]:
    """The parts of items without computed conditions, as the county answers them."""
    return [
        ConditionLine(part.part.text, "", "", part.finding)
        for item in items
        if not item.conditions
        for part in item.parts
    ]


def _finding(items: Sequence[ItemVerdict]) -> Finding:
    return worst(each.finding for each in items)


def _spread_conditions(standard: Standard) -> list[Condition]:
    return [each for each in standard.conditions.values() if is_of_units(each) and each.spread]


Asked = Mapping[tuple[str, Stage], list[tuple[UnitVerdict, Judged]]]


def units_by_condition(verdict: Verdict) -> dict[tuple[str, Stage], list[tuple[UnitVerdict, Judged]]]:
    """The units of each condition and stage that it is asked of."""
    found: dict[tuple[str, Stage], list[tuple[UnitVerdict, Judged]]] = {}
    for unit in verdict.units:
        for code, judged in unit.judged.items():
            if judged.finding is not Finding.NONE:
                found.setdefault((code, unit.stage), []).append((unit, judged))
    return found


def stage_lines(found: ConditionVerdict, verdict: Verdict, record: CountyRecord) -> list[StageLine]:
    """The lines of one condition by stage, with its means of earlier years."""
    history = [means(verdict.standard, facts, [found.condition]) for facts in record.earlier]
    return _stage_lines(found, units_by_condition(verdict), history, record)


def _stage_lines(
    found: ConditionVerdict, asked: Asked, history: Sequence[Means], record: CountyRecord
) -> list[StageLine]:
    spreads = {each.stage: each for each in found.spreads}
    return [
        _stage_line(found, stage, spreads.get(stage), asked.get((found.condition.code, stage), []), history, record)
        for stage in COMPULSORY
        if found.condition.bound(stage) is not None
    ]


def _stage_line(
    found: ConditionVerdict,
    stage: Stage,
    spread: SpreadVerdict | None,
    units: list[tuple[UnitVerdict, Judged]],
    history: Sequence[Means],
    record: CountyRecord,
) -> StageLine:
    condition = found.condition
    bound, places = condition.bound(stage), places_of(condition)
    mean = spread.coefficient.mean if spread and spread.coefficient else None
    years = [*(each.get((condition.code, stage)) for each in reversed(history)), mean]
    firsts = [facts.year for facts in reversed(record.earlier)]
    return StageLine(
        stage,
        condition,
        bound_words(condition, bound),
        fixed(mean, bound, places),
        sum(judged.finding is Finding.MET for _unit, judged in units),
        len(units),
        sum(judged.finding is Finding.UNKNOWN for _unit, judged in units),
        worst([found.by_stage.get(stage, Finding.NONE), spread.finding if spread else Finding.NONE]),
        spread,
        coefficient_words(spread),
        f"{spread.limit}" if spread else "",
        trend(years, bound),
        _("，").join(
            f"{year} {fixed(value, bound, places)}"
            for year, value in zip([*firsts, record.facts.year], years, strict=True)
            if year is not None and value is not None
        ),
        standing_of(condition, stage, units, record.standings),
    )


def standing_of(
    condition: Condition,
    stage: Stage,
    units: Sequence[tuple[UnitVerdict, Judged]],
    standings: Mapping[int, RowStanding],
) -> Standing | None:
    """The weakest standing of the numbers of some units; None where none has numbers."""
    known = [
        standings[unit.school.id].of(condition.figures, stage) for unit, _j in units if unit.school.id in standings
    ]
    return weakest(known) if known else None


def coefficient_words(spread: SpreadVerdict | None) -> str:
    """A coefficient as it is shown beside its limit, a dash where there is none."""
    found = spread.coefficient if spread else None
    return fixed(found.value if found else None, spread.limit if spread else None, 2)
