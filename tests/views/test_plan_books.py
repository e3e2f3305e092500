"""/imports/template.xlsx, /plans/CODE/plan.xlsx and /imports/marked.xlsx: plans as Excel files."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.documents.test_plan_book import book_with, compared
from tests.factories import COUNTY, World, make_task
from tests.visit import checked, client_for, counted_queries, token_of
from tracker.documents.plan_book import read_plan_book
from tracker.models import Account, PlanImport, db
from tracker.queries.import_comparison import comparison_of
from tracker.rules.plan_rows import KIND, SHOWN_HEADS, TASK_HEADS, TASKS, TITLE, UNITS

TEMPLATE = "/imports/template.xlsx"


def test_the_template_offers_kinds_and_the_units_of_the_county(app: Flask, world: World) -> None:
    answer = client_for(app, world.office).get(TEMPLATE)
    book = load_workbook(BytesIO(answer.data))
    offered = {each.formula1 for each in book[TASKS].data_validations.dataValidation}
    assert '"措施,指标责任,工程项目,政策文件"' in offered
    assert any(formula.startswith(f"{UNITS}!$A$2:") for formula in offered)
    assert world.finance.name in [row[0].value for row in book[UNITS].iter_rows()]
    assert [cell.value for cell in book[TASKS][1]] == list(TASK_HEADS)


def test_the_template_filled_in_is_read(app: Flask, world: World) -> None:
    book = load_workbook(BytesIO(client_for(app, world.office).get(TEMPLATE).data))
    page = book[TASKS]
    page.cell(3, TASK_HEADS.index(TITLE) + 1).value = "补齐教师"
    page.cell(3, TASK_HEADS.index(KIND) + 1).value = "措施"
    file = BytesIO()
    book.save(file)
    found = read_plan_book(file, "a.xlsx")
    assert (found.faults, [task.title for task in found.draft.tasks]) == ([], ["补齐教师"])


def test_a_plan_is_exported_with_how_its_tasks_stand(app: Flask, world: World) -> None:
    make_task(world.plan, title="=1+1", lead=[world.finance], last_words="正在办理")
    db.session.commit()
    address = f"/plans/{world.plan.code}/plan.xlsx"
    client = client_for(app, world.office)
    with counted_queries() as asked:
        answer = client.get(address)
    assert len(asked) <= 20
    page = load_workbook(BytesIO(answer.data))[TASKS]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == [*TASK_HEADS, *SHOWN_HEADS]
    assert any("正在办理" in row for row in rows)
    found = compared(world.plan, answer.data)
    assert (found.added, found.changed, found.missing) == ([], [], [])


@pytest.mark.parametrize("who", ["staff", "leader"])
def test_only_the_office_exports_a_plan(app: Flask, world: World, who: str) -> None:
    account = getattr(world, who)
    assert client_for(app, account).get(f"/plans/{world.plan.code}/plan.xlsx").status_code == 403
    assert client_for(app, account).get(TEMPLATE).status_code == 403


def test_a_stranger_finds_no_plan(app: Flask, world: World) -> None:
    assert client_for(app, world.stranger).get(f"/plans/{world.plan.code}/plan.xlsx").status_code == 404
    assert client_for(app, world.office).get("/plans/no-such/plan.xlsx").status_code == 404
    assert client_for(app, world.office).post(TEMPLATE).status_code == 405


def upload(app: Flask, account: Account, content: bytes, **values: str) -> TestResponse:
    """Send a file to the page that takes documents in."""
    client = client_for(app, account)
    page = "/imports/new"
    said = {
        "csrf_token": token_of(client, page),
        "region": COUNTY,
        "against": "",
        "file": (BytesIO(content), "a.xlsx"),
        **values,
    }
    return client.post(page, data=said, content_type="multipart/form-data")


def test_a_faulty_file_is_not_taken_and_comes_back_marked(app: Flask, world: World) -> None:
    answer = upload(app, world.office, book_with({}, {KIND: "杂项"}))
    page = checked(answer)
    assert answer.status_code == 400
    assert "计划任务 第 3 行 C 列（类别）“杂项”" in page.get_text(" ", strip=True)
    link = page.find("a", string="下载标出错误的文件")
    marked = client_for(app, world.office).get(str(link["href"]))
    assert load_workbook(BytesIO(marked.data))[TASKS]["C3"].comment.text
    assert client_for(app, world.stranger).get(str(link["href"])).status_code == 400, "of whoever sent it alone"
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(PlanImport))


def test_an_export_that_is_sent_back_changes_nothing(app: Flask, world: World) -> None:
    make_task(world.plan, title="=1+1", lead=[world.finance])
    db.session.commit()
    content = client_for(app, world.office).get(f"/plans/{world.plan.code}/plan.xlsx").data
    assert upload(app, world.office, content).status_code == 302
    batch = db.session.scalars(sa.select(PlanImport)).one()
    assert batch.against_id == world.plan.id, "the file says which plan it is"
    found = comparison_of(batch)
    assert (found.added, found.changed, found.missing) == ([], [], [])
    assert upload(app, world.office, content).status_code == 409, "the same file is taken once"
