"""Copies of template databases on a PostgreSQL server; a copy that comes back is put in order and given out again.

A new copy is some hundred files and a checkpoint, an order of magnitude more than most tests take, while most tests
write a dozen rows. What was written is found exactly, whoever committed it: a row that is new or changed names a later
transaction, and one that is gone is missed in the count. A database whose tables, triggers or functions were touched is
never given out again, nor is one that was used often: its files would differ more and more from those of a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import sleep

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

MOST_USES = 50
# What the database itself made has lower numbers. A change of a table, column, trigger … is a row of one of these.
FIRST_OF_OURS = 16_384
CATALOGUES = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_sequence": "seqrelid",
    "pg_trigger": "oid",
    "pg_rewrite": "oid",
    "pg_proc": "oid",
    "pg_type": "oid",
    "pg_namespace": "oid",
    "pg_extension": "oid",
    "pg_statistic": "starelid",
}
CountAndLatest = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Original:
    """What a template holds: how many rows each table and catalogue has, the rows, and how far each sequence is."""

    counts: dict[str, int]
    rows: dict[str, bytes]
    set_sequences: sql.Composed

    def written(self, found: CountAndLatest, since: int) -> list[str]:
        """The tables or catalogues that are no longer as they were."""
        return [name for name, (count, number) in found.items() if number >= since or count != self.counts[name]]


@dataclass(frozen=True)
class Spare:
    """A database as its template was: all that is ever written to it has the number of ``since`` or a later one."""

    name: str
    since: int
    uses: int = 0


class Copies:
    """The databases of one server."""

    def __init__(self, server_url: str) -> None:
        """Connect to the server."""
        self.server_url = server_url
        self.count = 0
        self.originals: dict[str, Original] = {}
        self.spares: dict[str, list[Spare]] = {}
        self.server = self.connect("postgres")

    def close(self) -> None:
        """Leave the server."""
        self.server.close()

    def url(self, name: str) -> str:
        """The address of a database."""
        return make_url(self.server_url).set(database=name).render_as_string(hide_password=False)

    def connect(self, name: str) -> psycopg.Connection:
        """A connection on which each statement is a transaction."""
        address = make_url(self.server_url).set(drivername="postgresql", database=name)
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)

    def run(self, statement: str) -> None:
        """Run a statement on the server itself."""
        self.server.execute(statement.encode())

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The address of a copy that nobody has written to, under a name that no other ever had."""
        if template not in self.originals:
            with self.connect(template) as connection:
                self.originals[template] = original_of(connection)
        spares = self.spares.setdefault(template, [])
        copy = spares.pop() if spares else self.create(template)
        yield self.url(copy.name)
        if spare := self.recovered(template, copy):
            spares.append(spare)

    def create(self, template: str) -> Spare:
        """A new copy."""
        name = self.new_name()
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return Spare(name, latest(self.server))

    def recovered(self, template: str, used: Spare) -> Spare | None:
        """A copy as it was; None where it is dropped instead.

        It gets its next name first: whoever still knows the one before, such as a process left over, finds nothing.
        """
        if used.uses + 1 < MOST_USES and self.is_left_by_all(used.name):
            name = self.new_name()
            self.run(f"ALTER DATABASE {used.name} RENAME TO {name}")
            used = Spare(name, used.since, used.uses + 1)
            with self.connect(name) as connection:
                since = restore(connection, self.originals[template], used.since)
            if since:
                return replace(used, since=since)
        self.run(f"DROP DATABASE {used.name} WITH (FORCE)")
        return None

    def new_name(self) -> str:
        """A name that no copy had."""
        self.count += 1
        return f"copy_{self.count}"

    def is_left_by_all(self, name: str) -> bool:
        """Throw everybody out of a database; False where somebody comes back or does not go within a second."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        for _ in range(500):
            if not self.server.execute(others, [name]).fetchall():
                return True
            sleep(0.002)
        return False


def _asked_of_table(name: str) -> sql.Composed:
    text = "SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}"
    return sql.SQL(text).format(sql.Literal(name), sql.Identifier(name))


def _asked_of_catalogue(name: str) -> sql.Composed:
    number = sql.Identifier(CATALOGUES[name])
    return _asked_of_table(name) + sql.SQL(" WHERE {} >= {}").format(number, sql.Literal(FIRST_OF_OURS))


def _of_tables(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(" UNION ALL ").join(map(_asked_of_table, names))


# A table without a page was never written to; most are, and each costs more to look into than to name.
FILLED = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND pg_relation_size(oid) > 0"
)
OF_CATALOGUES = sql.SQL(" UNION ALL ").join(map(_asked_of_catalogue, CATALOGUES))


def latest(connection: psycopg.Connection) -> int:
    """The number of the next transaction that writes."""
    [number] = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone() or [0]
    return int(number)


def original_of(connection: psycopg.Connection) -> Original:
    """What a template holds."""
    owned = "SELECT relname FROM pg_class WHERE relkind = %s AND relnamespace = 'public'::regnamespace ORDER BY relname"
    tables = [name for [name] in connection.execute(owned, ["r"])]
    sequences = [name for [name] in connection.execute(owned, ["S"])]
    found = _asked(connection, OF_CATALOGUES) | _asked(connection, _of_tables(tables))
    counts = {name: count for name, (count, _) in found.items()}
    rows = {}
    for name in filter(counts.get, tables):
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as lines:
            rows[name] = b"".join(bytes(line) for line in lines)
    set_sequences = sql.SQL("SELECT ") + sql.SQL(", ").join(_set_again(connection, name) for name in sequences)
    return Original(counts, rows, set_sequences)


def _asked(connection: psycopg.Connection, question: sql.Composed) -> CountAndLatest:
    """How many rows each table and catalogue has, and the last transaction that wrote one of them."""
    return {name: (count, number) for name, count, number in connection.execute(question)}


def _set_again(connection: psycopg.Connection, sequence: str) -> sql.Composed:
    state = connection.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(sequence)))
    value, is_called = state.fetchone() or (1, False)
    return sql.SQL("setval({}, {}, {})").format(sql.Literal(sequence), sql.Literal(value), sql.Literal(is_called))


def restore(connection: psycopg.Connection, original: Original, since: int) -> int | None:
    """Put back each table that was written to; the next ``since``, or None where more than rows changed.

    Nobody else is connected. As a replica the server fires no trigger and checks no foreign key.
    """
    if original.written(_asked(connection, OF_CATALOGUES), since):
        return None
    filled = {name for [name] in connection.execute(FILLED)}
    written = original.written(_asked(connection, _of_tables(filled | original.rows.keys())), since)
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for name in written:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            if name in original.rows:
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as lines:
                    lines.write(original.rows[name])
        connection.execute(original.set_sequences)
    return latest(connection)
