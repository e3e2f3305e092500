"""One condition asked of one school unit, school or county: met or short, by how much, and what is not known.

Values are kept as exact quotients ``above / below``, so that a threshold is decided without rounding. A missing number
makes a value unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import NamedTuple

from tracker.rules.school_facts import SchoolFacts
from tracker.rules.school_figures import STAGE_FIGURES, Number
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import ALL, ONE, Ask, Condition, Relaxation, Sense, Standard

CountyFigures = Mapping[str, Decimal | bool | None]
Numbers = Mapping[str, Number | None]
Quotient = tuple[Decimal, Decimal]
KINDERGARTEN = "kindergarten"
ZERO = Decimal(0)
WHOLE: Quotient = (ONE, ONE)


class Finding(StrEnum):
    """达标、允许范围内、未达标、未评、不适用, from best to worst where several are put together."""

    NONE = "none"
    MET = "met"
    TOLERATED = "tolerated"
    UNKNOWN = "unknown"
    SHORT = "short"


SEVERITY = {finding: place for place, finding in enumerate(Finding)}
MET, SHORT, UNKNOWN = Finding.MET, Finding.SHORT, Finding.UNKNOWN
AT_LEAST, AT_MOST = Sense.AT_LEAST, Sense.AT_MOST


def worst(findings: Iterable[Finding]) -> Finding:
    """The worst of some findings: one that is short decides, then one that is unknown; NONE of nothing."""
    return max(set(findings), key=SEVERITY.__getitem__, default=Finding.NONE)


class Judged(NamedTuple):
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


# A county has thousands of answers: they are made past the reading of names and defaults.
_made = tuple.__new__
NOT_ASKED = Judged(Finding.NONE)
NO_STUDENTS = Judged(Finding.UNKNOWN, missing=("students",))


def judge_unit(
    condition: Condition, school: SchoolFacts, stage: Stage, standard: Standard, county: CountyFigures
) -> Judged:
    """A condition asked of one stage of a school."""
    share = share_of_rooms(school, stage, standard) if condition.divided else WHOLE
    return judge_stage(condition, school, stage, unit_numbers(school, stage), share, county)


def judge_stage(
    condition: Condition,
    school: SchoolFacts,
    stage: Stage,
    numbers: Numbers,
    share: Quotient | None,
    county: CountyFigures,
) -> Judged:
    """The same with the numbers of the unit and its share of the rooms, which all its conditions have in common."""
    if not condition.divided:
        share = WHOLE
    elif share is None:
        return NO_STUDENTS
    bound_figure = _bound_figure(condition, [stage], school, county) if condition.bound_figures else None
    return _judge(condition, numbers, school, condition.bound(stage), share, bound_figure)


def judge_simply(asked: Ask, numbers: Numbers, share: Quotient | None) -> Judged | None:
    """A simple condition asked of numbers that are all known; None where it has to be asked in full."""
    _condition, _code, bound, is_at_least, step, first, added, taken, per, divided, each = asked
    if first is None or (divided and share is None):
        return None
    above, below = numbers.get(first), ONE if per is None else numbers.get(per)
    if above is None or below is None:
        return None
    for code in added:
        more = numbers.get(code)
        if more is None:
            return None
        above += more
    for code in taken:
        less = numbers.get(code)
        if less is None:
            return None
        above -= less
    if each is not None:
        bound, below = (below / each).to_integral_value(ROUND_CEILING), ONE
    if bound is None:
        return NOT_ASKED
    if below <= 0:
        return None
    if divided and share is not WHOLE and share is not None:
        step, below = step * share[0], below * share[1]
    reached = above if step is ONE and isinstance(above, Decimal) else step * above
    wanted = bound * below
    if not isinstance(below, Decimal):
        below = Decimal(below)
    if reached >= wanted if is_at_least else reached <= wanted:
        return _made(Judged, (MET, reached, below, bound, None, (), False))
    lacking = abs(wanted - reached)
    return _made(Judged, (SHORT, reached, below, bound, lacking if step is ONE else lacking / step, (), False))


def judge_school(
    condition: Condition, school: SchoolFacts, county: CountyFigures, numbers: Numbers | None = None
) -> Judged:
    """A condition asked of a whole school, over its compulsory stages; ``numbers`` are those, where they are known.

    With ``all_stages`` it is asked over the others as well; the bound stays that of the compulsory ones.
    """
    if condition.kinds and school.kind not in condition.kinds:
        return NOT_ASKED
    stages = school.compulsory
    if not stages:
        return NOT_ASKED if school.year is not None and school.stages else Judged(UNKNOWN, missing=("year",))
    if condition.only_under is not None:
        students = school.everyone if condition.all_stages else school.students
        if (students or school.students or 0) >= condition.only_under:
            return NOT_ASKED
        if students is None:
            return NO_STUDENTS
    if condition.all_stages and len(school.stages) > len(stages):
        numbers = {**school.whole, **summed([school], condition.quotient, all_stages=True)}
    elif numbers is None:
        numbers = school_numbers(school, condition.quotient)
    bound_figure = _bound_figure(condition, stages, school, county) if condition.bound_figures else None
    return _judge(condition, numbers, school, condition.bound(school.form), WHOLE, bound_figure)


def judge_total(condition: Condition, schools: Iterable[SchoolFacts]) -> Judged:
    """A condition asked of the sum over a county's schools; one missing number makes the sum unknown."""
    asked = [each for each in schools if not condition.kinds or each.kind in condition.kinds]
    if not asked:
        return NOT_ASKED
    return _judge(condition, summed(asked, condition.quotient), None, condition.bound(ALL), WHOLE, None)


