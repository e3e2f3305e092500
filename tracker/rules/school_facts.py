"""A school as the arithmetic sees it: its numbers of a year, by stage and whole; what is unknown is absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tracker.rules.school_figures import Number
from tracker.rules.stages import COMPULSORY, SchoolKind, Stage

Figures = Mapping[str, Number | None]


@dataclass(frozen=True)
class SchoolFacts:
    """A school in a school year. ``stages`` holds the numbers of each stage that it has, ``whole`` the others.

    ``year`` is None where the school has no numbers for the year that is judged; ``before`` are the students of its
    compulsory stages a year earlier, where known. ``days`` are those of single numbers that were counted on another day
    than the others: {"primary.students" or "equipment_yuan": 2026-02-01}.
    """

    id: int
    region: str
    name: str
    kind: SchoolKind = SchoolKind.SCHOOL
    town: str | None = None
    opened_on: date | None = None
    year: int | None = None
    counted_on: date | None = None
    whole: Figures = field(default_factory=dict)
    stages: Mapping[Stage, Figures] = field(default_factory=dict)
    before: int | None = None
    days: Mapping[str, date] | None = None

    def day_of(self, figure: str, stage: Stage | None = None) -> date | None:
        """The day of which a number tells."""
        name = f"{stage.value}.{figure}" if stage else figure
        return self.days.get(name, self.counted_on) if self.days else self.counted_on

    @cached_property
    def compulsory(self) -> list[Stage]:
        """Its stages that are evaluated, in their order; one that has no students any more is not."""
        return [stage for stage in COMPULSORY if stage in self.stages and self.stages[stage].get("students") != 0]

    @cached_property
    def students(self) -> int | None:
        """The students of its compulsory stages; None where a number is missing."""
        counts = [self.stages[stage].get("students") for stage in self.compulsory]
        known = [int(count) for count in counts if count is not None]
        return sum(known) if counts and len(known) == len(counts) else None

    @cached_property
    def everyone(self) -> int | None:
        """The students of all its stages; None where a number is missing."""
        counts = [each.get("students") for each in self.stages.values()]
        known = [int(count) for count in counts if count is not None]
        return sum(known) if counts and len(known) == len(counts) else None

    @cached_property
    def form(self) -> str:
        """How many compulsory stages it has: "single", or "combined" for nine- and twelve-year schools."""
        return "combined" if len(self.compulsory) > 1 else "single"

    def with_numbers(self, whole: Figures, stages: Mapping[Stage, Figures], year: int | None) -> SchoolFacts:
        """The same school with other numbers."""
        known = (self.id, self.region, self.name, self.kind, self.town, self.opened_on)
        return SchoolFacts(*known, year, self.counted_on, whole, stages, self.before)
