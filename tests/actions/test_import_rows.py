"""Mending what was understood: each act on its row, once, with an event; nothing after the import was adopted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, make_unit
from tracker.actions.adoption import adopt
from tracker.actions.import_rows import (
    accept_row,
    add_row,
    drop_row,
    edit_row,
    join_rows,
    joined_words,
    restore_row,
    split_row,
)
from tracker.actions.imports import BatchTaken, StaleImport, open_import
from tracker.actions.moves import RuleRefused
from tracker.actions.record import NOBODY
from tracker.documents.draft_parts import draft_of as draft_in
from tracker.documents.paper import Place
from tracker.models import Event, ImportName, ImportRow, PlanImport, Task, db
from tracker.queries.import_rows import whole_version
from tracker.queries.imports import names_of, rows_kept

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)


@pytest.fixture
def batch(app: Flask) -> PlanImport:
    """An import of three tasks of two known units."""
    make_unit("财政局")
    make_unit("教科体局")
    tasks = (
        draft_task("m-01", "补齐教师", "财政局", place=Place(2), deadline="2025年9月"),
        draft_task("m-02", "新建学校", "财政局", "教科体局", place=Place(4), deadline="2026年"),
        draft_task("m-03", "开展督导", "教科体局", place=Place(6)),
    )
    return open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)


def titles(batch: PlanImport) -> list[str]:
    """The titles of the rows that count, in their order."""
    return [row.words["title"] for row in rows_kept(batch)]


def acts() -> list[str]:
    """The acts that were recorded, in their order."""
    return list(db.session.scalars(sa.select(Event.act).order_by(Event.id)))


def test_a_row_gets_other_words_and_the_event_keeps_both(batch: PlanImport) -> None:
    row = batch.rows[0]
    assert edit_row(NOBODY, row, 1, {"title": " 补足\n教师 ", "units": [["住建局", "lead"]]}, NOW)
    assert (row.words["title"], row.words["deadline"], row.version) == ("补足 教师", "2025年9月", 2)
    assert row.first_words is not None
    assert row.first_words["title"] == "补齐教师"
    event = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.act, event.before, event.object_type) == (
        "edit_import_row",
        {"title": "补齐教师", "units": [["财政局", "responsible"]]},
        "import",
    )
    assert {line.row.name: line.is_open for line in names_of(batch)} == {
        "住建局": True,
        "财政局": False,
        "教科体局": False,
    }


def test_the_same_words_are_no_edit(batch: PlanImport) -> None:
    assert not edit_row(NOBODY, batch.rows[0], 1, {"title": "补齐教师"}, NOW)
    assert acts() == ["open_import"]


def test_a_row_becomes_several_in_its_place(batch: PlanImport) -> None:
    rows = split_row(
        NOBODY, batch.rows[0], 1, [{"title": "补齐小学教师"}, {"title": "补齐初中教师", "deadline": None}], NOW
    )
    assert titles(batch) == ["补齐小学教师", "补齐初中教师", "新建学校", "开展督导"]
    assert (rows[1].words["units"], rows[1].words["deadline"]) == ([["财政局", "responsible"]], None)
    assert (rows[1].key, rows[1].sentence, rows[1].source) == ("m-01-02", rows[0].sentence, rows[0].source)
    again = split_row(NOBODY, rows[0], rows[0].version, [{}, {"title": "第三项"}], NOW)
    assert again[1].key == "m-01-03"


def test_the_parts_of_a_row_that_stands_nowhere_stand_nowhere(batch: PlanImport) -> None:
    row = add_row(NOBODY, batch, {"title": "手工添加的一项"}, None, NOW)
    _first, second = split_row(NOBODY, row, row.version, [{"title": "甲"}, {"title": "乙"}], NOW)
    assert (second.block, second.block_row, second.source) == (None, None, "")


def test_one_part_is_no_split(batch: PlanImport) -> None:
    with pytest.raises(RuleRefused, match="nothing_to_split"):
        split_row(NOBODY, batch.rows[0], 1, [{"title": "一"}], NOW)


def test_rows_become_one_with_all_their_units(batch: PlanImport) -> None:
    first, second, _third = batch.rows
    join_rows(NOBODY, [(second, 1), (first, 1)], NOW)
    assert titles(batch) == ["补齐教师", "开展督导"]
    assert first.words["requirement"] == "补齐教师的要求\n新建学校\n新建学校的要求"
    assert first.words["units"] == [["财政局", "responsible"], ["教科体局", "responsible"]]
    assert (first.words["deadline"], first.words["other_deadlines"]) == ("2025年9月", ["2026年"])
    assert first.sentence == "补齐教师。（财政局）\n新建学校。（财政局、教科体局）"


def test_figures_of_two_rows_are_not_added_up(batch: PlanImport) -> None:
    project: dict[str, Any] = {"category": "new", "land_mu": "3", "budget_yuan": None, "schools": [], "buildings": []}
    words = batch.rows[0].words
    other = project | {"land_mu": "4", "budget_yuan": 7, "schools": [["一小", "primary", 1, 1]]}
    joined = joined_words(words | {"project": project}, words | {"project": other})["project"]
    assert (joined["land_mu"], joined["budget_yuan"], joined["schools"]) == ("3", 7, [["一小", "primary", 1, 1]])


def test_one_row_is_nothing_to_join(batch: PlanImport) -> None:
    with pytest.raises(RuleRefused, match="nothing_to_join"):
        join_rows(NOBODY, [(batch.rows[0], 1), (batch.rows[0], 1)], NOW)


def test_a_dropped_row_is_no_task_until_it_is_restored(batch: PlanImport) -> None:
    row = batch.rows[1]
    drop_row(NOBODY, row, 1, NOW)
    assert titles(batch) == ["补齐教师", "开展督导"]
    assert [task.title for task in draft_in(batch).tasks] == ["补齐教师", "开展督导"]
    restore_row(NOBODY, row, 2, NOW)
    assert titles(batch) == ["补齐教师", "新建学校", "开展督导"]
    accept_row(NOBODY, row, 3, False, NOW)
    assert acts()[1:] == ["drop_import_row", "restore_import_row", "decline_import_row"]


def test_a_passage_becomes_a_task_in_its_place(batch: PlanImport) -> None:
    row = add_row(NOBODY, batch, {"title": "建设食堂", "units": [["教科体局", "lead"]]}, Place(5), NOW)
    assert titles(batch) == ["补齐教师", "新建学校", "建设食堂", "开展督导"]
    assert (row.key, row.source, row.sentence, row.first_words) == ("x-01", "第6段", "第5段", None)
    last = add_row(NOBODY, batch, {"title": "另一项"}, None, NOW)
    assert (last.key, titles(batch)[-1]) == ("x-02", "另一项")


@pytest.mark.parametrize(
    "act",
    [
        lambda row, version: edit_row(NOBODY, row, version, {"title": "别的"}, NOW),
        lambda row, version: split_row(NOBODY, row, version, [{}, {}], NOW),
        lambda row, version: join_rows(NOBODY, [(row, version), (row.batch.rows[1], 1)], NOW),
        lambda row, version: drop_row(NOBODY, row, version, NOW),
        lambda row, version: restore_row(NOBODY, row, version, NOW),
        lambda row, version: accept_row(NOBODY, row, version, False, NOW),
    ],
)
def test_who_comes_second_is_told(batch: PlanImport, act: Callable[[ImportRow, int], Any]) -> None:
    row = batch.rows[0]
    edit_row(NOBODY, row, 1, {"title": "先改的"}, NOW)
    with pytest.raises(StaleImport):
        act(row, 1)
    adopt(NOBODY, batch, whole_version(batch), NOW)
    with pytest.raises(BatchTaken):
        act(row, 2)


def test_what_a_column_cannot_hold_is_cut_and_stands_in_the_sentence(app: Flask) -> None:
    task = draft_task(
        "m-01", "长" * 300, "名" * 300, number="1" * 60, deadline="2025年底前" + "长" * 300, sentence="全\x00文"
    )
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(task)), None, NOW)
    words = batch.rows[0].words
    assert (len(words["title"]), len(words["number"]), len(words["deadline"])) == (200, 40, 200)
    assert db.session.scalar(sa.select(ImportName.name)) == "名" * 200
    assert batch.rows[0].sentence == "全文"


def test_mended_rows_become_tasks_in_their_order(batch: PlanImport) -> None:
    split_row(NOBODY, batch.rows[0], 1, [{"title": "甲"}, {"title": "乙"}], NOW)
    done = adopt(NOBODY, batch, whole_version(batch), NOW)
    tasks = db.session.execute(sa.select(Task.title, Task.key).order_by(Task.position)).all()
    assert [tuple(task) for task in tasks] == [
        ("甲", f"{done.plan.code}-m-01"),
        ("乙", f"{done.plan.code}-m-01-02"),
        ("新建学校", f"{done.plan.code}-m-02"),
        ("开展督导", f"{done.plan.code}-m-03"),
    ]


def test_keys_that_repeat_are_told_apart(app: Flask) -> None:
    tasks = [draft_task(key, f"任务{n}") for n, key in enumerate(["a", "a", "a-2", "k" * 60, "k" * 60])]
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    assert [row.key for row in batch.rows] == ["a", "a-2", "a-2-2", "k" * 40, "k" * 35 + "-2"]
