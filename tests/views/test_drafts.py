"""暂存: words that were typed and not sent stay with the person until they are sent or dropped."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import World
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Draft, Event, Report, Task, db
from tracker.rules.lifecycle import State

WORDS = "场地平整完成六成，<b>缺</b>验收"


def save(client: FlaskClient, task: Task, act: str = "tasks.report", page: str = "", **values: str) -> Any:
    """Send the words of a form to the drafts, as the script does."""
    data = {"csrf_token": token_of(client, page or f"/tasks/{task.key}"), "text": WORDS, **values}
    address = f"/tasks/{task.key}/draft?act={act}"
    return client.post(address, data=data, headers={"X-Requested-With": "fetch"})


def drafts() -> list[Draft]:
    return list(db.session.scalars(sa.select(Draft)))


def test_a_draft_comes_back_on_the_task_and_in_my_work_and_to_nobody_else(app: Flask, world: World) -> None:
    world.task.due_on = clock.today()
    world.task.keep_light_dates()
    client = client_for(app, world.staff)
    assert save(client, world.task, situation="difficulty").status_code == 204
    for address, box in ((f"/tasks/{world.task.key}", "#report"), ("/work", f"#{world.task.key}")):
        page = visit(client_for(app, world.staff), address)
        card = page.select_one(box)
        assert card is not None
        assert card.find("textarea", attrs={"name": "text"}).get_text().strip() == WORDS  # type: ignore[union-attr]
        assert card.find("input", value="difficulty").has_attr("checked")  # type: ignore[union-attr]
        assert "暂存的内容" in page.get_text()
    assert WORDS not in visit(client_for(app, world.staff2), f"/tasks/{world.task.key}").get_text()


def test_the_last_words_replace_the_earlier_ones_and_change_nothing_else(app: Flask, world: World) -> None:
    client, version = client_for(app, world.staff), world.task.version
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    save(client, world.task, text="第一稿")
    save(client, world.task, text="第二稿")
    assert [draft.words["text"] for draft in drafts()] == ["第二稿"]
    assert db.session.get_one(Task, world.task.id).version == version
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events
    assert db.session.scalars(sa.select(Report)).all() == []


def test_sending_the_form_drops_its_draft(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    save(client, world.task)
    data = {"csrf_token": token_of(client, "/work"), "version": "1", "once": "k", "situation": "on_plan", "text": WORDS}
    assert client.post(f"/tasks/{world.task.key}/report", data=data).status_code == 302
    assert drafts() == []


def test_the_office_keeps_the_words_of_a_return(app: Flask, world: World) -> None:
    world.task.state, world.task.submitted_on = State.SUBMITTED, world.task.due_on
    client, page = client_for(app, world.office), f"/tasks/{world.task.key}"
    token = token_of(client, page)
    address = f"{page}/draft?act=tasks.send_back"
    assert client.post(address, data={"csrf_token": token, "reason": "缺凭证"}).status_code == 302
    found = visit(client, page)
    assert found.find(id="send_back-reason").get_text().strip() == "缺凭证"  # type: ignore[union-attr]
    client.post(f"{page}/return", data={"csrf_token": token, "version": "1", "reason": "缺凭证"})
    assert drafts() == []


def test_a_draft_can_be_dropped(app: Flask, world: World) -> None:
    client, page = client_for(app, world.staff), f"/tasks/{world.task.key}"
    save(client, world.task)
    form = visit(client, page).select_one("form.restored")
    assert form is not None
    assert client.post(str(form["action"]), data={"csrf_token": token_of(client, page)}).status_code == 302
    assert drafts() == []
    assert not visit(client, page).select("form.restored")


def test_a_draft_that_the_task_takes_no_more_can_be_copied(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    save(client, world.task)
    world.task.state, world.task.submitted_on = State.SUBMITTED, world.task.due_on
    world.task.keep_light_dates()
    page = visit(client, f"/tasks/{world.task.key}")
    assert page.find(id="typed-text").get_text().strip() == WORDS  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("who", "act", "values", "status"),
    [
        ("staff", "tasks.verify", {}, 404),
        ("staff", "nonsense", {}, 404),
        ("staff", "tasks.send_back", {"reason": "x"}, 403),
        ("leader", "tasks.report", {}, 403),
        ("housing_staff", "tasks.report", {}, 404),
        ("stranger", "tasks.report", {}, 404),
        ("staff", "tasks.report", {"state": "closed"}, 400),
        ("staff", "tasks.report", {"text": "字" * 9000}, 413),
    ],
)
def test_a_draft_widens_no_right(
    app: Flask, world: World, who: str, act: str, values: dict[str, str], status: int
) -> None:
    client = client_for(app, getattr(world, who))
    assert save(client, world.task, act, page="/tasks", **values).status_code == status
    assert drafts() == []


def test_an_ended_session_carries_the_words_of_a_draft_to_the_sign_in(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    token = token_of(client, "/work")
    with client.session_transaction() as session:
        session.pop("_user_id")
    address = f"/tasks/{world.task.key}/draft?act=tasks.report"
    answer = client.post(address, data={"csrf_token": token, "text": WORDS})
    assert answer.status_code == 401
    assert WORDS in checked(answer).get_text()


def test_reading_a_draft_is_not_a_way_to_write(app: Flask, world: World) -> None:
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/draft?act=tasks.report").status_code == 405


def test_words_that_were_taken_out_again_leave_no_draft(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    for reason, count in (("缺凭证", 1), ("", 0)):
        data = {"csrf_token": token_of(client, f"/tasks/{world.task.key}"), "reason": reason, "due_on": ""}
        assert client.post(f"/tasks/{world.task.key}/draft?act=tasks.redate", data=data).status_code == 302
        assert len(drafts()) == count
