"""A plan that was only read, as the plain facts of the check-up: the same rules look at it as at a stored one."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.documents.draft_deadlines import deadline_of, document_of
from tracker.documents.plan_draft import DraftIndicator, DraftTask, PlanDraft
from tracker.documents.plan_shape import ProjectSeed
from tracker.rules.capacity import Limits, capacity_findings
from tracker.rules.checkup import About, Finding, in_order
from tracker.rules.deadline_words import read_deadline
from tracker.rules.deadlines import Deadline
from tracker.rules.money import MoneyKind
from tracker.rules.plan_checks import plan_findings
from tracker.rules.plan_facts import GoalFacts, HeadingFacts, ItemFacts, PlanFacts, TaskFacts, UnitPart
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.proposals import PlannedBuilding
from tracker.rules.reading.indicator_words import national_of

NO_LIMITS = Limits()


def checkup_of_draft(draft: PlanDraft, national: Mapping[str, str], limits: Limits = NO_LIMITS) -> list[Finding]:
    """What contradicts itself in a plan that was read; ``national`` are the titles of the national indicators by code.

    The findings are about tasks by their keys in the draft.
    """
    building = [(count, task, task.project) for count, task in enumerate(draft.tasks, start=1) if task.project]
    projects = [_project(count, task, project, draft) for count, task, project in building]
    buildings = {count: [PlannedBuilding(*each) for each in project.buildings] for count, _task_, project in building}
    return in_order([*capacity_findings(projects, limits, buildings), *plan_findings(facts_of(draft, national))])


def facts_of(draft: PlanDraft, national: Mapping[str, str]) -> PlanFacts:
    """The facts of a plan that was read; nobody has looked yet what its tasks serve."""
    head, document = draft.head, document_of(draft.head)
    worded = {task.deadline: task for task in draft.tasks}  # each wording is read once
    read = {words: deadline_of(task, head) for words, task in worded.items()}
    return PlanFacts(
        document_number=head.document_number,
        issued_on=head.issued_on,
        year=document.year,
        tasks=tuple(_task(task, read[task.deadline]) for task in draft.tasks),
        items=tuple(map(_item, draft.indicators)),
        headings=tuple(HeadingFacts(each.rank, each.number, each.title) for each in draft.headings),
        goals=tuple(
            GoalFacts(each.text, each.deadline, read_deadline(each.deadline or "", document).due_on)
            for each in draft.goals
        ),
        national=national,
    )


def _task(task: DraftTask, read: Deadline) -> TaskFacts:
    return TaskFacts(
        about=About(task.key, task.title),
        kind=task.kind,
        number=task.number,
        section=task.section,
        requirement=task.requirement,
        units=tuple(UnitPart(each.name, each.role) for each in task.units),
        deadline=task.deadline,
        precision=read.precision,
        doubt=read.doubt,
        due_on=read.due_on,
        alternative_on=read.alternative_on,
        inherited=task.deadline is None,
        duty_of=task.duty_of,
    )


def _item(item: DraftIndicator) -> ItemFacts:
    parts = [part.points for part in item.parts if part.points is not None]
    words = "，".join(part.text for part in item.parts)
    return ItemFacts(
        code=item.number,
        number=item.number,
        title=item.title,
        words=words,
        national=item.national or national_of(f"{item.title}，{words}"),
        grade=item.kind,
        points=item.points,
        part_points=tuple(parts) if parts and len(parts) == len(item.parts) else (),
    )


def _project(count: int, task: DraftTask, project: ProjectSeed, draft: PlanDraft) -> ProjectFacts:
    read = deadline_of(task, draft.head)
    return ProjectFacts(
        key=task.key,
        title=task.title,
        category=project.category,
        id=count,
        plan_title=draft.head.title or "",
        site=project.site,
        land_mu=project.land_mu,
        floor_area_m2=project.floor_area_m2,
        sports_area_m2=project.sports_area_m2,
        budget_yuan=project.budget_yuan,
        deadline_text=task.deadline,
        due_on=read.due_on,
        needs_redate=read.doubt is not None,
        money={MoneyKind.PLANNED: project.budget_yuan} if project.budget_yuan else {},
        parts=_parts(project),
    )


def _parts(project: ProjectSeed) -> tuple[PartFacts, ...]:
    """The schools of a project; within it one name is one school."""
    numbers = {name: count for count, name in enumerate(dict.fromkeys(each.name for each in project.schools), start=1)}
    return tuple(
        PartFacts(numbers[each.name], each.name, each.stage, each.seats, each.classes) for each in project.schools
    )