def judge_county(condition: Condition, county: CountyFigures) -> Judged:
    """A condition asked of the values that a county enters."""
    if condition.asks:
        answer = county.get(condition.asks)
        if not isinstance(answer, bool):
            # A number is no answer to a question: it was asked for otherwise when it was said.
            return Judged(Finding.UNKNOWN, missing=(condition.asks,))
        return Judged(Finding.MET if answer else Finding.SHORT)
    known = {code: county.get(code) for code in condition.quotient}
    numbers = {code: None if isinstance(value, bool) else value for code, value in known.items()}
    return _judge(condition, numbers, None, condition.bound(ALL), WHOLE, None)


def unit_numbers(school: SchoolFacts, stage: Stage) -> dict[str, Number | None]:
    """The numbers of one stage with those of the whole school."""
    return {**school.whole, **school.stages[stage]}


def school_numbers(school: SchoolFacts, codes: Collection[str] = tuple(STAGE_FIGURES)) -> Numbers:
    """The numbers of a school: those of its compulsory stages added up, with those of the whole."""
    stages = school.compulsory
    if len(stages) == 1:
        return unit_numbers(school, stages[0])
    return {**summed([school], codes), **school.whole}


def summed(
    schools: Iterable[SchoolFacts], codes: Collection[str] = tuple(STAGE_FIGURES), *, all_stages: bool = False
) -> dict[str, Number | None]:
    """Numbers of the compulsory stages, or of all, added up; None where one of them is missing."""
    asked, schools = [code for code in codes if code in STAGE_FIGURES], list(schools)
    if not all(school.stages for school in schools):
        return dict.fromkeys(asked, None)
    stages = [
        school.stages[stage] for school in schools for stage in (school.stages if all_stages else school.compulsory)
    ]
    totals: dict[str, Number | None] = {}
    for code in asked:
        numbers = [each.get(code) for each in stages]
        totals[code] = None if None in numbers else sum(each for each in numbers if each is not None)
    return totals


def is_counted(school: SchoolFacts, least_students: int) -> bool | None:
    """Whether a school counts for the indicators of resources; None where a small point's students are not known.

    Special and vocational schools do not, nor teaching points below ``least_students`` (教督〔2017〕6号).
    """
    if school.kind is SchoolKind.TEACHING_POINT:
        return None if school.students is None else school.students >= least_students
    return school.kind is SchoolKind.SCHOOL


