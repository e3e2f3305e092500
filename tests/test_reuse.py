"""A PostgreSQL database that another test used is as good as a new one."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from tests.conftest import Templates
from tests.reuse import MOST_USES, Copies

WORLD = "template_postgres_world"
ALL_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
ALL_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
NUMBER = "SELECT oid::bigint FROM pg_database WHERE datname = current_database()"
Content = tuple[list[tuple[object, ...]], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def copies(templates: Templates) -> Copies:
    """The server with the template that holds the cast."""
    assert templates.make("postgres", "world") == WORLD
    return templates.postgres


def opened(url: str) -> psycopg.Connection:
    """A connection to a copy."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def content(connection: psycopg.Connection) -> Content:
    """Every row in the order in which the tables give it, and where every sequence stands."""
    tables = [name for [name] in connection.execute(ALL_TABLES)]
    rows = {
        name: connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall() for name in tables
    }
    return connection.execute(ALL_SEQUENCES).fetchall(), rows


def number(connection: psycopg.Connection) -> int:
    """What the server calls a database, whatever its name is."""
    [found] = connection.execute(NUMBER).fetchone() or [0]
    return int(found)


WRITES = {
    "new rows": "INSERT INTO regions (code, name) VALUES ('999999', '某县')",
    "changed rows": "UPDATE units SET name = name || '（新）'",
    "a row in another place": "UPDATE units SET name = name WHERE id = (SELECT min(id) FROM units)",
    "rows that are gone": "DELETE FROM account_units",
    "numbers that were taken": "SELECT nextval(pg_get_serial_sequence('tasks', 'id'))",
    "rows that a trigger keeps": "INSERT INTO events (at, act, allowed, previous_hash, hash)"
    " VALUES (now(), 'sign_in', true, 'x', 'y')",
}
ALTERS = {
    "a trigger less": "DROP TRIGGER events_keep_rows ON events",
    "a trigger asleep": "ALTER TABLE events DISABLE TRIGGER USER",
    "another function": "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a column more": "ALTER TABLE units ADD COLUMN colour text",
    "a column by another name": "ALTER TABLE units RENAME COLUMN name TO title",
    "a column that may be empty": "ALTER TABLE units ALTER COLUMN name DROP NOT NULL",
    "a table more": "CREATE TABLE colours (name text)",
    "a table less": "DROP TABLE account_units",
    "a key less": "ALTER TABLE account_units DROP CONSTRAINT pk_account_units",
    "an index more": "CREATE INDEX colour ON units (name)",
    "an emptied table": "TRUNCATE account_units",
    "what the planner knows": "ANALYZE units",
}


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES)
def test_what_was_written_is_gone(copies: Copies, statement: str) -> None:
    with copies.copy(WORLD) as url, opened(url) as connection:
        used, before = number(connection), content(connection)
        connection.execute(statement.encode())
        assert content(connection) != before
    with copies.copy(WORLD) as url, opened(url) as connection:
        assert number(connection) == used
        assert content(connection) == before


@pytest.mark.parametrize("statement", ALTERS.values(), ids=ALTERS)
def test_what_was_altered_is_not_given_out_again(copies: Copies, statement: str) -> None:
    with copies.copy(WORLD) as url, opened(url) as connection:
        used, before = number(connection), content(connection)
        connection.execute(statement.encode())
    with copies.copy(WORLD) as url, opened(url) as connection:
        assert number(connection) != used
        assert content(connection) == before


def test_what_was_used_often_is_not_given_out_again(copies: Copies) -> None:
    met = []
    for _ in range(MOST_USES + 1):
        with copies.copy(WORLD) as url, opened(url) as connection:
            met.append(number(connection))
    assert 1 < len(set(met)) <= 3


def test_nobody_stays_and_nobody_comes_back(copies: Copies) -> None:
    with copies.copy(WORLD) as url:
        left = opened(url)
        left.execute("BEGIN")
        left.execute("DELETE FROM account_units")
    with pytest.raises(psycopg.OperationalError):
        left.execute("COMMIT")
    with copies.copy(WORLD) as other, opened(other) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM account_units").fetchone() == (True,)
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            opened(url)
