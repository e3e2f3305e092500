"""One condition asked of one school unit, school or county: met or short, by how much, and what is not known.

Values are kept as exact quotients ``above / below``, so that a threshold is decided without rounding. A missing number
makes a value unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from tracker.rules.school_facts import SchoolFacts
from tracker.rules.school_figures import STAGE_FIGURES, Number
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import ALL, Condition, Sense, Standard

CountyFigures = Mapping[str, Decimal | bool | None]
KINDERGARTEN = "kindergarten"
ONE = Decimal(1)
ZERO = Decimal(0)


class Finding(StrEnum):
    """达标、允许范围内、未达标、未评、不适用, from best to worst where several are put together."""

    NONE = "none"
    MET = "met"
    TOLERATED = "tolerated"
    UNKNOWN = "unknown"
    SHORT = "short"


SEVERITY = {finding: place for place, finding in enumerate(Finding)}


def worst(findings: Iterable[Finding]) -> Finding:
    """The worst of some findings: one that is short decides, then one that is unknown; NONE of nothing."""
    return max(findings, key=SEVERITY.__getitem__, default=Finding.NONE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition's answer: the value ``above / below`` beside its bound.

    ``lacking`` is what is to be added to (or, for a limit, taken from) the numerator's figures of the whole subject:
    persons, rooms, m² or yuan. ``missing`` are the codes of the numbers that are not known.
    """

    finding: Finding
    above: Decimal = ZERO
    below: Decimal = ZERO
    bound: Decimal | None = None
    lacking: Decimal | None = None
    missing: tuple[str, ...] = ()
    relaxed: bool = False

    @property
    def value(self) -> Decimal | None:
        """The value to 28 digits, for showing; None where it is unknown."""
        return self.above / self.below if self.below else None

    def reaches(self, share: Decimal) -> bool:
        """Whether the value reaches a share of its bound, exactly."""
        return self.bound is not None and self.below > 0 and self.above >= self.bound * share * self.below


NOT_ASKED = Judged(Finding.NONE)


def judge_unit(
    condition: Condition, school: SchoolFacts, stage: Stage, standard: Standard, county: CountyFigures
) -> Judged:
    """A condition asked of one stage of a school."""
    figures = {**school.whole, **school.stages[stage]}
    share = _share(school, stage, standard) if condition.divided else (ONE, ONE)
    if share is None:
        return Judged(Finding.UNKNOWN, missing=("students",))
    bound = condition.bound(stage)
    return _judge(condition, figures, school, bound, share, _bound_figure(condition, [stage], school, county))


def judge_school(condition: Condition, school: SchoolFacts, county: CountyFigures) -> Judged:
    """A condition asked of a whole school, over its compulsory stages."""
    if condition.kinds and school.kind not in condition.kinds:
        return NOT_ASKED
    if not school.compulsory:
        return NOT_ASKED if school.year is not None and school.stages else Judged(Finding.UNKNOWN, missing=("year",))
    if condition.only_under is not None:
        if school.students is None:
            return Judged(Finding.UNKNOWN, missing=("students",))
        if school.students >= condition.only_under:
            return NOT_ASKED
    figures = summed([school]) | dict(school.whole)
    bound = condition.bound(school.form)
    return _judge(
        condition, figures, school, bound, (ONE, ONE), _bound_figure(condition, school.compulsory, school, county)
    )


def judge_total(condition: Condition, schools: list[SchoolFacts]) -> Judged:
    """A condition asked of the sum over a county's schools; one missing number makes the sum unknown."""
    asked = [each for each in schools if not condition.kinds or each.kind in condition.kinds]
    if not asked:
        return NOT_ASKED
    return _judge(condition, summed(asked), None, condition.bound(ALL), (ONE, ONE), None)


def judge_county(condition: Condition, county: CountyFigures) -> Judged:
    """A condition asked of the values that a county enters."""
    if condition.asks:
        answer = county.get(condition.asks)
        if answer is None:
            return Judged(Finding.UNKNOWN, missing=(condition.asks,))
        return Judged(Finding.MET if answer else Finding.SHORT)
    numbers = {code: value for code, value in county.items() if not isinstance(value, bool)}
    return _judge(condition, numbers, None, condition.bound(ALL), (ONE, ONE), None)


def summed(schools: Iterable[SchoolFacts]) -> dict[str, Number | None]:
    """The numbers of the compulsory stages added up; None where one of them is missing."""
    totals: dict[str, Number | None] = dict.fromkeys(STAGE_FIGURES, 0)
    for school in schools:
        if not school.stages:
            return dict.fromkeys(STAGE_FIGURES, None)
        for stage in school.compulsory:
            numbers = school.stages[stage]
            for code, total in totals.items():
                number = numbers.get(code)
                totals[code] = None if total is None or number is None else total + number
    return totals


