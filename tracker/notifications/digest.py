"""每日汇总: one mail per person and day at most, worst first, only when a step of the ladder is new to the person.

What is long late goes up to the heads of its units, in a block of its own of the one digest that they get.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker import clock
from tracker.models import OutboxMail
from tracker.notifications.letters import (
    Letter,
    letter,
    month_day,
    numbered,
    one_line,
    project_address,
    report_address,
    task_address,
)
from tracker.notifications.outbox import Draft, Mention, carry_over, forget, queue, supersede, whose
from tracker.queries.digests import Digest, apart_from, digests_on
from tracker.queries.ladders import ladders
from tracker.queries.node_reminders import NodeAsk, node_asks
from tracker.queries.outbox import tasks_mentioned
from tracker.queries.reminders import DIGEST, Ask, asks, updates_since
from tracker.rules.deadlines import days_late
from tracker.rules.ladders import Ladders
from tracker.rules.lifecycle import State
from tracker.rules.reminders import Urgency, urgency

MOST_ITEMS = 15
MOST_NODES = 5
# So many places of them are kept for what goes up to a head who has as much to do.
KEPT_FOR_HEADS = 5
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


@dataclass(frozen=True)
class NodeLine:
    """A node of a project as the mail shows it."""

    standing: str
    name: str
    project: str
    planned: str
    address: str


def queue_digests(now: datetime, regions: Collection[str] | None = None) -> tuple[int, int]:
    """Queue the digests of a day for the recipients of some regions; how many, and how many older they supersede.

    One that waits since an earlier day, and to whose recipient nothing new is told, goes out as that of this day.
    """
    day = clock.office_day(now)
    by = ladders()
    found = digests_on(day, regions=regions, by=by).digests
    accounts = [digest.recipient.account_id for digest in found if digest.recipient.account_id is not None]
    thanks = updates_since(_monday(day), accounts)
    drafts = [_draft(day, digest, thanks.get(digest.recipient.account_id or 0, 0), by) for digest in found]
    queued, superseded = queue(drafts, now), supersede(DIGEST)
    carry_over(DIGEST, clock.at_office(day, 0), now, regions)
    return queued, superseded


def recompose(mails: Sequence[OutboxMail], now: datetime) -> dict[int, Letter | None]:
    """The digests as they are true now, without what was done since; None where nothing is left. Few questions ask."""
    day = clock.office_day(now)
    by = ladders()
    mentioned = tasks_mentioned([mail.id for mail in mails])
    asked: dict[str, list[Ask]] = defaultdict(list)
    every = set().union(*mentioned.values())
    found = asks(day, who={whose(mail) for mail in mails}, task_ids=every, by=by)
    for ask in found:
        asked[ask.recipient.who].append(ask)
    nodes: dict[str, list[NodeAsk]] = defaultdict(list)
    for node in apart_from(found, node_asks(day, task_ids=every)):
        nodes[node.recipient.who].append(node)
    accounts = [mail.account_id for mail in mails if mail.account_id is not None]
    thanks = updates_since(_monday(day), accounts)
    left = {mail.id: [ask for ask in asked[whose(mail)] if ask.task_id in mentioned[mail.id]] for mail in mails}
    nodes_left = {
        mail.id: [node for node in nodes[whose(mail)] if node.task_id in mentioned[mail.id]] for mail in mails
    }
    for mail in mails:
        still = {ask.task_id for ask in left[mail.id]} | {node.task_id for node in nodes_left[mail.id]}
        forget({mail.id: mentioned[mail.id] - still})
    # A mailbox reports nothing.
    return {
        mail.id: compose(left[mail.id], day, thanks.get(mail.account_id or 0, 0), by, nodes_left[mail.id])
        if left[mail.id] or nodes_left[mail.id]
        else None
        for mail in mails
    }


def compose(found: Sequence[Ask], day: date, updates: int, by: Ladders, nodes: Sequence[NodeAsk] = ()) -> Letter:
    """The digest of one person: everything that asks them on a day, with thanks for what came this week."""
    worst_first = sorted(found, key=lambda ask: _rank(ask, day))
    asked = [ask for ask in worst_first if not ask.to_head]
    heads = [ask for ask in worst_first if ask.to_head]
    shown_heads = heads[: max(MOST_ITEMS - len(asked), KEPT_FOR_HEADS)]
    shown = asked[: MOST_ITEMS - len(shown_heads)]
    recipient = (found[0] if found else nodes[0]).recipient
    planned_first = sorted(nodes, key=lambda node: (node.planned_on, node.task_id))
    return letter(
        DIGEST,
        _facts(asked, heads, nodes, day),
        recipient.unit_name,
        day,
        name=one_line(recipient.name),
        total=len(asked),
        lines=[_line(ask, day) for ask in shown],
        more=len(asked) - len(shown),
        head_total=len(heads),
        head_lines=[_line(ask, day) for ask in shown_heads],
        head_more=len(heads) - len(shown_heads),
        node_lines=[_node_line(node, day) for node in planned_first[:MOST_NODES]],
        node_more=max(0, len(nodes) - MOST_NODES),
        # Where two regions differ, what holds for all of them is said.
        late_for=min((ask.late_for or 0 for ask in heads), default=0),
        updates=updates,
        hour=_hour(by.of(recipient.region_code).sends_at),
    )


def _facts(asked: Sequence[Ask], heads: Sequence[Ask], nodes: Sequence[NodeAsk], day: date) -> str:
    """What a digest counts: late, due in a week, in a fortnight, later still, and what goes up to a head."""
    counts = Counter(urgency(ask.due_on, ask.late_from, day) for ask in asked)
    facts = [words.format(counts[kind]) for kind, words in COUNTED.items() if counts[kind]]
    if counts[Urgency.LATER]:
        # The step that the farthest of them has reached says within how many days all of them are due.
        days = max((ask.due_on - ask.step_on).days for ask in asked)
        facts.append(f"{counts[Urgency.LATER]}项{days}日内到期")
    if heads:
        facts.append(f"{len(heads)}项逾期报负责人")
    missed = sum(node.planned_on < day for node in nodes)
    if missed:
        facts.append(f"{missed}个项目节点逾期")
    if len(nodes) > missed:
        facts.append(f"{len(nodes) - missed}个项目节点7日内到期")
    return "、".join(facts)


def _hour(hour: time) -> str:
    return f"{hour.hour}:{hour.minute:02}"


def _draft(day: date, digest: Digest, updates: int, by: Ladders) -> Draft:
    recipient, asked = digest.recipient, digest.asks
    return Draft(
        kind=DIGEST,
        reason=f"{DIGEST}:{recipient.who}:{day.isoformat()}",
        recipient=recipient,
        letter=compose(asked, day, updates, by, digest.nodes),
        mentions=[
            *(Mention(ask.task_id, ask.due_on, ask.step_on) for ask in sorted(asked, key=lambda a: _rank(a, day))),
            *(Mention(node.task_id, node.planned_on, node.step_on) for node in digest.nodes),
        ],
    )


def _monday(day: date) -> datetime:
    return clock.at_office(day - timedelta(days=day.weekday()), 0)


def _late(ask: Ask, day: date) -> int:
    return days_late(ask.due_on, day, held_days=ask.held_days)


def _rank(ask: Ask, day: date) -> tuple[int, bool, date, int]:
    """The longest late first, then what was returned, then what falls due next."""
    return (-_late(ask, day), ask.returned_on is None, ask.due_on, ask.task_id)


def _line(ask: Ask, day: date) -> Line:
    return Line(
        sign="◆" if _late(ask, day) else "▲",
        standing=_standing(ask, day),
        name=numbered(ask.number, ask.title),
        due=month_day(ask.due_on, day),
        requirement=one_line(ask.requirement),
        wanted=_wanted(ask),
        address=task_address(ask.key) if ask.to_head else report_address(ask.key),
    )


def _node_line(node: NodeAsk, day: date) -> NodeLine:
    days = (day - node.planned_on).days
    return NodeLine(
        standing=f"已过{days}天" if days > 0 else "今天到期" if not days else f"还有{-days}天到期",
        name=one_line(node.name),
        project=one_line(node.title),
        planned=month_day(node.planned_on, day),
        address=project_address(node.key),
    )


def _standing(ask: Ask, day: date) -> str:
    """逾期2天, 今天到期 or 还有5天到期, and whether it was returned; the preview says it in the same words."""
    late, left = _late(ask, day), (ask.due_on - day).days
    said = [f"逾期{late}天" if late else "今天到期" if not left else f"还有{left}天到期"] if late or left >= 0 else []
    return "，".join([*said, *(["已退回，待补充"] if ask.returned_on else [])]) or "时限已过"


def _wanted(ask: Ask) -> str:
    if ask.returned_on:
        return "按退回意见补充后重新提交"
    if ask.state is State.NOT_STARTED:
        return "报告启动情况；已完成的，附佐证提交"
    return "提交完成情况并附佐证，或说明困难和下一步"
