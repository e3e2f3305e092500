"""What a school misses now, what tasks bring for it, and what it still misses when every open task is finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.rules.forecast import Forecast
from tracker.rules.gains import Arrival, Gain
from tracker.rules.measures import Finding, Judged
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Sense
from tracker.rules.verdicts import SchoolVerdict

LARGEST_CLASS, CLASSES = "largest_class", "classes"


@dataclass(frozen=True)
class Want:
    """A condition that a school, or one stage of it, misses now.

    ``arrivals`` are the gains that tasks bring for it; ``finished`` is its answer when all are there, None where it is
    not asked any more.
    """

    condition: Condition
    stage: Stage | None
    judged: Judged
    tolerated: bool
    arrivals: tuple[Arrival, ...]
    finished: Judged | None


def wants_of(school: SchoolVerdict, found: Forecast) -> list[Want]:
    """What a school of today's verdict misses, stage by stage, then as a whole."""
    standard = found.standard
    outlook = found.schools.get(school.school.id)
    then = outlook.finished if outlook else None
    coming = [each for each in found.finishing if each.why is None and each.gain.school == school.school.id]
    wants = []
    for unit in school.units:
        later = next((each for each in then.units if each.stage is unit.stage), None) if then else None
        for code, judged in _short(unit.judged):
            tolerated = unit.finding is Finding.TOLERATED and code in standard.unit.conditions
            answer = later.judged.get(code) if later else None
            wants.append(_want(standard.conditions[code], unit.stage, judged, tolerated, coming, answer))
    for code, judged in _short(school.judged):
        answer = then.judged.get(code) if then else None
        wants.append(_want(standard.conditions[code], None, judged, False, coming, answer))
    return wants


def helps(condition: Condition, stage: Stage | None, gain: Gain) -> bool:
    """Whether a gain of a school moves a condition of its stage, or of the whole of it, towards its bound.

    More classes make the largest one smaller.
    """
    if stage is not None and gain.stage not in (None, stage):
        return False
    if condition.sense is Sense.AT_LEAST:
        return gain.figure in condition.plus
    if LARGEST_CLASS in condition.plus and gain.figure == CLASSES:
        return True
    return gain.figure in (*condition.minus, *condition.per)


def _short(judged: Mapping[str, Judged]) -> list[tuple[str, Judged]]:
    return [(code, each) for code, each in judged.items() if each.finding is Finding.SHORT]


def _want(
    condition: Condition,
    stage: Stage | None,
    judged: Judged,
    tolerated: bool,
    coming: list[Arrival],
    finished: Judged | None,
) -> Want:
    arrivals = tuple(each for each in coming if helps(condition, stage, each.gain))
    return Want(condition, stage, judged, tolerated, arrivals, finished)
