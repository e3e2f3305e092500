"""领导周览邮件: the top half of the week's overview, once a week to the leaders of a region.

It tells what the last week's signed issue froze, with the office's own words, and leads to that issue; where none is
signed it says so and tells of this moment. It names units and no persons, so that it is written once for all leaders
of a region.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import quote

from tracker import clock
from tracker.models import Issue, IssueState, OutboxMail
from tracker.notifications.letters import Letter, full_day, letter, month_day, one_line, settings, task_address
from tracker.notifications.outbox import Draft, queue
from tracker.queries.coverage import Coverage
from tracker.queries.frame import region_name
from tracker.queries.issues import frozen_overview, issues_of_weeks
from tracker.queries.leaders import leaders_of
from tracker.queries.outbox import LEADERS_WEEK
from tracker.queries.overview import Overview, Row, live_overview
from tracker.queries.routing import Recipient
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import WORDS_SHOWN, light_changes, monday_of, sentence
from tracker.rules.permissions import Person, Role

MOST_UNITS = 2
WORDS = {
    Light.OVERDUE: "◆ 逾期",
    Light.SOON: "▲ 临期／落后",
    Light.NORMAL: "● 正常",
    Light.CLOSED: "✓ 已销号",
    Light.NOT_DUE: "○ 未到期／长期",
    Light.REDATE: "◇ 待重定时限",
    Light.SUSPENDED: "已中止",
}
NAMED = {Light.OVERDUE: "逾期{}项", Light.SOON: "临期{}项"}


@dataclass(frozen=True)
class Week:
    """What the mail tells of: a page with its sentence and address; ``issue`` is the signed one that froze it.

    ``notice`` says which week a page shows, or why it shows this moment.
    """

    page: Overview
    sentence: str
    address: str
    notice: str
    issue: Issue | None = None


@dataclass(frozen=True)
class Count:
    """How many tasks have a light, and by how much that changed since the last issue."""

    light: str
    tasks: int
    change: str


@dataclass(frozen=True)
class Line:
    """A task as the mail shows it."""

    standing: str
    title: str
    units: str
    before: str
    said: str
    address: str
    asked: str = ""  # what the office asks the leaders to decide


def queue_leaders_week(now: datetime, regions: Collection[str]) -> dict[str, int]:
    """Queue the mails of the present week for the leaders of some regions; how many for each region that has any."""
    leaders = leaders_of(regions)
    return {region: _queue(region, leaders[region], now) for region in sorted(leaders)}


def recompose(mails: Sequence[OutboxMail], now: datetime) -> dict[int, Letter | None]:
    """The mails that still go to a leader of their region, in their week.

    One is written anew on a later day than its own, and where the issue that it missed has been signed meanwhile.
    """
    day = clock.office_day(now)
    theirs = {(each.account_id, each.address): region for region, each in _leaders({m.region_code for m in mails})}
    newest = {region: _signed_issue(region, day) for region in {mail.region_code for mail in mails}}
    anew: dict[str, Letter | None] = {}
    letters: dict[int, Letter | None] = {}
    for mail in mails:
        queued_on = clock.office_day(mail.queued_at)
        if theirs.get((mail.account_id, mail.address)) != mail.region_code or _week(queued_on) != _week(day):
            letters[mail.id] = None
        elif queued_on == day and not _is_signed_since(newest[mail.region_code], mail.queued_at):
            letters[mail.id] = Letter(mail.subject, mail.text, mail.html)
        else:
            if mail.region_code not in anew:
                anew[mail.region_code] = compose(mail.region_code, now)
            letters[mail.id] = anew[mail.region_code]
    return letters


def compose(region: str, now: datetime) -> Letter | None:
    """The week of a region: as its signed issue froze it, else as it stands; None where no task is counted."""
    day = clock.office_day(now)
    week = _frozen(region, day) or _live(region, now)
    page, figures = week.page, week.page.figures
    if not figures.week.total:
        return None
    lights, seen_on = figures.lights, clock.office_day(page.cut_off_at)
    changes = light_changes(lights, figures.before) if figures.before is not None else {}
    facts = "、".join(words.format(lights[light]) for light, words in NAMED.items() if lights[light])
    return letter(
        LEADERS_WEEK,
        facts or "没有逾期、临期任务",
        region_name(region),
        day,
        mark=f"周览第{week.issue.number}期" if week.issue else "周览",
        notice=week.notice,
        moment=f"{full_day(seen_on)}{clock.office_time(page.cut_off_at):%H:%M}",
        last=_last(page, seen_on),
        sentence=one_line(week.sentence),
        total=figures.week.total,
        suspended=lights[Light.SUSPENDED],
        counts=[Count(WORDS[light], lights[light], _signed(changes.get(light))) for light in COUNTED],
        decisions=[_decision(row, week, seen_on) for row in page.decisions],
        to_decide=figures.to_decide,
        decide_after=page.decide_after,
        worst=[_line(row, seen_on) for row in page.worst],
        overview_address=week.address,
        readable=week.issue is not None,
    )


def _frozen(region: str, day: date) -> Week | None:
    """The signed issue of the last week or this one; None where there is none."""
    issue = _signed_issue(region, day)
    if issue is None:
        return None
    cut_off_on = clock.office_day(issue.cut_off_at)
    notice = f"第{issue.number}期（{full_day(issue.week_on)}—{month_day(cut_off_on, issue.week_on)}）"
    address = f"{settings().base_url}/overview/issues/{issue.number}"
    return Week(frozen_overview(issue), issue.sentence, address, notice, issue)


def _live(region: str, now: datetime) -> Week:
    """This moment, and why no issue is told of: the last week's is not signed, or there is none."""
    page, day = live_overview(Person(0, Role.LEADER, region), Coverage(region), now), clock.office_day(now)
    unsigned = next(iter(_issues(region, day)), None)
    missed = f"第{unsigned.number}期尚未签发" if unsigned else "上周没有出刊"
    notice = f"{missed}，以下为此刻数据。"
    return Week(page, sentence(page.figures.week, day), f"{settings().base_url}/overview", notice)


