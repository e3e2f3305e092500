"""A re-issued document and the plan that stands: what it brings, what it only says, and what happens around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_adoption import NOW, TASKS, adopted, office, opened
from tests.drafts import draft_of, draft_task
from tests.factories import make_unit
from tracker.actions.adoption import ProblemKind, ProblemsLeft, adopt, problems_of, withdraw
from tracker.actions.import_rows import add_row
from tracker.actions.imports import say_name
from tracker.actions.plan_states import delete_plan, start
from tracker.actions.record import NOBODY
from tracker.documents.plan_shape import PhaseSeed
from tracker.models import Event, ImportName, ImportRow, ImportState, Task, UnitKind, db
from tracker.queries.import_comparison import consequences_of, head_changes


def test_a_stage_that_only_the_new_document_has_comes_with_its_task_and_goes_with_a_withdrawal(app: Flask) -> None:
    _first, done = adopted()
    late = draft_task("m-04", "全新的收尾任务", "财政局", phase="七", number="9")
    stages = (PhaseSeed("七", "收尾", None, date(2027, 1, 1), date(2027, 6, 30)),)
    batch = opened(draft_of(*TASKS, late, phases=stages), done.plan)
    adopt(office(), batch, batch.version, NOW)
    task = db.session.scalars(sa.select(Task).where(Task.title == "全新的收尾任务")).one()
    assert task.phase is not None
    assert (task.phase.title, task.phase.ends_on) == ("收尾", date(2027, 6, 30))
    withdraw(office(), batch, batch.version, NOW)
    assert [each.number for each in done.plan.phases] == []


def test_a_name_that_means_a_unit_which_no_longer_acts_must_be_said_anew(app: Flask) -> None:
    batch = opened()
    name = db.session.scalars(sa.select(ImportName)).first()
    assert name is not None
    gone = make_unit("已停用局")
    name.unit_id, name.new_kind = gone.id, None
    gone.disabled_at = NOW
    db.session.flush()
    assert [each.kind for each in problems_of(batch)] == [ProblemKind.UNIT_GONE]
    with pytest.raises(ProblemsLeft):
        adopt(office(), batch, batch.version, NOW)


def test_one_new_unit_cannot_be_of_two_kinds(app: Flask) -> None:
    batch = opened(draft_of(draft_task("m-01", "甲", "县财政局"), draft_task("m-02", "乙", "财政局")))
    names = {each.name: each for each in db.session.scalars(sa.select(ImportName))}
    say_name(NOBODY, batch, names["县财政局"], None, UnitKind.SCHOOL, "财政局", NOW)
    assert [each.kind for each in problems_of(batch)] == [ProblemKind.TWO_KINDS]


def test_a_draft_that_is_deleted_takes_its_open_re_issue_along_and_frees_its_document(app: Flask) -> None:
    first, done = adopted()
    batch = opened(draft_of(*TASKS, draft_task("m-04", "新的", "财政局")), done.plan)
    code = done.plan.code
    delete_plan(office(), done.plan, done.plan.version, NOW)
    assert (first.state, batch.state) == (ImportState.WITHDRAWN, ImportState.DROPPED)
    said = sa.select(Event.act).where(Event.object_type == "import").order_by(Event.id)
    assert list(db.session.scalars(said))[-2:] == ["withdraw_import", "drop_import"]
    assert db.session.scalars(sa.select(Event).where(Event.act == "drop_import")).one().before["plan"] == code


def test_the_same_added_task_sent_twice_is_one_row(app: Flask) -> None:
    batch = opened()
    words = dict(batch.rows[0].words) | {"title": "漏读的任务"}
    first = add_row(NOBODY, batch, words, None, NOW)
    assert add_row(NOBODY, batch, words, None, NOW).id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == len(TASKS) + 1


def test_what_a_document_says_otherwise_of_itself_is_told_and_changes_nothing(app: Flask) -> None:
    _first, done = adopted()
    title = done.plan.title
    said = {"title": "修订后的方案", "issued_on": date(2026, 2, 1)}
    batch = opened(draft_of(*TASKS, head=said), done.plan)
    changes = {each.name: (each.old, each.new) for each in head_changes(batch)}
    assert changes["title"] == (title, "修订后的方案")
    assert changes["issued_on"][1] == "2026-02-01"
    adopt(office(), batch, batch.version, NOW)
    assert done.plan.title == title


def test_further_deadlines_are_kept_in_the_words_of_the_document_and_counted(app: Flask) -> None:
    task = draft_task("m-01", "甲", "财政局", deadline="2026年9月", other_deadlines=("2027年9月",))
    batch = opened(draft_of(task))
    assert consequences_of(batch).several_dates == 1
    adopt(office(), batch, batch.version, NOW)
    stored = db.session.scalars(sa.select(Task)).one()
    assert stored.deadline_text == "2026年9月"
    assert "2027年9月" in (stored.source_text or "")


def test_moved_deadlines_of_a_plan_in_force_are_told_of(app: Flask) -> None:
    _first, done = adopted()
    start(office(), done.plan, done.plan.version, NOW)
    moved = replace(TASKS[0], deadline="2027年9月")
    batch = opened(draft_of(moved, *TASKS[1:]), done.plan)
    came = adopt(office(), batch, batch.version, NOW)
    assert [(task.title, old) for task, old in came.moved] == [("补齐教师", date(2025, 9, 30))]
