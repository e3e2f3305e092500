"""Counties to measure on: each a plan of 100 tasks with units, served indicators and reports, written set by set."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bench.projects import project_tables
from bench.rows import TASKS, UNIT_NAMES, UNITS, Row, county_code, tables
from bench.schools import school_tables
from tracker import clock
from tracker.commands.plans import load_frameworks, load_regions
from tracker.models import (
    Account,
    AccountUnit,
    Base,
    LoginSession,
    Plan,
    PlanState,
    Region,
    Unit,
    UnitKind,
    db,
)
from tracker.queries.accounts import token_hash
from tracker.queries.indicators import national_indicators
from tracker.rules.permissions import Role

BATCH = 10_000
CROWD = 300  # people at the units of the first county, for the pages that ask about each of them


@dataclass(frozen=True)
class People:
    """The tokens of open sessions: a county's plan office and staff, and a reader of the whole country."""

    office: str
    staff: str
    nation: str


def build(app: Flask, counties: int) -> People:
    """Fill an empty database; returns who is signed in."""
    with app.app_context():
        upgrade()
        load_regions()
        load_frameworks()
        db.session.commit()
        indicators = [each.id for each in national_indicators()]
        db.session.rollback()
        with db.engine.begin() as connection:
            people = _people(connection, counties)
            for model, rows in tables(counties, indicators, clock.now()):
                insert(connection, model, rows)
            for model, rows in school_tables(counties, clock.now()):
                insert(connection, model, rows)
            for model, rows in project_tables(counties, counties * TASKS, clock.now()):
                insert(connection, model, rows)
            mend_sequences(connection)
        _analyse()
    return people


def _people(connection: sa.Connection, counties: int) -> People:
    """Regions, units, plans and accounts, which the other rows point at."""
    codes = [county_code(number) for number in range(counties)]
    places = sorted({code[:length] for code in codes for length in (2, 4, 6)})
    insert(connection, Region, ({"code": code, "name": f"地区{code}"} for code in places))
    units = (
        {"id": number * UNITS + place, "region_code": code, "name": name, "kind": UnitKind.DEPARTMENT}
        for number, code in enumerate(codes)
        for place, name in enumerate(UNIT_NAMES, start=1)
    )
    insert(connection, Unit, units)
    plans = (
        {
            "id": number + 1,
            "code": f"plan-{code}",
            "region_code": code,
            "title": f"地区{code}实施方案",
            "state": PlanState.ACTIVE,
        }
        for number, code in enumerate(codes)
    )
    insert(connection, Plan, plans)
    return _sign_in(connection, codes)


def _sign_in(connection: sa.Connection, codes: list[str]) -> People:
    """An office and a member of staff for every county, and one reader of everything; three of them have a session."""
    now = clock.now()

    def account(number: int, username: str, role: Role, region: str) -> Row:
        return {
            "id": number,
            "username": username,
            "name": username,
            "role": role,
            "region_code": region,
            "email": f"{username}@bench.invalid",
            "password_hash": "!",
            "must_change_password": False,
            "password_changed_at": now,
            "created_at": now,
        }

    rows = [account(1, "nation", Role.LEADER, "")]
    for number, code in enumerate(codes):
        rows.append(account(number * 2 + 2, f"office-{code}", Role.PLAN_OFFICE, code))
        rows.append(account(number * 2 + 3, f"staff-{code}", Role.UNIT_STAFF, code))
    first = first_of_crowd(len(codes))
    rows += [account(first + n, f"crowd-{n}", Role.UNIT_STAFF, codes[0]) for n in range(CROWD)]
    insert(connection, Account, rows)
    insert(connection, AccountUnit, ({"account_id": n * 2 + 3, "unit_id": n * UNITS + 1} for n in range(len(codes))))
    insert(connection, AccountUnit, ({"account_id": first + n, "unit_id": n % UNITS + 1} for n in range(CROWD)))
    tokens = [secrets.token_urlsafe(32) for _ in range(3)]
    sessions = (
        {"token_hash": token_hash(token), "account_id": place, "created_at": now, "last_seen_at": now, "address": "-"}
        for place, token in enumerate(tokens, start=1)
    )
    insert(connection, LoginSession, sessions)
    return People(nation=tokens[0], office=tokens[1], staff=tokens[2])


def first_of_crowd(counties: int) -> int:
    """The id of the first account after those that every county has; the crowd follows from there."""
    return counties * 2 + 2


def insert(connection: sa.Connection, model: type[Base], rows: Iterable[Row]) -> None:
    """Store rows of a table, some thousands at a time."""
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        connection.execute(sa.insert(model.__table__), batch)  # type: ignore[arg-type]


def mend_sequences(connection: sa.Connection) -> None:
    """PostgreSQL counts on from the ids that were given here."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns and isinstance(table.columns["id"].type, sa.Integer):
            last = f"SELECT max(id) FROM {table.name}"
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), ({last}))")


def _analyse() -> None:
    """What PostgreSQL does by itself within minutes after so many rows; SQLite is left as people have it."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
