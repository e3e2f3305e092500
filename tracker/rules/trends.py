"""The means of a county's school units in a year, for the small charts of several years; they decide nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tracker.rules.measures import KINDERGARTEN, is_counted
from tracker.rules.school_facts import Figures, SchoolFacts
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Standard, Weighting
from tracker.rules.verdicts import CountyFacts

PLACES = 6


def means(standard: Standard, facts: CountyFacts, conditions: Sequence[Condition]) -> dict[tuple[str, Stage], Decimal]:
    """The mean of each condition in each stage over the units whose numbers are known, to six places."""
    sums: dict[tuple[str, Stage], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for school in facts.schools:
        if not is_counted(school, standard.unit.least_students):
            continue
        for stage in school.compulsory:
            figures = {**school.whole, **school.stages[stage]}
            weight = float(figures.get("students") or 0) if standard.weighting is Weighting.STUDENTS else 1.0
            share = _share(school, stage, standard)
            for condition in conditions:
                value = _value(condition, figures, share if condition.divided else 1.0)
                if value is not None and weight:
                    sums[condition.code, stage][0] += weight * value
                    sums[condition.code, stage][1] += weight
    return {key: round(Decimal(total / weight), PLACES) for key, (total, weight) in sums.items()}


def _value(condition: Condition, figures: Figures, share: float | None) -> float | None:
    above, below = _sum(figures, condition.plus), _sum(figures, condition.per)
    less, per_less = _sum(figures, condition.minus), _sum(figures, condition.per_minus)
    if above is None or below is None or less is None or per_less is None or share is None or below <= per_less:
        return None
    return float(condition.factor) * (above - less) * share / (below - per_less)


def _sum(figures: Figures, codes: tuple[str, ...]) -> float | None:
    total = 0.0
    for code in codes:
        number = figures.get(code)
        if number is None:
            return None
        total += float(number)
    return total


def _share(school: SchoolFacts, stage: Stage, standard: Standard) -> float | None:
    """A stage's share of its school's rooms, by weighted students."""
    children = float(standard.weight(KINDERGARTEN))
    if not standard.weights or (len(school.stages) == 1 and not children):
        return 1.0
    little = school.whole.get("kindergarten_children") if children else 0
    parts: Mapping[Stage, float | None] = {
        each: _sum(numbers, ("students",)) for each, numbers in school.stages.items()
    }
    if little is None or any(count is None for count in parts.values()):
        return None
    weighted = {each: float(standard.weight(each)) * (count or 0.0) for each, count in parts.items()}
    whole = sum(weighted.values()) + children * float(little)
    # As in measures: a stage that weighs nothing, or has nobody, has no share that is known.
    return weighted[stage] / whole if weighted[stage] > 0 and whole > 0 else None
