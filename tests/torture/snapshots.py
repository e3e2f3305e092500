"""The rows of a whole database as values that two runs of the same work must agree on."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from tracker.jobs.job import LATEST
from tracker.models import Base, db
from tracker.models.base import Instant
from tracker.models.engine import reading_only
from tracker.models.mark import SENDER_RAN_AT, SENDER_RUNS

# Chosen at random or by the machine's clock, or by how often something was tried, whose events are counted along.
DIFFER = {"id", "message_id", "hash", "previous_hash", "attempts", "last_event_id"}
Keys = dict[str, int]
Snapshot = dict[str, Counter[tuple[str, ...]]]


def keys_before() -> Keys:
    """The highest id of each table: what comes later may have other ids in another run."""
    db.session.rollback()
    with reading_only():
        found = {
            table.name: db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
            for table in Base.metadata.sorted_tables
            if "id" in table.c and isinstance(table.c.id.type, sa.Integer)
        }
        db.session.rollback()
    return found


def snapshot(before: Keys) -> Snapshot:
    """The rows of every table, without instants and without ids that did not stand ``before``."""
    db.session.rollback()
    with reading_only():
        found = {table.name: _rows(table, before) for table in Base.metadata.sorted_tables}
        db.session.rollback()
    return found


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """What stands in one database and not in the other."""
    said = []
    for table in one:
        said += [f"only in the first, {table}: {row}" for row in (one[table] - other[table]).elements()]
        said += [f"only in the second, {table}: {row}" for row in (other[table] - one[table]).elements()]
    return said


def _rows(table: sa.Table, before: Keys) -> Counter[tuple[str, ...]]:
    columns = [column for column in table.c if column.name not in DIFFER and not isinstance(column.type, Instant)]
    rows = db.session.execute(sa.select(*columns)).mappings()
    return Counter(
        tuple(_value(column, row[column.name], before) for column in columns)
        for row in rows
        if not _is_of_runs(table, row)
    )


def _is_of_runs(table: sa.Table, row: Any) -> bool:
    """Whether a row counts the runs, or tells how the last one of each minute went: not what came of the work."""
    if table.name == "marks":
        return row["name"] in {SENDER_RUNS, SENDER_RAN_AT}
    return (table.name, row.get("period")) == ("job_runs", LATEST)


def _value(column: sa.Column[Any], value: object, before: Keys) -> str:
    """A value that can be compared: a reference to a new row says only that there is one."""
    for key in column.foreign_keys:
        if key.column.name == "id" and isinstance(value, int) and value > before.get(key.column.table.name, 0):
            return "a new row"
    return repr(value)