def share_of_rooms(school: SchoolFacts, stage: Stage, standard: Standard) -> Quotient | None:
    """A stage's share of its school's rooms as a quotient, by weighted students; None where students are unknown."""
    # A kindergarten is attached to a primary school (抚顺县: 小学附设幼儿班); no other is asked for its children.
    children = standard.weight(KINDERGARTEN) if Stage.PRIMARY in school.stages else ZERO
    if not standard.weights or (len(school.stages) == 1 and not children):
        return WHOLE
    parts = {each: (standard.weight(each), school.stages[each].get("students")) for each in school.stages}
    little = school.whole.get("kindergarten_children") if children else 0
    if little is None or any(count is None for _weight, count in parts.values()):
        return None
    whole = sum((weight * (count or 0) for weight, count in parts.values()), children * little)
    own = parts[stage][0] * (parts[stage][1] or 0)
    # A share of zero would make every room endless: a stage that weighs nothing, or has nobody, has none that is known.
    return (own, whole) if own > 0 and whole > 0 else None


def _judge(
    condition: Condition,
    numbers: Numbers | CountyFigures,
    school: SchoolFacts | None,
    bound: Decimal | None,
    share: Quotient,
    bound_figure: tuple[Decimal | None, tuple[str, ...]] | None,
) -> Judged:
    """Put the figures of a condition together and hold them beside the bound."""
    if bound_figure is not None:
        bound, more = bound_figure
        if more:
            return Judged(UNKNOWN, missing=_missing(condition, numbers) + more)
    above = _total(condition.plus, condition.minus, numbers)
    below = _total(condition.per, condition.per_minus, numbers) if condition.per else ONE
    if above is None or below is None:
        return Judged(UNKNOWN, missing=_missing(condition, numbers))
    if condition.each is not None:
        bound, below = (below / condition.each).to_integral_value(ROUND_CEILING), ONE
    if condition.per_at_least is not None:
        below = max(below, condition.per_at_least)
    if bound is None:
        return NOT_ASKED
    if below <= 0:
        # A share of nobody is no share, unless the condition says that then nothing is asked.
        return NOT_ASKED if condition.none_asked else Judged(UNKNOWN, missing=condition.per + condition.per_minus)
    relaxed = condition.relaxation is not None and _is_relaxed(condition.relaxation, school)
    if relaxed and condition.relaxation:
        bound *= condition.relaxation.share
    step = condition.factor
    if share is not WHOLE:
        step, below = step * share[0], below * share[1]
    above, wanted, sense = above * step, bound * below, condition.sense
    if above >= wanted if sense is AT_LEAST else above <= wanted if sense is AT_MOST else above < wanted:
        return Judged(MET, above, below, bound, None, (), relaxed)
    return Judged(SHORT, above, below, bound, abs(wanted - above) / step, (), relaxed)


def _total(added: tuple[str, ...], taken: tuple[str, ...], numbers: Numbers | CountyFigures) -> Decimal | None:
    """The sum of some figures less others; None where one is not known."""
    total = ZERO
    for code in added:
        number = numbers.get(code)
        if number is None:
            return None
        total += number
    for code in taken:
        number = numbers.get(code)
        if number is None:
            return None
        total -= number
    return total


def _missing(condition: Condition, numbers: Numbers | CountyFigures) -> tuple[str, ...]:
    return tuple(code for code in condition.quotient if numbers.get(code) is None)


def _bound_figure(
    condition: Condition, stages: list[Stage], school: SchoolFacts, county: CountyFigures
) -> tuple[Decimal | None, tuple[str, ...]]:
    """A bound that the county enters by stage, as the mean over a school's students; and the codes that are missing."""
    codes = {stage: condition.bound_figures.get(stage, condition.bound_figures.get(ALL, "")) for stage in stages}
    missing = tuple(code for code in codes.values() if county.get(code) is None)
    if missing or not school.students:
        return None, missing or ("students",)
    total = sum(
        (Decimal(county[code] or 0) * (school.stages[stage].get("students") or 0) for stage, code in codes.items()),
        ZERO,
    )
    return total / school.students, ()


def _is_relaxed(relaxation: Relaxation, school: SchoolFacts | None) -> bool:
    if not relaxation.on or school is None:
        return False
    if not relaxation.may_hold(school.opened_on):
        return False
    if not relaxation.while_shrinking:
        return True
    return school.before is not None and school.students is not None and school.students <= school.before
