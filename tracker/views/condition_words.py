"""What a condition asks and what it finds, in words: its unit, its bound, the value beside it, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.models import CountyValue
from tracker.queries.indicator_sources import weakest
from tracker.rules.measures import Finding, Judged
from tracker.rules.rounding import shown
from tracker.rules.school_figures import SCHOOL_FIGURES, FigureUnit
from tracker.rules.stages import Stage, Standing
from tracker.rules.standards import ALL, Condition, Sense, Standard, Subject
from tracker.rules.verdicts import ConditionVerdict, Verdict
from tracker.translations import gettext as _
from tracker.translations import in_language
from tracker.views.indicator_words import figure_unit, figure_word
from tracker.views.words import number, word

WHOLE = {FigureUnit.MONEY, FigureUnit.PERSONS, FigureUnit.CLASSES, FigureUnit.ROOMS}


def condition_name(condition: Condition) -> str:
    """The name of a condition in the reader's language, empty where its item says all."""
    return in_language(condition, "name")


def is_percentage(condition: Condition) -> bool:
    """Whether a value is a share in percent; 人 or rooms per hundred students are not."""
    return condition.factor == 100 and bool(condition.per) and "students" not in condition.per


def value_unit(condition: Condition, standard: Standard | None = None) -> str:
    """The unit of a condition's value: %, ㎡, 元, 人, 间, or that of the county's figure."""
    if is_percentage(condition):
        return "%"
    code = condition.plus[0] if condition.plus else ""
    if code in SCHOOL_FIGURES:
        return figure_unit(code)
    spec = standard.figure_specs.get(code) if standard and not condition.per else None
    return spec.unit if spec else ""


def places_of(condition: Condition) -> int:
    """With how many decimals a value is shown: none for money and for what is counted whole."""
    figure = SCHOOL_FIGURES.get(condition.plus[0]) if condition.plus else None
    if figure and figure.unit is FigureUnit.MONEY and not is_percentage(condition):
        return 0
    is_count = not condition.per or condition.each is not None
    return 0 if figure and figure.unit in WHOLE and is_count else 2


def bound_words(condition: Condition, bound: Decimal | None, standard: Standard | None = None) -> str:
    """不低于 4.2, 不超过 45, 低于 0.15, with % where it is a share."""
    if condition.asks:
        return _("是")
    if condition.each is not None:
        return _("每 %(each)s 班 1 间", each=number(condition.each))
    if bound is None:
        return ""
    unit = "%" if is_percentage(condition) else ""
    text = f"{number(bound)}{unit}"
    match condition.sense:
        case Sense.AT_LEAST:
            return _("不低于 %(bound)s", bound=text)
        case Sense.AT_MOST:
            return _("不超过 %(bound)s", bound=text)
    return _("低于 %(bound)s", bound=text)


def fixed(value: Decimal | None, bound: Decimal | None = None, places: int = 2) -> str:
    """A value with all its decimals, so that columns align; beside its bound it never says the opposite."""
    return "—" if value is None else f"{shown(value, bound, places):,}"


def judged_words(condition: Condition, judged: Judged, bound: Decimal | None = None) -> str:
    """A value beside its bound with its unit, a dash where it is unknown."""
    if condition.asks:
        return {Finding.MET: _("是"), Finding.SHORT: _("否")}.get(judged.finding, "—")
    if judged.value is None:
        return "—"
    text = fixed(judged.value, judged.bound if judged.bound is not None else bound, places_of(condition))
    return text + ("%" if is_percentage(condition) else "")


def missing_words(codes: tuple[str, ...], standard: Standard) -> str:
    """The names of the numbers that are missing."""
    if not codes:
        return ""
    said = dict.fromkeys(_("本学年数据") if code == "year" else figure_name(code, standard) for code in codes)
    return _("、").join(said)


def figure_name(code: str, standard: Standard) -> str:
    """The name of a figure of the county or of a school in the reader's language."""
    spec = standard.figure_specs.get(code)
    if spec is None:
        return figure_word(code)
    return in_language(spec, "name")


@dataclass(frozen=True)
class ConditionLine:
    """A condition on one line: what it asks, what is there, and how far that may be relied on."""

    name: str
    bound: str
    value: str
    finding: Finding
    missing: str = ""
    standing: Standing | None = None
    counts: tuple[int, int] | None = None
    unknown: int = 0
    detail: str = ""
    is_question: bool = False


def county_line(found: ConditionVerdict, verdict: Verdict, values: Mapping[str, CountyValue]) -> ConditionLine:
    """The line of a condition that is asked of the county, of a sum over its schools, or of its schools one by one."""
    condition, judged = found.condition, found.judged
    name = condition_name(condition)
    if judged is None:
        bound = bound_words(condition, condition.bound(ALL)) or bounds_words(condition)
        counts = (found.met, found.asked)
        return ConditionLine(name, bound, "", found.finding, counts=counts, unknown=found.unknown)
    bound = bound_words(condition, condition.bound(ALL), verdict.standard)
    known = [values[code].standing for code in condition.figures if code in values]
    return ConditionLine(
        name,
        bound,
        judged_words(condition, judged, condition.bound(ALL)),
        judged.finding,
        "" if condition.asks else missing_words(judged.missing, verdict.standard),
        weakest(known) if known and not judged.missing else None,
        detail=quotient_words(condition, judged),
        is_question=condition.asks is not None,
    )


def bounds_words(condition: Condition) -> str:
    """The bounds by stage or form: 小学不超过 45，初中不超过 50."""
    if condition.bound_figures:
        return _("不低于当地标准")
    said = []
    for key, bound in condition.bounds.items():
        said.append(f"{_key_word(key)} {bound_words(condition, bound)}".strip())
    return _("，").join(said)


def _key_word(key: str) -> str:
    names = {"single": _("单一学段"), "combined": _("九年、十二年一贯制"), ALL: ""}
    return names[key] if key in names else word(Stage(key))


def quotient_words(condition: Condition, judged: Judged) -> str:
    """The numbers behind a share: 66 ÷ 620; empty where there is no quotient."""
    if condition.asks or not condition.per or judged.value is None:
        return ""
    return f"{number(_plain(judged.above / condition.factor))} ÷ {number(_plain(judged.below))}"


def _plain(value: Decimal) -> Decimal:
    """A number without the zeros that a division leaves."""
    return value.quantize(Decimal("0.01")) if value != value.to_integral_value() else value.quantize(Decimal(1))


def is_of_units(condition: Condition) -> bool:
    """Whether a condition is asked of school units by stage."""
    return condition.of is Subject.UNIT
