"""每日汇总: one mail per person and day at most, worst first, only when a step of the ladder is new to the person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker import clock
from tracker.models import OutboxMail
from tracker.notifications.letters import Letter, letter, month_day, numbered, one_line, report_address
from tracker.notifications.outbox import Draft, Mention, queue, supersede, whose
from tracker.queries.ladders import ladders
from tracker.queries.reminders import DIGEST, Announced, Ask, announced, asks, updates_since
from tracker.rules.deadlines import days_late
from tracker.rules.lifecycle import State
from tracker.rules.reminders import Urgency, urgency

MOST_ITEMS = 15
COUNTED = {Urgency.LATE: "{}项逾期", Urgency.WEEK: "{}项7日内到期", Urgency.FORTNIGHT: "{}项15日内到期"}


@dataclass(frozen=True)
class Line:
    """A task as the mail shows it."""

    sign: str
    standing: str
    name: str
    due: str
    requirement: str
    wanted: str
    address: str


def queue_digests(now: datetime) -> tuple[int, int]:
    """Queue the digests of a day; how many, and how many older ones they supersede."""
    day = clock.office_day(now)
    by = ladders()
    told = announced(day, by.longest_step)
    asked: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks(day, by=by):
        asked[ask.recipient.who].append(ask)
    thanks = updates_since(_monday(day))
    drafts = [
        _draft(day, found, thanks.get(found[0].recipient.account_id or 0, 0))
        for found in asked.values()
        if any(_step(ask) not in told for ask in found)
    ]
    return queue(drafts, now), supersede(DIGEST)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The digest as it is true now, without what was done since; None where nothing is left."""
    day = clock.office_day(now)
    left = asks(day, who={whose(mail)}, task_ids=[item.task_id for item in mail.items])
    if not left:
        return None
    account_id = mail.account_id or 0  # a mailbox reports nothing
    return compose(left, day, updates_since(_monday(day), account_id).get(account_id, 0))


def compose(asked: Sequence[Ask], day: date, updates: int) -> Letter:
    """The digest of one person: everything that asks them on a day, with thanks for what came this week."""
    worst_first = sorted(asked, key=lambda ask: _rank(ask, day))
    counts = Counter(urgency(ask.due_on, ask.late_from, day) for ask in asked)
    recipient = asked[0].recipient
    return letter(
        DIGEST,
        "、".join(words.format(counts[kind]) for kind, words in COUNTED.items() if counts[kind]),
        recipient.unit_name,
        day,
        name=one_line(recipient.name),
        total=len(asked),
        lines=[_line(ask, day) for ask in worst_first[:MOST_ITEMS]],
        more=max(0, len(asked) - MOST_ITEMS),
        updates=updates,
    )


def _draft(day: date, asked: Sequence[Ask], updates: int) -> Draft:
    recipient = asked[0].recipient
    return Draft(
        kind=DIGEST,
        reason=f"{DIGEST}:{recipient.who}:{day.isoformat()}",
        recipient=recipient,
        letter=compose(asked, day, updates),
        mentions=[Mention(ask.task_id, ask.due_on, ask.step_on) for ask in sorted(asked, key=lambda a: _rank(a, day))],
    )


def _step(ask: Ask) -> Announced:
    return (ask.recipient.who, ask.task_id, ask.due_on, ask.step_on)


def _monday(day: date) -> datetime:
    return clock.at_office(day - timedelta(days=day.weekday()), 0)


def _late(ask: Ask, day: date) -> int:
    return days_late(ask.due_on, day, held_days=ask.held_days)


def _rank(ask: Ask, day: date) -> tuple[int, date, int]:
    return (-_late(ask, day), ask.due_on, ask.task_id)


def _line(ask: Ask, day: date) -> Line:
    late = _late(ask, day)
    return Line(
        sign="◆" if late else "▲",
        standing=f"逾期{late}天" if late else "今天到期" if ask.due_on == day else f"{month_day(ask.due_on, day)}到期",
        name=numbered(ask.number, ask.title),
        due=month_day(ask.due_on, day),
        requirement=one_line(ask.requirement),
        wanted=_wanted(ask),
        address=report_address(ask.key),
    )


def _wanted(ask: Ask) -> str:
    if ask.returned_on:
        return "按退回意见补充后重新提交"
    if ask.state is State.NOT_STARTED:
        return "报告启动情况；已完成的，附佐证提交"
    return "提交完成情况并附佐证，或说明困难和下一步"
