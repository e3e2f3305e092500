"""GET and POST /tasks/export.xlsx: the list as an Excel file."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_task
from tests.views.test_tasks_ledger import say
from tests.visit import client_for, send
from tracker.models import db
from tracker.rules.permissions import Role


def rows_of(answer: TestResponse) -> list[list[object]]:
    """Everything in the sheet, row by row."""
    assert answer.status_code == 200, answer.text[:500]
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    return [list(row) for row in load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)]  # type: ignore[union-attr]


def titles(client: FlaskClient, address: str = "/tasks/export.xlsx") -> list[object]:
    rows = rows_of(client.get(address))
    begin = next(place for place, row in enumerate(rows) if "任务" in row)
    return [row[rows[begin].index("任务")] for row in rows[begin + 1 :]]


def test_the_file_holds_every_page_of_the_list(app: Flask, world: World) -> None:
    for _ in range(60):
        make_task(world.plan)
    db.session.commit()
    client = client_for(app, world.office)
    assert len(titles(client)) == 63
    assert titles(client, f"/tasks/export.xlsx?lead={world.housing.id}&q=校舍") == ["校舍建设"]


def test_head_columns_and_kinds_of_values(app: Flask, world: World) -> None:
    world.task.quantity_total, world.task.quantity_unit = 64, "间"  # type: ignore[assignment]
    db.session.commit()
    rows = rows_of(client_for(app, world.office).get("/tasks/export.xlsx?cols=due,number,quantity&q=资金拨付"))
    assert rows[0][0] == "任务台账"
    assert "资金拨付" in str(rows[1][0])
    assert "共 1 项" in str(rows[2][0])
    assert world.office.name in str(rows[3][0])
    assert rows[4] == ["编号", "任务", "时限", "工程量", "计量单位"]
    number, title, due, quantity, unit = rows[5]
    assert (number, title, quantity, unit) == (world.task.number, "资金拨付", 64, "间")
    assert due.date() == date(2099, 6, 30)  # type: ignore[attr-defined]


def test_texts_never_become_formulas(app: Flask, world: World) -> None:
    words = ['=HYPERLINK("http://x")', "+1", "-1", "@sum", "#N/A", "=", "\t=1"]
    for word in words:
        make_task(world.plan, title=word, requirement=word, last_words=word, number=word)
    db.session.commit()
    answer = client_for(app, world.office).get("/tasks/export.xlsx?cols=number,requirement,words")
    assert {row[1] for row in rows_of(answer)} >= set(words)
    with zipfile.ZipFile(BytesIO(answer.data)) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    cells = [cell for cell in sheet.iter() if cell.tag.endswith("}c")]
    assert not [each for each in sheet.iter() if each.tag.endswith("}f")]
    assert {cell.get("t") for cell in cells} <= {"inlineStr", "s", "n", "d", None}
    assert not [cell for cell in cells if cell.get("t") == "e"]


def test_the_file_reaches_as_far_as_the_page(app: Flask, world: World) -> None:
    say(world.housing_task, "金丝雀五九", world.housing_staff.id)
    world.housing_task.last_words = "金丝雀五九"
    db.session.commit()
    answer = client_for(app, world.staff).get("/tasks/export.xlsx?cols=words,requirement")
    assert sorted(map(str, titles(client_for(app, world.staff)))) == ["共同责任事项", "资金拨付"]
    with zipfile.ZipFile(BytesIO(answer.data)) as file:
        texts = {name: file.read(name).decode("utf-8") for name in file.namelist()}
    assert not [name for name, text in texts.items() if "金丝雀" in text]
    properties = texts["docProps/core.xml"] + texts["docProps/app.xml"]
    assert world.staff.name not in properties
    assert "openpyxl" not in properties


def test_the_ticked_ones_alone_are_taken(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    answer = send(client, "/tasks/export.xlsx?cols=number", {"key": [world.task.key]}, "/tasks")
    assert [row[1] for row in rows_of(answer)][-1] == "资金拨付"
    answer = send(client, "/tasks/export.xlsx?q=校舍", {"all": "1"}, "/tasks")
    assert answer.status_code == 302
    assert titles(client, str(answer.location)) == ["校舍建设"]
    assert send(client, "/tasks/export.xlsx", {"key": [], "id": "1"}, "/tasks").status_code == 400


def test_who_sees_no_task_gets_no_file(app: Flask, world: World) -> None:
    assert client_for(app, world.administrator).get("/tasks/export.xlsx").status_code == 403
    assert client_for(app, world.office).get("/tasks/export.xlsx?light=red").status_code == 400
    assert app.test_client().get("/tasks/export.xlsx").status_code == 302


def test_one_plan_brings_its_check_up_on_a_second_sheet(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.PLAN_OFFICE))
    book = load_workbook(BytesIO(client.get("/tasks/export.xlsx?plan=xingguo-2023").data))
    assert book.sheetnames == ["任务台账", "体检"]
    rows = [list(row) for row in book["体检"].iter_rows(values_only=True)]
    assert rows[3] == ["轻重", "问题", "依据", "怎样改正", "任务"]
    assert [row[0] for row in rows[4:6]] == ["矛盾", "矛盾"]
    assert any("26 项任务的时限早于发文日期" in str(row[2]) and "等 26 项" in str(row[4]) for row in rows)
    alone = load_workbook(BytesIO(client.get("/tasks/export.xlsx").data))
    assert alone.sheetnames == ["任务台账"]


def test_a_plan_of_elsewhere_brings_no_check_up(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.PLAN_OFFICE))
    book = load_workbook(BytesIO(client.get("/tasks/export.xlsx?plan=xiji-2022").data))
    assert book.sheetnames == ["任务台账"]
