"""Seats against students: whether the schools that projects build have seats for those whom they expect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from tracker.rules.seats import Batch, usable_by
from tracker.rules.stages import COMPULSORY, Stage

# The students whom a school expects: (school, stage, year in which the school year begins) → students.
Expected = Mapping[tuple[int, Stage, int], int]
# The stages of schools that have students today.
Running = Set[tuple[int, Stage]]
MOST_YEARS = 4


@dataclass(frozen=True, slots=True)
class Today:
    """A stage of a school as it runs: its students and classes, None where nobody has said them."""

    school_id: int
    stage: Stage
    students: int | None = None
    classes: int | None = None


@dataclass(frozen=True, slots=True)
class SchoolNeed:
    """A stage of a school in one school year: the seats of projects usable by then, and the students expected.

    A stage that runs already has seats of which nobody has told; its new ones alone say nothing.
    """

    school_id: int
    school: str
    stage: Stage | None
    seats: int
    planned: int
    students: int | None
    is_running: bool
    projects: tuple[tuple[str, str], ...]

    @property
    def is_comparable(self) -> bool:
        """Whether its seats can be held against its students."""
        return self.students is not None and not self.is_running

    @property
    def difference(self) -> int | None:
        """Seats left over; negative where students find none; None where it cannot be told."""
        return None if self.students is None or self.is_running else self.seats - self.students


@dataclass(frozen=True, slots=True)
class YearNeed:
    """The schools of projects in one school year; sums run over those that can be compared."""

    year: int
    rows: tuple[SchoolNeed, ...]

    @property
    def compared(self) -> list[SchoolNeed]:
        """Those whose seats can be held against their students, the shortest first."""
        known = [row for row in self.rows if row.is_comparable]
        return sorted(known, key=lambda row: (row.difference or 0, row.school, row.stage or ""))

    @property
    def running(self) -> list[SchoolNeed]:
        """Those that run already and say what they expect."""
        return [row for row in self.rows if row.students is not None and row.is_running]

    @property
    def silent(self) -> list[SchoolNeed]:
        """Those of which nobody has said how many students they expect."""
        return [row for row in self.rows if row.students is None]

    @property
    def seats(self) -> int:
        """The usable seats of those compared."""
        return sum(row.seats for row in self.compared)

    @property
    def students(self) -> int:
        """The students whom those compared expect."""
        return sum(row.students or 0 for row in self.compared)

    @property
    def short(self) -> int:
        """Students without a seat, school by school: what one has over does not help another."""
        return sum(max(0, -(row.difference or 0)) for row in self.compared)

    @property
    def over(self) -> int:
        """Seats without a student, school by school."""
        return sum(max(0, row.difference or 0) for row in self.compared)


@dataclass(frozen=True, slots=True)
class StageOutlook:
    """A stage of a whole county: today's students and classes, and those expected in a school year, with who says so.

    ``of_schools`` counts the schools that should say what they expect: those that have students today and those built.
    """

    stage: Stage
    students: int
    classes: int | None
    schools: int
    expected: int
    saying: int
    of_schools: int
    seats: int

    @property
    def growth(self) -> int | None:
        """Students more than today; None unless every school has said what it expects."""
        return self.expected - self.students if self.saying == self.of_schools and self.schools else None


def needs_of(batches: Sequence[Batch], expected: Expected, running: Running, coming: int) -> list[YearNeed]:
    """The seats of projects against the students expected, for each year of which a school says something.

    The first is the coming one, whether anybody says something of it or not.
    """
    own: dict[tuple[int, Stage | None], list[Batch]] = defaultdict(list)
    for batch in batches:
        own[batch.part.school_id, batch.part.stage].append(batch)
    schools = {school for school, _stage in own}
    years = {year for school, _stage, year in expected if school in schools and year >= coming} | {coming}
    return [
        YearNeed(year, tuple(_need(key, each, year, expected, running) for key, each in own.items()))
        for year in sorted(years)[:MOST_YEARS]
    ]


def students_expected(school: int, stage: Stage | None, year: int, expected: Expected) -> int | None:
    """The students of a stage of a school in a year; those of a nine-year school where both its stages are known."""
    stages = COMPULSORY if stage is Stage.NINE_YEAR else (stage,)
    known = [expected.get((school, each, year)) for each in stages if each is not None]
    return sum(each or 0 for each in known) if known and None not in known else None


def outlook_of(today: Iterable[Today], expected: Expected, batches: Sequence[Batch], year: int) -> list[StageOutlook]:
    """A county's compulsory stages as a whole in one school year, beside the seats of projects usable by then.

    A nine-year school counts in both stages for what it expects; its seats are named with neither.
    """
    rows = list(today)
    found = []
    for stage in COMPULSORY:
        own = [row for row in rows if row.stage is stage and row.students]
        built = {each.part.school_id for each in batches if each.part.stage in {stage, Stage.NINE_YEAR}}
        asked = {row.school_id for row in own} | built
        said = {school: count for (school, of, on), count in expected.items() if of is stage and on == year}
        classes = [row.classes for row in own if row.classes is not None]
        seats = usable_by([each for each in batches if each.part.stage is stage], year)
        counts = (len(own), sum(said.get(school, 0) for school in asked), len(asked & said.keys()), len(asked), seats)
        if asked:
            whole = sum(classes) if len(classes) == len(own) and own else None
            found.append(StageOutlook(stage, sum(row.students or 0 for row in own), whole, *counts))
    return found


def _need(
    key: tuple[int, Stage | None], batches: Sequence[Batch], year: int, expected: Expected, running: Running
) -> SchoolNeed:
    school, stage = key
    projects = dict.fromkeys((each.project.key, each.project.title) for each in batches)
    planned = sum(each.seats for each in batches if each.planned.autumn is not None and each.planned.autumn <= year)
    students = students_expected(school, stage, year, expected)
    name, seats = batches[0].part.school, usable_by(batches, year)
    return SchoolNeed(school, name, stage, seats, planned, students, _runs(key, running), tuple(projects))


def _runs(key: tuple[int, Stage | None], running: Running) -> bool:
    """Whether a stage of a school has students already; a nine-year school or one without a stage with any of its."""
    school, stage = key
    if stage is None:
        return any(school == each for each, _stage in running)
    stages = (*COMPULSORY, stage) if stage is Stage.NINE_YEAR else (stage, Stage.NINE_YEAR)
    return any((school, each) in running for each in stages)
