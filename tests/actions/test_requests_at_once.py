"""Many people at once: one request, one decision, one acceptance, one wait."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_tasks import acting, at
from tests.factories import World, make_school
from tracker.actions.batch import BatchRefused, redate_many
from tracker.actions.extensions import Ruling, Wish, ask, decide
from tracker.actions.links import Adding, add_addition
from tracker.actions.moves import RuleRefused, StaleTask, claim, note
from tracker.actions.receipts import accept_all
from tracker.actions.saved_views import save_view
from tracker.actions.schools import Expected, set_enrolments
from tracker.actions.waits import Awaiting, wait
from tracker.models import Addition, DeadlineChange, Extension, Receipt, SavedView, School, Task, Wait, db
from tracker.rules.extensions import Decision
from tracker.rules.stages import Stage

AT_ONCE = 12
NOW = at(date(2026, 3, 6))


def all_at_once(app: Flask, do: Callable[[int], None]) -> Counter[str]:
    """Do something in many sessions at the same moment; what each was told."""
    db.session.commit()
    db.session.remove()
    gate = threading.Barrier(AT_ONCE)

    def one(number: int) -> str:
        gate.wait()
        with app.app_context():
            try:
                do(number)
                db.session.commit()
            except StaleTask:
                db.session.rollback()
                return "stale"
            except RuleRefused as refusal:
                db.session.rollback()
                return refusal.reason
            return "saved"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def stored(key: str) -> Task:
    """A task in the session of this thread."""
    return db.session.scalars(sa.select(Task).where(Task.key == key)).one()


def wish(world: World, number: int, version: int) -> Wish:
    """A request for another quarter."""
    return Wish(world_ids(world)["finance"], date(2099, 9, 30), "征地未完成", "已勘界", f"wish-{number}", version)


def world_ids(world: World) -> dict[str, int]:
    """The ids that a session of another thread needs, read while the cast is at hand."""
    return {"finance": world.finance.id, "education": world.education.id, "housing": world.housing.id}


def test_of_many_requests_at_once_one_is_pending(app: Flask, world: World) -> None:
    author, key = acting(world.staff), world.task.key
    wishes = [wish(world, number, 1) for number in range(AT_ONCE)]
    answers = all_at_once(app, lambda number: ask(author, stored(key), wishes[number], NOW) and None)
    assert answers == {"saved": 1, "stale": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count(Extension.id))) == 1


def test_the_index_lets_one_pending_request_in_whatever_the_versions(app: Flask, world: World) -> None:
    """Where a request slips past the question whether one is pending, the index decides."""
    ask(acting(world.staff), world.task, wish(world, 1, world.task.version), NOW)
    row = {"task_id": world.task.id, "unit_id": world.finance.id, "account_id": world.staff.id, "at": NOW}
    row |= {"due_on": date(2099, 6, 30), "wanted_on": date(2099, 9, 30), "reason": "", "work_state": "", "once": "x"}
    db.session.add(Extension(**row))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


def test_of_many_decisions_at_once_one_counts(app: Flask, world: World) -> None:
    author, office, key = acting(world.staff), acting(world.office), world.task.key
    ask(author, world.task, wish(world, 1, world.task.version), NOW)
    ruling = Ruling(Decision.GRANTED, "同意", world.task.version)
    answers = all_at_once(app, lambda _number: decide(office, stored(key), ruling, NOW) and None)
    assert answers == {"saved": 1, "stale": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count(DeadlineChange.id))) == 1
    assert stored(key).due_on == date(2099, 9, 30)


def test_accepting_everything_many_times_at_once_makes_one_receipt_per_part(app: Flask, world: World) -> None:
    author = acting(world.staff)
    counts: list[int] = []
    answers = all_at_once(app, lambda _number: counts.append(accept_all(author, NOW)))
    assert answers == {"saved": AT_ONCE}
    assert sorted(counts) == [0] * (AT_ONCE - 1) + [2]
    assert db.session.scalar(sa.select(sa.func.count(Receipt.id))) == 2


def test_of_many_waits_at_once_one_stands(app: Flask, world: World) -> None:
    author, key, ids = acting(world.staff), world.task.key, world_ids(world)
    said = Awaiting(ids["education"], ids["finance"], date(2026, 3, 2), "等学位预测", 1)
    answers = all_at_once(app, lambda _number: wait(author, stored(key), said, NOW) and None)
    assert answers == {"saved": 1, "stale": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count(Wait.id))) == 1


def test_a_second_wait_for_the_same_unit_is_refused(app: Flask, world: World) -> None:
    author, ids = acting(world.staff), world_ids(world)
    wait(author, world.task, Awaiting(ids["education"], ids["finance"], date(2026, 3, 2), "等预测", 1), NOW)
    with pytest.raises(RuleRefused, match="waiting"):
        wait(author, world.task, Awaiting(ids["education"], ids["finance"], date(2026, 3, 3), "再等", 2), NOW)


def test_an_act_on_many_tasks_and_one_on_the_last_of_them_never_wait_for_each_other(app: Flask, world: World) -> None:
    """The first event of a transaction takes the lock of the chain: nobody may be waited for after it."""
    office, keys = acting(world.office), (world.task.key, world.housing_task.key)
    db.session.commit()
    db.session.remove()
    has_claimed = threading.Event()

    def act_on_the_last() -> str:
        with app.app_context():
            task = stored(keys[1])
            claim(task, task.version)
            has_claimed.set()
            time.sleep(0.5)  # so long the other one has to come to its second task
            note(office, "redate", task, NOW, {})
            db.session.commit()
            return "saved"

    def act_on_both() -> list[str]:
        has_claimed.wait()
        with app.app_context():
            try:
                redate_many(office, [(stored(key), 1) for key in keys], date(2099, 9, 30), False, "统一", NOW)
            except BatchRefused as refused:
                db.session.rollback()
                return [each.reason for each in refused.refused]
            db.session.commit()
            return []

    with ThreadPoolExecutor(2) as pool:
        one, both = pool.submit(act_on_the_last), pool.submit(act_on_both)
        assert (one.result(), both.result()) == ("saved", ["stale"])


def test_a_view_saved_many_times_at_once_is_one(app: Flask, world: World) -> None:
    author = acting(world.staff).person
    assert author
    answers = all_at_once(app, lambda _number: save_view(author, "逾期", "light=overdue") and None)
    assert answers == {"saved": AT_ONCE}
    assert db.session.scalar(sa.select(sa.func.count(SavedView.id))) == 1


def test_the_same_addition_many_times_at_once_is_said_once(app: Flask, world: World) -> None:
    make_school("第一小学")
    office, key, version = acting(world.office), world.task.key, world.task.version
    said = Adding("full_time_teachers", Decimal(3), "第一小学", Stage.PRIMARY, None, "新聘")
    answers = all_at_once(app, lambda _number: add_addition(office, stored(key), version, said, "once", NOW) and None)
    assert answers == {"saved": AT_ONCE}
    assert db.session.scalar(sa.select(sa.func.count(Addition.id))) == 1


def test_the_same_expectation_many_times_at_once_is_said_once(app: Flask, world: World) -> None:
    school = make_school("第一小学")
    office, school_id, version = acting(world.office), school.id, school.version
    said = [Expected(Stage.PRIMARY, 2027, 420, 10)]

    def expect(_number: int) -> None:
        """Say it."""
        set_enrolments(office, db.session.get_one(School, school_id), version, said, "报名", NOW)

    assert all_at_once(app, expect) == {"saved": AT_ONCE}
    assert db.session.get_one(School, school_id).version == version + 1
