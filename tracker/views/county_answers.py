"""What the pages of indicators ask of a county, or of the counties of a prefecture or province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker import clock
from tracker.models import NATIONAL, Framework, Indicator
from tracker.queries.county_record import CountyRecord, record_of
from tracker.queries.frame import region_name, region_names
from tracker.queries.indicators import IndicatorRow, closed_by_indicator
from tracker.queries.reach import Reach
from tracker.queries.standards import national_framework, standard_of
from tracker.queries.verdicts import verdicts_within
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.measures import SEVERITY
from tracker.rules.verdicts import Verdict, judge
from tracker.views.framework_choice import asked_framework
from tracker.views.indicator_list import Row, rows_of
from tracker.views.indicator_sentences import Sums, school_year_words, sums_of, unknown_sentences, verdict_sentences


@dataclass(frozen=True)
class CountyAnswer:
    """A county on a standard as of today, with what stands behind the numbers."""

    region: str
    name: str
    framework: Framework
    frameworks: list[Framework]
    verdict: Verdict
    record: CountyRecord
    sums: Sums
    reasons: list[str]
    unknown: list[str]
    school_year: str

    @property
    def indicators(self) -> list[Indicator]:
        """The national indicators, which the standard's own reading has asked for."""
        return next(each for each in self.frameworks if each.code == NATIONAL).indicators

    def rows(self, board: Sequence[IndicatorRow]) -> list[Row]:
        """The rows of the list."""
        return rows_of(board, self.verdict, self.record, closed_by_indicator(self.region))


@dataclass(frozen=True)
class CountyLine:
    """A county among others, on one standard."""

    region: str
    name: str
    verdict: Verdict
    sums: Sums
    school_year: str


def county_of(reach: Reach) -> str | None:
    """The county that a page is about; None above a county."""
    region = reach.plan.region_code if reach.plan else reach.region
    return region if len(region) >= COUNTY_DIGITS else None


def county_answer(region: str, *, vetoed: bool = True) -> CountyAnswer:
    """The answer of a county on the framework in the address, or on its own; 404 for a framework it does not have."""
    framework, choices = asked_framework(region)
    record = record_of(region, clock.today())
    verdict = judge(standard_of(framework, vetoed=vetoed), record.facts)
    sums = sums_of(verdict)
    return CountyAnswer(
        region,
        region_name(region),
        framework,
        choices,
        verdict,
        record,
        sums,
        verdict_sentences(verdict, sums),
        unknown_sentences(sums),
        school_year_words(verdict.facts.year),
    )


def counties_within(reach: Reach, framework: Framework | None = None) -> list[CountyLine]:
    """The counties with schools in a reach on the national standard, the worst first."""
    found = list(verdicts_within(standard_of(framework or national_framework()), reach.region, clock.today()))
    names = {plan.region_code: plan.region.name for plan in reach.plans}
    if unnamed := [each.facts.region for each in found if each.facts.region not in names]:
        names |= region_names(unnamed)
    lines = [
        CountyLine(each.facts.region, names[each.facts.region], each, sums_of(each), school_year_words(each.facts.year))
        for each in found
    ]
    return sorted(lines, key=_worst_first)


def _worst_first(line: CountyLine) -> tuple[int, float, float, str]:
    sums = line.sums
    passing = sums.passing_units / sums.all_units if sums.all_units else 0.0
    return (-SEVERITY[line.verdict.finding], passing, sums.met_items / (sums.all_items or 1), line.region)
