"""An import in the shape in which plans are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.documents.draft_parts import goals_of, head_from, indicators_of, phases_of
from tracker.documents.plan_draft import DraftIndicator, DraftTask
from tracker.documents.plan_limits import figures, longest
from tracker.documents.plan_shape import GoalSeed, IndicatorSeed, PartSeed, PhaseSeed, PlanSeed, TaskSeed
from tracker.models import Indicator, Phase, Plan, PlanGoal, PlanImport
from tracker.queries.plan_names import national_by_code
from tracker.rules.task_kinds import AssignmentRole

LONGEST_NUMBER = 30  # leaves room for what tells two of one number apart
GRADES = ("A", "B")
MOST_POINTS = figures(Indicator.points)


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
        goals=[GoalSeed(goal.text, _cut(goal.deadline, longest(PlanGoal.deadline_text))) for goal in goals_of(parts)],
        phases=_phases(phases_of(parts)),
        indicators=items,
        vetoes=_vetoes(parts) if items else [],
        tasks=[task_seed(task, codes) for task in tasks],
    )


def _vetoes(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each number once."""
    found: dict[str, str] = {}
    for position, (number, title) in enumerate(parts.get("vetoes", ()), start=1):
        own = number[:LONGEST_NUMBER] or str(position)
        found[own if own not in found else f"{own[:30]}-{position}"] = title
    return list(found.items())


def _cut(text: str | None, most: int) -> str | None:
    return text[:most] if text else None


def phases_in(batch: PlanImport) -> list[PhaseSeed]:
    """The stages of an import, each number once, as the columns hold them."""
    return _phases(phases_of(batch.parts))


def _phases(read: Sequence[PhaseSeed]) -> list[PhaseSeed]:
    """Each number once, as the columns hold them, and no stage that ends before it begins."""
    found: dict[str, PhaseSeed] = {}
    for each in read:
        ends_early = each.starts_on and each.ends_on and each.ends_on < each.starts_on
        dates = (None, None) if ends_early else (each.starts_on, each.ends_on)
        number = each.number[:LONGEST_NUMBER]
        found.setdefault(number, PhaseSeed(number, each.title[: longest(Phase.title)], each.summary, *dates))
    return list(found.values())


def _items(read: Sequence[DraftIndicator]) -> list[IndicatorSeed]:
    """The indicators as the columns hold them, with a code of their own each: the number, else a count behind it."""
    national, taken, items = national_by_code(), set[str](), []
    for position, each in enumerate(read, start=1):
        number = each.number[:LONGEST_NUMBER] or str(position)
        code = number if number not in taken else f"{number}-{position}"
        taken.add(code)
        items.append(
            IndicatorSeed(
                code=code,
                number=number,
                title=each.title,
                group=each.group[: longest(Indicator.group)],
                national=each.national if each.national in national else None,
                grade=each.kind if each.kind in GRADES else None,
                points=_points(each.points),
                parts=[PartSeed(part.number[:LONGEST_NUMBER], part.text, _points(part.points)) for part in each.parts],
            )
        )
    return items


def _points(points: Decimal | None) -> Decimal | None:
    return points if points is not None and 0 <= points <= MOST_POINTS.largest else None


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
        phase=_cut(task.phase, LONGEST_NUMBER),
        deadline=task.deadline,
        duty_of=codes.get((task.duty_of or "")[:LONGEST_NUMBER]),
        project=task.project,
        indicators={},
        no_indicator=None,
        source=task.source or None,
        sentence=_with_other_deadlines(task) or None,
    )


def _with_other_deadlines(task: DraftTask) -> str:
    """The sentence of a task with the further deadlines that it does not say itself: one alone is kept as a date."""
    further = [each for each in task.other_deadlines if each not in task.sentence]
    return "\n".join([task.sentence, f"其他时限：{'、'.join(further)}"]) if further else task.sentence
