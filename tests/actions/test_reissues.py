"""A re-issued document and the plan that stands: what it brings, what it only says, and what happens around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_adoption import NOW, TASKS, adopted, office, opened
from tests.drafts import draft_of, draft_task
from tests.factories import make_account, make_unit
from tracker.actions.adoption import ProblemKind, ProblemsLeft, adopt, may_be_withdrawn, problems_of, withdraw
from tracker.actions.import_rows import add_row, join_rows
from tracker.actions.imports import StaleImport, say_name
from tracker.actions.plan_states import StalePlan, delete_plan, start
from tracker.actions.project_facts import move_site
from tracker.actions.record import NOBODY
from tracker.actions.tasks import redate
from tracker.actions.withdrawal import withdraw as withdraw_task
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftHeading
from tracker.documents.plan_shape import PhaseSeed, ProjectSeed
from tracker.models import (
    DeadlineChange,
    Event,
    ImportName,
    ImportRow,
    ImportState,
    Plan,
    Project,
    Task,
    Unit,
    UnitKind,
    db,
)
from tracker.queries.import_comparison import SaidPhase, comparison_of, consequences_of, head_changes, phase_changes
from tracker.queries.import_rows import whole_version
from tracker.rules.permissions import Role
from tracker.rules.task_kinds import ProjectCategory, TaskKind

STAGES = (PhaseSeed("七", "收尾", None, date(2027, 1, 1), date(2027, 6, 30)),)


def test_a_stage_that_only_the_new_document_has_comes_with_its_task_and_goes_with_a_withdrawal(app: Flask) -> None:
    _first, done = adopted()
    late = draft_task("m-04", "全新的收尾任务", "财政局", phase="七", number="9")
    batch = opened(draft_of(*TASKS, late, phases=STAGES), done.plan)
    adopt(office(), batch, whole_version(batch), NOW)
    task = db.session.scalars(sa.select(Task).where(Task.title == "全新的收尾任务")).one()
    assert task.phase is not None
    assert (task.phase.title, task.phase.ends_on) == ("收尾", date(2027, 6, 30))
    withdraw(office(), batch, batch.version, NOW)
    assert [each.number for each in done.plan.phases] == []


def test_a_task_that_changes_goes_into_the_stage_that_only_the_new_document_has(app: Flask) -> None:
    _first, done = adopted()
    moved = replace(TASKS[0], requirement="另外的要求", phase="七")
    batch = opened(draft_of(moved, replace(TASKS[1], phase="七"), TASKS[2], phases=STAGES), done.plan)
    compared = comparison_of(batch)
    assert [[each.field for each in row.changes] for row in compared.changed] == [["requirement", "phase"], ["phase"]]
    adopt(office(), batch, whole_version(batch), NOW)
    (stage,) = done.plan.phases
    tasks = db.session.scalars(sa.select(Task.title).where(Task.phase_id == stage.id).order_by(Task.position))
    assert list(tasks) == ["补齐教师", "新建学校"]
    withdraw(office(), batch, batch.version, NOW)
    assert done.plan.phases == []


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
        adopt(office(), batch, whole_version(batch), NOW)


def test_a_new_unit_cannot_bear_the_name_of_one_that_no_longer_acts(app: Flask) -> None:
    make_unit("财政局").disabled_at = NOW
    make_unit("住建局")
    batch = opened(draft_of(draft_task("m-01", "甲", "财政局"), draft_task("m-02", "乙", "县级财政局")))
    names = {each.name: each for each in db.session.scalars(sa.select(ImportName))}
    say_name(NOBODY, batch, names["县级财政局"], None, UnitKind.DEPARTMENT, "住建局", NOW)
    kinds = [ProblemKind.NAME_OF_GONE, ProblemKind.NAME_TAKEN]
    assert [each.kind for each in problems_of(batch)] == kinds


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
    assert changes["issued_on"][1] == date(2026, 2, 1)
    adopt(office(), batch, whole_version(batch), NOW)
    assert done.plan.title == title


def test_stages_that_a_document_words_otherwise_are_told(app: Flask) -> None:
    same = PhaseSeed("一", "启动", None, date(2025, 1, 1), date(2025, 6, 30))
    _first, done = adopted(draft_of(*TASKS, phases=(same, PhaseSeed("二", "推进", None, None, None))))
    later = PhaseSeed("二", "推进", None, date(2026, 1, 1), date(2026, 6, 30))
    batch = opened(draft_of(*TASKS, phases=(same, later, *STAGES)), done.plan)
    assert [(each.old, each.new) for each in phase_changes(batch)] == [
        (SaidPhase("二", "推进", None, None), SaidPhase("二", "推进", date(2026, 1, 1), date(2026, 6, 30))),
        (None, SaidPhase("七", "收尾", date(2027, 1, 1), date(2027, 6, 30))),
    ]


def test_further_deadlines_are_kept_in_the_words_of_the_document_and_counted(app: Flask) -> None:
    task = draft_task("m-01", "甲", "财政局", deadline="2026年9月", other_deadlines=("2027年9月",))
    batch = opened(draft_of(task))
    assert consequences_of(batch).several_dates == 1
    adopt(office(), batch, whole_version(batch), NOW)
    stored = db.session.scalars(sa.select(Task)).one()
    assert stored.deadline_text == "2026年9月"
    assert "2027年9月" in (stored.source_text or "")


def test_moved_deadlines_of_a_plan_in_force_are_told_of(app: Flask) -> None:
    _first, done = adopted()
    start(office(), done.plan, done.plan.version, NOW)
    moved = replace(TASKS[0], deadline="2027年9月")
    batch = opened(draft_of(moved, *TASKS[1:]), done.plan)
    came = adopt(office(), batch, whole_version(batch), NOW)
    assert [(task.title, old) for task, old in came.moved] == [("补齐教师", date(2025, 9, 30))]


def standing(plan: Plan) -> dict[str, Any]:
    """All that is stored of a plan and its tasks, but versions and the ids of rows that were made again."""
    db.session.flush()
    db.session.expire_all()
    plain = {name: getattr(plan, name) for name in ("title", "headings", "state")}
    stages = [(each.number, each.title, each.position) for each in plan.phases]
    tasks = {}
    for task in db.session.scalars(sa.select(Task).where(Task.plan_id == plan.id)):
        project = db.session.get(Project, task.id)
        columns = {each.key: getattr(task, each.key) for each in sa.inspect(Task).columns if each.key != "version"}
        tasks[task.key] = (
            columns,
            [(p.unit_id, p.role, p.position, p.name_in_plan, p.handler_id) for p in task.assignments],
            [each.name for each in task.officials],
            [(each.indicator_id, each.reason) for each in task.contributions],
            project and [getattr(project, each.key) for each in sa.inspect(Project).columns],
            project and [(each.school.name, each.stage, each.seats) for each in project.schools],
        )
    moves = list(db.session.scalars(sa.select(DeadlineChange.reason).order_by(DeadlineChange.id)))
    return {"plan": plain, "stages": stages, "tasks": tasks, "moves": moves}


@pytest.mark.parametrize("in_force", [False, True])
def test_a_withdrawn_reissue_leaves_exactly_what_stood(app: Flask, in_force: bool) -> None:
    building = ProjectSeed(ProjectCategory.NEW, "城东", None, Decimal(70), None, None, 10**8, [], [])
    built = replace(TASKS[1], kind=TaskKind.PROJECT, project=building, officials=("张三",))
    _first, done = adopted(draft_of(TASKS[0], built, TASKS[2]))
    plan, finance = done.plan, db.session.scalars(sa.select(Unit).where(Unit.name == "财政局")).one()
    plan.headings = None
    tasks = {task.title: task for task in db.session.scalars(sa.select(Task))}
    part = next(each for each in tasks["补齐教师"].assignments if each.unit is finance)
    part.handler_id, part.name_in_plan = make_account(Role.UNIT_STAFF, units=[finance]).id, "县财政部门"
    if in_force:
        start(office(), plan, plan.version, NOW)
        project = db.session.get_one(Project, tasks["新建学校"].id)
        move_site(office(), project, tasks["新建学校"].version, "城南", None, "地质原因", NOW)
        redate(office(), tasks["补齐教师"], tasks["补齐教师"].version, date(2026, 5, 1), "经同意", NOW)
    before, later = standing(plan), NOW + timedelta(hours=1)
    other = replace(TASKS[0], units=TASKS[2].units, deadline="2027年9月", requirement="配足音乐、美术、体育教师")
    moved = replace(built, project=replace(building, site="城西", budget_yuan=2 * 10**8), officials=("李四",))
    headings = (DraftHeading(4, "一", "总体要求", Place(0)),)
    batch = opened(draft_of(other, moved, replace(TASKS[2], phase="七"), phases=STAGES, headings=headings), plan)
    adopt(office(), batch, whole_version(batch), later)
    assert standing(plan) != before
    withdraw(office(), batch, batch.version, later + timedelta(hours=1))
    assert standing(plan) == before


def test_after_the_plan_itself_was_changed_a_reissue_stays(app: Flask) -> None:
    _first, done = adopted()
    batch = opened(draft_of(*TASKS, draft_task("m-04", "新的", "财政局")), done.plan)
    adopt(office(), batch, whole_version(batch), NOW)
    assert may_be_withdrawn(batch)
    start(office(), done.plan, done.plan.version, NOW)
    assert not may_be_withdrawn(batch)


def test_joined_rows_are_the_task_that_one_of_them_was(app: Flask) -> None:
    _first, done = adopted()
    torn = draft_task("m-00", "为此", "财政局", requirement="为此，")
    batch = opened(draft_of(torn, *TASKS), done.plan)
    first, second, *_rest = batch.rows
    assert (first.task_id, second.task_id is None) == (None, False)
    task_id = second.task_id
    join_rows(NOBODY, [(first, first.version), (second, second.version)], NOW)
    compared = comparison_of(batch)
    assert ([each.task.id for each in compared.changed], compared.added, compared.missing) == ([task_id], [], [])


def test_a_withdrawn_task_that_the_document_still_has_stays_withdrawn_and_is_told(app: Flask) -> None:
    _first, done = adopted()
    start(office(), done.plan, done.plan.version, NOW)
    task = db.session.scalars(sa.select(Task).where(Task.title == "补齐教师")).one()
    withdraw_task(office(), task, task.version, "不再办理", NOW)
    batch = opened(draft_of(replace(TASKS[0], deadline="2027年9月"), *TASKS[1:]), done.plan)
    assert [each.id for each in comparison_of(batch).withdrawn] == [task.id]
    came = adopt(office(), batch, whole_version(batch), NOW)
    assert task.withdrawn_on is not None
    assert came.moved == ()


def test_two_documents_against_one_plan_add_a_task_once(app: Flask) -> None:
    _first, done = adopted()
    late = draft_task("m-04", "全新的收尾任务", "财政局", number="9")
    one, other = opened(draft_of(*TASKS, late), done.plan), opened(draft_of(*TASKS, late), done.plan)
    seen = whole_version(other)
    assert [row.words["title"] for row in comparison_of(other).added] == ["全新的收尾任务"]
    adopt(office(), one, whole_version(one), NOW)
    db.session.commit()
    with pytest.raises(StaleImport):
        adopt(office(), other, seen, NOW)
    db.session.rollback()
    assert comparison_of(other).added == []
    came = adopt(office(), other, whole_version(other), NOW)
    assert (came.added, came.unchanged) == (0, 4)
    found = sa.select(sa.func.count()).select_from(Task).where(Task.title == "全新的收尾任务")
    assert db.session.scalar(found) == 1


def test_whoever_saw_a_plan_before_a_reissue_came_into_it_does_not_delete_it(app: Flask) -> None:
    _first, done = adopted()
    seen = done.plan.version
    batch = opened(draft_of(*TASKS, draft_task("m-04", "全新的收尾任务", "财政局", number="9")), done.plan)
    adopt(office(), batch, whole_version(batch), NOW)
    with pytest.raises(StalePlan):
        delete_plan(office(), done.plan, seen, NOW)


def test_a_task_that_takes_the_id_of_one_that_went_is_not_added_again(app: Flask) -> None:
    _first, done = adopted()
    late = draft_task("m-04", "全新的收尾任务", "财政局", number="9")
    one, again = opened(draft_of(*TASKS, late), done.plan), opened(draft_of(*TASKS, late), done.plan)
    adopt(office(), one, whole_version(one), NOW)
    other = opened(draft_of(*TASKS, replace(late, title="另外的任务", requirement="做另外的事"), late), done.plan)
    withdraw(office(), one, one.version, NOW)
    adopt(office(), again, whole_version(again), NOW)
    assert [row.words["title"] for row in comparison_of(other).added] == ["另外的任务"]
