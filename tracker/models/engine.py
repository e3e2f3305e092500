"""How a connection behaves: SQLite made safe for several writers, PostgreSQL left as it is.

SQLite's deferred transactions lose updates that read first and write later, without an error. So every transaction that
may write begins IMMEDIATE; a request that only reads says so and begins deferred, and readers never wait (WAL).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

BUSY_MILLISECONDS = 10_000
SHORT_BUSY_MILLISECONDS = 20
_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
_impatient: ContextVar[bool] = ContextVar("impatient", default=False)


@contextmanager
def reading_only() -> Iterator[None]:
    """Transactions begun in this block are readers."""
    token = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(token)


@contextmanager
def impatient() -> Iterator[None]:
    """Writing transactions begun in this block hardly wait for another writer: OperationalError comes soon."""
    token = _impatient.set(True)
    try:
        yield
    finally:
        _impatient.reset(token)


def set_reads_only(value: bool) -> None:
    """Say for the rest of this context whether its transactions only read."""
    _reads_only.set(value)


def prepare_engine(engine: Engine) -> None:
    """Attach the connection settings to an engine; PostgreSQL needs none."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-16000",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: sa.Connection) -> None:
    if _reads_only.get():
        connection.exec_driver_sql("BEGIN")
    elif _impatient.get():
        _begin_soon(connection)
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_soon(connection: sa.Connection) -> None:
    """Begin to write, or raise OperationalError; the connection waits as long as before for what comes later."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={SHORT_BUSY_MILLISECONDS}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
