"""The ledger of a project's money under many hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_task_words import AT_ONCE, together
from tests.factories import World, make_money, make_project, make_task
from tracker.actions.money import MoneySaid, add_entries, add_entry, withdraw_entry
from tracker.actions.moves import RuleRefused
from tracker.actions.photos import add_photos
from tracker.actions.record import Actor
from tracker.actions.tasks import KeptFile
from tracker.models import Event, MoneyEntry, Plan, PlanState, Project, Task, db
from tracker.queries.accounts import person_of
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind, MoneySource

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
SAID = MoneySaid(MoneyKind.PAID, 500, date(2026, 3, 6), None, MoneySource.COUNTY, "城建公司", None, once="a")


@pytest.fixture
def project(world: World) -> Project:
    """A project of 财政局."""
    return make_project(make_task(world.plan, responsible=[world.finance]))


def amounts() -> list[int]:
    """What stands in the ledger."""
    return sorted(db.session.scalars(sa.select(MoneyEntry.amount_yuan)))


def test_all_who_add_at_once_are_kept_and_what_is_sent_twice_once(app: Flask, world: World, project: Project) -> None:
    author, task_id = Actor(person_of(world.staff)), project.task_id

    def add(number: int) -> str:
        said = replace(SAID, amount_yuan=1 + number // 2, once=f"form-{number // 2}")
        add_entry(author, db.session.get_one(Project, task_id), said, NOW)
        db.session.commit()
        return "kept"

    assert together(app, add) == {"kept": AT_ONCE}
    assert amounts() == list(range(1, AT_ONCE // 2 + 1))
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "add_money")) == AT_ONCE // 2


def test_the_many_entries_of_a_file_are_added_once(app: Flask, world: World, project: Project) -> None:
    rows = [replace(SAID, amount_yuan=1 + number, once=f"row-{number}") for number in range(6000)]
    first = add_entries(Actor(None), project, rows[2000:2010], NOW)
    added = add_entries(Actor(None), project, rows, NOW)
    assert len(first) == 10
    assert sorted(each.amount_yuan for each in added) == [*range(1, 2001), *range(2011, 6001)]
    assert amounts() == list(range(1, 6001))
    assert add_entries(Actor(None), project, rows, NOW) == []


def test_an_entry_is_withdrawn_by_one_of_many(app: Flask, world: World, project: Project) -> None:
    entry_id = make_money(project, MoneyKind.PAID, 500, date(2026, 3, 1)).id
    author, office_id = Actor(person_of(world.office)), world.office.id

    def withdraw(_number: int) -> str:
        try:
            withdraw_entry(author, db.session.get_one(MoneyEntry, entry_id), "误", NOW)
        except RuleRefused as refused:
            db.session.rollback()
            return refused.reason
        db.session.commit()
        return "withdrawn"

    assert together(app, withdraw) == {"withdrawn": 1, "entry_withdrawn": AT_ONCE - 1}
    entry = db.session.get_one(MoneyEntry, entry_id)
    assert (entry.withdrawn_at, entry.withdrawn_by_id, entry.withdrawn_reason) == (NOW, office_id, "误")


@pytest.mark.parametrize(
    ("differences", "reason"),
    [
        ({"amount_yuan": 0}, "amount_zero"),
        ({"on": None}, "day_missing"),
        ({"on": date(2026, 3, 7)}, "day_ahead"),
        ({"for_year": 2026}, "year_unasked"),
        ({"kind": MoneyKind.PLANNED, "on": date(2026, 3, 7)}, "day_ahead"),
    ],
)
def test_what_cannot_be_is_refused_whoever_asks(
    world: World, project: Project, differences: dict[str, object], reason: str
) -> None:
    with pytest.raises(RuleRefused, match=reason):
        add_entry(Actor(person_of(world.office)), project, replace(SAID, **differences), NOW)  # type: ignore[arg-type]
    assert amounts() == []


def test_the_day_of_the_office_counts(world: World, project: Project) -> None:
    late = datetime(2026, 3, 5, 17, tzinfo=UTC)  # already the sixth in Shanghai
    add_entry(Actor(person_of(world.office)), project, SAID, late)
    assert amounts() == [500]


def test_a_plan_that_is_over_and_a_task_that_was_withdrawn_take_none(world: World, project: Project) -> None:
    author, entry = Actor(person_of(world.office)), make_money(project, MoneyKind.PAID, 500, date(2026, 3, 1))
    project.task.state, project.task.withdrawn_on = State.SUSPENDED, date(2026, 3, 1)
    with pytest.raises(RuleRefused, match="withdrawn"):
        add_entry(author, project, SAID, NOW)
    project.task.withdrawn_on, project.task.plan.state = None, PlanState.CLOSED
    with pytest.raises(RuleRefused, match="plan_closed"):
        add_entry(author, project, SAID, NOW)
    with pytest.raises(RuleRefused, match="plan_closed"):
        withdraw_entry(author, entry, "误", NOW)
    assert entry.withdrawn_at is None


@pytest.mark.parametrize("reason", ["plan_closed", "withdrawn"])
def test_what_ended_meanwhile_takes_no_money_and_no_photographs(
    app: Flask, world: World, project: Project, tmp_path: Path, reason: str
) -> None:
    entry = make_money(project, MoneyKind.PAID, 500, date(2026, 3, 1))
    db.session.commit()
    task, entry_id = project.task, entry.id
    assert (task.plan.state, task.withdrawn_on) == (PlanState.ACTIVE, None)
    ended = {
        "withdrawn": sa.update(Task)
        .where(Task.id == task.id)
        .values(withdrawn_on=date(2026, 3, 5), state=State.SUSPENDED),
        "plan_closed": sa.update(Plan).where(Plan.id == task.plan_id).values(state=PlanState.CLOSED),
    }
    # As others do it: what this session has read does not change.
    db.session.execute(ended[reason].execution_options(synchronize_session=False))
    photo = KeptFile("a.jpg", "image/jpeg", 1, "0" * 64)
    author = Actor(person_of(world.staff))
    for act in (
        lambda: add_entry(author, project, SAID, NOW),
        lambda: add_entries(author, project, [SAID], NOW),
        lambda: withdraw_entry(author, db.session.get_one(MoneyEntry, entry_id), "误", NOW),
        lambda: add_photos(author, project, date(2026, 3, 6), None, [photo], tmp_path, "a", NOW),
    ):
        with pytest.raises(RuleRefused) as refused:
            act()
        assert refused.value.reason == reason
