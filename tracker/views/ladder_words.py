"""The preview of the reminders in words: whom a mail goes to, what it counts, what of it is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.queries.digests import Digest
from tracker.queries.previews import Preview
from tracker.queries.reminders import Ask
from tracker.rules.deadlines import days_late
from tracker.rules.ladders import DEFAULT
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


def usual_words() -> str:
    """The usual ladder in words: what holds where nobody has chosen another."""
    return _(
        "时限前%(before)s天，逾期第%(after)d天，此后每%(every)d天；满%(head)d天报单位负责人，满%(decide)d天提请领导决定；"
        "汇总%(hour)s，领导周览邮件%(leaders)s",
        before=_("、").join(map(str, DEFAULT.days_before)),
        after=DEFAULT.day_after,
        every=DEFAULT.repeat_every,
        head=DEFAULT.head_after,
        decide=DEFAULT.decide_after,
        hour=f"{DEFAULT.sends_at:%H:%M}",
        leaders=f"{DEFAULT.leaders_at:%H:%M}",
    )


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
        steps=[_step(ask, day) for ask in news[:MOST_TASKS]],
        more=max(0, len(news) - MOST_TASKS),
    )


def _step(ask: Ask, day: date) -> NewStep:
    return NewStep(ask.key, ask.title, ask.due_on, _standing(ask, day), ask.to_head)


def _standing(ask: Ask, day: date) -> str:
    """逾期2天, 今天到期 or 还有5天到期, and whether it was returned: what the mail of a day says of a task."""
    late, left = days_late(ask.due_on, day, held_days=ask.held_days), (ask.due_on - day).days
    said = []
    if late:
        said.append(ngettext("逾期%(num)d天", "逾期%(num)d天", late))
    elif left >= 0:
        said.append(ngettext("还有%(num)d天到期", "还有%(num)d天到期", left) if left else _("今天到期"))
    if ask.returned_on:
        said.append(_("已退回，待补充"))
    return _("，").join(said) or _("时限已过")
