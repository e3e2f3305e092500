"""POST /projects/<key>/photos, …/photos/withdraw and GET /projects/photos/<id>: the photographs of a project."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_project, make_task
from tests.pictures import PLACED_JPEG, jpeg, png
from tests.views.test_task_links import events
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Plan, PlanState, ProjectPhoto, Task, db
from tracker.rules.photos import JPEG


def a_project(world: World) -> Task:
    task = make_task(world.plan, responsible=[world.finance], title="第九中学建设")
    make_project(task)
    db.session.commit()
    return task


def with_photo(world: World) -> Task:
    """A project with one photograph of the unit's own."""
    task = a_project(world)
    assert add(client_for_staff(world), task).status_code == 302
    return task


def client_for_staff(world: World) -> FlaskClient:
    return client_for(current_app._get_current_object(), world.staff)  # type: ignore[attr-defined]


def add(client: FlaskClient, task: Task, *photos: tuple[bytes, str], **values: Any) -> TestResponse:
    """Send photographs, one where none are given."""
    said = {"version": "1", "once": "once-1", "taken_on": str(clock.today()), "caption": "三层支模"}
    files = [(BytesIO(content), name) for content, name in photos or ((jpeg(1600, 1200), "a.jpg"),)]
    form = {"csrf_token": token_of(client, "/password"), **said, "files": files} | values
    return client.post(f"/projects/{task.key}/photos", data=form, content_type="multipart/form-data")


def withdraw(client: FlaskClient, task: Task, photo: ProjectPhoto | None = None) -> TestResponse:
    about = str((photo or photos_of(task)[0]).id)
    form = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version), "about": about}
    return client.post(f"/projects/{task.key}/photos/withdraw", data=form)


def photos_of(task: Task) -> list[ProjectPhoto]:
    db.session.expire_all()
    found = sa.select(ProjectPhoto).where(ProjectPhoto.task_id == task.id).order_by(ProjectPhoto.id)
    return list(db.session.scalars(found))


