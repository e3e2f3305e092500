"""Issues of the weekly overview (期): found by number or week, and read as the page that they froze."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.clock import at_office, office_day
from tracker.models import CLOCK_ACCEPTED, Event, Issue, IssueLine, Mark, Plan, Region, db
from tracker.queries.ledger import OPEN, STALE_DAYS
from tracker.queries.overview import Figures, Overview, Row
from tracker.queries.standings import Standing, placed
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, WORST_FIRST, Light
from tracker.rules.overview import (
    WORST_ROWS,
    OnTime,
    Week,
    has_become,
    level_shown,
    measured_from,
    shared_by_all,
)

Lights = Mapping[int, Light]


@dataclass(frozen=True)
class LineFilters:
    """What a reader asks of the lines of an issue; every field stands in the address under its own name."""

    light: tuple[Light, ...] = ()
    unit_name: str | None = None
    changed: Light | None = None
    late_for: int | None = None
    stale: bool = False
    due_by_now: bool = False
    in_time: bool = False


def issue_numbered(region: str, number: int) -> Issue | None:
    """An issue of a region by its number."""
    return db.session.scalar(sa.select(Issue).where(Issue.region_code == region, Issue.number == number))


def newest_week(region: str) -> date | None:
    """The Monday of the latest week that a region has frozen; not one that a wrong clock froze ahead of its time."""
    accepted = sa.select(sa.cast(Mark.value, sa.Integer)).where(Mark.name == CLOCK_ACCEPTED).scalar_subquery()
    event = db.session.scalar(sa.select(Event).where(Event.id == accepted))
    query = sa.select(sa.func.max(Issue.week_on)).where(Issue.region_code == region)
    if event and event.after:
        query = query.where(~sa.and_(Issue.id <= event.after["newest_issue"], Issue.cut_off_at > event.at))
    return db.session.scalar(query)


def newest_issue() -> int:
    """The id of the issue that was frozen last, anywhere; 0 before the first."""
    return db.session.scalar(sa.select(sa.func.max(Issue.id))) or 0


def issue_before(region: str, number: int) -> Issue | None:
    """The issue that a region froze before this number."""
    query = sa.select(Issue).where(Issue.region_code == region, Issue.number < number)
    return db.session.scalar(query.order_by(Issue.number.desc()).limit(1))


def issue_after(region: str, number: int) -> Issue | None:
    """The issue that a region froze after this number."""
    query = sa.select(Issue).where(Issue.region_code == region, Issue.number > number)
    return db.session.scalar(query.order_by(Issue.number).limit(1))


def lines_of(issue: Issue) -> Sequence[IssueLine]:
    """The lines of an issue, worst first."""
    lines = db.session.scalars(sa.select(IssueLine).where(IssueLine.issue_id == issue.id)).all()
    return sorted(lines, key=lambda line: (WORST_FIRST.index(line.light), line.due_on or date.max, line.id))


def lights_of(issue: Issue | None) -> dict[int, Light]:
    """The light of every task in an issue, by the task's id."""
    if issue is None:
        return {}
    query = sa.select(IssueLine.task_id, IssueLine.light).where(IssueLine.issue_id == issue.id)
    return {row.task_id: row.light for row in db.session.execute(query)}


def frozen_overview(issue: Issue) -> Overview:
    """The page that an issue froze, from its own lines alone."""
    last = issue_before(issue.region_code, issue.number)
    lines, before = lines_of(issue), lights_of(last)
    county = len(issue.region_code) >= COUNTY_DIGITS
    units = _units(lines, before, issue.cut_off_at) if county else []
    regions = [] if county else _regions(lines, before, issue)
    bad = [line for line in lines if line.light in {Light.OVERDUE, Light.SOON}]
    return Overview(
        region=issue.region_code,
        cut_off_at=issue.cut_off_at,
        figures=Figures(
            lights=_by_light(lines),
            before=dict(Counter(before.values())) if last else None,
            week=week_of(lines, before, issue, last),
            on_time=_on_time(lines),
            to_decide=sum(_waits_for_decision(line, issue) for line in lines),
        ),
        worst=[_row(line, before, issue) for line in bad[:WORST_ROWS]],
        units=units,
        regions=regions,
        last=last,
        decide_after=issue.decide_after,
    )


