"""What contradicts itself in the numbers of a plan: gaps, repeats, lists that begin anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tracker.rules.checkup import About, Code, Finding, Severity
from tracker.rules.plan_facts import (
    HeadingFacts,
    PlanFacts,
    TaskFacts,
)
from tracker.rules.reading.outline_numbers import value_of_number
from tracker.rules.task_kinds import TaskKind

LEAST_LISTED = 3  # numbers of fewer items say nothing of an order
LAST_HEADING_RANK = 5  # 一、 and （一）; below them stand the items themselves


def task_numbers(plan: PlanFacts) -> Iterator[Finding]:
    """Gaps and repeats in the numbers of the tasks of one list."""
    lists: dict[tuple[TaskKind, tuple[str, ...]], list[TaskFacts]] = defaultdict(list)
    for task in plan.tasks:
        if task.number:
            lists[task.kind, task.section].append(task)
    for tasks in lists.values():
        yield from _gaps([(task.number or "", task.about) for task in tasks])


def _gaps(numbered: Sequence[tuple[str, About]]) -> Iterator[Finding]:
    values = [(value, number, about) for number, about in numbered if (value := value_of_number(number)) is not None]
    if len(values) < LEAST_LISTED:
        return
    for (before, first, _one_before), (after, second, about) in pairwise(values):
        if after > before + 1:
            yield Finding(
                Code.NUMBER_GAP, Severity.CONTRADICTION, (about,), evidence={"before": first, "after": second}
            )
        elif after == before:
            yield Finding(Code.NUMBER_TWICE, Severity.CONTRADICTION, (about,), evidence={"number": second})


def heading_numbers(plan: PlanFacts) -> Iterator[Finding]:
    """Headings of one rank under one heading whose numbers jump or repeat: 一、二、二、四、五."""
    for siblings in _siblings(plan.headings):
        values = [value_of_number(each.number) for each in siblings]
        if len(values) < LEAST_LISTED or None in values:
            continue
        whole = [value for value in values if value is not None]
        if whole != list(range(whole[0], whole[0] + len(whole))):
            yield Finding(
                Code.HEADING_NUMBERS,
                Severity.CONTRADICTION,
                (),
                evidence={"numbers": tuple(each.number for each in siblings), "titles": _titles(siblings)},
            )


def _titles(headings: Sequence[HeadingFacts]) -> tuple[str, ...]:
    return tuple(f"{each.number} {each.title}".strip() for each in headings)


def _siblings(headings: Sequence[HeadingFacts]) -> Iterator[list[HeadingFacts]]:
    """The headings of one rank between two headings of a higher one; items of a list (1. 2. 3.) are none."""
    open_: dict[int, list[HeadingFacts]] = {}
    for each in headings:
        if each.rank > LAST_HEADING_RANK:
            continue
        for rank in [rank for rank in open_ if rank > each.rank]:
            yield open_.pop(rank)
        run = open_.setdefault(each.rank, [])
        if run and value_of_number(each.number) == 1:
            yield run
            open_[each.rank] = run = []
        run.append(each)
    yield from open_.values()


def numbers_restart(plan: PlanFacts) -> Iterator[Finding]:
    """Indicators numbered through in the text and from 1 again in each list of the annex."""
    through = _numbered_through(plan.headings)
    lists: dict[tuple[str, ...], list[TaskFacts]] = defaultdict(list)
    for task in plan.tasks:
        if task.kind is TaskKind.INDICATOR_DUTY and task.number:
            lists[task.section].append(task)
    again = [tasks[0] for tasks in lists.values() if tasks[0].number == "1"]
    if through and len(again) > 1:
        yield Finding(
            Code.NUMBERS_RESTART,
            Severity.LOOK,
            tuple(task.about for task in again),
            evidence={"last": str(through), "count": len(again)},
        )


def _numbered_through(headings: Sequence[HeadingFacts]) -> int | None:
    """The last number of items that go on counting over several headings; None where each begins anew."""
    last = longest = parts = 0
    for each in headings:
        if each.rank <= LAST_HEADING_RANK:
            parts += 1
            continue
        value = value_of_number(each.number)
        if value == last + 1 and last:
            last = value
            longest = max(longest, last if parts > 1 else 0)
        elif value == 1:
            last, parts = 1, 0
    return longest if longest > 2 * LEAST_LISTED else None
