"""The state of a task on a past day: replayed from its events it is what stood then, day by day."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, World
from tracker import clock
from tracker.actions.extensions import Ruling, Wish, ask, decide
from tracker.actions.issues import freeze_week
from tracker.actions.moves import RuleRefused
from tracker.actions.record import NOBODY, Actor, record
from tracker.actions.suspensions import reopen, resume, suspend
from tracker.actions.tasks import Said, redate, report, send_back, verify
from tracker.actions.withdrawal import restore, withdraw
from tracker.clock import at_office
from tracker.models import AssignmentRole, Event, Issue, IssueLine, Situation, Task, db
from tracker.queries.accounts import person_of
from tracker.queries.task_days import began_at, task_at, task_on
from tracker.rules.extensions import Decision
from tracker.rules.lifecycle import MoveRefused, State
from tracker.rules.lights import Light
from tracker.rules.task_days import TIMETABLE

MONDAY = date(2026, 3, 2)
DAYS = 60
Stood = tuple[State, date | None, Light, str | None, bool]


def acts(world: World, day: date, chance: random.Random) -> dict[str, Callable[[Task, datetime], object]]:
    """What people might do to a task on a day."""
    staff, office = Actor(person_of(world.staff), "财政局"), Actor(person_of(world.office))
    words = f"{day} 完成一段"

    def say(situation: Situation) -> Callable[[Task, datetime], object]:
        return lambda task, now: report(
            staff, task, Said(situation, words, f"{day}-{task.version}", task.version, world.finance.id), now
        )

    return {
        "on_plan": say(Situation.ON_PLAN),
        "no_change": say(Situation.NO_CHANGE),
        "difficulty": say(Situation.DIFFICULTY),
        "done": say(Situation.DONE),
        "verify": lambda task, now: verify(office, task, task.version, now),
        "return": lambda task, now: send_back(office, task, task.version, "补验收单", now),
        "reopen": lambda task, now: reopen(office, task, task.version, "复核不符", now),
        "suspend": lambda task, now: suspend(office, task, task.version, "停建", now),
        "resume": lambda task, now: resume(office, task, task.version, "复工", now),
        "withdraw": lambda task, now: withdraw(office, task, task.version, "方案删除", now),
        "restore": lambda task, now: restore(office, task, task.version, "误删", now),
        "redate": lambda task, now: redate(
            office, task, task.version, day + timedelta(days=chance.randint(-20, 40)), "会议纪要", now
        ),
    }


def stood(task: Task, day: date) -> Stood:
    """What the row of a task says at the end of a day."""
    db.session.expire_all()
    return (task.state, task.due_on, task.light(day), task.last_words, task.withdrawn_on is not None)


def replayed(task: Task, day: date) -> Stood:
    """The same from the events."""
    found = task_on(task, day)
    assert found
    assert found.light
    assert found.is_exact
    words = found.report.text if found.report else None
    return (found.state, found.due_on, found.light, words, found.is_withdrawn)


@pytest.mark.parametrize("seed", range(6))
def test_replaying_to_any_day_gives_what_stood_at_its_end(app: Flask, world: World, seed: int) -> None:
    chance, task = random.Random(seed), world.task
    kept: dict[date, Stood] = {}
    lines: list[Issue] = []
    for number in range(DAYS):
        day = MONDAY + timedelta(days=number)
        for hour in sorted(chance.sample(range(8, 17), chance.randint(0, 2))):
            act = chance.choice(list(acts(world, day, chance).values()))
            try:
                act(task, at_office(day, hour))
                db.session.commit()
            except (MoveRefused, RuleRefused):
                db.session.rollback()
        if day.weekday() == 4 and (issue := freeze_week(COUNTY, at_office(day, 17))):
            db.session.commit()
            lines.append(issue)
        kept[day] = stood(task, day)
    assert len({each[2] for each in kept.values()}) > 2, "the days differ, or nothing is shown"
    assert {day: replayed(task, day) for day in kept} == kept
    for issue in lines:
        line = db.session.scalars(sa.select(IssueLine).filter_by(issue_id=issue.id, task_id=task.id)).one()
        found = task_at(task, clock.office_day(issue.cut_off_at), issue.cut_off_at)
        assert found
        assert (found.state, found.due_on, found.light) == (line.state, line.due_on, line.light)
        assert found.line
        assert found.line.number == issue.number


def test_replaying_to_today_gives_the_row_of_today(app: Flask, world: World) -> None:
    staff = Actor(person_of(world.staff), "财政局")
    report(staff, world.task, Said(Situation.ON_PLAN, "开工", "one", 1, world.finance.id), clock.now())
    db.session.commit()
    assert replayed(world.task, clock.today()) == stood(world.task, clock.today())


def test_an_extension_counts_from_the_day_it_was_granted(app: Flask, world: World) -> None:
    task, later = world.task, date(2100, 1, 31)
    staff, office = Actor(person_of(world.staff)), Actor(person_of(world.office))
    ask(staff, task, Wish(world.finance.id, later, "征地", "勘界", "wish", task.version), noon(0))
    decide(office, task, Ruling(Decision.GRANTED, "同意", task.version), noon(3))
    db.session.commit()
    assert [replayed(task, MONDAY + timedelta(days=each))[1] for each in (0, 2, 3)] == [
        date(2099, 6, 30),
        date(2099, 6, 30),
        later,
    ]


def test_other_words_and_units_are_those_of_the_day(app: Flask, world: World) -> None:
    task = world.task
    record(
        NOBODY,
        "edit_task",
        clock.now(),
        obj=("task", task.key),
        before={"title": "旧标题", "due_on": "2031-01-31", "deadline": "2031年1月"},
        after={"title": task.title, "due_on": "2099-06-30"},
    )
    record(NOBODY, "assign", clock.now(), obj=("task", task.key), before={"lead": "发改委"}, after={"lead": "财政局"})
    db.session.commit()
    yesterday, today = task_on(task, clock.today() - timedelta(days=1)), task_on(task, clock.today())
    assert yesterday
    assert today
    units = yesterday.units[AssignmentRole.LEAD]
    assert (yesterday.title, yesterday.due_on, units) == ("旧标题", date(2031, 1, 31), "发改委")
    assert (today.title, today.due_on) == (task.title, date(2099, 6, 30))
    assert "财政局" in today.units.values()


def noon(days: int) -> datetime:
    """Noon of a day counted from the Monday."""
    return at_office(MONDAY + timedelta(days=days), 12)


def forget_timetables() -> None:
    """Make the events those of the time before the timetable of the light was kept."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ALTER TABLE events DISABLE TRIGGER USER"))
    else:
        for name in ("events_keep_update", "events_keep_delete"):
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    for event in db.session.scalars(sa.select(Event).where(Event.object_type == "task")):
        event.before = {name: value for name, value in (event.before or {}).items() if name != TIMETABLE}
        event.after = {name: value for name, value in (event.after or {}).items() if name != TIMETABLE}
    db.session.commit()


