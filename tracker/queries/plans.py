"""Plans, and a plan as the export format has it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import Assignment, Contribution, Framework, Indicator, Plan, Project, ProjectSchool, Task, Veto, db
from tracker.queries.visibility import within_region
from tracker.rules.deadlines import Doubt


def plans_in(region: str) -> list[Plan]:
    """The plans at or below a region."""
    query = sa.select(Plan).where(within_region(Plan.region_code, region)).options(joinedload(Plan.region))
    return list(db.session.scalars(query.order_by(Plan.region_code, Plan.code)))


def plan_by_code(code: str) -> Plan | None:
    """A plan by its code."""
    return db.session.scalar(sa.select(Plan).where(Plan.code == code))


def task_counts() -> dict[int, int]:
    """The number of tasks per plan id."""
    return dict(db.session.execute(sa.select(Task.plan_id, sa.func.count()).group_by(Task.plan_id)).all())


def exported(plan: Plan) -> dict[str, Any]:
    """A stored plan with everything in it, in plain values for JSON."""
    tasks = _tasks_of(plan)
    projects = _projects_of(plan)
    duties = {task.duty_of_id: task for task in tasks if task.duty_of_id}
    return {
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "document_number": plan.document_number,
            "issuer": plan.issuer,
            "issued_on": _iso(plan.issued_on),
            "region": plan.region_code,
            "starts_on": _iso(plan.starts_on),
            "ends_on": _iso(plan.ends_on),
            "target": {"text": plan.target_text, "on": _iso(plan.target_on)},
            "state": plan.state.value,
            "goals": [
                {"text": goal.text, "deadline": goal.deadline_text, "due_on": _iso(goal.due_on)} for goal in plan.goals
            ],
        },
        "phases": [
            {
                "number": phase.number,
                "title": phase.title,
                "starts_on": _iso(phase.starts_on),
                "ends_on": _iso(phase.ends_on),
                "summary": phase.summary,
            }
            for phase in plan.phases
        ],
        "tasks": [_task(task, projects.get(task.id)) for task in tasks],
        "indicators": [_indicator(item, duties.get(item.id)) for item in _items_of(plan)],
        "vetoes": [{"number": veto.number, "title": veto.title} for veto in _vetoes_of(plan)],
        "reported": [
            {
                "indicator": each.indicator.code if each.indicator else None,
                "subject": each.subject,
                "stage": each.stage,
                "measure": each.measure,
                "value": _number(each.value),
                "met": each.met,
                "note": each.note,
            }
            for each in plan.reported_values
        ],
        "findings": [finding for task in tasks if (finding := _finding(task))],
    }


def _tasks_of(plan: Plan) -> list[Task]:
    query = (
        sa.select(Task)
        .where(Task.plan_id == plan.id)
        .options(
            selectinload(Task.assignments).joinedload(Assignment.unit),
            selectinload(Task.officials),
            selectinload(Task.contributions).joinedload(Contribution.indicator),
        )
    )
    return list(db.session.scalars(query.order_by(Task.position)))


def _projects_of(plan: Plan) -> dict[int, Project]:
    query = sa.select(Project).join(Task).where(Task.plan_id == plan.id)
    query = query.options(
        selectinload(Project.schools).joinedload(ProjectSchool.school), selectinload(Project.buildings)
    )
    return {project.task_id: project for project in db.session.scalars(query)}


def _items_of(plan: Plan) -> list[Indicator]:
    query = sa.select(Indicator).where(Indicator.framework_id == plan.framework_id).order_by(Indicator.position)
    return list(db.session.scalars(query.options(joinedload(Indicator.national), selectinload(Indicator.parts))))


def _vetoes_of(plan: Plan) -> list[Veto]:
    return list(
        db.session.scalars(sa.select(Veto).join(Framework).where(Framework.id == plan.framework_id).order_by(Veto.id))
    )


def _task(task: Task, project: Project | None) -> dict[str, Any]:
    return {
        "key": task.key,
        "number": task.number,
        "section": task.section,
        "kind": task.kind.value,
        "title": task.title,
        "requirement": task.requirement,
        "assignments": _assignments(task),
        "officials": [official.name for official in task.officials],
        "deadline": {
            "text": task.deadline_text,
            "precision": task.deadline_precision.value,
            "starts_on": _iso(task.starts_on),
            "due_on": _iso(task.first_due_on),
            "inherited": task.deadline_inherited,
            "warning": _warning(task),
        },
        "project": _project(project) if project else None,
        "indicators": [{"code": each.indicator.code, "how": each.reason} for each in task.contributions],
        "source": {"place": task.source_place, "text": task.source_text},
    }


def _assignments(task: Task) -> list[dict[str, str]]:
    return [
        {"unit": each.unit.name, "name_in_plan": each.name_in_plan, "role": each.role.value}
        for each in task.assignments
    ]


def _project(project: Project) -> dict[str, Any]:
    return {
        "category": project.category.value,
        "site": project.site,
        "town": project.town,
        "land_mu": _number(project.land_mu),
        "floor_area_m2": _number(project.floor_area_m2),
        "sports_area_m2": _number(project.sports_area_m2),
        "budget_yuan": project.budget_yuan,
        "schools": [
            {
                "name": each.school.name,
                "stage": each.stage.value if each.stage else None,
                "seats": each.seats,
                "classes": each.classes,
            }
            for each in project.schools
        ],
        "buildings": [{"use": each.use, "floor_area_m2": _number(each.floor_area_m2)} for each in project.buildings],
    }


def _indicator(item: Indicator, duty: Task | None) -> dict[str, Any]:
    return {
        "number": item.number or None,
        "code": item.code,
        "title": item.title,
        "group": item.group,
        "national": item.national.code if item.national else None,
        "kind": item.grade,
        "points": _number(item.points),
        "assignments": _assignments(duty) if duty else [],
        "parts": [
            {"number": part.number or None, "points": _number(part.points), "text": part.text} for part in item.parts
        ],
    }


def _warning(task: Task) -> str | None:
    match task.deadline_doubt:
        case Doubt.BEFORE_ISSUE:
            return "the deadline lies before the plan's date of issue"
        case Doubt.BEFORE_WHICH_YEAR:
            both = f"{_iso(task.first_due_on)} or {_iso(task.alternative_due_on)}"
            return f"may mean {both}; the stricter is taken until the office confirms"
        case Doubt.IMPOSSIBLE_DATE:
            return "the words name a date that does not exist"
        case Doubt.UNREADABLE:
            return "the words name a time that is not understood"
        case _:
            return None


def _finding(task: Task) -> dict[str, str] | None:
    if not task.deadline_doubt:
        return None
    kind = {
        Doubt.BEFORE_ISSUE: "deadline_before_issue",
        Doubt.BEFORE_WHICH_YEAR: "deadline_ambiguous",
        Doubt.IMPOSSIBLE_DATE: "deadline_impossible",
        Doubt.UNREADABLE: "deadline_unreadable",
    }
    return {
        "kind": kind[task.deadline_doubt],
        "severity": "warning",
        "where": task.key,
        "text": f"{task.deadline_text}: {_warning(task)}",
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _number(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