def test_a_unit_adds_photographs_and_sees_them_by_month(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    before = clock.today().replace(day=1) - timedelta(days=3)
    assert add(client, task, (jpeg(1600, 1200), "一.jpg"), (png(64, 48), "二.PNG")).status_code == 302
    assert add(client, task, (jpeg(8, 8), "三.jpg"), taken_on=str(before), once="once-2").status_code == 302
    assert [(each.width, each.height, each.taken_on) for each in photos_of(task)] == [
        (1600, 1200, clock.today()),
        (64, 48, clock.today()),
        (8, 8, before),
    ]
    page = visit(client, f"/projects/{task.key}")
    months = page.select("#photos .month")
    assert [len(month.select("img")) for month in months] == [2, 1]
    picture = months[0].select("img")[1]
    assert (picture["width"], picture["loading"], picture["alt"]) == ("1600", "lazy", "三层支模")
    assert [each.after["photos"] for each in events("add_photos")] == [["一.jpg", "二.PNG"], ["三.jpg"]]


def test_a_photograph_is_shown_as_a_picture_and_nothing_else(app: Flask, world: World) -> None:
    task = with_photo(world)
    address = f"/projects/photos/{photos_of(task)[0].id}"
    shown = client_for(app, world.leader).get(address)
    assert (shown.status_code, shown.mimetype, shown.data) == (200, JPEG, jpeg(1600, 1200))
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "attachment" not in shown.headers.get("Content-Disposition", "")
    for other in (world.housing_staff, world.stranger):
        assert client_for(app, other).get(address).status_code == 404


def test_a_photograph_that_is_known_is_asked_for_again_and_not_sent(app: Flask, world: World) -> None:
    task = with_photo(world)
    client, address = client_for(app, world.staff), f"/projects/photos/{photos_of(task)[0].id}"
    shown = client.get(address)
    known = {"If-None-Match": shown.headers["ETag"]}
    assert shown.headers["Cache-Control"] == "private, no-cache"
    assert "Expires" not in shown.headers
    again = client.get(address, headers=known)
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    for other, status in ((app.test_client(), 302), (client_for(app, world.stranger), 404)):
        refused = other.get(address, headers=known)
        assert (refused.status_code, refused.headers["Cache-Control"]) == (status, "no-store")
    assert withdraw(client, task).status_code == 302
    gone = client.get(address, headers=known)
    assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(
    ("content", "name"), [(b"%PDF-1.4\n%%EOF", "a.pdf"), (PLACED_JPEG, "a.jpg")], ids=["no picture", "with a place"]
)
def test_what_another_form_has_kept_is_no_photograph(app: Flask, world: World, content: bytes, name: str) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    form = {"csrf_token": token_of(client, "/password"), "version": "1", "once": "m", "files": (BytesIO(content), name)}
    answer = client.post(f"/projects/{task.key}/money", data=form, content_type="multipart/form-data")
    kept = checked(answer).select_one("#money input[name=kept]")["value"]  # type: ignore[index]
    assert kept
    assert add(client, task, (b"", ""), kept=kept).status_code == 400
    assert photos_of(task) == []


def test_the_task_tells_of_its_photographs(app: Flask, world: World) -> None:
    task, client = with_photo(world), client_for(app, world.staff)
    assert add(client, task, caption="", taken_on="2026-03-06", once="once-2").status_code == 302
    assert withdraw(client, task, photos_of(task)[1]).status_code == 302
    told = [entry.get_text() for entry in visit(client, f"/tasks/{task.key}").select(".entry strong")]
    assert "撤下 2026年3月6日 的工地照片" in told
    assert "上传 2026年3月6日 的工地照片 1 张" in told
    assert any(each.endswith("的工地照片 1 张：三层支模") for each in told)


def test_a_bad_photograph_is_named_and_the_good_ones_are_carried_on(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    answer = add(client, task, (jpeg(10, 10), "好.jpg"), (PLACED_JPEG, "家.jpg"), (b"<html>", "页.png"))
    assert answer.status_code == 400
    page = checked(answer)
    for words in ("“家.jpg”带有拍摄地点", "“页.png”不是照片", "好.jpg"):
        assert words in page.text
    assert photos_of(task) == []
    kept = page.select_one('#photos input[name="kept"]')["value"]  # type: ignore[index]
    assert add(client, task, (b"", ""), kept=kept).status_code == 302
    assert [each.name for each in photos_of(task)] == ["好.jpg"]


def test_a_form_that_is_sent_twice_adds_a_photograph_once(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    for _ in range(2):
        assert add(client, task).status_code == 302
    assert len(photos_of(task)) == 1
    assert len(events("add_photos")) == 1


@pytest.mark.parametrize(
    ("values", "words"), [({"taken_on": "2099-01-01"}, "不能晚于今天"), ({"taken_on": ""}, "拍摄日期")]
)
def test_a_day_that_lies_ahead_is_refused_and_the_words_stay(
    app: Flask, world: World, values: dict[str, str], words: str
) -> None:
    task = a_project(world)
    page = checked(add(client_for(app, world.staff), task, **values))
    assert words in page.select_one("#photos .error-text").text  # type: ignore[union-attr]
    assert page.select_one('#photos input[name="caption"]')["value"] == "三层支模"  # type: ignore[index]
    assert photos_of(task) == []


def test_a_form_without_photographs_says_so(app: Flask, world: World) -> None:
    answer = add(client_for(app, world.staff), a_project(world), (b"", ""))
    assert answer.status_code == 400
    assert "请选择照片" in checked(answer).text


def test_two_months_stand_side_by_side(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.office)
    days = [date(2025, month, 5) for month in range(1, 9)]
    for day in days:
        assert add(client, task, taken_on=str(day), once=f"once-{day}").status_code == 302
    address = f"/projects/{task.key}"
    heads = lambda page: [head.text for head in page.select("#photos .month h3")]  # noqa: E731
    assert heads(visit(client, address)) == [f"2025年{month}月" for month in (8, 7, 6, 5, 4, 3)]
    assert len(heads(visit(client, f"{address}?photos=all"))) == 8
    assert heads(visit(client, f"{address}?month=2025-08&month=2025-02")) == ["2025年2月", "2025年8月"]
    assert len(heads(visit(client, f"{address}?month=x&photos=%00"))) == 6


def test_a_unit_withdraws_its_own_and_the_office_any(app: Flask, world: World) -> None:
    task = with_photo(world)
    other = client_for(app, world.staff2)
    assert withdraw(other, task).status_code == 403
    assert withdraw(client_for(app, world.staff), task).status_code == 302
    photo = photos_of(task)[0]
    assert photo.withdrawn_at is not None
    assert withdraw(client_for(app, world.office), task, photo).status_code == 404
    assert client_for(app, world.office).get(f"/projects/photos/{photo.id}").status_code == 404
    assert "还没有照片" in visit(client_for(app, world.office), f"/projects/{task.key}").text


def test_a_photograph_of_another_project_is_not_withdrawn_here(app: Flask, world: World) -> None:
    task, other = a_project(world), with_photo(world)
    assert withdraw(client_for(app, world.office), task, photos_of(other)[0]).status_code == 404
    assert photos_of(other)[0].withdrawn_at is None


def test_who_may_not_keep_the_project_adds_nothing(app: Flask, world: World) -> None:
    task = a_project(world)
    assert add(client_for(app, world.leader), task).status_code == 403
    assert add(client_for(app, world.housing_staff), task).status_code == 404
    assert add(client_for(app, world.stranger), task).status_code == 404
    db.session.get_one(Plan, task.plan_id).state = PlanState.CLOSED
    db.session.commit()
    assert add(client_for(app, world.staff), task).status_code == 409
    assert photos_of(task) == []
