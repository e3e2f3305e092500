"""Read one condition of a standard from its JSON, with every contradiction named."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from tracker.rules.school_figures import SCHOOL_FIGURES, STAGE_FIGURES
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standard_entries import Entry, FaultKind
from tracker.rules.standards import ALL, Condition, Relaxation, Sense, Subject

FIELDS = (
    "code", "of", "name", "name_en", "asks", "plus", "minus", "per", "per_minus", "factor", "at_least", "at_most",
    "below", "each", "bound_figures", "per_at_least", "only_under", "kinds", "divided", "all_stages",
    "none_asked", "spread", "relaxation",
)  # fmt: skip
BOUNDS = (*Sense, "each", "bound_figures")
QUOTIENT = ("plus", "minus", "per", "per_minus")
STAGES = tuple(each.value for each in Stage)
LARGEST = "largest_class"
FORMS = ("single", "combined")
KEYS = {Subject.UNIT: (*STAGES, ALL), Subject.SCHOOL: (*FORMS, ALL), Subject.TOTAL: (ALL,), Subject.COUNTY: (ALL,)}
# What only conditions of some subjects can have.
OF_SUBJECT = {
    "asks": (Subject.COUNTY,),
    "kinds": (Subject.UNIT, Subject.SCHOOL, Subject.TOTAL),
    "relaxation": (Subject.UNIT, Subject.SCHOOL),
    "bound_figures": (Subject.UNIT, Subject.SCHOOL),
    "only_under": (Subject.SCHOOL,),
    "divided": (Subject.UNIT,),
    "all_stages": (Subject.SCHOOL,),
    "spread": (Subject.UNIT,),
}
KNOWN_FIGURES: dict[Subject, frozenset[str]] = {
    Subject.UNIT: frozenset(SCHOOL_FIGURES),
    Subject.SCHOOL: frozenset(SCHOOL_FIGURES),
    Subject.TOTAL: frozenset(STAGE_FIGURES),
}


@dataclass(frozen=True)
class CountyCodes:
    """The codes of the figures that may be asked of a county: numbers, and questions."""

    numbers: frozenset[str] = field(default_factory=frozenset)
    questions: frozenset[str] = field(default_factory=frozenset)


def read_condition(row: Entry, county: CountyCodes) -> Condition | None:
    """The condition of an entry; None, with faults noted, where it is none."""
    row.only(*FIELDS)
    before = len(row.faults)
    code, subject = row.code("code"), row.choice("of", Subject)
    if subject is None:
        return None
    _misplaced(row, subject)
    sense, bounds = _bounds(row, subject)
    condition = Condition(
        code=code,
        of=subject,
        name=row.text("name"),
        name_en=row.text("name_en"),
        asks=row.text("asks") or None,
        plus=row.names("plus"),
        minus=row.names("minus"),
        per=row.names("per"),
        per_minus=row.names("per_minus"),
        factor=row.positive("factor") or Decimal(1),
        sense=sense,
        bounds=bounds,
        each=row.positive("each"),
        bound_figures=_bound_figures(row),
        per_at_least=row.positive("per_at_least"),
        only_under=row.positive("only_under"),
        kinds=_kinds(row) or (SchoolKind.SCHOOL, SchoolKind.TEACHING_POINT),
        divided=row.yes_or_no("divided"),
        all_stages=row.yes_or_no("all_stages"),
        none_asked=row.yes_or_no("none_asked"),
        spread=row.numbers("spread", STAGES),
        relaxation=_relaxation(row),
    )
    _asks_something(row, condition)
    _knows_its_figures(row, condition, county)
    _can_be_computed(row, condition)
    return condition if len(row.faults) == before else None


def _misplaced(row: Entry, subject: Subject) -> None:
    for name, subjects in OF_SUBJECT.items():
        if row.has(name) and subject not in subjects:
            row.fault(name, FaultKind.MISPLACED)


def _bounds(row: Entry, subject: Subject) -> tuple[Sense, dict[str, Decimal]]:
    given = [each for each in Sense if row.has(each)]
    bounds = [row.numbers(each, KEYS[subject]) for each in given]
    return (given[0], bounds[0]) if given else (Sense.AT_LEAST, {})


def _bound_figures(row: Entry) -> dict[str, str]:
    below = row.below("bound_figures")
    below.only(*STAGES, ALL)
    return {stage: below.text(stage) for stage in (*STAGES, ALL) if below.has(stage)}


def _kinds(row: Entry) -> tuple[SchoolKind, ...]:
    words = row.names("kinds")
    for word in words:
        if word not in set(SchoolKind):
            row.fault("kinds", FaultKind.UNKNOWN_WORD, word, tuple(SchoolKind))
    return tuple(SchoolKind(word) for word in words if word in set(SchoolKind))


def _relaxation(row: Entry) -> Relaxation | None:
    if not row.has("relaxation"):
        return None
    below = row.below("relaxation")
    below.only("share", "opened_before", "while_shrinking", "on")
    if not below.has("share"):
        below.fault("share", FaultKind.MISSING)
    share = below.positive("share")
    opened, shrinking, on = below.day("opened_before"), below.yes_or_no("while_shrinking"), below.yes_or_no("on")
    return Relaxation(share, opened, shrinking, on) if share is not None else None


def _asks_something(row: Entry, condition: Condition) -> None:
    """A condition is a question, or figures with one bound."""
    given = [each for each in BOUNDS if row.has(each)]
    if condition.asks:
        for name in (*QUOTIENT, *given, "none_asked"):
            if row.has(name):
                row.fault(name, FaultKind.MISPLACED)
        return
    if not row.has("plus"):
        row.fault(None, FaultKind.NO_VALUE)
    if len(given) != 1:
        row.fault(None, FaultKind.TWO_BOUNDS if given else FaultKind.NO_BOUND)
    for name in ("each", "per_at_least", "per_minus", "none_asked"):
        if row.has(name) and not row.has("per"):
            row.fault("per", FaultKind.MISSING)


def _can_be_computed(row: Entry, condition: Condition) -> None:
    """A coefficient is one of what students have, in stages that are asked; the largest class is that of one stage."""
    if condition.spread and condition.per != ("students",):
        row.fault("spread", FaultKind.SPREAD_NOT_PER_STUDENT)
    for stage in condition.spread:
        asked = {**condition.bounds, **condition.bound_figures}
        if condition.each is None and stage not in asked and ALL not in asked:
            row.fault("spread", FaultKind.SPREAD_WITHOUT_BOUND, stage)
    if condition.of in {Subject.SCHOOL, Subject.TOTAL} and LARGEST in condition.quotient:
        row.fault(None, FaultKind.LARGEST_SUMMED, LARGEST)


def _knows_its_figures(row: Entry, condition: Condition, county: CountyCodes) -> None:
    known = KNOWN_FIGURES.get(condition.of, county.numbers)
    for name in QUOTIENT:
        for figure in getattr(condition, name):
            if figure not in known:
                row.fault(name, FaultKind.UNKNOWN_FIGURE, figure)
    for name in ("plus", "minus"):
        for figure in getattr(condition, name) if condition.divided else ():
            if figure in STAGE_FIGURES:
                row.fault(name, FaultKind.DIVIDED_STAGE_FIGURE, figure)
    for figure in condition.bound_figures.values():
        if figure not in county.numbers:
            row.fault("bound_figures", FaultKind.UNKNOWN_FIGURE, figure)
    if condition.asks and condition.asks not in county.questions:
        row.fault("asks", FaultKind.UNKNOWN_FIGURE, condition.asks)
