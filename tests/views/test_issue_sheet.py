"""GET /overview/issues/<number>/tasks.xlsx: the frozen lines of an issue as an Excel file."""

from __future__ import annotations

import zipfile
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.factories import World, make_task
from tests.visit import client_for, visit
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.models import db
from tracker.queries.issue_lines import lines_of

SHEET = "/overview/issues/1/tasks.xlsx"


def sheet_rows(client: FlaskClient, query: str = "") -> list[list[object]]:
    """The rows below the names of the columns."""
    answer = client.get(SHEET + query)
    assert answer.status_code == 200, answer.text[:300]
    rows = [list(row) for row in load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    begin = next(place for place, row in enumerate(rows) if row[0] == "序号")
    return rows[begin + 1 :]


def test_the_sheet_holds_the_rows_of_the_page_under_every_filter(app: Flask, world: World) -> None:
    for number in range(60):
        make_task(world.plan, title=f"事项{number}", due_on=clock.today().replace(year=2020 if number % 2 else 2098))
    issue = freeze_week(world.plan.region_code, clock.now())
    assert issue
    db.session.commit()
    client = client_for(app, world.leader)
    for query in ("", "?light=overdue", f"?unit_name={world.finance.name}", "?light=closed", "?due_by_now=1"):
        page = visit(client, f"/overview/issues/1/tasks{query}")
        said = page.select_one(".head .meta")
        assert said
        assert f"共 {len(sheet_rows(client, query))} 项" in said.get_text()
        link = page.select_one("a[href*='tasks.xlsx']")
        assert link
        assert str(link["href"]) == SHEET + query.replace(world.finance.name, "%E8%B4%A2%E6%94%BF%E5%B1%80")
    titles = [row[2] for row in sheet_rows(client)]
    assert titles == [line.title for line in lines_of(issue)]


def test_the_sheet_tells_the_frozen_moment_and_no_later_one(app: Flask, world: World) -> None:
    world.task.last_words = "已拨付一半"
    freeze_week(world.plan.region_code, clock.now())
    world.task.last_words, world.task.title = "全部拨付", "改了名字"
    db.session.commit()
    said = str(sheet_rows(client_for(app, world.office)))
    assert "已拨付一半" in said
    assert "资金拨付" in said
    assert "改了名字" not in said
    assert "全部拨付" not in said


def test_texts_stay_texts_and_the_properties_name_nobody(app: Flask, world: World) -> None:
    words = ['=HYPERLINK("http://x")', "+1", "@sum", "\t=1", "坏字符\x07结束"]
    for each in words:
        make_task(world.plan, title=each, last_words=each, number=each)
    freeze_week(world.plan.region_code, clock.now())
    db.session.commit()
    answer = client_for(app, world.office).get(SHEET)
    with zipfile.ZipFile(BytesIO(answer.data)) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert world.office.name not in "".join(parts.values())
    assert str(app.extensions["settings"].var_dir) not in "".join(parts.values())
    head = [row[0] for row in load_workbook(BytesIO(answer.data)).active.iter_rows(max_row=4, values_only=True)]  # type: ignore[union-attr]
    assert "草稿，尚未签发" in head


def test_who_may_not_see_the_issue_gets_no_sheet(app: Flask, world: World) -> None:
    freeze_week(world.plan.region_code, clock.now())
    db.session.commit()
    assert client_for(app, world.stranger).get(SHEET).status_code == 404
    assert client_for(app, world.stranger).get(f"{SHEET}?region={world.plan.region_code}").status_code == 404
    assert client_for(app, world.staff).get(SHEET).status_code == 403
    assert client_for(app, world.office).get("/overview/issues/2/tasks.xlsx").status_code == 404
    assert client_for(app, world.office).get(f"{SHEET}?light=purple").status_code == 400
    assert client_for(app, world.office).post(SHEET).status_code in (400, 405)
