"""POST /tasks/<key>/slip."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Event, Task, db
from tracker.rules.lifecycle import State


def draw_up(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Send the form of a slip."""
    values = {
        "csrf_token": token_of(client, "/password"),
        "version": "1",
        "once": f"once{clock.now().timestamp()}",
        "colour": "blue",
        "demand": "请3月11日前完成拨付。",
        "answer_by": "2026-03-11",
    }
    return client.post(f"/tasks/{task.key}/slip", data=values | differences)


def slips() -> list[Event]:
    return list(db.session.scalars(sa.select(Event).where(Event.act == "slip", Event.allowed).order_by(Event.id)))


def text_of(answer: TestResponse) -> str:
    paper = Document(BytesIO(answer.data))
    cells = [cell.text for row in paper.tables[0].rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def test_the_office_gets_one_sheet_and_the_timeline_keeps_it(app: Flask, world: World) -> None:
    world.finance.full_name = "兴国县财政局"
    world.task.due_on = world.task.first_due_on = clock.today() - timedelta(days=6)
    world.task.keep_light_dates()
    db.session.commit()
    office = client_for(app, world.office)
    answer = draw_up(office, world.task)
    assert answer.status_code == 200
    assert answer.mimetype.endswith("wordprocessingml.document")
    name = unquote(answer.headers["Content-Disposition"])
    assert name.startswith("attachment")
    assert f"filename*=UTF-8''督办单（蓝色） {world.task.number} 资金拨付.docx" in name
    said = text_of(answer)
    for words in ("督办单（蓝色）", "兴国县财政局", "资金拨付", "6天", "请3月11日前完成拨付。", "2026年3月11日前"):
        assert words in said
    [event] = slips()
    assert (event.after["colour"], event.after["answer_by"]) == ("blue", "2026-03-11")
    page = visit(office, f"/tasks/{world.task.key}").get_text()
    assert "生成督办单（蓝色），限 2026年3月11日 前办结" in page


def test_the_next_colour_is_proposed(app: Flask, world: World) -> None:
    office, address = client_for(app, world.office), f"/tasks/{world.task.key}"
    for colour in ("blue", "yellow", "red", "red"):
        checked_one = visit(office, address).select_one("#slip input[name=colour][checked]")
        assert checked_one is not None
        assert checked_one["value"] == colour
        assert draw_up(office, world.task, colour=colour).status_code == 200


def test_a_repeated_form_prints_again_and_is_kept_once(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    for _time in range(2):
        assert draw_up(office, world.task, once="same").status_code == 200
    assert len(slips()) == 1


def test_a_slip_takes_no_version(app: Flask, world: World) -> None:
    assert draw_up(client_for(app, world.office), world.task, version="9").status_code == 200
    assert db.session.get_one(Task, world.task.id).version == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "green"},
        {"colour": ""},
        {"demand": " "},
        {"demand": "字" * 241},
        {"answer_by": ""},
        {"answer_by": "2026-02-30"},
        {"answer_by": "9999-12-31"},
        {"other": "x"},
    ],
)
def test_an_unusable_form_comes_back_and_keeps_nothing(app: Flask, world: World, wrong: dict[str, str]) -> None:
    answer = draw_up(client_for(app, world.office), world.task, **wrong)
    assert answer.status_code == 400
    checked(answer)
    assert slips() == []


def test_only_open_tasks_are_supervised(app: Flask, world: World) -> None:
    world.task.state, world.task.closed_on = State.CLOSED, date(2026, 1, 1)
    db.session.commit()
    office = client_for(app, world.office)
    assert not visit(office, f"/tasks/{world.task.key}").select("#slip")
    assert draw_up(office, world.task).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("leader", 403), ("auditor", 403), ("stranger", 404)])
def test_only_the_office_of_the_county_draws_one_up(app: Flask, world: World, who: str, status: int) -> None:
    client = client_for(app, getattr(world, who))
    assert draw_up(client, world.task).status_code == status
    assert slips() == []


def test_get_is_the_wrong_method(app: Flask, world: World) -> None:
    assert client_for(app, world.office).get(f"/tasks/{world.task.key}/slip").status_code == 405


def test_a_name_of_signs_that_no_folder_takes_is_mended(app: Flask, world: World) -> None:
    world.task.title = 'a/b\\c:"d"<e>|?*'
    db.session.commit()
    name = unquote(draw_up(client_for(app, world.office), world.task).headers["Content-Disposition"])
    assert "a b c d e.docx" in name


def test_the_task_page_leads_to_the_preview_of_an_urge(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    form = visit(office, f"/tasks/{world.task.key}").select_one("form[action^='/urges/preview']")
    assert form is not None
    values = {each["name"]: each["value"] for each in form.select("input[name]")}
    assert "向 1 个单位发送催办邮件" in checked(office.post(str(form["action"]), data=values)).get_text()


def test_other_words_from_the_same_page_are_another_slip(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    for demand in ("请3月11日前完成拨付。", "请3月11日前完成第二笔拨付。"):
        assert draw_up(office, world.task, once="same", demand=demand).status_code == 200
    assert [event.after["demand"] for event in slips()] == ["请3月11日前完成拨付。", "请3月11日前完成第二笔拨付。"]
