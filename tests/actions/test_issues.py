"""Freezing the week: once per region and week, every task in one pass, and nothing changes it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from tests.factories import COUNTY, OTHER_COUNTY, World, make_plan, make_task
from tests.visit import counted_queries
from tracker.actions.issues import freeze_week
from tracker.actions.record import NOBODY, record
from tracker.clock import as_instant, office_day
from tracker.models import Event, Issue, IssueLine, IssueStanding, IssueState, PlanState, db
from tracker.queries.building import building_facts
from tracker.queries.coverage import Coverage, covered
from tracker.queries.issue_lines import lines_of
from tracker.rules.frozen_works import read
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light

FRIDAY = as_instant("2026-03-06T17:00")
NEXT_FRIDAY = FRIDAY + timedelta(days=7)


def frozen(now: datetime = FRIDAY, region: str = COUNTY) -> Issue:
    """The issue that a freeze makes, stored."""
    issue = freeze_week(region, now)
    assert issue
    db.session.commit()
    return issue


def line_of(issue: Issue, key: str) -> IssueLine:
    """The line of a task in an issue."""
    return db.session.scalars(
        sa.select(IssueLine).where(IssueLine.issue_id == issue.id, IssueLine.task_key == key)
    ).one()


def test_a_week_is_frozen_once_under_its_monday(app: Flask, world: World) -> None:
    issue = frozen()
    assert (issue.number, issue.week_on, issue.cut_off_at) == (1, date(2026, 3, 2), FRIDAY)
    assert freeze_week(COUNTY, FRIDAY) is None
    assert freeze_week(COUNTY, FRIDAY + timedelta(days=2)) is None
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Issue)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IssueLine)) == 3
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "freeze_week")) == 1


def test_a_week_before_the_newest_issue_is_never_frozen(app: Flask, world: World) -> None:
    frozen(NEXT_FRIDAY)
    assert freeze_week(COUNTY, FRIDAY) is None
    make_plan("elsewhere", region=OTHER_COUNTY)
    assert frozen(FRIDAY, OTHER_COUNTY).number == 1
    assert frozen(NEXT_FRIDAY + timedelta(days=7)).number == 2


def test_the_week_begins_at_midnight_on_the_office_clock(app: Flask, world: World) -> None:
    assert frozen(as_instant("2026-03-08T23:59")).week_on == date(2026, 3, 2)
    assert frozen(as_instant("2026-03-09T00:01")).week_on == date(2026, 3, 9)


def test_regions_are_numbered_each_on_its_own(app: Flask, world: World) -> None:
    assert [frozen().number, frozen(NEXT_FRIDAY).number] == [1, 2]
    make_plan("elsewhere", region=OTHER_COUNTY)
    assert frozen(region=OTHER_COUNTY).number == 1


def test_the_nation_has_no_issue_of_its_own(app: Flask, world: World) -> None:
    assert freeze_week("", FRIDAY) is None


def test_a_line_keeps_what_the_task_was(app: Flask, world: World) -> None:
    late = make_task(
        world.plan,
        lead=[world.housing, world.finance],
        cooperating=[world.education],
        title="逾期事项",
        due_on=date(2026, 2, 28),
        state=State.IN_PROGRESS,
        last_words="消防验收未过",
        last_reported_at=FRIDAY - timedelta(days=3),
    )
    issue = frozen()
    line = line_of(issue, late.key)
    assert (line.light, line.state, line.due_on, line.days_late) == (
        Light.OVERDUE,
        State.IN_PROGRESS,
        date(2026, 2, 28),
        6,
    )
    assert line.units == ["住建局", "财政局"]
    assert (line.last_words, line.last_reported_at) == ("消防验收未过", FRIDAY - timedelta(days=3))
    assert (line.title, line.plan_code, line.fallen_due, line.in_time) == ("逾期事项", "xg", True, False)


def test_responsible_units_answer_where_nobody_leads(app: Flask, world: World) -> None:
    assert line_of(frozen(), world.shared_task.key).units == ["财政局", "住建局"]


def test_drafts_closed_plans_and_other_counties_stay_outside(app: Flask, world: World) -> None:
    for number, state in enumerate((PlanState.DRAFT, PlanState.CLOSED)):
        make_task(make_plan(f"p{number}", state=state), title="计划外")
    make_task(make_plan("elsewhere", region=OTHER_COUNTY), title="别县任务")
    assert {line.title for line in frozen().lines} == {"资金拨付", "校舍建设", "共同责任事项"}


def test_a_frozen_week_does_not_change_when_the_task_does(app: Flask, world: World) -> None:
    issue = frozen()
    said = issue.sentence
    world.task.title, world.task.state, world.task.closed_on = "改名", State.CLOSED, date(2026, 3, 8)
    world.task.keep_light_dates()
    world.finance.name = "改名局"
    db.session.commit()
    line = line_of(issue, world.task.key)
    assert (line.title, line.light, line.units, issue.sentence) == ("资金拨付", Light.NOT_DUE, ["财政局"], said)


def test_the_sentence_compares_with_the_issue_before(app: Flask, world: World) -> None:
    slipping = make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 10), state=State.IN_PROGRESS)
    assert frozen().sentence == "共 4 项任务，尚无上期可比；已销号 0 项；逾期 0 项；4 项连续两周未更新。"
    world.housing_task.state, world.housing_task.closed_on = State.CLOSED, date(2026, 3, 9)
    world.housing_task.keep_light_dates()
    slipping.last_reported_at = NEXT_FRIDAY - timedelta(days=1)
    db.session.commit()
    assert (
        frozen(NEXT_FRIDAY).sentence
        == "自3月6日（上期）以来销号 1 项；新增逾期 1 项（均为财政局）；2 项连续两周未更新。"
    )


def test_after_a_missed_week_the_sentence_names_the_day_it_counts_from(app: Flask, world: World) -> None:
    frozen()
    assert frozen(FRIDAY + timedelta(days=14)).sentence.startswith("自3月6日（上期）以来销号 0 项")


def test_the_number_of_questions_does_not_grow_with_the_tasks(app: Flask, world: World) -> None:
    frozen()
    with counted_queries() as few:
        frozen(NEXT_FRIDAY)
    for _ in range(60):
        make_task(world.plan, lead=[world.finance], responsible=[world.housing])
    db.session.commit()
    with counted_queries() as many:
        frozen(NEXT_FRIDAY + timedelta(days=7))
    inserts = [statement for statement in many if statement.startswith("INSERT INTO issue_lines")]
    assert len(many) - len(inserts) <= len(few)
    assert len(inserts) == 1


def test_the_database_refuses_every_change_of_what_is_signed(app: Flask, world: World) -> None:
    issue = frozen()
    issue.state, issue.signed_at = IssueState.SIGNED, FRIDAY
    signed, draft = issue.id, frozen(NEXT_FRIDAY).id
    on_sqlite = db.engine.dialect.name == "sqlite"
    columns = "id, region_code, number, week_on, cut_off_at, sentence"
    again = f"INSERT OR REPLACE INTO issues ({columns}) SELECT {columns} FROM issues WHERE id = {signed}"
    replaced = sa.text(again if on_sqlite else "TRUNCATE issues CASCADE")
    for change in (
        sa.update(Issue).values(sentence="别的话"),
        sa.delete(Issue),
        sa.update(IssueLine).values(title="别的事"),
        sa.delete(IssueLine),
        sa.update(IssueStanding).values(name="别的局"),
        sa.delete(IssueStanding),
        # Nor does a part of a draft become one of it.
        sa.update(IssueLine)
        .where(IssueLine.issue_id == draft)
        .values(issue_id=signed, task_id=IssueLine.task_id + 1000),
        sa.update(IssueStanding).where(IssueStanding.issue_id == draft).values(issue_id=signed),
        replaced,
    ):
        with pytest.raises(DatabaseError, match="what is signed never changes"):
            db.session.execute(change)
        db.session.rollback()


def test_a_project_reads_from_an_issue_as_it_read_then(plans_app: Flask) -> None:
    issue = freeze_week("360732", FRIDAY)
    assert issue
    facts = building_facts(covered(Coverage("360732")), office_day(FRIDAY))
    projects = [line.project for line in lines_of(issue) if line.project]
    assert len(projects) == len(facts) > 10
    wanted = sorted((replace(each, id=0) for each in facts), key=repr)
    assert sorted((read(each) for each in projects), key=repr) == wanted


def test_a_refused_return_is_none_and_a_gap_forgets_none(app: Flask, world: World) -> None:
    def returned(at: datetime, allowed: bool) -> None:
        record(NOBODY, "return", at, obj=("task", world.task.key), region=COUNTY, allowed=allowed)

    returned(FRIDAY - timedelta(days=2), True)
    returned(FRIDAY - timedelta(days=1), False)
    assert line_of(frozen(), world.task.key).returns == 1
    world.plan.state = PlanState.CLOSED
    make_task(make_plan("other"), title="别的")
    frozen(NEXT_FRIDAY)
    world.plan.state = PlanState.ACTIVE
    returned(NEXT_FRIDAY + timedelta(days=1), True)
    assert line_of(frozen(NEXT_FRIDAY + timedelta(days=7)), world.task.key).returns == 2