def is_counted(school: SchoolFacts, least_students: int) -> bool | None:
    """Whether a school counts for the indicators of resources; None where a small point's students are not known.

    Special and vocational schools do not, nor teaching points below ``least_students`` (教督〔2017〕6号).
    """
    if school.kind is SchoolKind.TEACHING_POINT:
        return None if school.students is None else school.students >= least_students
    return school.kind is SchoolKind.SCHOOL


def _judge(
    condition: Condition,
    figures: Mapping[str, Number | Decimal | None],
    school: SchoolFacts | None,
    bound: Decimal | None,
    share: tuple[Decimal, Decimal],
    bound_figure: tuple[Decimal | None, tuple[str, ...]] | None,
) -> Judged:
    """Put the figures of a condition together and hold them beside the bound."""
    missing = tuple(
        code
        for code in (*condition.plus, *condition.minus, *condition.per, *condition.per_minus)
        if figures.get(code) is None
    )
    if bound_figure is not None:
        bound, more = bound_figure
        missing += more
    if missing:
        return Judged(Finding.UNKNOWN, missing=missing)
    above = _sum(figures, condition.plus) - _sum(figures, condition.minus)
    below = _sum(figures, condition.per) - _sum(figures, condition.per_minus) if condition.per else ONE
    if condition.each is not None:
        bound, below = (below / condition.each).to_integral_value(ROUND_CEILING), ONE
    if condition.per_at_least is not None:
        below = max(below, condition.per_at_least)
    if bound is None or below <= 0:
        return NOT_ASKED
    relaxed = _is_relaxed(condition, school)
    if relaxed and condition.relaxation:
        bound *= condition.relaxation.share
    step = condition.factor * share[0]
    return _beside(condition.sense, above * step, below * share[1], bound, step, relaxed)


def _beside(sense: Sense, above: Decimal, below: Decimal, bound: Decimal, step: Decimal, relaxed: bool) -> Judged:
    wanted = bound * below
    good = above >= wanted if sense is Sense.AT_LEAST else above <= wanted if sense is Sense.AT_MOST else above < wanted
    if good:
        return Judged(Finding.MET, above, below, bound, relaxed=relaxed)
    return Judged(Finding.SHORT, above, below, bound, abs(wanted - above) / step, relaxed=relaxed)


def _sum(figures: Mapping[str, Number | Decimal | None], codes: tuple[str, ...]) -> Decimal:
    return sum((Decimal(figures[code] or 0) for code in codes), ZERO)


def _share(school: SchoolFacts, stage: Stage, standard: Standard) -> tuple[Decimal, Decimal] | None:
    """A stage's share of its school's rooms as a quotient, by weighted students; None where students are unknown."""
    # A kindergarten is attached to a primary school (抚顺县: 小学附设幼儿班); no other is asked for its children.
    children = standard.weight(KINDERGARTEN) if Stage.PRIMARY in school.stages else ZERO
    if len(school.stages) == 1 and not children:
        return ONE, ONE
    parts = {each: (standard.weight(each), school.stages[each].get("students")) for each in school.stages}
    little = school.whole.get("kindergarten_children") if children else 0
    if little is None or any(count is None for _weight, count in parts.values()):
        return None
    whole = sum((weight * Decimal(count or 0) for weight, count in parts.values()), children * Decimal(little))
    own = parts[stage][0] * Decimal(parts[stage][1] or 0)
    return (own, whole) if whole else None


def _bound_figure(
    condition: Condition, stages: list[Stage], school: SchoolFacts, county: CountyFigures
) -> tuple[Decimal | None, tuple[str, ...]] | None:
    """A bound that the county enters by stage, as the mean over a school's students; and the codes that are missing."""
    if not condition.bound_figures:
        return None
    codes = {stage: condition.bound_figures.get(stage, condition.bound_figures.get(ALL, "")) for stage in stages}
    missing = tuple(code for code in codes.values() if county.get(code) is None)
    if missing or not school.students:
        return None, missing or ("students",)
    total = sum(
        (
            Decimal(county[code] or 0) * Decimal(school.stages[stage].get("students") or 0)
            for stage, code in codes.items()
        ),
        ZERO,
    )
    return total / school.students, ()


def _is_relaxed(condition: Condition, school: SchoolFacts | None) -> bool:
    relaxation = condition.relaxation
    if relaxation is None or not relaxation.on or school is None:
        return False
    if relaxation.opened_before and not (school.opened_on and school.opened_on < relaxation.opened_before):
        return False
    if not relaxation.while_shrinking:
        return True
    return school.before is not None and school.students is not None and school.students <= school.before
