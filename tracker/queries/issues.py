"""Issues of the weekly overview (期): found by number or week, and read as the page that they froze."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.clock import office_day
from tracker.models import Appraisal, Bulletin, Issue, IssueLine, IssueState, db
from tracker.queries.issue_lines import WHOLE, Line, Part, lines_of, project_of
from tracker.queries.issue_weeks import newest_weeks
from tracker.queries.overview import Figures, Overview, Row
from tracker.queries.standings import Standing, filters_of, placed
from tracker.queries.visibility import COUNTY_DIGITS, within_region
from tracker.queries.works import building_from
from tracker.rules.frozen_indicators import FrozenBoard, read
from tracker.rules.issues import counts_of, lights_in, on_time_in, own_on_time_in, week_in
from tracker.rules.lights import Light
from tracker.rules.overview import MOST_DECISIONS, WORST_ROWS, Week, has_become, level_shown, measured_from


def issue_numbered(region: str, number: int) -> Issue | None:
    """An issue of a region by its number."""
    return db.session.scalar(sa.select(Issue).where(Issue.region_code == region, Issue.number == number))


def newest_week(region: str) -> date | None:
    """The Monday of the latest week that a region has frozen; not one that a wrong clock froze ahead of its time."""
    return newest_weeks([region]).get(region)


def newest_issue() -> int:
    """The id of the issue that was frozen last, anywhere; 0 before the first."""
    return db.session.scalar(sa.select(sa.func.max(Issue.id))) or 0


def drafts_ahead(now: datetime) -> Sequence[Issue]:
    """The drafts that a wrong clock froze after this moment, without those from which something was drawn."""
    query = sa.select(Issue).where(Issue.cut_off_at > now, Issue.state == IssueState.DRAFT)
    drawn = sa.union(sa.select(Bulletin.issue_id), sa.select(Appraisal.last_issue_id))
    return db.session.scalars(query.where(Issue.id.not_in(drawn))).all()


def issue_before(region: str, number: int) -> Issue | None:
    """The issue that a region froze before this number."""
    query = sa.select(Issue).where(Issue.region_code == region, Issue.number < number)
    return db.session.scalar(query.order_by(Issue.number.desc()).limit(1))


def issue_after(region: str, number: int) -> Issue | None:
    """The issue that a region froze after this number."""
    query = sa.select(Issue).where(Issue.region_code == region, Issue.number > number)
    return db.session.scalar(query.order_by(Issue.number).limit(1))


def issues_of_weeks(region: str, first: date, last: date) -> Sequence[Issue]:
    """The issues of a region whose weeks begin between two Mondays, newest first."""
    query = sa.select(Issue).where(Issue.region_code == region, Issue.week_on.between(first, last))
    return db.session.scalars(query.order_by(Issue.week_on.desc())).all()


def frozen_overview(issue: Issue, part: Part = WHOLE) -> Overview:
    """The page that an issue froze, or a part of it, from its own lines alone."""
    last = issue_before(issue.region_code, issue.number)
    lines = lines_of(issue, part)
    counts, region = counts_of(lines), part.region or issue.region_code
    standings = standings_of(issue, lines, region)
    building = building_from([each for each in map(project_of, lines) if each], office_day(issue.cut_off_at))
    bad = [line for line in lines if line.light in {Light.OVERDUE, Light.SOON}]
    return Overview(
        region=region,
        cut_off_at=issue.cut_off_at,
        figures=Figures(
            lights=lights_in(counts),
            before=_lights_before(last, part),
            week=week_of(lines, issue, last),
            on_time=on_time_in(counts),
            to_decide=sum(line.to_decide for line in lines),
            unlinked=sum(not line.indicators and line.light is not Light.SUSPENDED for line in lines),
        ),
        worst=[_row(line, issue, region) for line in bad[:WORST_ROWS]],
        decisions=[_row(line, issue, region) for line in lines if line.to_decide][:MOST_DECISIONS],
        units=standings if len(region) >= COUNTY_DIGITS else [],
        regions=[] if len(region) >= COUNTY_DIGITS else standings,
        last=last,
        decide_after=issue.decide_after,
        works=building.works,
        building=building,
        board=board_of(issue, lines, part),
    )


def board_of(issue: Issue, lines: Iterable[Line], part: Part = WHOLE) -> FrozenBoard:
    """How the indicators stood at the cut-off in a part, with the tasks among its lines that served them."""
    serving = Counter(code for line in lines if line.light is not Light.SUSPENDED for code in line.indicators)
    return read(issue.indicators, serving, part.region or "")


def week_of(lines: Sequence[Line], issue: Issue, last: Issue | None) -> Week:
    """The figures of the week that an issue closes, against the issue before."""
    overdue = [line for line in lines if has_become(Light.OVERDUE, line.light, line.light_before)]
    last_on = office_day(last.cut_off_at) if last else None
    since = Week(since=measured_from(office_day(issue.cut_off_at), last_on), since_on=last_on)
    return week_in(counts_of(lines), Counter(name for line in overdue for name in line.units), since)


def standings_of(issue: Issue, lines: Sequence[Line], region: str = "") -> list[Standing]:
    """How units stand in an issue, or above counties the regions below, most overdue first."""
    region = region or issue.region_code
    return _units(lines) if len(region) >= COUNTY_DIGITS else _regions(lines, issue, region)


def _lights_before(last: Issue | None, part: Part) -> dict[Light, int] | None:
    """The counts by light of the issue before, or of the same part of it."""
    if last is None:
        return None
    if part == WHOLE:
        return lights_in(last.counts)
    query = sa.select(IssueLine.light, sa.func.count()).where(IssueLine.issue_id == last.id)
    if part.plan:
        query = query.where(IssueLine.plan_code == part.plan)
    if part.region:
        query = query.where(within_region(IssueLine.region_code, part.region))
    found = dict(db.session.execute(query.group_by(IssueLine.light)).all())
    return {light: found.get(light, 0) for light in Light}


def _row(line: Line, issue: Issue, region: str) -> Row:
    around = [code for code in issue.places if line.region_code.startswith(code) and len(code) > len(region)]
    return Row(
        key=line.task_key,
        title=line.title,
        units=line.units,
        due_on=line.due_on,
        deadline_text=line.deadline_text,
        days_late=line.days_late,
        before=line.light_before,
        light=line.light,
        said=line.last_words,
        in_difficulty=line.in_difficulty,
        waits_for=line.waits_for[0] if line.waits_for else "",
        needs_decision=line.to_decide,
        place=issue.places[max(around, key=len)] if around else "",
    )


def _units(lines: Sequence[Line]) -> list[Standing]:
    by_unit: dict[str, list[Line]] = defaultdict(list)
    awaited: Counter[str] = Counter()
    for line in lines:
        for name in line.units if line.light is not Light.SUSPENDED else ():
            by_unit[name].append(line)
        awaited.update(line.waits_for)
    for name in awaited:
        by_unit.setdefault(name, [])
    return placed([_standing(name, own, {"unit_name": name}, awaited=awaited[name]) for name, own in by_unit.items()])


def _regions(lines: Sequence[Line], issue: Issue, seen_from: str) -> list[Standing]:
    digits = level_shown({line.region_code for line in lines}, seen_from)
    by_region: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_region[line.region_code[:digits]].append(line)
    # A place's own plans, beside those of the counties below it, are in no list of their own.
    return placed(
        [
            _standing(issue.places.get(code, code), own, filters_of(code, by_region, "place"), region=code)
            for code, own in by_region.items()
        ]
    )


def _standing(
    name: str, lines: Sequence[Line], filters: dict[str, str] | None, region: str | None = None, awaited: int = 0
) -> Standing:
    counts = counts_of(lines)
    late = [line for line in lines if line.light is Light.OVERDUE]
    return Standing(
        name=name,
        filters=filters,
        lights=lights_in(counts),
        on_time=on_time_in(counts),
        own=on_time_in(counts) if region else own_on_time_in(counts),
        stale=counts.get("stale", 0),
        newly_overdue=counts.get("newly_overdue", 0),
        waiting=0 if region else sum(any(other != name for other in line.waits_for) for line in late),
        awaited=awaited,
        region=region,
        counts=counts,
    )
