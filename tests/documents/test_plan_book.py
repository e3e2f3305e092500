"""A plan as an Excel file: what was exported comes back unchanged, and every fault names its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from tests.factories import World, make_project, make_school, make_task
from tracker.actions.imports import SaidPaper, open_import
from tracker.actions.record import NOBODY
from tracker.documents.office_archive import Refusal, SheetRefused
from tracker.documents.plan_book import PlanBook, is_plan_book, read_plan_book
from tracker.documents.plan_book_sheets import BookSheets, marked_copy, write_plan_book
from tracker.models import Plan, Task, TaskKind, db
from tracker.queries.import_comparison import Comparison, comparison_of
from tracker.queries.plan_book import all_unit_names, book_plan
from tracker.rules.plan_rows import (
    BUDGET,
    CODE,
    DEADLINE,
    FACTS,
    FLOOR,
    KEY,
    KIND,
    PHASE,
    REQUIREMENT,
    RESPONSIBLE,
    SCHOOLS,
    TASK_HEADS,
    TASKS,
    TITLE,
    CellFault,
)
from tracker.rules.reading.papers import NoteKind
from tracker.rules.stages import Stage

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
HOSTILE = (
    '=HYPERLINK("http://evil")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "'quoted",
    "＝1＋1",
    "#REF!",
    "说明：不是说明",
    "45565",
    "2023.10",
    "_x000D_ 字面",
    "a:b：c",
    "各乡（镇、街道）",
)


def exported(plan: Plan) -> bytes:
    """The file of a plan that stands."""
    said = book_plan(plan)
    rows = [row for _task, row in said.tasks]
    return write_plan_book(BookSheets(plan.title, said.facts, rows, said.phases, said.items), NOW)


def read(content: bytes, plan: Plan | None = None) -> PlanBook:
    """What a file says."""
    return read_plan_book(BytesIO(content), "a.xlsx", all_unit_names(plan.region_code) if plan else ())


def compared(plan: Plan, content: bytes) -> Comparison:
    """A file beside the plan that stands, through the import as everybody takes it."""
    book = read(content, plan)
    assert not book.faults, book.faults[:5]
    said = SaidPaper("a.xlsx", sha256(content).hexdigest(), book.paper, book.draft, book.keyed)
    return comparison_of(open_import(NOBODY, plan.region_code, said, plan, NOW))


def book_with(*rows: Mapping[str, Any], heads: Sequence[str] = TASK_HEADS, **facts: Any) -> bytes:
    """A file with some rows of tasks from the second line on."""
    book = Workbook()
    [page] = book.worksheets
    page.title = TASKS
    page.append(list(heads))
    for place, row in enumerate(rows, start=1):
        said = {TITLE: f"任务{place}", KIND: "措施"} | dict(row)
        page.append([said.get(head) for head in heads])
    other = book.create_sheet(FACTS)
    other.append(["项目", "内容"])
    for name, value in facts.items():
        other.append([name, value])
    return kept(book)


def kept(book: Workbook) -> bytes:
    """A book as a file."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def faults(content: bytes) -> list[tuple[int, str, str, CellFault]]:
    """The faults of a file by row, column and head."""
    return [(each.row, each.column, each.head, each.kind) for each in read(content).faults]


def test_the_five_plans_come_back_without_a_change(plans_app: Flask) -> None:
    with plans_app.app_context():
        for plan in db.session.scalars(sa.select(Plan)):
            found = compared(plan, exported(plan))
            changed = [(each.row.key, each.changes) for each in found.changed]
            assert (found.added, changed, found.missing) == ([], [], []), plan.code
            assert len(found.unchanged) == db.session.scalar(
                sa.select(sa.func.count()).select_from(Task).where(Task.plan_id == plan.id)
            )


