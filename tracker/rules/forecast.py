"""What a county will be on a day: today's numbers, what tasks have brought by then, and the students expected then.

Beside the day stands what would be when every open task is finished: what is short even then needs more than the plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from tracker.rules.gains import Arrival, Meeting, Mode, Timing, Why
from tracker.rules.measures import Finding, Judged
from tracker.rules.prospects import Ahead, Change, Drop, Scene, Slip, Students
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Standard
from tracker.rules.verdicts import ConditionVerdict, CountyFacts, ItemVerdict, SchoolVerdict, Verdict, judge


@dataclass(frozen=True, slots=True)
class Lack:
    """What is wanting: ``amount`` of ``figure`` to be added, or taken away where the condition is a limit.

    Without a school it is the county's; ``tolerated`` where the unit passes all the same, ``undecided`` where it is not
    known yet whether it passes.
    """

    condition: Condition
    school: SchoolFacts | None
    stage: Stage | None
    figure: str | None
    amount: Decimal | None
    judged: Judged
    tolerated: bool = False
    undecided: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether it keeps the indicator from being met."""
        return not (self.tolerated or self.undecided)


@dataclass(frozen=True, slots=True)
class ConditionOutlook:
    """A condition now, on the day, and when all is finished, with what is short even then, largest first."""

    condition: Condition
    now: ConditionVerdict
    then: ConditionVerdict
    finished: ConditionVerdict
    lacking: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class ItemOutlook:
    """An item now, on the day, and when all is finished."""

    now: ItemVerdict
    then: ItemVerdict
    finished: ItemVerdict
    conditions: tuple[ConditionOutlook, ...]


@dataclass(frozen=True, slots=True)
class SchoolOutlook:
    """A school now, on the day, and when all is finished; None where it is not open."""

    now: SchoolVerdict | None
    then: SchoolVerdict | None
    finished: SchoolVerdict | None


@dataclass(frozen=True)
class Forecast:
    """A county's verdict today, on the day ``on``, and when all open tasks are finished.

    ``arrivals`` say of every gain whether it is counted on the day, or why not; ``finishing`` the same for the end.
    ``estimated`` are the ids of schools whose numbers on the day are not those that were counted. The end is looked at
    when it is first asked for: a list of a province's counties never does.
    """

    on: date
    today: date
    mode: Mode
    now: Verdict
    then: Verdict
    arrivals: tuple[Arrival, ...]
    meetings: tuple[tuple[Meeting, date | Why], ...]
    estimated: frozenset[int]
    scene: Scene = field(repr=False, compare=False)

    @property
    def standard(self) -> Standard:
        """By which standard."""
        return self.now.standard

    @cached_property
    def finishing(self) -> tuple[Arrival, ...]:
        """What becomes of every gain when every open task is finished."""
        return tuple(self.scene.finishing(list(self.arrivals)))

    @cached_property
    def finished(self) -> Verdict:
        """The verdict when every open task is finished."""
        return self.scene.verdict(self.now, list(self.finishing), finished=True)[0]

    @property
    def counted(self) -> list[Arrival]:
        """The gains that stand in the numbers of the day."""
        return [each for each in self.arrivals if each.why is None]

    @property
    def left_out(self) -> list[Arrival]:
        """The gains that do not, each with its reason."""
        return [each for each in self.arrivals if each.why is not None]

    @cached_property
    def conditions(self) -> dict[str, ConditionOutlook]:
        """All conditions by code."""
        now, then = self.now.conditions, self.then.conditions
        return {
            code: ConditionOutlook(each.condition, now[code], then[code], each, tuple(lacking(self.finished, each)))
            for code, each in self.finished.conditions.items()
        }

    @cached_property
    def items(self) -> tuple[ItemOutlook, ...]:
        """All items in their order."""
        return tuple(
            ItemOutlook(
                now, then, finished, tuple(self.conditions[each.condition.code] for each in finished.conditions)
            )
            for now, then, finished in zip(self.now.items, self.then.items, self.finished.items, strict=True)
        )

    @cached_property
    def schools(self) -> dict[int, SchoolOutlook]:
        """All schools by id, those that open or close as well."""
        at = [{each.school.id: each for each in verdict.schools} for verdict in (self.now, self.then, self.finished)]
        return {key: SchoolOutlook(*(each.get(key) for each in at)) for key in {**at[0], **at[1], **at[2]}}


def lacking(verdict: Verdict, found: ConditionVerdict) -> list[Lack]:
    """What a condition wants in a verdict, school by school, or of the county; what wants most stands first."""
    condition = found.condition
    figure = condition.plus[0] if condition.plus else None
    if found.judged is not None:
        short = found.judged.finding is Finding.SHORT
        return [Lack(condition, None, None, figure, found.judged.lacking, found.judged)] if short else []
    of_terms = condition.code in verdict.standard.unit.conditions
    lacks = []
    for school in verdict.schools:
        for unit in school.units:
            judged = unit.judged.get(condition.code)
            if judged is not None and judged.finding is Finding.SHORT:
                passing = unit.finding if of_terms else Finding.SHORT
                tolerated, undecided = passing is Finding.TOLERATED, passing is Finding.UNKNOWN
                subject = (condition, unit.school, unit.stage, figure)
                lacks.append(Lack(*subject, judged.lacking, judged, tolerated=tolerated, undecided=undecided))
        whole = school.judged.get(condition.code)
        if whole is not None and whole.finding is Finding.SHORT:
            lacks.append(Lack(condition, school.school, None, figure, whole.lacking, whole))
    return sorted(lacks, key=lambda lack: (not lack.is_certain, lack.tolerated, -(lack.amount or 0)))


def forecast(
    standard: Standard,
    facts: CountyFacts,
    ahead: Ahead,
    on: date,
    mode: Mode = Mode.DEADLINE,
    changes: Iterable[Change] = (),
    *,
    unconfirmed: bool = False,
    today: date | None = None,
    now: Verdict | None = None,
) -> Forecast:
    """The forecast of a county for a day from what is known of it and what lies ahead.

    ``facts`` are those of today (of ``on`` where that lies earlier); ``now`` their verdict, where it is known.
    """
    changes = tuple(changes)
    timing = Timing(
        on,
        today or facts.on,
        mode,
        {each.task: each.on for each in changes if isinstance(each, Slip)},
        frozenset(each.task for each in changes if isinstance(each, Drop)),
        unconfirmed,
    )
    now = now or judge(standard, facts)
    scene = Scene(standard, facts, ahead, timing, [each for each in changes if isinstance(each, Students)])
    arrivals = scene.arrivals()
    then, changed = scene.verdict(now, arrivals, finished=False)
    meetings = tuple((each, _met_on(timing, each)) for each in ahead.meetings)
    return Forecast(
        on,
        timing.today,
        mode,
        now,
        then,
        tuple(arrivals),
        meetings,
        frozenset(changed),
        scene,
    )


def _met_on(timing: Timing, meeting: Meeting) -> date | Why:
    return timing.end_of(meeting.task) if meeting.confirmed or timing.unconfirmed else Why.UNCONFIRMED
