"""What lies ahead of a county, what a what-if changes of it, and the county as it will be on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tracker.rules.gains import FOR_EVER, Arrival, Gain, Meeting, Timing, Why
from tracker.rules.growth import Enrolment, grown, has_number, opened
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.school_years import school_year_of
from tracker.rules.stages import Stage
from tracker.rules.standards import Standard, Subject
from tracker.rules.verdicts import CountyFacts, SchoolVerdict, Verdict, put_together, school_verdict


@dataclass(frozen=True, slots=True)
class Slip:
    """What if an open task ended on another day."""

    task: str
    on: date


@dataclass(frozen=True, slots=True)
class Drop:
    """What if a task never came."""

    task: str


@dataclass(frozen=True, slots=True)
class Students:
    """What if a stage of a school had so many students more, or fewer, from the September of ``year`` on."""

    school: int
    stage: Stage
    year: int
    students: int


Bounds = tuple[tuple[str, Decimal | bool | None], ...]
Change = Slip | Drop | Students


@dataclass(frozen=True)
class Ahead:
    """What lies ahead of a county: what tasks bring, the students expected, and the schools that open and close.

    ``stopped`` are the ids of coming schools that no project builds any more, or not for now.
    """

    gains: tuple[Gain, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    coming: tuple[SchoolFacts, ...] = ()
    closing: Mapping[int, date] = field(default_factory=dict)
    stopped: frozenset[int] = frozenset()


class Scene:
    """A county with all that lies ahead of it, sorted by school once for both looks: the day, and the end of all."""

    def __init__(
        self, standard: Standard, facts: CountyFacts, ahead: Ahead, timing: Timing, students: list[Students]
    ) -> None:
        self.standard, self.facts, self.ahead, self.timing = standard, facts, ahead, timing
        self.year = school_year_of(timing.on)
        self.known = {each.id: each for each in facts.schools}
        self.coming = {each.id: each for each in ahead.coming}
        self.planned = self._planned(students, self.year)
        self.first_planned = self._first_planned()
        self.aged = self._aged(students)
        self.grown: dict[tuple[int, tuple[int, ...]], SchoolFacts] = {}
        self.judged: dict[tuple[int, Bounds], SchoolVerdict] = {}

    def _planned(self, students: list[Students], year: int) -> dict[int, dict[Stage, Enrolment]]:
        """The students of a school year by school and stage, where they are not those that were counted."""
        found: dict[int, dict[Stage, Enrolment]] = defaultdict(dict)
        for each in sorted(self.ahead.enrolments, key=lambda one: one.year):
            if each.year <= year and self._begins(each.school, each.year):
                stages = found[each.school]
                stages[each.stage] = each.after(stages.get(each.stage))
        for change in students:
            if change.year <= year:
                self._change(found[change.school], change)
        return {school: stages for school, stages in found.items() if stages}

    def _begins(self, school: int, year: int) -> bool:
        """Whether the expected students of a year come after those that were counted."""
        known = self.known.get(school)
        return known is None or (known.year is not None and year > known.year)

    def _first_planned(self) -> dict[int, dict[Stage, Enrolment]]:
        """The students whom coming schools expect first, of those that expect none by the day."""
        found: dict[int, dict[Stage, Enrolment]] = defaultdict(dict)
        for each in sorted(self.ahead.enrolments, key=lambda one: one.year):
            if each.school in self.coming and each.school not in self.planned:
                stages = found[each.school]
                if all(earlier.year == each.year for earlier in stages.values()):
                    stages[each.stage] = each
        return found

    def _expected(self, school: int, *, finished: bool = False) -> Mapping[Stage, Enrolment]:
        """The students whom a school expects by the day, or a coming one first of all when everything is finished."""
        planned = self.planned.get(school, {})
        return planned or self.first_planned.get(school, {}) if finished else planned

    def _aged(self, students: list[Students]) -> dict[int, SchoolFacts]:
        """The schools beside the students of the year before the day, where a bound is relaxed while they shrink."""
        asked = [each.relaxation for each in self.standard.conditions.values()]
        relaxed = [each for each in asked if each is not None and each.on and each.while_shrinking]
        if not relaxed:
            return {}
        planned, found = self._planned(students, self.year - 1), {}
        for each in self.facts.schools:
            if each.year is not None and each.year < self.year and any(one.may_hold(each.opened_on) for one in relaxed):
                before = grown(each, (), planned.get(each.id, {})).students
                if before != each.before:
                    found[each.id] = replace(each, before=before)
        return found

    def _change(self, stages: dict[Stage, Enrolment], change: Students) -> None:
        planned = stages.get(change.stage)
        known = self.known.get(change.school)
        counted = known.stages.get(change.stage, {}).get("students") if known is not None else None
        base = planned.students if planned is not None else counted
        if base is None:
            return
        total = max(int(base) + change.students, 0)
        stages[change.stage] = Enrolment(change.school, change.stage, change.year, total).after(planned)

    def arrivals(self) -> list[Arrival]:
        """What becomes of every gain on the day."""
        return [self._arrival(each) for each in self.ahead.gains]

    def finishing(self, arrivals: list[Arrival]) -> list[Arrival]:
        """What becomes of every gain when every open task is finished, whenever that is."""
        return [each if each.why in FOR_EVER else self._at_the_end(each) for each in arrivals]

    def _at_the_end(self, arrival: Arrival) -> Arrival:
        """A task without a credible day brings what planned classes do not hold by the day that was named for it."""
        gain = arrival.gain
        named = arrival.on or self.timing.named_end_of(gain.task)
        on = max(named, gain.from_on) if named and gain.from_on else named
        return Arrival(gain, arrival.on, Why.ALREADY if self._is_planned(gain, on, finished=True) else None)

    def _is_planned(self, gain: Gain, on: date | None, *, finished: bool = False) -> bool:
        """Whether the classes that a task adds by a day are among those that the school expects with its students."""
        if gain.figure != "classes" or gain.stage is None or gain.school is None or on is None:
            return False
        planned = self._expected(gain.school, finished=finished).get(gain.stage)
        return planned is not None and planned.holds_classes_of(on)

    def _arrival(self, gain: Gain) -> Arrival:
        known = self.known.get(gain.school) if gain.school is not None else None
        counted_on = self.facts.since.get(gain.figure) if gain.school is None else None
        if known is not None:
            counted_on = known.day_of(gain.figure, gain.stage)
        arrival = self.timing.arrival_of(gain, counted_on)
        if arrival.why in FOR_EVER:
            return arrival
        if gain.school is not None and self._is_closed(gain.school):
            return Arrival(gain, arrival.on, Why.SCHOOL_CLOSED)
        if self._is_planned(gain, arrival.on):
            return Arrival(gain, arrival.on, Why.ALREADY)
        planned = self.planned.get(gain.school or 0, {})
        return arrival if self._has_number(gain, known, planned) else Arrival(gain, arrival.on, Why.NO_NUMBER)

    def _has_number(self, gain: Gain, known: SchoolFacts | None, planned: Mapping[Stage, Enrolment]) -> bool:
        if gain.school is None:
            number = self.facts.figures.get(gain.figure)
            return number is not None and not isinstance(number, bool)
        if known is None:
            return gain.school in self.coming
        return known.year is not None and has_number(known, gain, planned)

    def verdict(self, now: Verdict, arrivals: list[Arrival], *, finished: bool) -> tuple[Verdict, set[int]]:
        """The verdict with the gains that count, and the schools that are not as they were counted."""
        counted: dict[int | None, list[Gain]] = defaultdict(list)
        for each in arrivals:
            if each.why is None:
                counted[each.gain.school].append(each.gain)
        figures = self._figures(counted.pop(None, []), finished=finished)
        changed = self._changed_schools(counted, finished=finished)
        bounds = self._moved_bounds(figures)
        schools = [
            self._judged(changed.get(each.school.id, each.school), figures, bounds)
            if bounds or each.school.id in changed
            else each
            for each in now.schools
            if not self._is_closed(each.school.id)
        ]
        schools += [self._judged(each, figures, bounds) for key, each in changed.items() if key not in self.known]
        facts = replace(self.facts, on=self.timing.on, schools=tuple(each.school for each in schools), figures=figures)
        if not changed and len(schools) == len(now.schools) and figures == self.facts.figures:
            # Nothing has come and nothing goes: what is true today is true on the day.
            return replace(now, facts=facts), set()
        aged_alone = self.aged.keys() - counted.keys() - self.planned.keys()
        return put_together(self.standard, facts, schools), changed.keys() - aged_alone

    def _judged(
        self, school: SchoolFacts, figures: Mapping[str, Decimal | bool | None], bounds: Bounds
    ) -> SchoolVerdict:
        """A school judged, once for both looks where it is the same in both."""
        key = (id(school), bounds)
        if key not in self.judged:
            self.judged[key] = school_verdict(self.standard, school, figures)
        return self.judged[key]

    def _grown(self, school: SchoolFacts, gains: list[Gain]) -> SchoolFacts:
        """A school as it is with some gains, the same for the same."""
        key = (school.id, tuple(map(id, gains)))
        if key not in self.grown:
            self.grown[key] = grown(school, gains, self.planned.get(school.id, {}))
        return self.grown[key]

    def _is_closed(self, school: int) -> bool:
        closed_on = self.ahead.closing.get(school)
        return closed_on is not None and closed_on <= self.timing.on

    def _changed_schools(self, counted: Mapping[int | None, list[Gain]], *, finished: bool) -> dict[int, SchoolFacts]:
        """The schools that are not as they were counted, as they will be; those that open by the day as well."""
        changed = {}
        for key in dict.fromkeys([*counted, *self.planned, *self.aged]):
            known = self.aged.get(key, self.known.get(key)) if key is not None else None
            if known is not None and known.year is not None and not self._is_closed(known.id):
                changed[known.id] = self._grown(known, counted.get(key, []))
        expected: dict[int, list[Gain]] = defaultdict(list)
        for gain in self.ahead.gains:
            if gain.school in self.coming and self.timing.is_wanted(gain) and gain.amount is not None:
                expected[gain.school].append(gain)
        for school in self.ahead.coming:
            planned = self._expected(school.id, finished=finished)
            own = counted.get(school.id, ())
            if self._is_open(school, bool(own or (planned and school.id not in self.ahead.stopped))):
                changed[school.id] = opened(school, expected[school.id], own, planned, self.year)
        return changed

    def _is_open(self, school: SchoolFacts, has_begun: bool) -> bool:
        """Whether a school that is still to come is there by the day; one without an opening day comes with its own."""
        opens = has_begun if school.opened_on is None else school.opened_on <= self.timing.on
        return opens and not self._is_closed(school.id)

    def _figures(self, gains: list[Gain], *, finished: bool) -> dict[str, Decimal | bool | None]:
        """The county's values with what is added to them, and the conditions that are met by then."""
        figures = dict(self.facts.figures)
        for gain in gains:
            number = figures.get(gain.figure)
            if number is not None and not isinstance(number, bool) and gain.amount is not None:
                figures[gain.figure] = number + gain.amount
        conditions = self.standard.conditions
        by_condition: dict[str, list[Meeting]] = defaultdict(list)
        for meeting in self.ahead.meetings:
            if meeting.confirmed or self.timing.unconfirmed:
                by_condition[meeting.condition].append(meeting)
        for code, meetings in by_condition.items():
            asks = conditions[code].asks if code in conditions else None
            if asks and self._is_met(meetings, self.facts.since.get(asks), finished=finished):
                figures[asks] = True
        return figures

    def _is_met(self, meetings: list[Meeting], since: date | None, *, finished: bool) -> bool:
        """Whether all tasks that meet a condition have ended, one of them after the county last answered for itself.

        Those that will never end are not waited for; where there are no others it is not met.
        """
        meetings = [each for each in meetings if not each.task.suspended]
        ends = [self.timing.end_of(each.task) for each in meetings]
        if finished:
            ends = [self.timing.on if end in (Why.NO_DATE, Why.OPEN) else end for end in ends]
        days = [end for end in ends if not isinstance(end, Why)]
        if not days or len(days) < len(ends) or not (finished or max(days) <= self.timing.on):
            return False
        return since is None or max(days) > since or any(each.task.is_open for each in meetings)

    def _moved_bounds(self, figures: Mapping[str, Decimal | bool | None]) -> Bounds:
        """The values of the county by which schools are judged and which are not what they were."""
        bounds = {
            figure
            for each in self.standard.conditions.values()
            if each.of in (Subject.UNIT, Subject.SCHOOL)
            for figure in each.bound_figures.values()
        }
        return tuple(
            (figure, figures.get(figure))
            for figure in sorted(bounds)
            if figures.get(figure) != self.facts.figures.get(figure)
        )
