"""What the pages of errors say."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.models import db


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
