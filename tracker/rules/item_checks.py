"""What contradicts itself in the indicators of a plan: left out, without duty or task, points that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.rules.checkup import About, Code, Finding, Severity
from tracker.rules.plan_facts import (
    ItemFacts,
    PlanFacts,
    ReportedFacts,
    finding_about,
)

WHOLE_POINTS = Decimal(100)


def other_terms(plan: PlanFacts) -> Iterator[Finding]:
    """Items that ask for something else than the national indicator which they are."""
    for item in plan.items:
        if item.other_terms:
            yield Finding(
                Code.OTHER_TERMS,
                Severity.LOOK,
                _of_item(plan, item),
                evidence={"title": item.title, "words": item.words, "code": item.national or ""},
            )


def _of_item(plan: PlanFacts, item: ItemFacts) -> tuple[About, ...]:
    return tuple(task.about for task in plan.tasks if task.duty_of == item.code)


def left_out(plan: PlanFacts) -> Iterator[Finding]:
    """National indicators that a list of the plan's own leaves out."""
    named = {item.national for item in plan.items if item.national}
    missing = [code for code in plan.national if code not in named]
    # A list that points at few of them is another sort of list.
    if named and 2 * len(named) > len(plan.national):
        for code in missing:
            yield Finding(
                Code.LEFT_OUT, Severity.CONTRADICTION, (), evidence={"code": code, "title": plan.national[code]}
            )


def without_duty(plan: PlanFacts) -> Iterator[Finding]:
    """Items of a list of which all others are given to a unit."""
    given = {task.duty_of for task in plan.tasks if task.duty_of}
    missing = [item for item in plan.items if item.code not in given]
    if given and 2 * len(given) > len(plan.items):
        for item in missing:
            yield Finding(
                Code.WITHOUT_DUTY, Severity.CONTRADICTION, (), evidence={"number": item.number, "title": item.title}
            )


def without_indicator(plan: PlanFacts) -> Iterator[Finding]:
    """Tasks that serve no indicator, as far as anybody has said."""
    tasks = [task for task in plan.tasks if task.serves is not None and not task.serves]
    yield from finding_about(Code.WITHOUT_INDICATOR, Severity.LOOK, tasks)


def without_task(plan: PlanFacts) -> Iterator[Finding]:
    """National indicators that no task serves."""
    if any(task.serves is None for task in plan.tasks) or not plan.tasks:
        return
    served = {code for task in plan.tasks for code in task.serves or () if code}
    if not served and not plan.items:
        return  # A plan of another field serves none of them.
    # What the plan's own list leaves out is said by another rule.
    asked = {item.national for item in plan.items if item.national} or set(plan.national)
    missing = tuple(title for code, title in plan.national.items() if code in asked - served)
    if missing:
        yield Finding(Code.WITHOUT_TASK, Severity.LOOK, (), evidence={"count": len(missing), "titles": missing})


def points(plan: PlanFacts) -> Iterator[Finding]:
    """Points that do not add up: of the parts to their item, of the B items to 100."""
    for item in plan.items:
        total = sum(item.part_points, Decimal(0))
        if item.points is not None and item.part_points and total != item.points:
            yield Finding(
                Code.POINTS,
                Severity.CONTRADICTION,
                _of_item(plan, item),
                evidence={"title": item.title, "points": item.points, "total": total},
            )
    scored = [item.points for item in plan.items if item.grade == "B" and item.points is not None]
    if scored and sum(scored, Decimal(0)) != WHOLE_POINTS:
        yield Finding(
            Code.POINTS,
            Severity.CONTRADICTION,
            (),
            evidence={"title": "B", "points": WHOLE_POINTS, "total": sum(scored, Decimal(0))},
        )


def reported_short(plan: PlanFacts) -> Iterator[Finding]:
    """Indicators of which the plan itself reports that they are not met."""
    short = [each for each in plan.reported if each.national and (each.met is False or each.value is not None)]
    said = tuple(map(_reported, short))
    if said:
        yield Finding(Code.REPORTED_SHORT, Severity.LOOK, (), evidence={"count": len(said), "titles": said})


def _reported(said: ReportedFacts) -> str:
    """R4 0.5380 > 0.50, or the code alone of what is said to be short without a figure."""
    if said.value is None:
        return said.national or ""
    over = f" > {said.limit}" if said.limit is not None and said.value > said.limit else ""
    return f"{said.national} {said.value}{over}"


def reported_elsewhere(plan: PlanFacts) -> Iterator[Finding]:
    """Values that a plan reports of what is none of the seven resource indicators."""
    for each in plan.reported:
        if each.subject and not each.national:
            yield Finding(
                Code.REPORTED_ELSEWHERE,
                Severity.LOOK,
                (),
                evidence={"title": each.subject, "value": "" if each.value is None else str(each.value)},
            )