def week_of(lines: Sequence[IssueLine], before: Lights, issue: Issue, last: Issue | None) -> Week:
    """The figures of the week that an issue closes, against the issue before."""
    overdue = [line for line in lines if has_become(Light.OVERDUE, line.light, before.get(line.task_id))]
    units = Counter(name for line in overdue for name in line.units)
    last_on = office_day(last.cut_off_at) if last else None
    lights = _by_light(lines)
    return Week(
        total=sum(lights[light] for light in COUNTED),
        closed=lights[Light.CLOSED],
        overdue=lights[Light.OVERDUE],
        newly_closed=sum(has_become(Light.CLOSED, line.light, before.get(line.task_id)) for line in lines),
        newly_overdue=len(overdue),
        newly_overdue_of=shared_by_all(units, len(overdue)),
        stale=sum(_is_stale(line, issue.cut_off_at) for line in lines),
        since=measured_from(office_day(issue.cut_off_at), last_on),
        since_on=last_on,
    )


def chosen(
    lines: Iterable[IssueLine], filters: LineFilters, before: Lights, cut_off_at: datetime
) -> Sequence[IssueLine]:
    """The lines that a reader asks for, by the rules that the ledger goes by."""
    return [
        line
        for line in lines
        if (not filters.light or line.light in filters.light)
        and (filters.unit_name is None or filters.unit_name in line.units)
        and (filters.changed is None or has_become(filters.changed, line.light, before.get(line.task_id)))
        and (filters.late_for is None or _is_late_for(line, filters.late_for))
        and (not filters.stale or _is_stale(line, cut_off_at))
        and (not filters.due_by_now or line.fallen_due)
        and (not filters.in_time or line.in_time)
    ]


def _is_late_for(line: IssueLine, days: int) -> bool:
    """Late by so many days and not at the office, as the ledger has it."""
    return line.light is Light.OVERDUE and line.state is not State.SUBMITTED and line.days_late >= days


def _waits_for_decision(line: IssueLine, issue: Issue) -> bool:
    """So late at the cut-off that it waited for the leaders' decision."""
    return issue.decide_after is not None and _is_late_for(line, issue.decide_after)


def _is_stale(line: IssueLine, cut_off_at: datetime) -> bool:
    """Open and not reported on for two weeks, as the ledger has it."""
    since = at_office(office_day(cut_off_at) - timedelta(days=STALE_DAYS), 0)
    quiet = line.last_reported_at is None or line.last_reported_at < since
    return line.state in OPEN and line.light is not Light.REDATE and quiet


def _by_light(lines: Iterable[IssueLine]) -> dict[Light, int]:
    found = Counter(line.light for line in lines)
    return {light: found[light] for light in Light}


def _on_time(lines: Iterable[IssueLine]) -> OnTime:
    due = [line for line in lines if line.fallen_due]
    return OnTime(len(due), sum(line.in_time for line in due))


def _row(line: IssueLine, before: Lights, issue: Issue) -> Row:
    return Row(
        key=line.task_key,
        title=line.title,
        units=line.units,
        due_on=line.due_on,
        deadline_text=None,
        days_late=line.days_late,
        before=before.get(line.task_id),
        light=line.light,
        said=line.last_words,
        needs_decision=_waits_for_decision(line, issue),
    )


def _units(lines: Sequence[IssueLine], before: Lights, cut_off_at: datetime) -> list[Standing]:
    by_unit: dict[str, list[IssueLine]] = defaultdict(list)
    for line in lines:
        for name in line.units if line.light is not Light.SUSPENDED else ():
            by_unit[name].append(line)
    return placed(
        [
            _standing(
                name, own, before, cut_off_at, {"unit_name": name}, [line for line in own if len(line.units) == 1]
            )
            for name, own in by_unit.items()
        ]
    )


def _regions(lines: Sequence[IssueLine], before: Lights, issue: Issue) -> list[Standing]:
    query = sa.select(Plan).where(Plan.code.in_({line.plan_code for line in lines})).options(joinedload(Plan.region))
    places = {plan.code: plan.region_code for plan in db.session.scalars(query)}
    digits = level_shown(places.values(), issue.region_code)
    by_region: dict[str, list[IssueLine]] = defaultdict(list)
    for line in lines:
        by_region[places[line.plan_code][:digits]].append(line)
    names = {each.code: each.name for each in db.session.scalars(sa.select(Region).where(Region.code.in_(by_region)))}
    return placed(
        [_standing(names.get(code, code), own, before, issue.cut_off_at, None, own) for code, own in by_region.items()]
    )


def _standing(
    name: str,
    lines: Sequence[IssueLine],
    before: Lights,
    cut_off_at: datetime,
    filters: dict[str, str] | None,
    own: Sequence[IssueLine],
) -> Standing:
    return Standing(
        name=name,
        filters=filters,
        lights=_by_light(lines),
        on_time=_on_time(lines),
        own=_on_time(own),
        stale=sum(_is_stale(line, cut_off_at) for line in lines),
        newly_overdue=sum(has_become(Light.OVERDUE, line.light, before.get(line.task_id)) for line in lines),
    )
