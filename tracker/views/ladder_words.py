"""The preview of the reminders in words: whom a mail goes to, what it counts, what of it is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from tracker.queries.digests import Digest
from tracker.queries.previews import Preview
from tracker.queries.reminders import Ask
from tracker.rules.deadlines import days_late
from tracker.rules.quiet import SendingDay
from tracker.rules.reminders import Urgency, urgency
from tracker.views.words import day as day_words

MOST_PEOPLE = 50
MOST_TASKS = 3
CLOSE = (Urgency.LATE, Urgency.WEEK, Urgency.FORTNIGHT)


@dataclass(frozen=True)
class NewStep:
    """A task of which a person has not been told on this step."""

    key: str
    title: str
    due_on: date
    words: str
    to_head: bool


@dataclass(frozen=True)
class PersonLine:
    """A person or a mailbox: what the mail counts, by urgency and for the heads, and its new steps, the worst first."""

    unit_name: str
    name: str | None
    address: str
    counts: dict[Urgency, int]
    to_head: int
    steps: Sequence[NewStep]
    more: int


def person_lines(preview: Preview) -> list[PersonLine]:
    """The first recipients of a preview."""
    return [_line(digest, preview.day) for digest in preview.digests[:MOST_PEOPLE] if preview.day]


def waits_text(preview: Preview, today: date, tried: bool) -> str:
    """Why nothing is sent before the day of the preview, or why it is sent at once; empty where its hour will come."""
    if preview.is_due:
        return _("今天的发送时间已过，保存后立即发送。") if tried else _("今天的发送时间已过，汇总尚未生成，即将补发。")
    if not preview.before:
        return ""
    kinds = set(preview.before)
    days = len(preview.before)
    reason = (
        _("静默日")
        if kinds == {SendingDay.QUIET}
        else _("休息日")
        if kinds == {SendingDay.REST}
        else _("休息日和静默日")
    )
    if days == 1:
        return _("明天是%(reason)s，不发送。", reason=reason)
    return _("明天起至%(day)s是%(reason)s，不发送。", day=day_words(today + timedelta(days=days)), reason=reason)


def _line(digest: Digest, day: date) -> PersonLine:
    recipient = digest.recipient
    asked = [ask for ask in digest.asks if not ask.to_head]
    news = sorted(digest.news, key=lambda ask: (ask.due_on, ask.task_id))
    return PersonLine(
        unit_name=recipient.unit_name,
        name=recipient.name if recipient.account_id else None,
        address=recipient.address,
        counts=dict(Counter(urgency(ask.due_on, ask.late_from, day) for ask in asked)),
        to_head=len(digest.asks) - len(asked),
        steps=[_step(ask) for ask in news[:MOST_TASKS]],
        more=max(0, len(news) - MOST_TASKS),
    )


def _step(ask: Ask) -> NewStep:
    late = days_late(ask.due_on, ask.step_on, held_days=ask.held_days)
    words = _("逾期第%(days)d天", days=late) if late else _("时限前%(days)d天", days=(ask.due_on - ask.step_on).days)
    return NewStep(ask.key, ask.title, ask.due_on, words, ask.to_head)
