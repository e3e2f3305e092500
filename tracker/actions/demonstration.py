"""Play the demonstration: invented accounts, progress and school figures, by the acts that people have.

A story is a list of scenes, each with its own instant; played in order they leave the rows and the events that two
months of work would have left. Days count from today, so that a first look is always fresh; nothing is random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.actions.accounts import create_account
from tracker.actions.demonstration_schools import Hands, entries, store_schools
from tracker.actions.demonstration_talks import INVENTED, acceptances, talks
from tracker.actions.issues import freeze_week
from tracker.actions.periods import Chosen, set_rhythm
from tracker.actions.plans import activate
from tracker.actions.readings import mark_read
from tracker.actions.record import Actor
from tracker.actions.sign_in import hash_cost
from tracker.actions.signing import sign_issue
from tracker.actions.tasks import Said, close_in_part, redate, report, send_back, verify
from tracker.clock import at_office, office_day
from tracker.models import (
    Account,
    Assignment,
    Issue,
    Plan,
    Situation,
    Task,
    Unit,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.parts import parts_of
from tracker.rules.passwords import hash_password
from tracker.rules.permissions import Role
from tracker.rules.rhythms import Rhythm
from tracker.rules.school_years import first_day, school_year_of
from tracker.rules.workdays import last_workday
from tracker.settings import Settings

FIRST_DAY = -60
SETTING_UP_DAY = -75  # before every working day on which the story may begin
FIRST_MINUTE = 8 * 60 + 30
MINUTES_OF_WORK = 7 * 60
MINUTES_OF_TODAY = 60
FRIDAY = 4
CUT_OFF_HOUR = 17
SIGNED_AFTER = timedelta(minutes=40)
READ_AFTER = timedelta(days=2, hours=15, minutes=41)  # on Monday at 8:41
DIGEST_HOUR = 9
NIGHT_MINUTE = 5
SOON_PAST_DAYS = 45  # a deadline nearer than this would turn the whole of a county red during the demonstration's life

Row = Mapping[str, Any]
Act = Callable[[datetime], object]
Decision = Callable[[Actor, Task, int, str, datetime], None]


@dataclass(frozen=True)
class Scene:
    """Something that happens at an instant."""

    at: datetime
    act: Act


@dataclass(frozen=True)
class Calendar:
    """The days of the story, counted from today; people act on working days, and today's acts end now."""

    now: datetime

    @property
    def today(self) -> date:
        """The day of the office calendar that the story leads to."""
        return office_day(self.now)

    def on(self, day: int) -> date:
        """A day of the story as a date."""
        return self.today + timedelta(days=day)

    def at(self, day: int, place: int) -> datetime:
        """An instant of the last working day up to a day; ``place`` spreads the acts of a day over office hours."""
        if day >= 0:
            return self.now - timedelta(minutes=MINUTES_OF_TODAY - place * 3 % (MINUTES_OF_TODAY - 15))
        minutes = FIRST_MINUTE + place * 7 % MINUTES_OF_WORK
        return at_office(last_workday(self.on(day)), 0) + timedelta(minutes=minutes)

    def cut_offs(self) -> list[datetime]:
        """The closing of the last two weeks, each on a Friday before today."""
        friday = self.today - timedelta(days=(self.today.weekday() - FRIDAY) % 7 or 7)
        return [at_office(friday - timedelta(days=weeks * 7), CUT_OFF_HOUR) for weeks in (1, 0)]

    def nights(self) -> list[datetime]:
        """The hour of the nightly job after the story's first day, night by night."""
        nights = (at_office(self.on(day), 0, NIGHT_MINUTE) for day in range(FIRST_DAY + 1, 1))
        return [night for night in nights if night <= self.now]

    def digest(self) -> datetime:
        """When the last digests were due: at the hour of the last working day, or now if it has struck today."""
        morning = at_office(last_workday(self.today), DIGEST_HOUR)
        if morning > self.now:
            return at_office(last_workday(self.on(-1)), DIGEST_HOUR)
        return self.now if last_workday(self.today) == self.today else morning


@dataclass(frozen=True)
class Cast:
    """A county's plan office and leader, the clerk who enters for units, staff by unit, tasks and units by name."""

    office: Actor
    leader: Actor
    clerk: Actor
    staff: Mapping[int, Actor]
    tasks: Mapping[str, Task]
    units: Mapping[str, Unit]


@dataclass(frozen=True)
class Words:
    """What the invented people say."""

    courses: Mapping[str, Sequence[str]]
    done: Sequence[str]
    redate_reason: str
    rhythm_reason: str


def make_accounts(rows: Iterable[Row], password: str, calendar: Calendar, settings: Settings) -> dict[str, Account]:
    """The demonstration's accounts by user name, all with one password; the units of staff must stand already."""
    at = at_office(calendar.on(SETTING_UP_DAY), 9)
    accounts = {
        row["username"]: create_account(
            Actor(),
            username=row["username"],
            name=row["name"],
            role=Role(row["role"]),
            region=row["region"],
            email=f"{row['username']}@demo.invalid",
            units=[units_by_name(row["region"])[row["unit"]]] if "unit" in row else [],
            password_hash=hash_password(password, hash_cost(settings)),
            now=at,
            must_change=False,
        )
        for row in rows
    }
    for account in accounts.values():
        # Made at loading: the story's first day would soon ask for a new one.
        account.password_changed_at = calendar.now
    return accounts


