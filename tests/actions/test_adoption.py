"""Adopting an import: everything or nothing, once, and undone until somebody acts on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_task_words import AT_ONCE, together
from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, make_account, make_unit
from tracker.actions.adoption import (
    Adopted,
    ProblemKind,
    ProblemsLeft,
    adopt,
    may_be_withdrawn,
    problems_of,
    withdraw,
)
from tracker.actions.import_rows import accept_row, drop_row, edit_row
from tracker.actions.imports import AlreadyTaken, BatchTaken, SaidName, StaleImport, open_import, say_name, say_names
from tracker.actions.moves import RuleRefused
from tracker.actions.plan_states import delete_plan, start
from tracker.actions.record import NOBODY, Actor, verified_chain
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftHeading, DraftIndicator, DraftPart, DraftTask, PlanDraft
from tracker.documents.plan_shape import GoalSeed, PhaseSeed, ProjectSeed, SchoolSeed
from tracker.models import (
    Event,
    ImportName,
    ImportState,
    OutboxMail,
    Plan,
    PlanImport,
    PlanState,
    Project,
    School,
    Task,
    Unit,
    UnitAlias,
    UnitKind,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.import_comparison import comparison_of, consequences_of
from tracker.queries.import_rows import whole_version
from tracker.queries.imports import names_of, rows_kept
from tracker.rules.permissions import Role
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import ProjectCategory, TaskKind

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
TASKS = (
    draft_task("m-01", "补齐教师", "县教科体局", "财政局", deadline="2025年9月", number="1"),
    draft_task("m-02", "新建学校", "财政局", deadline="2024年9月", number="2"),
    draft_task("m-03", "开展督导", "教科体局", deadline="长期", number="3"),
)


def office() -> Actor:
    """The office of the county."""
    return Actor(person_of(make_account(Role.PLAN_OFFICE)))


def opened(draft: PlanDraft | None = None, against: Plan | None = None, **differences: Any) -> PlanImport:
    """An import in which every name means something."""
    batch = open_import(NOBODY, COUNTY, said_paper(draft or draft_of(*TASKS), **differences), against, NOW)
    for line in names_of(batch):
        if line.is_open:
            say_name(NOBODY, batch, line.row, None, UnitKind.DEPARTMENT, None, NOW)
    return batch


def adopted(draft: PlanDraft | None = None, against: Plan | None = None) -> tuple[PlanImport, Adopted]:
    """An import that was adopted."""
    batch = opened(draft, against)
    return batch, adopt(office(), batch, whole_version(batch), NOW)


def test_an_adopted_document_is_a_draft_plan_that_mails_nobody(app: Flask) -> None:
    make_unit("教科体局")
    batch, done = adopted()
    assert (done.added, done.changed, done.plan.state) == (3, 0, PlanState.DRAFT)
    assert (batch.state, batch.plan_id) == (ImportState.ADOPTED, done.plan.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0
    first = db.session.scalars(sa.select(Task).order_by(Task.position)).first()
    assert first is not None
    assert [(each.unit.name, each.name_in_plan) for each in first.assignments] == [
        ("教科体局", "县教科体局"),
        ("财政局", "财政局"),
    ]
    assert (first.key, first.source_place, first.source_text) == (
        f"{done.plan.code}-m-01",
        "附件 m-01",
        "补齐教师。（县教科体局、财政局）",
    )
    assert db.session.scalar(sa.select(UnitAlias.alias)) == "县教科体局"


def test_a_name_that_nobody_has_settled_hinders_the_adoption(app: Flask) -> None:
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*TASKS)), None, NOW)
    assert [(each.kind, each.words) for each in problems_of(batch)] == [
        (ProblemKind.NAME_OPEN, "县教科体局"),
        (ProblemKind.NAME_OPEN, "财政局"),
        (ProblemKind.NAME_OPEN, "教科体局"),
    ]
    with pytest.raises(ProblemsLeft):
        adopt(office(), batch, whole_version(batch), NOW)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ({"title": None}, ProblemKind.NO_TITLE),
        ({"target_text": "2030年底前"}, ProblemKind.TARGET),
        ({"starts_on": date(2030, 1, 1), "ends_on": date(2025, 1, 1)}, ProblemKind.PERIOD),
    ],
)
def test_a_head_that_no_plan_can_have_hinders_it(app: Flask, head: dict[str, Any], kind: ProblemKind) -> None:
    assert [each.kind for each in problems_of(opened(draft_of(*TASKS, head=head)))] == [kind]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (None, ProblemKind.NO_CODE),
        ("new", ProblemKind.BAD_CODE),
        ("编号", ProblemKind.BAD_CODE),
        ("a" * 33, ProblemKind.BAD_CODE),
    ],
)
def test_a_code_must_fit_the_addresses(app: Flask, code: str | None, kind: ProblemKind) -> None:
    batch = opened()
    batch.head = batch.head | {"code": code}
    assert [each.kind for each in problems_of(batch)] == [kind]


def test_a_code_that_stands_is_refused_and_a_free_one_proposed(app: Flask) -> None:
    _batch, done = adopted()
    second = opened()
    assert (done.plan.code, second.head["code"]) == (f"{COUNTY}-2025-1", f"{COUNTY}-2025-2")
    second.head = second.head | {"code": done.plan.code}
    assert [each.kind for each in problems_of(second)] == [ProblemKind.CODE_TAKEN]


def test_two_open_imports_are_proposed_two_codes(app: Flask) -> None:
    make_unit("教科体局")
    make_unit("财政局")
    first, second = opened(), opened()
    assert (first.head["code"], second.head["code"]) == (f"{COUNTY}-2025-1", f"{COUNTY}-2025-2")
    for batch in (second, first):
        adopt(office(), batch, whole_version(batch), NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 2


def test_a_document_without_tasks_cannot_be_adopted(app: Flask) -> None:
    assert [each.kind for each in problems_of(opened(draft_of()))] == [ProblemKind.NO_TASKS]


def test_of_two_who_adopt_the_same_import_one_does(app: Flask) -> None:
    batch = opened()
    version = whole_version(batch)
    adopt(office(), batch, version, NOW)
    with pytest.raises(BatchTaken):
        adopt(office(), batch, version, NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 1


def test_an_import_that_was_changed_meanwhile_is_not_adopted(app: Flask) -> None:
    batch = opened()
    with pytest.raises(StaleImport):
        adopt(office(), batch, whole_version(batch) + 1, NOW)


def test_an_import_of_which_a_row_was_dropped_meanwhile_is_not_adopted(app: Flask) -> None:
    batch = opened()
    seen = whole_version(batch)
    row = rows_kept(batch)[0]
    drop_row(office(), row, row.version, NOW)
    with pytest.raises(StaleImport):
        adopt(office(), batch, seen, NOW)


def test_the_same_document_is_taken_once(app: Flask) -> None:
    said = said_paper(draft_of(*TASKS))
    batch = open_import(NOBODY, COUNTY, said, None, NOW)
    with pytest.raises(AlreadyTaken) as refused:
        open_import(NOBODY, COUNTY, said, None, NOW)
    assert refused.value.standing is batch


def test_the_same_document_against_its_plan_changes_nothing(app: Flask) -> None:
    make_unit("教科体局")
    _batch, done = adopted()
    again = opened(against=done.plan)
    assert consequences_of(again).unchanged == 3
    second = adopt(office(), again, whole_version(again), NOW)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 3)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == 3


def changed_tasks() -> tuple[DraftTask, ...]:
    """The plan re-issued: one renumbered with a later deadline, one new in front, one left out."""
    first, _second, third = TASKS
    return (
        draft_task("m-01", "建立专班", "财政局", number="1", deadline="2025年12月"),
        replace(first, key="m-02", number="2", deadline="2026年9月"),
        replace(third, key="m-03"),
    )


def test_a_reissue_is_compared_task_by_task(app: Flask) -> None:
    make_unit("教科体局")
    _batch, done = adopted()
    compared = comparison_of(opened(draft_of(*changed_tasks()), done.plan))
    assert [row.words["title"] for row in compared.added] == ["建立专班"]
    assert [(each.task.title, [(c.field, c.old, c.new) for c in each.changes]) for each in compared.changed] == [
        ("补齐教师", [("number", "1", "2"), ("deadline", "2025年9月", "2026年9月")])
    ]
    assert [row.words["title"] for row in compared.unchanged] == ["开展督导"]
    assert [task.title for task in compared.missing] == ["新建学校"]


def test_a_reissue_changes_what_was_accepted_and_keeps_what_is_missing(app: Flask) -> None:
    make_unit("教科体局")
    _batch, done = adopted()
    start(office(), done.plan, done.plan.version, NOW)
    batch, second = adopted(draft_of(*changed_tasks()), done.plan)
    assert (second.added, second.changed, second.unchanged) == (1, 1, 1)
    tasks = {task.title: task for task in db.session.scalars(sa.select(Task))}
    assert set(tasks) == {"补齐教师", "新建学校", "开展督导", "建立专班"}
    moved = tasks["补齐教师"]
    assert (moved.number, moved.due_on, moved.first_due_on) == ("2", date(2026, 9, 30), date(2025, 9, 30))
    acts = db.session.scalars(sa.select(Event).where(Event.object_id == moved.key)).all()
    assert [(event.act, (event.after or {}).get("reason")) for event in acts] == [("edit_task", "按修订文件")]
    assert batch.plan_id == done.plan.id


def test_what_was_not_accepted_stays_out(app: Flask) -> None:
    make_unit("教科体局")
    _batch, done = adopted()
    batch = opened(draft_of(*changed_tasks()), done.plan)
    for row in batch.rows:
        accept_row(NOBODY, row, row.version, False, NOW)
    second = adopt(office(), batch, whole_version(batch), NOW)
    assert (second.added, second.changed) == (0, 0)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == 3


def test_an_adoption_is_withdrawn_with_everything_that_it_made(app: Flask) -> None:
    batch, done = adopted()
    code = done.plan.code
    assert may_be_withdrawn(batch)
    withdraw(office(), batch, batch.version, NOW)
    for table in (Plan, Task, Unit, UnitAlias):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    db.session.refresh(batch)
    assert (batch.state, batch.plan_id, batch.ended_at) == (ImportState.WITHDRAWN, None, NOW)
    acts = list(db.session.scalars(sa.select(Event.act).order_by(Event.id)))
    assert acts[-2:] == ["delete_plan", "withdraw_import"]
    again = open_import(NOBODY, COUNTY, replace(said_paper(draft_of(*TASKS)), digest=batch.digest), None, NOW)
    assert again.head["code"] == code


def test_a_withdrawn_reissue_puts_the_words_and_dates_back(app: Flask) -> None:
    make_unit("教科体局")
    _batch, done = adopted()
    start(office(), done.plan, done.plan.version, NOW)
    task = db.session.scalars(sa.select(Task).where(Task.title == "补齐教师")).one()
    names = ("number", "title", "deadline_text", "due_on", "first_due_on", "needs_redate", "source_text", "late_from")
    before = {name: getattr(task, name) for name in names}
    batch, _done = adopted(draft_of(*changed_tasks()), done.plan)
    assert {name: getattr(task, name) for name in names} != before
    withdraw(office(), batch, batch.version, NOW)
    assert {name: getattr(task, name) for name in names} == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == 3


def test_after_the_first_act_an_adoption_stays(app: Flask) -> None:
    batch, done = adopted()
    start(office(), done.plan, done.plan.version, NOW)
    assert not may_be_withdrawn(batch)
    with pytest.raises(RuleRefused, match="import_in_use"):
        withdraw(office(), batch, batch.version, NOW)


def test_a_draft_that_is_deleted_by_hand_gives_its_document_free(app: Flask) -> None:
    batch, done = adopted()
    delete_plan(office(), done.plan, done.plan.version, NOW)
    assert batch.state is ImportState.WITHDRAWN


def test_two_names_may_mean_one_new_unit(app: Flask) -> None:
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*TASKS)), None, NOW)
    lines = {line.row.name: line.row for line in names_of(batch)}
    said = [SaidName(lines["县教科体局"], None, UnitKind.DEPARTMENT, "教科体局")]
    said += [SaidName(lines[name], None, UnitKind.DEPARTMENT) for name in ("教科体局", "财政局")]
    say_names(NOBODY, batch, said, NOW)
    adopt(office(), batch, whole_version(batch), NOW)
    assert sorted(db.session.scalars(sa.select(Unit.name))) == sorted(["教科体局", "财政局"])


def test_a_name_may_be_said_to_mean_another_unit_than_it_did(app: Flask) -> None:
    finance, other = make_unit("财政局"), make_unit("住建局")
    make_unit("教科体局")
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*TASKS)), None, NOW)
    row = db.session.scalars(sa.select(ImportName).where(ImportName.name == "财政局")).one()
    assert row.unit_id == finance.id
    say_name(NOBODY, batch, row, other, None, None, NOW)
    adopt(office(), batch, whole_version(batch), NOW)
    task = db.session.scalars(sa.select(Task).where(Task.title == "新建学校")).one()
    assert [(each.unit.name, each.name_in_plan) for each in task.assignments] == [("住建局", "财政局")]


def test_a_row_without_a_title_hinders_the_adoption(app: Flask) -> None:
    batch = opened()
    edit_row(NOBODY, batch.rows[0], 1, {"title": ""}, NOW)
    assert [(each.kind, each.row) for each in problems_of(batch)] == [(ProblemKind.ROW_WITHOUT_TITLE, batch.rows[0])]


def test_of_many_who_read_the_same_document_at_once_one_opens_it(app: Flask) -> None:
    said = said_paper(draft_of(*TASKS))
    db.session.commit()

    def take(_number: int) -> str:
        try:
            open_import(NOBODY, COUNTY, said, None, NOW)
        except AlreadyTaken as refused:
            standing = refused.standing.state.value
            db.session.rollback()
            return f"taken, {standing}"
        db.session.commit()
        return "opened"

    assert together(app, take) == {"opened": 1, "taken, open": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanImport)) == 1


def test_of_many_who_adopt_at_once_one_does(app: Flask) -> None:
    batch = opened()
    number, version = batch.id, whole_version(batch)
    db.session.commit()

    def take(_number: int) -> str:
        try:
            adopt(NOBODY, db.session.get_one(PlanImport, number), version, NOW)
        except BatchTaken as refused:
            db.session.rollback()
            return refused.state.value
        db.session.commit()
        return "done"

    assert together(app, take) == {"done": 1, "adopted": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == len(TASKS)
    assert verified_chain().broken is None


def test_what_a_document_says_beyond_all_measure_is_stored_as_the_columns_hold_it(app: Flask) -> None:
    place, long = Place(0), "长" * 300
    items = tuple(
        DraftIndicator(number, long, place, group=long, kind=kind, points=Decimal(points), parts=(part,))
        for number, kind, points, part in (
            ("1" * 60, "A", "99999999", DraftPart("1" * 60, long, Decimal(-1))),
            ("1" * 60, "甲类", "5", DraftPart("", long)),
            ("", None, "2.5", DraftPart("1", "")),
        )
    )
    phases = (
        PhaseSeed("一" * 60, long, None, date(2025, 2, 1), date(2025, 1, 1)),
        PhaseSeed("一" * 60, long, None, None, None),
    )
    task = draft_task("d-01", long, long, phase="一" * 60, duty_of="1" * 60, kind=TaskKind.INDICATOR_DUTY)
    head = {"title": long, "document_number": long, "issuer": long, "target_text": long, "target_on": date(2030, 1, 1)}
    parts = {
        "indicators": items,
        "phases": phases,
        "goals": (GoalSeed(long, long),),
        "vetoes": (("", "甲"), ("", "乙")),
    }
    _batch, done = adopted(draft_of(task, head=head, **parts))
    db.session.expire_all()
    stored = db.session.scalars(sa.select(Task)).one()
    assert stored.phase is not None
    assert stored.duty_of is not None
    assert done.plan.framework is not None
    assert [item.grade for item in done.plan.framework.indicators] == ["A", None, None]
    assert [(each.starts_on, each.ends_on) for each in done.plan.phases] == [(None, None)]


def test_the_outline_of_the_document_is_kept(app: Flask) -> None:
    headings = (DraftHeading(4, "一", "总体要求", Place(0)), DraftHeading(4, "二", "重点任务", Place(3)))
    _batch, done = adopted(draft_of(*TASKS, headings=headings))
    db.session.refresh(done.plan)
    assert done.plan.headings == [[4, "一", "总体要求"], [4, "二", "重点任务"]]


def test_a_reissue_that_builds_is_withdrawn_to_what_stood(app: Flask) -> None:
    _batch, done = adopted()
    school = SchoolSeed("第八中学", Stage.JUNIOR, 2000, 40)
    project = ProjectSeed(ProjectCategory.NEW, "城东", None, Decimal("70.2"), None, None, 10**8, [school], [])
    built = replace(TASKS[1], kind=TaskKind.PROJECT, project=project)
    new = draft_task("m-09", "另建食堂", "财政局", kind=TaskKind.PROJECT, project=replace(project, schools=[]))
    batch, second = adopted(draft_of(TASKS[0], built, TASKS[2], new), done.plan)
    assert (second.added, second.changed) == (1, 1)
    assert sorted(db.session.scalars(sa.select(Project.budget_yuan))) == [10**8, 10**8]
    assert db.session.scalar(sa.select(School.name)) == "第八中学"
    withdraw(office(), batch, batch.version, NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Project)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(School)) == 0
    kinds = set(db.session.scalars(sa.select(Task.kind)))
    assert kinds == {TaskKind.MEASURE}