def test_hostile_texts_come_back_without_a_change(app: Flask, world: World) -> None:
    for place, text in enumerate(HOSTILE):
        task = make_task(world.plan, lead=[world.finance], title=text, number=text[:20], deadline_text=text)
        task.requirement = f"{text}\n第二行\n\n  {text}\t{text}"
        task.section = [text, "二"]
        task.source_text = text
        task.key = f"{world.plan.code}-h{place}"
    long = make_task(world.plan, title="长" * 100, requirement="字" * 32_767)
    long.key = f"{world.plan.code}-long"
    built = make_task(world.plan, title="建设", kind=TaskKind.PROJECT)
    built.key = f"{world.plan.code}-p1"
    schools = [(make_school("=学校:甲"), Stage.JUNIOR, 900, 18), (make_school("+乙"), None, None, None)]
    make_project(built, parts=schools, land_mu=Decimal("70.20"), budget_yuan=34_000_001)
    world.finance.name = "=财政、税务（局、所）"
    db.session.commit()
    content = exported(world.plan)
    assert b"<f>" not in content
    found = compared(world.plan, content)
    assert [(each.row.key, each.changes) for each in found.changed] == []
    assert not found.added
    assert not found.missing


def test_no_text_of_an_export_is_a_formula(app: Flask, world: World) -> None:
    make_task(world.plan, title="=1+1", lead=[world.finance])
    db.session.commit()
    book = load_workbook(BytesIO(exported(world.plan)))
    kinds = {cell.data_type for page in book.worksheets for row in page.iter_rows() for cell in row}
    assert "f" not in kinds


def test_a_changed_cell_is_the_only_change(app: Flask, world: World) -> None:
    task = make_task(world.plan, title="一", lead=[world.finance])
    db.session.commit()
    book = load_workbook(BytesIO(exported(world.plan)))
    page, column = book[TASKS], TASK_HEADS.index(TITLE) + 1
    row = next(row for row in range(1, page.max_row + 1) if page.cell(row, column).value == "一")
    page.cell(row, column).value = "完全不同的说法"
    page.cell(page.max_row + 1, column).value = "新任务"
    page.cell(page.max_row, TASK_HEADS.index(KIND) + 1).value = "措施"
    found = compared(world.plan, kept(book))
    assert [(each.task.id, [c.field for c in each.changes]) for each in found.changed] == [(task.id, ["title"])]
    assert [row.words["title"] for row in found.added] == ["新任务"]
    assert not found.missing


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({TITLE: ""}, ("E", TITLE, CellFault.MISSING)),
        ({KIND: "杂项"}, ("C", KIND, CellFault.NO_KIND)),
        ({KIND: None}, ("C", KIND, CellFault.MISSING)),
        ({KEY: "甲 乙"}, ("A", KEY, CellFault.BAD_KEY)),
        ({TITLE: "长" * 201}, ("E", TITLE, CellFault.TOO_LONG)),
        ({PHASE: "第九阶段"}, ("L", PHASE, CellFault.NO_PHASE)),
        ({FLOOR: "300"}, ("R", FLOOR, CellFault.NO_PROJECT)),
        ({KIND: "工程项目"}, ("N", "项目类别", CellFault.MISSING)),
        ({KIND: "工程项目", "项目类别": "翻修"}, ("N", "项目类别", CellFault.NO_CATEGORY)),
        ({KIND: "工程项目", "项目类别": "新建", FLOOR: "约三百"}, ("R", FLOOR, CellFault.NO_NUMBER)),
        ({KIND: "工程项目", "项目类别": "新建", FLOOR: -3}, ("R", FLOOR, CellFault.BELOW_ZERO)),
        ({KIND: "工程项目", "项目类别": "新建", BUDGET: "三千"}, ("T", BUDGET, CellFault.NO_AMOUNT)),
        ({KIND: "工程项目", "项目类别": "新建", SCHOOLS: "三中:大学:1:1"}, ("U", SCHOOLS, CellFault.NO_STAGE)),
        ({DEADLINE: "=A1"}, ("K", DEADLINE, CellFault.FORMULA)),
        ({RESPONSIBLE: "局" * 201}, ("H", RESPONSIBLE, CellFault.TOO_LONG)),
    ],
)
def test_a_fault_names_its_cell(row: dict[str, Any], fault: tuple[str, str, CellFault]) -> None:
    assert faults(book_with({}, row)) == [(3, *fault)]