def school_scenes(seed: Row, accounts: Mapping[str, Account], calendar: Calendar) -> list[Scene]:
    """Store the schools of the story, and give what people do to this year's numbers; unordered."""
    began = school_year_of(calendar.today)
    store_schools(seed, began, at_office(calendar.on(SETTING_UP_DAY), 9))
    staff = [each for each in accounts.values() if each.region_code == seed["region"]]
    hands = Hands(
        clerk=_actor(accounts[seed["clerk"]]),
        office=_actor(accounts[seed["office"]]),
        staff={unit.id: _actor(account) for account in staff for unit in account.units},
    )
    told = entries(seed, hands, began, (first_day(began) - calendar.today).days)
    return [scene for place, steps in enumerate(told) for scene in _timed(steps, place, calendar)]


def scenes(story: Row, accounts: Mapping[str, Account], calendar: Calendar) -> list[Scene]:
    """What people do in all counties, and the weeks that are frozen meanwhile; unordered."""
    words = Words(story["courses"], story["done"], story["redate_reason"], story["rhythm_reason"])
    regions = list(db.session.scalars(sa.select(Plan.region_code).order_by(Plan.region_code)))
    return [
        *(scene for row in story["counties"] for scene in _county(row, accounts, words, calendar)),
        *(Scene(at, partial(freeze_week, region)) for at in calendar.cut_offs() for region in regions),
        *(scene for row in story["counties"] for scene in issued(accounts[row["office"]], accounts.values(), calendar)),
    ]


def issued(office: Account, accounts: Iterable[Account], calendar: Calendar) -> Iterator[Scene]:
    """The office signs each issue on the evening of its cut-off; leaders have read all but the newest by Monday."""
    region, cut_offs = office.region_code, calendar.cut_offs()
    for at in cut_offs:
        yield Scene(at + SIGNED_AFTER, partial(_on_newest_issue, region, partial(_sign, _actor(office))))
    for leader in accounts:
        if leader.role is Role.LEADER and leader.region_code == region:
            for at in cut_offs[:-1]:
                yield Scene(at + READ_AFTER, partial(_on_newest_issue, region, partial(mark_read, _actor(leader))))


def play(scenes: Iterable[Scene]) -> None:
    """Play scenes in the order of their instants."""
    for scene in sorted(scenes, key=lambda scene: scene.at):
        scene.act(scene.at)


def units_by_name(region: str) -> dict[str, Unit]:
    """The units of a region by name."""
    return {unit.name: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.region_code == region))}


def _on_newest_issue(region: str, act: Callable[[Issue, datetime], object], at: datetime) -> None:
    newest = sa.select(Issue).where(Issue.region_code == region).order_by(Issue.number.desc()).limit(1)
    act(db.session.scalars(newest).one(), at)


def _sign(office: Actor, issue: Issue, at: datetime) -> None:
    sign_issue(office, issue, issue.version, at)


def _county(row: Row, accounts: Mapping[str, Account], words: Words, calendar: Calendar) -> Iterator[Scene]:
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == row["plan"])).one()
    cast = _cast(plan, accounts[row["office"]], accounts.values())
    yield Scene(at_office(calendar.on(SETTING_UP_DAY), 10), partial(activate, plan, actor=cast.office))
    yield from _timed(acceptances(cast, FIRST_DAY), 0, calendar)
    for place, task_row in enumerate(row["tasks"]):
        yield from _timed(_steps(task_row, cast, words, calendar), place, calendar)
    if "others" in row:
        told = {task_row["task"] for task_row in row["tasks"]}
        yield from _timed(_others(row["others"], told, cast, words, calendar), len(told), calendar)


def _cast(plan: Plan, office: Account, accounts: Iterable[Account]) -> Cast:
    tasks = db.session.scalars(
        sa.select(Task)
        .where(Task.plan_id == plan.id)
        .options(selectinload(Task.assignments).joinedload(Assignment.unit).selectinload(Unit.members))
        .order_by(Task.position)
    )
    local = [account for account in accounts if account.region_code == plan.region_code]
    return Cast(
        office=_actor(office),
        leader=next((_actor(each) for each in local if each.role is Role.LEADER), _actor(office)),
        clerk=next(_actor(each) for each in local if each.role is Role.PLAN_OFFICE and each.id != office.id),
        staff={unit.id: _actor(account) for account in local for unit in account.units},
        tasks={task.key.removeprefix(f"{plan.code}-"): task for task in tasks},
        units=units_by_name(plan.region_code),
    )


def _actor(account: Account) -> Actor:
    return Actor(person_of(account), "、".join(unit.name for unit in account.units) or None)


