"""What projects cost a seat and a square metre, beside the others that a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.models import Project, Task, db
from tracker.queries.checkup import Conditions, doubts_of, figures_within
from tracker.queries.projects import ProjectFilters, project_conditions
from tracker.queries.visibility import visible_to
from tracker.rules.checkup import Finding
from tracker.rules.costs import Cost, Measure, costs_of
from tracker.rules.permissions import Person


@dataclass(frozen=True)
class Beside:
    """A project beside the others of its county: what its figures say against themselves, and what they cost."""

    findings: list[Finding]
    costs: list[Cost]


def costs_within(conditions: Conditions) -> dict[Measure, list[Cost]]:
    """The costs of projects by measure, dearest first; one question."""
    projects = figures_within(conditions)
    return {measure: costs_of(projects, measure) for measure in Measure}


def costs_shown(
    person: Person, filters: ProjectFilters, region: str, today: date
) -> tuple[set[int], dict[Measure, list[Cost]]]:
    """The projects that the filters show, and the costs of all that a person may see in a region; two questions.

    The filters narrow no median: a project stands beside the same others here and on its own page.
    """
    asked = project_conditions(person, filters, today)
    shown = db.session.scalars(sa.select(Task.id).join(Project, Project.task_id == Task.id).where(*asked))
    return set(shown), costs_within(project_conditions(person, ProjectFilters(region=region), today))


def beside(project: Project, person: Person) -> Beside:
    """A project beside those of its county that a person may see; two questions."""
    task = project.task
    others = figures_within([Task.region_code == task.region_code, visible_to(person)])
    costs = [each for measure in Measure for each in costs_of(others, measure) if each.project.id == task.id]
    return Beside(doubts_of(project, others), costs)
