"""What the pages of errors say."""

from __future__ import annotations

import logging
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge

from tests.factories import World
from tests.visit import client_for, token_of
from tracker.models import SavedView, db


def test_a_value_that_fits_no_column_is_the_sender_s_mistake_and_stays_out_of_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    values = {"text": "秘密"}
    with app.test_request_context("/"):
        refused = sa.exc.DataError("INSERT", values, Exception("too long"), hide_parameters=True)
        answer = app.make_response(app.handle_user_exception(refused))
    assert answer.status_code == 400
    assert "请检查填写内容后重试" in answer.get_data(as_text=True)
    assert "a value does not fit" in caplog.text
    assert "秘密" not in caplog.text


def test_no_error_of_the_database_shows_the_values_of_its_statement(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    secret = {"hash": "argon2-of-somebody"}
    with pytest.raises(sa.exc.DBAPIError) as error:
        db.session.execute(sa.text("SELECT * FROM nowhere WHERE hash = :hash"), secret)
    db.session.rollback()
    logging.getLogger("tracker").error("crash", exc_info=error.value)
    assert "nowhere" in caplog.text
    assert "argon2-of-somebody" not in str(error.value) + caplog.text


def test_too_much_at_once_is_told_with_the_number_of_files(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = app.make_response(app.handle_user_exception(RequestEntityTooLarge()))
    assert answer.status_code == 413
    assert "一次最多 10 个" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "address", "field"),
    [
        ("staff", "/tasks/{key}/report", "text"),
        ("staff", "/tasks/{key}/report", "once"),
        ("office", "/units/new", "name"),
        ("leader", "/tasks/{key}/instructions", "instruction"),
        (None, "/password/reset", "code"),
    ],
)
def test_a_file_in_the_place_of_a_text_is_refused(
    app: Flask, world: World, who: str | None, address: str, field: str
) -> None:
    client = client_for(app, getattr(world, who) if who else None)
    values = {"csrf_token": token_of(client, "/password" if who else "/sign-in"), field: (BytesIO(b"x"), "a.txt")}
    answer = client.post(address.format(key=world.task.key), data=values, content_type="multipart/form-data")
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [["x"], {"name": 1, "query": ""}, {"name": "x", "query": "", "account_id": 1}])
def test_json_is_no_form(app: Flask, world: World, body: object) -> None:
    client = client_for(app, world.office)
    answer = client.post("/views", json=body, headers={"X-CSRFToken": token_of(client, "/password")})
    assert answer.status_code == 400
    assert db.session.scalar(sa.select(sa.func.count(SavedView.id))) == 0
