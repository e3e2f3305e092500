"""开学学位: the seats of building projects by the September that finds them usable, against the one planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.rules.completion import Basis, Completion, NodeFacts, completion, opening_autumn, still_open
from tracker.rules.project_facts import HandoverFacts, PartFacts, ProjectFacts
from tracker.rules.school_years import first_day
from tracker.rules.stages import Stage

TIGHT_DAYS = 60  # with less to spare before 1 September a batch is named
# The order in which stages stand; a part whose plan names no stage comes last.
STAGES: tuple[Stage | None, ...] = (*Stage, None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Seats of one part that become usable together: when by plan, when as things stand, and what that rests on."""

    project: ProjectFacts
    part: PartFacts
    seats: int
    planned: Completion
    usable: Completion
    is_apart: bool = False

    @property
    def aim(self) -> int | None:
        """The autumn that it is meant for: the planned one, else the one expected."""
        return self.planned.autumn or self.usable.autumn

    @property
    def slack(self) -> int | None:
        """Days from the day it can be used to 1 September of its autumn; negative when missed, None without a day.

        A plan that names September counts for that autumn and has nothing to spare.
        """
        if self.aim is None or self.usable.on is None:
            return None
        days = (first_day(self.aim) - self.usable.on).days
        is_in_time = self.usable.autumn is not None and self.usable.autumn <= self.aim
        return max(0, days) if is_in_time else days

    @property
    def is_lost(self) -> bool:
        """Whether it misses the September that it was planned for."""
        planned, usable = self.planned.autumn, self.usable.autumn
        return planned is not None and (usable is None or usable > planned)

    @property
    def is_tight(self) -> bool:
        """Whether it makes its September with little to spare."""
        slack = self.slack
        return self.usable.basis is not Basis.DONE and not self.is_lost and slack is not None and slack <= TIGHT_DAYS

    @property
    def days_late(self) -> int | None:
        """By how many days it comes later than planned; None where one of the days is not known."""
        if self.planned.on is None or self.usable.on is None:
            return None
        return max(0, (self.usable.on - self.planned.on).days)


@dataclass(slots=True)
class Cell:
    """Seats of one autumn: planned for it, of these lost to a later one, and usable from then on for the first time."""

    planned: int = 0
    usable: int = 0
    lost: int = 0

    @property
    def in_time(self) -> int:
        """Of those planned for the autumn the ones that are there."""
        return self.planned - self.lost

    def add(self, batch: Batch, autumn: int | None) -> None:
        """Count a batch for one autumn; None is where no day is known."""
        is_planned = batch.planned.autumn == autumn
        self.planned += batch.seats if is_planned else 0
        self.usable += batch.seats if batch.usable.autumn == autumn else 0
        self.lost += batch.seats if is_planned and batch.is_lost else 0


