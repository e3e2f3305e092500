"""Gaps between indicators and tasks: short without a task, closed and still short, about to fall, serving nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.forecast import Forecast, Lack, lacking
from tracker.rules.gains import Arrival, Why
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.measures import Finding
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import Stage
from tracker.rules.standards import Item
from tracker.rules.verdicts import ItemVerdict, SpreadVerdict, UnitVerdict, Verdict

GOOD = frozenset({Finding.MET, Finding.TOLERATED})
# What is not good now cannot fall; what is not asked yet can.
BAD = frozenset({Finding.SHORT, Finding.UNKNOWN})
LATE = frozenset({Why.LATER, Why.NO_DATE, Why.OPEN})


class Gap(StrEnum):
    """The four lists, in the order in which they are read."""

    CLOSED_BUT_SHORT = "closed_but_short"
    WITHOUT_TASK = "without_task"
    ABOUT_TO_FALL = "about_to_fall"
    WITHOUT_INDICATOR = "without_indicator"


# How a list that is not empty is lit: what was reported as done and is not comes before what nobody does.
LIGHTS = {
    Gap.CLOSED_BUT_SHORT: Light.OVERDUE,
    Gap.WITHOUT_TASK: Light.SOON,
    Gap.ABOUT_TO_FALL: Light.SOON,
    Gap.WITHOUT_INDICATOR: Light.SOON,
}


@dataclass(frozen=True, slots=True)
class Serving:
    """A task that serves an indicator; ``confirmed`` by the office, ``is_shown`` where the reader may see it."""

    key: str
    number: str | None
    title: str
    state: State
    light: Light
    due_on: date | None = None
    expected_on: date | None = None
    closed_on: date | None = None
    confirmed: bool = True
    is_shown: bool = True

    @property
    def is_closed(self) -> bool:
        """Whether it counts as done."""
        return self.state is State.CLOSED


@dataclass(frozen=True, slots=True)
class Growth:
    """A stage of a school that has more students on the day of the forecast than now."""

    school: SchoolFacts
    stage: Stage
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class ItemGap:
    """An item with a gap: its tasks, what it lacks, and, where it will fall, why.

    ``spreads`` are coefficients over their limit, ``late`` what its tasks bring too late or on no certain day. One that
    is not ``is_whole`` falls in some schools, while the county is short of it, or not assessed, already.
    """

    item: Item
    finding: Finding
    tasks: tuple[Serving, ...] = ()
    lacks: tuple[Lack, ...] = ()
    spreads: tuple[SpreadVerdict, ...] = ()
    growths: tuple[Growth, ...] = ()
    late: tuple[Arrival, ...] = ()
    is_whole: bool = True
    is_met_when_finished: bool = False


@dataclass(frozen=True, slots=True)
class LooseTask:
    """A task that serves no indicator, with the reason that is kept."""

    task: Serving
    reason: str | None


@dataclass(frozen=True)
class Gaps:
    """The four lists of a county."""

    closed_but_short: tuple[ItemGap, ...] = ()
    without_task: tuple[ItemGap, ...] = ()
    about_to_fall: tuple[ItemGap, ...] = ()
    without_indicator: tuple[LooseTask, ...] = ()

    @property
    def counts(self) -> dict[Gap, int]:
        """How long each list is."""
        return {gap: len(getattr(self, gap.value)) for gap in Gap}

    @property
    def unexplained(self) -> int:
        """How many tasks without an indicator say no reason."""
        return sum(each.reason is None for each in self.without_indicator)

    def light(self, gap: Gap) -> Light:
        """The light of a list: normal where it is empty; tasks that say why they serve nothing disturb nobody."""
        if not self.counts[gap] or (gap is Gap.WITHOUT_INDICATOR and not self.unexplained):
            return Light.NORMAL
        return LIGHTS[gap]


def gaps_of(
    verdict: Verdict,
    serving: Mapping[str, Sequence[Serving]],
    loose: Iterable[LooseTask] = (),
    forecast: Forecast | None = None,
) -> Gaps:
    """The gaps of a county from its verdict, the tasks that serve each item by its code, and its forecast.

    Suspended tasks bring nothing: whoever calls leaves them out.
    """
    short = [each for each in verdict.items if each.finding is Finding.SHORT]
    found = [_short(verdict, each, tuple(serving.get(each.item.code, ()))) for each in short]
    return Gaps(
        closed_but_short=tuple(
            each for each in found if is_closed_but_short(each.finding, [task.is_closed for task in each.tasks])
        ),
        without_task=tuple(each for each in found if not each.tasks),
        about_to_fall=tuple(_falling(forecast, serving)) if forecast else (),
        without_indicator=tuple(sorted(loose, key=lambda each: each.reason is not None)),
    )


def is_closed_but_short(finding: Finding, closed: Collection[bool]) -> bool:
    """Whether an item is short although each task that serves it, and at least one does, is closed."""
    return finding is Finding.SHORT and bool(closed) and all(closed)


def _short(verdict: Verdict, item: ItemVerdict, tasks: tuple[Serving, ...]) -> ItemGap:
    return ItemGap(item.item, item.finding, tasks, _lacks(verdict, item), _spreads(item))


def _lacks(verdict: Verdict, item: ItemVerdict) -> tuple[Lack, ...]:
    """What an item wants for certain, each school, largest first; what is tolerated or open is left out."""
    return tuple(lack for condition in item.conditions for lack in lacking(verdict, condition) if lack.is_certain)


def _spreads(item: ItemVerdict) -> tuple[SpreadVerdict, ...]:
    spreads = (spread for condition in item.conditions for spread in condition.spreads)
    return tuple(each for each in spreads if each.finding is Finding.SHORT)


def _falling(forecast: Forecast, serving: Mapping[str, Sequence[Serving]]) -> Iterable[ItemGap]:
    """Items that are not short now, met or not asked, and short on the day of the forecast, and why.

    Of the county, or of some schools that are open now.
    """
    grown, bad, here = _growths(forecast), _bad(forecast.now), {each.school.id for each in forecast.now.schools}
    bent = {(each.condition.code, each.stage) for item in forecast.now.items for each in _bad_spreads(item)}
    for outlook in forecast.items:
        is_whole = outlook.now.finding not in BAD and outlook.then.finding is Finding.SHORT
        lacks, spreads = _lacks(forecast.then, outlook.then), _spreads(outlook.then)
        if not is_whole:
            lacks = tuple(each for each in lacks if each.school and each.school.id in here and _place(each) not in bad)
            spreads = tuple(each for each in spreads if (each.condition.code, each.stage) not in bent)
        if not (is_whole or lacks or spreads):
            continue
        schools = {lack.school.id for lack in lacks if lack.school}
        figures = {code for each in outlook.conditions for code in each.condition.figures}
        late = (each for each in forecast.arrivals if each.why in LATE and each.gain.figure in figures)
        yield ItemGap(
            outlook.now.item,
            outlook.then.finding,
            tuple(serving.get(outlook.now.item.code, ())),
            lacks,
            spreads,
            tuple(each for each in grown if not schools or each.school.id in schools),
            tuple(each for each in late if not schools or each.gain.school in schools),
            is_whole=is_whole,
            is_met_when_finished=is_whole and outlook.finished.finding in GOOD,
        )


def _place(lack: Lack) -> tuple[str, int, Stage | None]:
    return lack.condition.code, lack.school.id if lack.school else 0, lack.stage


def _bad(verdict: Verdict) -> set[tuple[str, int, Stage | None]]:
    """Where the schools do not meet which condition, or nobody knows."""
    found: set[tuple[str, int, Stage | None]] = set()
    for school in verdict.schools:
        for unit in school.units:
            bad = (code for code, judged in unit.judged.items() if judged.finding in BAD)
            found |= {(code, school.school.id, unit.stage) for code in bad}
        bad = (code for code, judged in school.judged.items() if judged.finding in BAD)
        found |= {(code, school.school.id, None) for code in bad}
    return found


def _bad_spreads(item: ItemVerdict) -> list[SpreadVerdict]:
    spreads = (spread for condition in item.conditions for spread in condition.spreads)
    return [each for each in spreads if each.finding in BAD]


def _growths(forecast: Forecast) -> list[Growth]:
    """The school units that have more students on the day than now, those that grow most first."""
    now = {(unit.school.id, unit.stage): _students(unit) for unit in forecast.now.units}
    found = []
    for unit in forecast.then.units:
        before, after = now.get((unit.school.id, unit.stage)), _students(unit)
        if before is not None and after is not None and after > before:
            found.append(Growth(unit.school, unit.stage, before, after))
    return sorted(found, key=lambda each: each.now - each.then)


def _students(unit: UnitVerdict) -> int | None:
    count = unit.school.stages[unit.stage].get("students")
    return None if count is None else int(count)
