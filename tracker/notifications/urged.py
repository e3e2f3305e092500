"""催办: the office's words about several tasks, in one mail per person and act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, PlanState, Task
from tracker.notifications.letters import Letter, letter, month_day, numbered, one_line, report_address
from tracker.notifications.outbox import Draft, Mention, queue, still_asked
from tracker.queries.routing import Recipient, units_asked
from tracker.queries.rows import TaskRow
from tracker.queries.urges import UrgePreview
from tracker.rules.deadlines import days_late
from tracker.rules.urges import skip_of

URGED = "urged"


def queue_urged(urged: UrgePreview, text: str, once: str, now: datetime) -> int:
    """Queue one mail for each person whom an act of urging reaches; how many."""
    day = clock.office_day(now)
    people: dict[str, tuple[Recipient, dict[int, TaskRow]]] = {}
    for unit in urged.units:
        for who, recipient in unit.recipients.items():
            people.setdefault(who, (recipient, {}))[1].update({task.id: task for task in unit.tasks})
    drafts = [
        Draft(
            kind=URGED,
            reason=f"{URGED}:{who}:{once}",
            recipient=recipient,
            letter=compose(recipient, list(tasks.values()), text, day),
            mentions=[Mention(task.id, task.due_on, words=text) for task in tasks.values()],
        )
        for who, (recipient, tasks) in people.items()
    ]
    return queue(drafts, now)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the tasks that still ask the recipient's units; None where none does."""
    asked: dict[int, list[Recipient]] = defaultdict(list)
    for unit in units_asked([item.task_id for item in mail.items]):
        asked[unit.task_id] += unit.recipients
    recipient, left = still_asked(mail, _may_be_urged, lambda task_id: asked[task_id])
    if recipient is None:
        return None
    return compose(recipient, [item.task for item in left], left[0].words or "", clock.office_day(now))


def compose(recipient: Recipient, tasks: Sequence[Task | TaskRow], text: str, day: date) -> Letter:
    """The mail of an act of urging."""
    lines = [
        {
            "name": numbered(task.number, task.title),
            "due": month_day(task.due_on, day) if task.due_on else "",
            "late": days_late(task.due_on, day, None, task.held_days),
            "address": report_address(task.key),
        }
        for task in tasks
    ]
    name, words = one_line(recipient.name), one_line(text)
    return letter(URGED, f"催办{len(lines)}项任务", recipient.unit_name, day, name=name, lines=lines, words=words)


def _may_be_urged(item: OutboxItem) -> bool:
    task, plan = item.task, item.task.plan.state
    states = {"plan_is_draft": plan is PlanState.DRAFT, "plan_is_closed": plan is PlanState.CLOSED}
    return skip_of(task.state, task.needs_redate, **states) is None
