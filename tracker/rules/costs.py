"""投资对比: what a seat and a square metre of a project cost, beside the county's other projects of its category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from tracker.rules.project_facts import ProjectFacts

# Fewer others say nothing about what is usual.
LEAST_OTHERS = 3
DEAR = Decimal("1.5")
CHEAP = Decimal(2) / 3


class Measure(StrEnum):
    """每个学位、每平方米校舍."""

    SEAT = "seat"
    AREA = "area"


class Place(StrEnum):
    """Where a cost stands beside the others of its category; with too few others it is not judged."""

    HIGH = "high"
    LOW = "low"
    USUAL = "usual"
    ALONE = "alone"


@dataclass(frozen=True)
class Cost:
    """Yuan a seat or m² of a project, the median of the county's ``others`` projects of the category, and the ratio."""

    project: ProjectFacts
    measure: Measure
    yuan: Decimal
    others: int
    median: Decimal | None = None

    @property
    def ratio(self) -> Decimal | None:
        """How many times the median it is; None with too few others."""
        return self.yuan / self.median if self.median and self.others >= LEAST_OTHERS else None

    @property
    def place(self) -> Place:
        """Whether it is more than 1.5 × or less than 2/3 of the median of the others."""
        if self.ratio is None:
            return Place.ALONE
        if self.ratio > DEAR:
            return Place.HIGH
        return Place.LOW if self.ratio < CHEAP else Place.USUAL

    @property
    def is_outlier(self) -> bool:
        """Whether it is to be named."""
        return self.place in {Place.HIGH, Place.LOW}


def unit_cost(project: ProjectFacts, measure: Measure) -> Decimal | None:
    """Yuan a seat, or a m² of floor area; None where either figure is not stated, or a school's seats are not."""
    if measure is Measure.SEAT:
        # Money for two schools of which one has no stated seats would make the other's seats seem dear.
        seats = project.seats if all(part.seats is not None for part in project.parts) else None
        count = Decimal(seats) if seats else None
    else:
        count = project.floor_area_m2
    return Decimal(project.planned_yuan) / count if project.planned_yuan and count else None


def costs_of(projects: Sequence[ProjectFacts], measure: Measure) -> list[Cost]:
    """The costs of all projects that state them, dearest first; what is suspended is left out."""
    known = [(each, cost) for each in projects if not each.suspended and (cost := unit_cost(each, measure)) is not None]
    found = [cost_beside(each, measure, cost, known) for each, cost in known]
    return sorted(found, key=lambda each: (-each.yuan, each.project.id))


def cost_beside(
    project: ProjectFacts, measure: Measure, yuan: Decimal, known: Sequence[tuple[ProjectFacts, Decimal]]
) -> Cost:
    """A cost beside those of the other projects of its county and category."""
    kind = (project.region, project.category)
    others = [cost for each, cost in known if each.id != project.id and (each.region, each.category) == kind]
    return Cost(project, measure, yuan, len(others), median(others) if others else None)