def test_what_older_events_do_not_say_comes_from_the_issue_before_or_is_not_said(app: Flask, world: World) -> None:
    staff, office, task = Actor(person_of(world.staff), "财政局"), Actor(person_of(world.office)), world.task
    report(staff, task, Said(Situation.DIFFICULTY, "缺钱", "one", 1, world.finance.id), noon(1))
    freeze_week(COUNTY, at_office(MONDAY + timedelta(days=4), 17))
    report(staff, task, Said(Situation.DONE, "完成", "two", 2, world.finance.id), noon(7))
    verify(office, task, 3, noon(8))
    db.session.commit()
    forget_timetables()
    found = {day: task_on(task, MONDAY + timedelta(days=day)) for day in (0, 2, 5, 7, 8, 20)}
    assert {day: each and (each.state, each.light, each.is_exact) for day, each in found.items()} == {
        0: (State.NOT_STARTED, None, False),
        2: (State.IN_PROGRESS, None, False),
        5: (State.IN_PROGRESS, Light.SOON, False),
        7: (State.SUBMITTED, Light.SOON, False),
        8: (State.CLOSED, Light.CLOSED, True),
        20: (State.CLOSED, Light.CLOSED, True),
    }


def test_a_task_has_no_state_before_it_was_stored(app: Flask, world: World) -> None:
    record(NOBODY, "store_plan", noon(2), obj=("plan", world.plan.code), region=COUNTY)
    db.session.commit()
    assert task_on(world.task, MONDAY + timedelta(days=1)) is None
    assert task_on(world.task, MONDAY + timedelta(days=2))
    assert began_at(world.task) == noon(2)


def test_a_withdrawn_report_stands_on_the_days_before_it_was_withdrawn(app: Flask, world: World) -> None:
    staff = Actor(person_of(world.staff), "财政局")
    row = report(staff, world.task, Said(Situation.ON_PLAN, "写错", "one", 1, world.finance.id), noon(0))
    row.withdrawn_at = noon(1)
    db.session.commit()
    said = [task_on(world.task, MONDAY + timedelta(days=day)) for day in (0, 1)]
    assert [each and each.report and each.report.text for each in said] == ["写错", None]
