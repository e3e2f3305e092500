"""Rows that must be made once: the key decides, however many try."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from tracker.models.base import Base, db


def insert_once(table: type[Base]) -> Any:
    """An INSERT that leaves a row alone whose key stands already, in the words of the connected database.

    Its ``rowcount`` says how many rows were new.
    """
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]
    # Without this the count of an INSERT is thrown away where the driver is psycopg.
    return statement.execution_options(preserve_rowcount=True)
