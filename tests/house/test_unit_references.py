"""Merging two units forgets nothing: every foreign key to the units is in its table."""

from __future__ import annotations

from tracker.models import Base
from tracker.queries.unit_references import REFERENCES


def test_every_foreign_key_to_a_unit_follows_a_merge() -> None:
    keys = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "units"
    }
    assert keys == {each.name for each in REFERENCES}


def test_every_unique_key_with_a_unit_is_known_to_a_merge() -> None:
    for each in REFERENCES:
        table = Base.metadata.tables[each.model.__tablename__]
        unique = [set(index.columns.keys()) for index in table.indexes if index.unique]
        unique += [
            set(constraint.columns.keys())
            for constraint in table.constraints
            if type(constraint).__name__ in {"UniqueConstraint", "PrimaryKeyConstraint"}
        ]
        own = [names - {each.column.key} for names in unique if each.column.key in names]
        # The open waits of a task and unit are settled by ending one of them.
        expected = [{column.key for column in each.beside}] if each.beside else []
        assert own == ([{"task_id"}] if each.name == "waits.unit_id" else expected), each.name
