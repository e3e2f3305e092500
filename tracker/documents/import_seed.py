"""An import in the shape in which plans are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.documents.draft_parts import goals_of, head_from, indicators_of, phases_of
from tracker.documents.plan_draft import DraftIndicator, DraftTask
from tracker.documents.plan_limits import longest
from tracker.documents.plan_shape import IndicatorSeed, PartSeed, PhaseSeed, PlanSeed, TaskSeed
from tracker.models import Plan, PlanImport
from tracker.queries.plan_names import national_by_code
from tracker.rules.task_kinds import AssignmentRole


def seed_of(batch: PlanImport, tasks: Sequence[DraftTask]) -> PlanSeed:
    """An import in the shape in which plans are stored."""
    head, parts = head_from(batch.head), batch.parts
    items = _items(indicators_of(parts))
    codes = {item.number: item.code for item in reversed(items)}
    return PlanSeed(
        file=batch.file_name,
        code=batch.head["code"],
        region=batch.region_code,
        title=(head.title or "")[: longest(Plan.title)],
        document_number=_cut(head.document_number, longest(Plan.document_number)),
        issuer=_cut(head.issuer, longest(Plan.issuer)),
        issued_on=head.issued_on,
        starts_on=head.starts_on,
        ends_on=head.ends_on,
        target_text=_cut(head.target_text, longest(Plan.target_text)),
        target_on=head.target_on,
        goals=goals_of(parts),
        phases=_phases(phases_of(parts)),
        indicators=items,
        vetoes=[(number, title) for number, title in dict(parts.get("vetoes", ())).items()] if items else [],
        tasks=[task_seed(task, codes) for task in tasks],
    )


def _cut(text: str | None, most: int) -> str | None:
    return text[:most] if text else None


def _phases(read: Sequence[PhaseSeed]) -> list[PhaseSeed]:
    """Each number once, and no stage that ends before it begins."""
    by_number = {phase.number: phase for phase in reversed(read)}
    return [
        PhaseSeed(each.number, each.title, each.summary, each.starts_on, each.ends_on)
        if not (each.starts_on and each.ends_on and each.ends_on < each.starts_on)
        else PhaseSeed(each.number, each.title, each.summary, None, None)
        for each in read
        if by_number[each.number] is each
    ]


def _items(read: Sequence[DraftIndicator]) -> list[IndicatorSeed]:
    """The indicators with a code of their own each: the number, and where it repeats a count behind it."""
    national, taken, items = national_by_code(), set[str](), []
    for each in read:
        code = each.number if each.number not in taken else f"{each.number}-{len(taken) + 1}"
        taken.add(code)
        points = [PartSeed(part.number, part.text, part.points) for part in each.parts]
        known = each.national if each.national in national else None
        items.append(IndicatorSeed(code, each.number, each.title, each.group, known, each.kind, each.points, points))
    return items


def task_seed(task: DraftTask, codes: Mapping[str, str]) -> TaskSeed:
    """A task of an import in the shape in which tasks are stored; ``codes`` are those of the indicators by number."""
    units: dict[AssignmentRole, list[str]] = {}
    for each in task.units:
        units.setdefault(each.role, []).append(each.name)
    return TaskSeed(
        key=task.key,
        number=task.number,
        kind=task.kind,
        section=list(task.section),
        title=task.title,
        requirement=task.requirement,
        units=units,
        officials=list(task.officials),
        phase=task.phase,
        deadline=task.deadline,
        duty_of=codes.get(task.duty_of or ""),
        project=task.project,
        indicators={},
        no_indicator=None,
        source=task.source or None,
        sentence=task.sentence or None,
    )
