"""The light in SQL is the light of the rules, for every combination of facts, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import make_plan
from tracker import clock
from tracker.models import Plan, Task, TaskKind, db
from tracker.queries.lights import counts_by_light, has_light, is_light, light_column, light_rank
from tracker.rules.deadlines import Precision
from tracker.rules.lifecycle import State
from tracker.rules.lights import (
    WORST_FIRST,
    Light,
    LightDates,
    LightFacts,
    LightRule,
    light_dates,
    light_on,
    light_rule,
)
from tracker.rules.rhythms import Rhythm

DUE = date(2026, 3, 31)
# The last cannot be cut like this: a task with it is lit as if it had none.
RHYTHMS = [(Rhythm.WEEKLY, 1), (Rhythm.MONTHLY, 1), (Rhythm.SCHOOL_YEAR, 2), (Rhythm.ONCE, 1), (Rhythm.YEARLY, 5)]


def near(*offsets: int) -> list[date | None]:
    """No day at all, and days around the deadline."""
    return [None, *(DUE + timedelta(days=offset) for offset in offsets)]


def combinations() -> Iterator[LightFacts]:
    """Every combination of the facts that the database allows."""
    for state, redate, starts, due, submitted, held, difficulty in product(
        State, (False, True), near(-30, 1), near(0), near(-1, 0, 1, 3), (0, 2), near(-40, -15, 1)
    ):
        if state is not State.SUBMITTED or submitted is not None:
            yield LightFacts(state, starts, due, redate, submitted, held, difficulty)
    for state, due, (rhythm, parts), begins, reported, unchanged in product(
        State, near(0, 300), RHYTHMS, near(-65, -31)[1:], near(-70, -45, -31, 0), near(-40)
    ):
        submitted = DUE if state is State.SUBMITTED else None
        yield LightFacts(
            *(state, None, due, False, submitted, 0, None, unchanged),
            *(rhythm, parts, begins, reported),
        )
    for state, starts, due, held, difficulty, node in product(
        State, near(-30, 1), near(0, 300), (0, 2), near(-40, 1), near(-60, -31, -1, 0, 2)[1:]
    ):
        submitted = DUE if state is State.SUBMITTED else None
        yield LightFacts(state, starts, due, False, submitted, held, difficulty, node_due_on=node)


def stored(plan: Plan, number: int, facts: LightFacts) -> Task:
    """A task with these facts and the timetable that follows from them."""
    task = Task(
        key=f"t-{number}",
        plan_id=plan.id,
        region_code=plan.region_code,
        position=number,
        kind=TaskKind.MEASURE,
        section=[],
        title="任务",
        requirement="要求",
        deadline_precision=Precision.DAY,
        state=facts.state,
        starts_on=facts.starts_on,
        due_on=facts.due_on,
        needs_redate=facts.needs_redate,
        submitted_on=facts.submitted_on,
        held_days=facts.held_days,
        difficulty_on=facts.difficulty_on,
        unchanged_on=facts.unchanged_on,
        rhythm=facts.rhythm,
        rhythm_parts=facts.rhythm_parts,
        rhythm_from=facts.rhythm_from,
        last_reported_at=clock.at_office(facts.reported_on, 0) if facts.reported_on else None,
        closed_on=DUE if facts.state is State.CLOSED else None,
        node_due_on=facts.node_due_on,
    )
    task.keep_light_dates()
    return task


def test_python_and_sql_agree_on_every_light_around_every_boundary(app: Flask) -> None:
    plan = make_plan()
    cases = {f"t-{number}": facts for number, facts in enumerate(combinations(), start=1)}
    db.session.add_all(stored(plan, int(key[2:]), facts) for key, facts in cases.items())
    db.session.flush()
    db.session.expire_all()
    seen: set[Light] = set()
    rules: set[LightRule] = set()
    for day in (
        DUE + timedelta(days=offset) for offset in (-59, -58, -45, -41, -40, -31, -30, -16, -15, 0, 1, 2, 3, 4)
    ):
        rows = db.session.execute(sa.select(Task.key, light_column(day), light_rank(day))).all()
        assert len(rows) == len(cases)
        for key, light, rank in rows:
            expected = light_on(light_dates(cases[key]), day)
            assert Light(light) is expected, (day, cases[key])
            assert rank == WORST_FIRST.index(expected), (day, cases[key])
            seen.add(expected)
            rules.add(light_rule(cases[key], day))
        lights = Counter(Light(light) for _key, light, _rank in rows)
        assert counts_by_light([], day) == lights
        for each in Light:
            found = set(db.session.scalars(sa.select(Task.key).where(is_light(each, day))))
            assert found == {key for key, light, _rank in rows if light == each}, (day, each)
    assert seen == set(Light)
    assert rules == set(LightRule)


def test_the_kept_timetable_survives_the_database(app: Flask) -> None:
    plan = make_plan()
    facts = LightFacts(State.IN_PROGRESS, None, DUE, difficulty_on=DUE - timedelta(days=30))
    db.session.add(stored(plan, 1, facts))
    db.session.commit()
    db.session.expire_all()
    task = db.session.scalars(sa.select(Task)).one()
    kept = LightDates(task.light_fixed, task.late_from, task.soon_from, task.normal_from)
    assert kept == light_dates(facts)
    assert task.light(DUE + timedelta(days=1)) is Light.OVERDUE


@pytest.mark.parametrize("lights", [[Light.OVERDUE], [Light.SOON, Light.NORMAL], [Light.CLOSED, Light.REDATE], []])
def test_a_filter_by_lights_finds_the_tasks_with_these_lights(app: Flask, lights: list[Light]) -> None:
    plan = make_plan()
    shapes = [
        LightFacts(State.IN_PROGRESS, None, DUE - timedelta(days=1)),
        LightFacts(State.IN_PROGRESS, None, DUE),
        LightFacts(State.IN_PROGRESS, None, DUE + timedelta(days=90)),
        LightFacts(State.NOT_STARTED, None, None),
        LightFacts(State.CLOSED, None, DUE),
        LightFacts(State.NOT_STARTED, None, DUE, needs_redate=True),
        LightFacts(State.SUSPENDED, None, DUE),
    ]
    tasks = [stored(plan, number, facts) for number, facts in enumerate(shapes, start=1)]
    db.session.add_all(tasks)
    db.session.flush()
    found = set(db.session.scalars(sa.select(Task.key).where(has_light(lights, DUE))))
    assert found == {task.key for task in tasks if task.light(DUE) in lights}
    assert len(found) == len(lights)