def _issues(region: str, day: date) -> Sequence[Issue]:
    """The issues of the week before a day and of its own week, newest first."""
    monday = monday_of(day)
    return issues_of_weeks(region, monday - timedelta(days=7), monday)


def _signed_issue(region: str, day: date) -> Issue | None:
    return next((issue for issue in _issues(region, day) if issue.state is IssueState.SIGNED), None)


def _is_signed_since(issue: Issue | None, moment: datetime) -> bool:
    return issue is not None and issue.signed_at is not None and issue.signed_at > moment


def _queue(region: str, leaders: Sequence[Recipient], now: datetime) -> int:
    """Queue the mail of a region for each of its leaders; it is of no use after its week."""
    composed = compose(region, now)
    if composed is None:
        return 0
    day = clock.office_day(now)
    kept = clock.at_office(monday_of(day) + timedelta(days=7), 0) - now
    reasons = {leader.who: f"{LEADERS_WEEK}:{leader.who}:{_week(day)}" for leader in leaders}
    return queue([Draft(LEADERS_WEEK, reasons[each.who], each, composed, kept=kept) for each in leaders], now)


def _leaders(regions: Collection[str]) -> list[tuple[str, Recipient]]:
    return [(region, leader) for region, leaders in leaders_of(regions).items() for leader in leaders]


def _week(day: date) -> str:
    """2026-W10: the week of a day as the reason of a mail names it."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def _last(page: Overview, day: date) -> str:
    """第9期（3月6日）: what the changes are measured from; nothing where none are shown."""
    if page.last is None or page.figures.before is None:
        return ""
    return f"第{page.last.number}期（{month_day(clock.office_day(page.last.cut_off_at), day)}）"


def _signed(change: int | None) -> str:
    return "" if change is None else f"{change:+d}" if change else "±0"


def _decision(row: Row, week: Week, day: date) -> Line:
    """A task that waits for a decision: the office's words on it, and a leader's word on it one step away."""
    if week.issue is None:
        return _line(row, day, task_address(row.key, "instruct", "instruct"))
    address = f"{week.address}?instruct={quote(row.key)}"
    return replace(_line(row, day, address), asked=one_line(week.issue.asks.get(row.key, "")))


def _line(row: Row, day: date, address: str = "") -> Line:
    """A task with its place and units; it leads to the page of the task where no other address is given."""
    units = [one_line(unit) for unit in row.units]
    named = "、".join(units[:MOST_UNITS]) if len(units) <= MOST_UNITS else f"{units[0]}等{len(units)}家"
    changed = row.before is not None and row.before is not row.light
    return Line(
        standing=_standing(row, day),
        title=one_line(row.title),
        units=" ".join(filter(None, (row.place, named or "方案未列责任单位"))),
        before=WORDS[row.before] if changed and row.before else "",
        said=_cut(one_line(row.said or "")),
        address=address or task_address(row.key),
    )


def _standing(row: Row, day: date) -> str:
    """◆ 逾期6天, or when a task that is not late falls due."""
    sign = WORDS[row.light].split()[0]
    if row.days_late:
        return f"{sign} 逾期{row.days_late}天"
    if row.due_on is None:
        return WORDS[row.light]
    return f"{sign} 今天到期" if row.due_on == day else f"{sign} 时限{month_day(row.due_on, day)}"


def _cut(words: str) -> str:
    return words if len(words) <= WORDS_SHOWN else f"{words[: WORDS_SHOWN - 1]}…"
