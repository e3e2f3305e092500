"""Reports that may be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from tracker.models import db


def test_what_a_person_said_lately_is_found_by_an_index(app: Flask) -> None:
    columns = [index["column_names"] for index in sa.inspect(db.engine).get_indexes("reports")]
    assert ["account_id", "at"] in columns
