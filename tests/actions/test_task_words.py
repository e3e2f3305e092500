"""Tasks typed by several people at once: nothing is lost, nothing stands twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_plan, make_task
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.plan_facts import PlanFacts, change_plan
from tracker.actions.record import Actor
from tracker.actions.task_words import NO_NEW_NAMES, NewNames, add_tasks, change_task
from tracker.documents.plan_shape import TaskSeed
from tracker.models import AssignmentRole, Plan, PlanState, Task, TaskKind, Unit, db
from tracker.queries.accounts import person_of

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
AT_ONCE = 12


def seed(title: str = "任务", **differences: Any) -> TaskSeed:
    """A task as it is typed."""
    values: dict[str, Any] = {
        "key": "",
        "number": None,
        "kind": TaskKind.MEASURE,
        "section": [],
        "title": title,
        "requirement": "按期完成",
        "units": {},
        "officials": [],
        "phase": None,
        "deadline": "2026年底前",
        "duty_of": None,
        "project": None,
        "indicators": {},
        "no_indicator": None,
    }
    return TaskSeed(**values | differences)


def together(app: Flask, act: Callable[[int], str]) -> Counter[str]:
    """What each of several is told who act at the same moment."""
    db.session.commit()
    db.session.remove()
    gate = threading.Barrier(AT_ONCE)

    def run(number: int) -> str:
        gate.wait()
        with app.app_context():
            try:
                said = act(number)
                db.session.commit()
            except StaleTask:
                db.session.rollback()
                return "stale"
            return said

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, range(AT_ONCE)))


def test_several_people_add_at_once_and_each_task_has_its_place(app: Flask, world: World) -> None:
    make_plan("typed", state=PlanState.DRAFT)
    author = Actor(person_of(world.office))

    def act(number: int) -> str:
        plan = db.session.scalars(sa.select(Plan).where(Plan.code == "typed")).one()
        units = {AssignmentRole.LEAD: ["新局"]}
        add_tasks(author, plan, [seed(f"任务{number}", units=units)], NewNames(["新局"]), f"once-{number}", None, NOW)
        return "saved"

    assert together(app, act) == {"saved": AT_ONCE}
    keys = list(db.session.scalars(sa.select(Task.key).where(Task.key.startswith("typed-")).order_by(Task.position)))
    assert keys == [f"typed-{number:03d}" for number in range(1, AT_ONCE + 1)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit).where(Unit.name == "新局")) == 1


def test_one_form_sent_many_times_at_once_makes_its_tasks_once(app: Flask, world: World) -> None:
    make_plan("typed", state=PlanState.DRAFT)
    author = Actor(person_of(world.office))

    def act(_number: int) -> str:
        plan = db.session.scalars(sa.select(Plan).where(Plan.code == "typed")).one()
        add_tasks(author, plan, [seed("甲"), seed("乙")], NO_NEW_NAMES, "once", None, NOW)
        return "saved"

    together(app, act)
    titles = db.session.scalars(sa.select(Task.title).where(Task.key.startswith("typed-")).order_by(Task.position))
    assert list(titles) == ["甲", "乙"]


def test_of_many_edits_of_one_version_one_is_saved(app: Flask, world: World) -> None:
    author, key, version = Actor(person_of(world.office)), world.task.key, world.task.version

    def act(number: int) -> str:
        task = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
        change_task(author, task, version, seed(f"第{number}人", deadline=None), NO_NEW_NAMES, "更正", NOW)
        return "saved"

    assert together(app, act) == {"saved": 1, "stale": AT_ONCE - 1}
    assert db.session.scalars(sa.select(Task.version).where(Task.key == key)).one() == version + 1


def test_an_active_plan_takes_nothing_without_a_reason(world: World) -> None:
    author = Actor(person_of(world.office))
    with pytest.raises(RuleRefused, match="reason_needed"):
        add_tasks(author, world.plan, [seed()], NO_NEW_NAMES, "once", None, NOW)
    with pytest.raises(RuleRefused, match="reason_needed"):
        change_task(author, world.task, world.task.version, seed(), NO_NEW_NAMES, "", NOW)
    world.plan.state = PlanState.CLOSED
    db.session.flush()
    with pytest.raises(RuleRefused, match="plan_closed"):
        add_tasks(author, world.plan, [seed()], NO_NEW_NAMES, "once", "增补", NOW)


def test_deadlines_read_again_take_the_version_that_stands_now(world: World) -> None:
    draft = make_plan(state=PlanState.DRAFT)
    task = make_task(draft, deadline_text="年内")
    raised = sa.update(Task).where(Task.id == task.id).values(version=7)  # another's edit, after ours was loaded
    db.session.execute(raised.execution_options(synchronize_session=False))
    facts = {name: getattr(draft, name) for name in PlanFacts.__dataclass_fields__}
    change_plan(Actor(), draft, draft.version, PlanFacts(**facts | {"title": "新标题"}), [], None, NOW)
    assert db.session.scalar(sa.select(Task.version).where(Task.id == task.id)) == 8