def _timed(steps: Iterable[tuple[int, Act]], place: int, calendar: Calendar) -> Iterator[Scene]:
    """Give every step of a task its instant; steps of one day follow one another."""
    last: datetime | None = None
    for turn, (day, act) in enumerate(sorted(steps, key=lambda step: step[0])):
        at = calendar.at(day, place + 11 * turn)
        if last and at <= last:
            at = last + timedelta(minutes=2)
        last = at
        yield Scene(at, act)


def _steps(row: Row, cast: Cast, words: Words, calendar: Calendar) -> Iterator[tuple[int, Act]]:
    """What happens to one task, by the day."""
    task = cast.tasks[row["task"]]
    units: list[Unit | None] = [cast.units[name] for name in row.get("units", [])] or [None]
    if "due" in row:
        yield FIRST_DAY, partial(_redate, cast, task, calendar.on(row["due"]), words.redate_reason)
    if "rhythm" in row:
        yield FIRST_DAY, partial(_set_rhythm, cast, task, row["rhythm"], calendar.on(FIRST_DAY), words.rhythm_reason)
    course = words.courses[row["course"]][row["at"] :]
    for turn, (day, text) in enumerate(zip(row["reports"], course, strict=False)):
        yield day, partial(_say, cast, task, units[turn % len(units)], Situation.ON_PLAN, text)
    for day, text in row.get("difficulty", {}).items():
        yield day, partial(_say, cast, task, units[0], Situation.DIFFICULTY, text)
    for day, text in row.get("unchanged", {}).items():
        yield day, partial(_say, cast, task, units[0], Situation.NO_CHANGE, text)
    for day, who in (*row.get("done", {}).items(), *row.get("done_again", {}).items()):
        for turn, unit in enumerate(_finishers(cast, task, who)):
            yield day, partial(_say, cast, task, unit, Situation.DONE, words.done[turn % len(words.done)])
    yield from _decisions(row, cast, task, calendar)
    yield from talks(row, cast, task, calendar.today)


def _decisions(row: Row, cast: Cast, task: Task, calendar: Calendar) -> Iterator[tuple[int, Act]]:
    """What the office decides about a task."""
    for day, (due, reason) in row.get("moved", {}).items():
        yield day, partial(_redate, cast, task, calendar.on(due), reason)
    for day, reason in row.get("returned", {}).items():
        yield day, partial(_decide, send_back, cast, task, INVENTED + reason)
    for day, reason in row.get("closed_in_part", {}).items():
        yield day, partial(_decide, close_in_part, cast, task, INVENTED + reason)
    if "verified" in row:
        yield row["verified"], partial(_verify, cast, task)


def _others(row: Row, told: set[str], cast: Cast, words: Words, calendar: Calendar) -> Iterator[tuple[int, Act]]:
    """Re-date what nobody speaks of and what would be late, in turn to the given days."""
    limit = calendar.on(SOON_PAST_DAYS)
    late = [
        task
        for key, task in cast.tasks.items()
        if key not in told and key not in row["left"] and (task.needs_redate or (task.due_on and task.due_on < limit))
    ]
    for turn, task in enumerate(late):
        due_on = calendar.on(row["due"][turn % len(row["due"])])
        yield FIRST_DAY, partial(_redate, cast, task, due_on, words.redate_reason)


def _finishers(cast: Cast, task: Task, who: Any) -> list[Unit | None]:
    """Who says done: the named units, else a lead, else every responsible unit; staff last."""
    parts = parts_of(task)
    ids = sorted(parts.leads)[:1] or sorted(parts.responsible)
    units = [unit for unit in cast.units.values() if (unit.id in ids if who == "all" else unit.name in who)]
    return [*sorted(units, key=lambda unit: unit.id in cast.staff)] or [None]


def _redate(cast: Cast, task: Task, due_on: date, reason: str, at: datetime) -> None:
    redate(cast.office, task, task.version, due_on, INVENTED + reason, at)


def _set_rhythm(cast: Cast, task: Task, rhythm: Sequence[Any], begins_on: date, reason: str, at: datetime) -> None:
    chosen = Chosen(Rhythm(rhythm[0]), rhythm[1], begins_on)
    set_rhythm(cast.office, task, task.version, chosen, INVENTED + reason, at)


def _verify(cast: Cast, task: Task, at: datetime) -> None:
    verify(cast.office, task, task.version, at)


def _decide(decision: Decision, cast: Cast, task: Task, reason: str, at: datetime) -> None:
    decision(cast.office, task, task.version, reason, at)


def _say(cast: Cast, task: Task, unit: Unit | None, situation: Situation, text: str, at: datetime) -> None:
    """Report by the unit's own account, else by the clerk of the office on its behalf; another person verifies."""
    own = cast.staff.get(unit.id) if unit else None
    said = Said(
        situation=situation,
        text=text,
        once=f"demo-{task.key}-{at:%y%m%d%H%M}",
        version=task.version,
        unit_id=unit.id if unit else None,
        on_behalf=own is None and unit is not None,
        invented=True,
    )
    report(own or cast.clerk, task, said, at)
