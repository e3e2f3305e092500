"""开学学位: the seats of building projects by the September that finds them, and the students expected by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from tracker.models import PlannedEnrolment, ProjectSchool, School, SchoolYear, StageYear, db
from tracker.queries.county_facts import base_years
from tracker.queries.project_facts import Conditions, chosen, project_facts
from tracker.queries.projects import ProjectFilters, project_conditions
from tracker.rules.permissions import Person
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.seat_needs import Expected, StageOutlook, Today, YearNeed, needs_of, outlook_of
from tracker.rules.seats import (
    Autumn,
    Batch,
    Coming,
    Group,
    Slip,
    autumns_of,
    batches_of_all,
    coming,
    groups_of,
    has_seats,
    overfull,
    slips_of,
    tight_of,
)


@dataclass(frozen=True)
class SeatsBoard:
    """The seats of the projects that a person asks for; ``county`` has a name where all of them lie in one."""

    projects: list[ProjectFacts]
    all_towns: list[str]
    batches: list[Batch]
    coming: Coming
    autumns: list[Autumn]
    slips: list[Slip]
    tight: list[Slip]
    towns: list[Group]
    counties: list[Group]
    overfull: list[tuple[ProjectFacts, PartFacts]]
    needs: list[YearNeed]
    county: str | None
    year: int | None
    outlook: list[StageOutlook]

    @property
    def autumn(self) -> Autumn:
        """The coming autumn, also where no seat is planned for it."""
        return next((each for each in self.autumns if each.year == self.coming.year), Autumn(self.coming.year))

    @property
    def fallen(self) -> list[ProjectFacts]:
        """Suspended projects whose planned seats have fallen away."""
        return [project for project in self.projects if project.suspended and has_seats(project)]

    @property
    def silent(self) -> list[ProjectFacts]:
        """Projects that run and of whose seats nobody has said a number."""
        return [project for project in self.projects if not project.suspended and not has_seats(project)]

    @property
    def half_silent(self) -> list[tuple[ProjectFacts, PartFacts]]:
        """Schools without a number of seats in projects that have one for another school."""
        return [
            (project, part)
            for project in self.projects
            for part in project.parts
            if not project.suspended and has_seats(project) and part.seats is None and not part.handovers
        ]

    def of_autumn(self, year: int | None) -> list[Batch]:
        """The batches that are planned for an autumn or usable from it; None gives those without a day."""
        return [each for each in self.batches if year in {each.planned.autumn, each.usable.autumn}]


def seats_board(person: Person, filters: ProjectFilters, today: date) -> SeatsBoard:
    """The seats of the projects that a person may see, against the students expected; six questions.

    Of the filters it takes the region, the plan, the category and the town.
    """
    conditions = project_conditions(person, replace(filters, town=None, light=None), today)
    every = project_facts(conditions, today, with_money=False)
    projects = [each for each in every if filters.town in {None, each.town}]
    batches, whole = batches_of_all(projects, today), coming(projects, today)
    counties = {each.region: each.region_name for each in every}
    expected, rows, years = _students(conditions, list(counties), filters.region or person.region, today)
    one = next(iter(counties)) if len(counties) == 1 and filters.town is None else None
    return SeatsBoard(
        projects,
        sorted({each.town for each in every if each.town}),
        batches,
        whole,
        autumns_of(batches),
        slips_of(batches),
        tight_of(batches),
        groups_of(batches, lambda project: (project.town, project.town)),
        groups_of(batches, lambda project: (project.region, project.region_name)),
        overfull(projects),
        needs_of(batches, expected, {(row.school_id, row.stage) for row in rows if row.students}, whole.year),
        counties[one] if one else None,
        years.get(one) if one else None,
        outlook_of(rows, expected, batches, whole.year) if one else [],
    )


def _students(
    conditions: Conditions, counties: Sequence[str], within: str, today: date
) -> tuple[Expected, list[Today], dict[str, int]]:
    """Students expected and present, of all schools where there is one county, else of the schools of the projects."""
    years = base_years(within, today)
    built = sa.select(ProjectSchool.school_id).where(ProjectSchool.task_id.in_(chosen([], conditions, False)))
    is_asked = School.region_code == counties[0] if len(counties) == 1 else School.id.in_(built)
    later = (PlannedEnrolment.school_id, PlannedEnrolment.stage, PlannedEnrolment.year, PlannedEnrolment.students)
    planned = sa.select(*later).join(School, School.id == PlannedEnrolment.school_id).where(is_asked)
    now = (School.region_code, SchoolYear.year, School.id, StageYear.stage, StageYear.students, StageYear.classes)
    present = (
        sa.select(*now)
        .join(SchoolYear, SchoolYear.school_id == School.id)
        .join(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(is_asked, SchoolYear.year.in_(sorted({*years.values()})))
    )
    expected = {(school, stage, year): count for school, stage, year, count in db.session.execute(planned)}
    rows = [
        Today(school, stage, students, classes)
        for region, year, school, stage, students, classes in db.session.execute(present)
        if years.get(region) == year
    ]
    return expected, rows, years