@dataclass(slots=True)
class Autumn:
    """An autumn: its seats by stage and together, and all up to it; ``year`` None is what has no day."""

    year: int | None
    stages: dict[Stage | None, Cell] = field(default_factory=dict)
    whole: Cell = field(default_factory=Cell)
    planned_so_far: int = 0
    usable_so_far: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The seats of a town or a county with its projects: all of them, and by autumn."""

    name: str | None
    key: str | None
    seats: int
    autumns: dict[int | None, Cell]
    projects: tuple[ProjectFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """Seats up to the coming September: planned and usable by then, all of the projects, and those without a day.

    ``projects`` have seats; ``silent`` ones have none and are counted nowhere.
    """

    year: int
    planned: int
    usable: int
    seats: int
    undated: int
    projects: int
    silent: int

    @property
    def short(self) -> int:
        """How many are missing of those planned up to then."""
        return max(0, self.planned - self.usable)


@dataclass(frozen=True, slots=True)
class Slip:
    """Seats of one project that share their days: when they were planned, when they can be used, and what is late."""

    project: ProjectFacts
    batches: tuple[Batch, ...]

    @property
    def seats(self) -> int:
        """How many seats."""
        return sum(batch.seats for batch in self.batches)

    @property
    def planned(self) -> Completion:
        """When they were planned."""
        return self.batches[0].planned

    @property
    def usable(self) -> Completion:
        """When they can be used as things stand."""
        return self.batches[0].usable

    @property
    def slack(self) -> int | None:
        """The days they have to spare."""
        return self.batches[0].slack

    @property
    def days_late(self) -> int | None:
        """By how many days they come later than planned."""
        return self.batches[0].days_late


def batches_of(project: ProjectFacts, today: date) -> list[Batch]:
    """The seats of a project by the days on which they are handed over; a suspended one hands over no more."""
    if project.suspended:
        return _left_behind(project)
    planned, usable = project.planned_completion, project.completion(today)
    found: list[Batch] = []
    for part in project.parts:
        found += [
            Batch(project, part, each.seats, _planned(each, planned), _usable(project, each, usable, today), True)
            for each in part.handovers
        ]
        rest = (part.seats or 0) - handed_apart(part)
        if rest > 0:
            found.append(Batch(project, part, rest, planned, usable))
    return found


def batches_of_all(projects: Iterable[ProjectFacts], today: date) -> list[Batch]:
    """The batches of many projects, in their order."""
    return [batch for project in projects for batch in batches_of(project, today)]


def handed_apart(part: PartFacts) -> int:
    """The seats of a part that are handed over in batches of their own."""
    return sum(each.seats for each in part.handovers)


def has_seats(project: ProjectFacts) -> bool:
    """Whether anybody has said how many seats it brings; the others are named and counted nowhere."""
    return any(part.seats is not None or part.handovers for part in project.parts)


def planned_seats(project: ProjectFacts) -> int:
    """The seats that a project was to bring; what is handed over beyond the plan counts too, and is questioned."""
    return sum(max(part.seats or 0, handed_apart(part)) for part in project.parts)


def handed_seats(project: ProjectFacts) -> int:
    """The seats that have been handed over in batches of their own, which a suspended project leaves behind."""
    return sum(each.seats for part in project.parts for each in part.handovers if each.handed_on)


def overfull(projects: Iterable[ProjectFacts]) -> list[tuple[ProjectFacts, PartFacts]]:
    """The parts that hand over more seats than they plan."""
    return [
        (project, part)
        for project in projects
        for part in project.parts
        if part.seats is not None and handed_apart(part) > part.seats
    ]


def autumns_of(batches: Iterable[Batch]) -> list[Autumn]:
    """The seats of each autumn in order with all up to it; what has no day stands last."""
    found: dict[int | None, Autumn] = {}
    for batch in batches:
        for year in {batch.planned.autumn, batch.usable.autumn}:
            autumn = found.setdefault(year, Autumn(year))
            autumn.whole.add(batch, year)
            autumn.stages.setdefault(batch.part.stage, Cell()).add(batch, year)
    dated = sorted((each for each in found.values() if each.year is not None), key=lambda each: each.year or 0)
    planned = usable = 0
    for autumn in dated:
        planned, usable = planned + autumn.whole.planned, usable + autumn.whole.usable
        autumn.planned_so_far, autumn.usable_so_far = planned, usable
    for autumn in found.values():
        autumn.stages = {stage: autumn.stages[stage] for stage in STAGES if stage in autumn.stages}
    return [*dated, *([found[None]] if None in found else [])]


def groups_of(batches: Iterable[Batch], of: Callable[[ProjectFacts], tuple[str | None, str | None]]) -> list[Group]:
    """The seats by what a project says of itself, as (key, name): its town, its county; the unnamed stands last."""
    found: dict[tuple[str | None, str | None], list[Batch]] = defaultdict(list)
    for batch in batches:
        found[of(batch.project)].append(batch)
    groups = [
        Group(
            name,
            key,
            sum(each.seats for each in own),
            {each.year: each.whole for each in autumns_of(own)},
            tuple({each.project.key: each.project for each in own}.values()),
        )
        for (key, name), own in found.items()
    ]
    return sorted(groups, key=lambda each: (each.key is None, -each.seats, each.key or ""))


def slips_of(batches: Iterable[Batch]) -> list[Slip]:
    """The seats that miss their September, those of the earliest September and the most seats first."""
    found = together(batch for batch in batches if batch.is_lost)
    return sorted(found, key=lambda each: (each.planned.autumn or 0, -each.seats, each.project.key))


def tight_of(batches: Iterable[Batch]) -> list[Slip]:
    """The seats that make their September with little to spare, the least first."""
    found = together(batch for batch in batches if batch.is_tight)
    return sorted(found, key=lambda each: (each.slack or 0, -each.seats, each.project.key))


def coming(projects: Sequence[ProjectFacts], today: date) -> Coming:
    """The seats that were planned up to the coming September, and those usable by then as things stand.

    Of a suspended project those count that it handed over before.
    """
    living = [project for project in projects if not project.suspended]
    batches, year = batches_of_all(projects, today), opening_autumn(today)
    return Coming(
        year,
        sum(each.seats for each in batches if each.planned.autumn is not None and each.planned.autumn <= year),
        usable_by(batches, year),
        sum(each.seats for each in batches),
        sum(each.seats for each in batches if each.usable.autumn is None),
        sum(has_seats(project) for project in living),
        sum(not has_seats(project) for project in living),
    )


def share(part: int, whole: int) -> float:
    """The length of a bar in percent of the longest one."""
    return round(100 * min(part, whole) / whole, 1) if whole else 0.0


def usable_by(batches: Iterable[Batch], year: int) -> int:
    """The seats that the school year beginning in a year finds usable."""
    return sum(each.seats for each in batches if each.usable.autumn is not None and each.usable.autumn <= year)


def together(batches: Iterable[Batch]) -> list[Slip]:
    """The batches of one project that share their days, together."""
    found: dict[tuple[int, str, Completion, Completion], list[Batch]] = defaultdict(list)
    for each in batches:
        found[each.project.id, each.project.key, each.planned, each.usable].append(each)
    return [Slip(own[0].project, tuple(own)) for own in found.values()]


def _planned(handover: HandoverFacts, of_project: Completion) -> Completion:
    return Completion(handover.planned_on, Basis.PLANNED) if handover.planned_on else of_project


def _left_behind(project: ProjectFacts) -> list[Batch]:
    """The seats that a suspended project had handed over before; they are used on."""
    planned = project.planned_completion
    return [
        Batch(project, part, each.seats, _planned(each, planned), _handed(each, _planned(each, planned)), True)
        for part in project.parts
        for each in part.handovers
        if each.handed_on
    ]


def _handed(handover: HandoverFacts, planned: Completion) -> Completion:
    return Completion(handover.handed_on, Basis.DONE, promised=(planned.on,) if planned.on else ())


def _usable(project: ProjectFacts, handover: HandoverFacts, of_project: Completion, today: date) -> Completion:
    """When a batch can be used: its own days, moved by the nodes planned before it; else with the whole project."""
    own = NodeFacts("", handover.planned_on, handover.planned_on, handover.expected_on, handover.handed_on)
    is_told = handover.expected_on is not None and handover.expected_on >= today
    before = _before(project.nodes, handover.planned_on, is_told) if handover.planned_on else []
    found = completion([*before, own], today, closed_on=project.closed_on)
    if found.on is None and (handover.planned_on is None or of_project.basis is Basis.DONE):
        return of_project
    return found if found.promised else replace(found, promised=of_project.promised)


def _before(nodes: Sequence[NodeFacts], planned_on: date, is_told: bool) -> list[NodeFacts]:
    """The open nodes that a batch was planned behind; one that was moved past it is late by what it was moved.

    That holds unless the unit has told when it expects the batch: a forecast comes before a plan.
    """
    found: list[NodeFacts] = []
    for node in still_open(nodes):
        first = node.first_planned_on or node.planned_on
        if node.planned_on is None or first is None or min(first, node.planned_on) > planned_on:
            continue
        if node.planned_on > planned_on:
            expected_on = node.expected_on or (None if is_told else node.planned_on)
            node = replace(node, planned_on=first, expected_on=expected_on)
        found.append(node)
    return found
