"""What contradicts itself in the dates of a plan: deadlines before the issue, unclear or missing ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from tracker.rules.checkup import Code, Finding, Severity
from tracker.rules.deadlines import Doubt, Precision
from tracker.rules.plan_facts import (
    PlanFacts,
    TaskFacts,
    finding_about,
)

WITHOUT_MONTH = {Precision.YEAR, Precision.ONGOING, Precision.YEARLY, Precision.UNSPECIFIED}
UNREAD = {Doubt.UNREADABLE, Doubt.IMPOSSIBLE_DATE}


def before_issue(plan: PlanFacts) -> Iterator[Finding]:
    """Deadlines that had passed on the day of issue."""
    tasks = [task for task in plan.tasks if task.doubt is Doubt.BEFORE_ISSUE]
    yield from finding_about(
        Code.BEFORE_ISSUE, Severity.CONTRADICTION, tasks, issued_on=_day(plan.issued_on), texts=_texts(tasks)
    )


def which_year(plan: PlanFacts) -> Iterator[Finding]:
    """2024年以前: before it begins or before it ends."""
    tasks = [task for task in plan.tasks if task.doubt is Doubt.BEFORE_WHICH_YEAR]
    days = dict.fromkeys(f"{task.deadline} {_day(task.due_on)} / {_day(task.alternative_on)}" for task in tasks)
    yield from finding_about(Code.WHICH_YEAR, Severity.LOOK, tasks, texts=tuple(days))


def unreadable(plan: PlanFacts) -> Iterator[Finding]:
    """Words that name a time which nobody can read, or a day that no calendar has."""
    tasks = [task for task in plan.tasks if task.doubt in UNREAD]
    yield from finding_about(Code.UNREADABLE, Severity.CONTRADICTION, tasks, texts=_texts(tasks))


def without_month(plan: PlanFacts) -> Iterator[Finding]:
    """Deadlines that name a year alone, or no date at all."""
    tasks = [
        task for task in plan.tasks if task.deadline and task.precision in WITHOUT_MONTH and task.doubt not in UNREAD
    ]
    yield from finding_about(Code.WITHOUT_MONTH, Severity.LOOK, tasks, texts=_texts(tasks))


def without_deadline(plan: PlanFacts) -> Iterator[Finding]:
    """Tasks of which the plan does not say until when."""
    yield from finding_about(Code.WITHOUT_DEADLINE, Severity.LOOK, [task for task in plan.tasks if not task.deadline])


def no_issue_date(plan: PlanFacts) -> Iterator[Finding]:
    """A document that does not say when it was issued."""
    if plan.issued_on is None:
        yield Finding(Code.NO_ISSUE_DATE, Severity.LOOK, (), evidence={"year": str(plan.year or "")})


def no_document_number(plan: PlanFacts) -> Iterator[Finding]:
    """A document without a number."""
    if not plan.document_number:
        yield Finding(Code.NO_DOCUMENT_NUMBER, Severity.LOOK, ())


def _texts(tasks: Iterable[TaskFacts]) -> tuple[str, ...]:
    """Each wording of the deadlines of some tasks once, with how many have it: 2029年×5."""
    counts = Counter(task.deadline for task in tasks if task.deadline)
    return tuple(f"{text}×{count}" if count > 1 else text for text, count in counts.items())


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
