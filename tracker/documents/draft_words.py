"""A plan that was understood as plain values: for the rows of an import, and as the JSON that ``plans read`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.documents.draft_deadlines import deadline_of, document_of
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftHead, DraftTask, DraftUnit, PlanDraft
from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.rules.deadline_words import read_deadline
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import AssignmentRole, ProjectCategory, TaskKind


def words_of_task(task: DraftTask) -> dict[str, Any]:
    """What was understood of a task, without its place: the ``words`` of an import's row."""
    return {
        "number": task.number,
        "kind": task.kind.value,
        "section": list(task.section),
        "title": task.title,
        "requirement": task.requirement,
        "units": [[each.name, each.role.value] for each in task.units],
        "officials": list(task.officials),
        "deadline": task.deadline,
        "other_deadlines": list(task.other_deadlines),
        "phase": task.phase,
        "duty_of": task.duty_of,
        "project": _project(task.project) if task.project else None,
    }


def task_from(words: Mapping[str, Any], key: str, place: Place, source: str, sentence: str) -> DraftTask:
    """The task that ``words_of_task`` wrote, at its place."""
    return DraftTask(
        key=key,
        kind=TaskKind(words["kind"]),
        title=words["title"],
        requirement=words["requirement"],
        place=place,
        source=source,
        sentence=sentence,
        number=words["number"],
        section=tuple(words["section"]),
        units=tuple(DraftUnit(name, AssignmentRole(role)) for name, role in words["units"]),
        officials=tuple(words["officials"]),
        deadline=words["deadline"],
        other_deadlines=tuple(words["other_deadlines"]),
        phase=words["phase"],
        duty_of=words["duty_of"],
        project=_project_from(words["project"]) if words["project"] else None,
    )


def _project(project: ProjectSeed) -> dict[str, Any]:
    """Amounts as exact texts, so that nothing is lost on the way."""
    return {
        "category": project.category.value,
        "site": project.site,
        "town": project.town,
        "land_mu": _text(project.land_mu),
        "floor_area_m2": _text(project.floor_area_m2),
        "sports_area_m2": _text(project.sports_area_m2),
        "budget_yuan": project.budget_yuan,
        "schools": [[s.name, s.stage.value if s.stage else None, s.seats, s.classes] for s in project.schools],
        "buildings": [[use, _text(area)] for use, area in project.buildings],
    }


def _project_from(said: Mapping[str, Any]) -> ProjectSeed:
    return ProjectSeed(
        category=ProjectCategory(said["category"]),
        site=said["site"],
        town=said["town"],
        land_mu=_amount(said["land_mu"]),
        floor_area_m2=_amount(said["floor_area_m2"]),
        sports_area_m2=_amount(said["sports_area_m2"]),
        budget_yuan=said["budget_yuan"],
        schools=[
            SchoolSeed(name, Stage(stage) if stage else None, seats, classes)
            for name, stage, seats, classes in said["schools"]
        ],
        buildings=[(use, _amount(area)) for use, area in said["buildings"]],
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def draft_as_json(draft: PlanDraft, region: str | None, findings: list[dict[str, str]]) -> dict[str, Any]:
    """A plan that was read and not stored, in the format of a stored one; what it does not say is null.

    ``region`` is the code of the place that the document names, ``findings`` what the check-up says of it.
    """
    head = draft.head
    document = document_of(head)
    national = {item.number: item.national for item in draft.indicators if item.national}
    return {
        "plan": {
            "code": None,
            "title": head.title,
            "document_number": head.document_number,
            "issuer": head.issuer,
            "issued_on": _iso(head.issued_on),
            "region": region,
            "region_name": head.region,
            "starts_on": _iso(head.starts_on),
            "ends_on": _iso(head.ends_on),
            "target": {"text": head.target_text, "on": _iso(head.target_on)},
            "goals": [
                {
                    "text": goal.text,
                    "deadline": goal.deadline,
                    "due_on": _iso(read_deadline(goal.deadline, document).due_on) if goal.deadline else None,
                }
                for goal in draft.goals
            ],
        },
        "phases": [
            {**asdict(phase), "starts_on": _iso(phase.starts_on), "ends_on": _iso(phase.ends_on)}
            for phase in draft.phases
        ],
        "tasks": [_task(task, head, national.get(task.duty_of or "")) for task in draft.tasks],
        "indicators": [
            {
                "number": item.number,
                "title": item.title,
                "group": item.group or None,
                "national": item.national,
                "kind": item.kind,
                "points": _figure(item.points),
                "assignments": [_assignment(unit) for unit in item.units],
                "parts": [{"number": p.number, "text": p.text, "points": _figure(p.points)} for p in item.parts],
                "floors": {stage: _figure(floor) for stage, floor in item.floors},
            }
            for item in draft.indicators
        ],
        "vetoes": [{"number": number, "title": title} for number, title in draft.vetoes],
        "findings": findings,
    }


def _task(task: DraftTask, head: DraftHead, national: str | None) -> dict[str, Any]:
    return {
        "key": task.key,
        "number": task.number,
        "section": list(task.section),
        "kind": task.kind.value,
        "title": task.title,
        "requirement": task.requirement,
        "assignments": [_assignment(unit) for unit in task.units],
        "officials": list(task.officials),
        "deadline": _deadline(task, head),
        "other_deadlines": list(task.other_deadlines),
        "project": _project_as_json(task.project) if task.project else None,
        "indicators": [{"code": national, "how": None}] if national else [],
        "source": {"place": task.source, "text": task.sentence},
    }


def _deadline(task: DraftTask, head: DraftHead) -> dict[str, Any]:
    read = deadline_of(task, head)
    return {
        "text": task.deadline,
        "precision": read.precision.value,
        "starts_on": _iso(read.starts_on),
        "due_on": _iso(read.due_on),
        "inherited": task.deadline is None and head.target_on is not None,
        "warning": read.doubt.value if read.doubt else None,
    }


def _assignment(unit: DraftUnit) -> dict[str, str]:
    return {"unit": unit.name, "name_in_plan": unit.name, "role": unit.role.value}


def _project_as_json(project: ProjectSeed) -> dict[str, Any]:
    return {
        "category": project.category.value,
        "site": project.site,
        "land_mu": _figure(project.land_mu),
        "floor_area_m2": _figure(project.floor_area_m2),
        "sports_area_m2": _figure(project.sports_area_m2),
        "budget_yuan": project.budget_yuan,
        "schools": [
            {"name": s.name, "stage": s.stage.value if s.stage else None, "seats": s.seats, "classes": s.classes}
            for s in project.schools
        ],
        "buildings": [{"use": use, "floor_area_m2": _figure(area)} for use, area in project.buildings],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _figure(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