def test_missing_and_repeated_heads_are_faults() -> None:
    assert faults(book_with({}, heads=(KIND, REQUIREMENT))) == [(1, "", TITLE, CellFault.NO_HEAD)]
    assert faults(book_with({}, heads=(KIND, TITLE, TITLE))) == [(1, "C", TITLE, CellFault.HEAD_TWICE)]


def test_a_key_or_a_task_that_stands_twice_is_a_fault() -> None:
    assert faults(book_with({KEY: "1"}, {KEY: "1"})) == [(3, "A", KEY, CellFault.TWICE)]
    assert faults(book_with({}, {TITLE: "任务1"})) == [(3, "E", TITLE, CellFault.TWICE)]


def test_a_file_without_tasks_says_so() -> None:
    assert faults(book_with()) == [(2, "E", TITLE, CellFault.NO_ROWS)]


@pytest.mark.parametrize("mac", [False, True])
def test_days_and_numbers_are_read_as_they_look(mac: bool) -> None:
    book = load_workbook(
        BytesIO(
            book_with(
                {DEADLINE: date(2024, 9, 30), "序号": 1},
                {DEADLINE: 44103 if mac else 45565, "序号": 2.0},
                {DEADLINE: "2023年12月底前", "序号": "003"},
                {DEADLINE: 2024.9, "序号": 4},
            )
        )
    )
    if mac:
        book.epoch = MAC_EPOCH
        book[TASKS].cell(2, TASK_HEADS.index(DEADLINE) + 1).value = date(2024, 9, 30)
    tasks = read(kept(book)).draft.tasks
    assert [each.deadline for each in tasks] == ["2024-09-30", "2024-09-30", "2023年12月底前", "2024.9"]
    assert [each.number for each in tasks] == ["1", "2", "003", "4"]


def test_hidden_rows_are_read_and_said() -> None:
    book = load_workbook(BytesIO(book_with({TITLE: "一"}, {TITLE: "二"})))
    book[TASKS].row_dimensions[3].hidden = True
    book[TASKS].column_dimensions["F"].hidden = True
    found = read(kept(book))
    assert [task.title for task in found.draft.tasks] == ["一", "二"]
    assert {(note.kind, note.count) for note in found.notes} == {
        (NoteKind.HIDDEN_ROWS, 1),
        (NoteKind.HIDDEN_COLUMNS, 1),
    }


def test_the_plan_of_a_file_is_known() -> None:
    found = read(book_with({}, **{CODE: "xg", "标题": "方案", "印发日期": date(2023, 11, 23)}))
    assert (found.code, found.draft.head.title, found.draft.head.issued_on) == ("xg", "方案", date(2023, 11, 23))


def test_a_plan_book_is_known_by_its_sheet() -> None:
    assert is_plan_book(BytesIO(book_with({})), "a.xlsx")
    assert not is_plan_book(BytesIO(kept(Workbook())), "a.xlsx")
    assert not is_plan_book(BytesIO(b"PK\x03\x04 nonsense"), "a.xlsx")
    assert not is_plan_book(BytesIO(book_with({})), "a.docx")


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(SheetRefused) as refused:
        read_plan_book(BytesIO(b"plain"), "a.xlsx")
    assert refused.value.refusal is Refusal.NOT_EXCEL


def test_the_marked_copy_bears_each_fault_in_its_cell() -> None:
    content = book_with({}, {KIND: "杂项", REQUIREMENT: "'=1+1"})
    found = read(content)
    marked = load_workbook(BytesIO(marked_copy(content, [(each, f"第 {each.row} 行不对") for each in found.faults])))
    cell = marked[TASKS]["C3"]
    assert cell.comment is not None
    assert cell.comment.text == "第 3 行不对"
    assert cell.fill.fgColor.rgb == "FFFDE3DF"
    assert [row[0].value for row in marked.worksheets[0].iter_rows()] == ["导入问题", "第 3 行不对"]
    assert not is_plan_book(BytesIO(b""), "a.xlsx")
    assert [each.kind for each in read(kept(marked)).faults] == [CellFault.NO_KIND], "a marked copy is read again"
