"""What contradicts itself in the units of a plan: tasks of nobody, no word of who leads, two names of one unit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tracker.rules.checkup import Code, Finding, Severity
from tracker.rules.plan_facts import (
    PlanFacts,
    TaskFacts,
    finding_about,
)
from tracker.rules.reading.unit_words import is_collective
from tracker.rules.task_kinds import AssignmentRole, TaskKind

PREFIX = re.compile(r"^(?:中共)?(?:[一-鿿]{1,6}?(?:县|市|区|旗))?(?:县|市|区|旗)?")


def without_unit(plan: PlanFacts) -> Iterator[Finding]:
    """Tasks that are given to nobody."""
    yield from finding_about(Code.WITHOUT_UNIT, Severity.CONTRADICTION, [task for task in plan.tasks if not task.units])


def lead_unstated(plan: PlanFacts) -> Iterator[Finding]:
    """Several units and no word of who leads or answers."""
    tasks = [
        task
        for task in plan.tasks
        if not any(part.role is AssignmentRole.LEAD for part in task.units)
        and sum(part.role is AssignmentRole.RESPONSIBLE for part in task.units) != 1
        and task.units
    ]
    yield from finding_about(Code.LEAD_UNSTATED, Severity.LOOK, tasks)


def indicators_without_units(plan: PlanFacts) -> Iterator[Finding]:
    """A plan that lists its indicators and gives none of them to a unit."""
    has_duty = any(task.duty_of or task.kind is TaskKind.INDICATOR_DUTY for task in plan.tasks)
    if plan.items and not has_duty:
        yield Finding(Code.INDICATORS_WITHOUT_UNITS, Severity.LOOK, (), evidence={"count": len(plan.items)})


def two_names(plan: PlanFacts) -> Iterator[Finding]:
    """One unit under two names: of one known unit, or equal but for the county before it."""
    names: dict[str, dict[str, TaskFacts]] = defaultdict(dict)
    for task in plan.tasks:
        for part in task.units:
            names[part.unit or bare_name(part.name)].setdefault(part.name, task)
    doubled = [found for found in names.values() if len(found) > 1]
    if doubled:
        about = dict.fromkeys(task.about for found in doubled for task in found.values())
        pairs = tuple(" / ".join(found) for found in doubled)
        yield Finding(Code.TWO_NAMES, Severity.LOOK, tuple(about), evidence={"count": len(doubled), "names": pairs})


def bare_name(name: str) -> str:
    """The name of a unit without its county: 县财政局 and 财政局 are one."""
    bare = PREFIX.sub("", name)
    return bare if len(bare) > 1 else name


def group_names(plan: PlanFacts) -> Iterator[Finding]:
    """Names that stand for many, of whom nobody has said who they are."""
    parts = [part.name for task in plan.tasks for part in task.units]
    names = dict.fromkeys(name for name in parts if name in plan.members or is_collective(name))
    unknown = tuple(name for name in names if not plan.members.get(name))
    if unknown:
        tasks = [task for task in plan.tasks if any(part.name in unknown for part in task.units)]
        yield from finding_about(Code.GROUP_NAMES, Severity.LOOK, tasks, names=unknown)
