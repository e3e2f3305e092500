"""Counties to measure on: each a plan of 100 tasks with units, served indicators and reports, written set by set."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tracker import clock
from tracker.commands.plans import load_frameworks, load_regions
from tracker.models import (
    Account,
    AccountUnit,
    Assignment,
    AssignmentRole,
    Base,
    Contribution,
    Indicator,
    Issue,
    IssueLine,
    LoginSession,
    Plan,
    PlanState,
    Region,
    Report,
    Situation,
    Task,
    TaskKind,
    Unit,
    UnitKind,
    db,
)
from tracker.queries.accounts import token_hash
from tracker.rules.deadlines import Precision
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, LightFacts, light_dates
from tracker.rules.permissions import Role

TASKS = 100
UNITS = 12
REPORTS = 3  # of each task on which somebody works
BATCH = 10_000
PROVINCES, PREFECTURES = 5, 4
UNIT_NAMES = (
    "教科体局",
    "财政局",
    "住建局",
    "发改委",
    "自然资源局",
    "人社局",
    "编办",
    "卫健委",
    "民政局",
    "公安局",
    "妇联",
    "残联",
)
SAID = "主体结构封顶，正在砌筑填充墙；水电管线同步预埋，下周门窗进场。"

Row = dict[str, Any]


@dataclass(frozen=True)
class People:
    """The tokens of open sessions: a county's plan office and staff, and a reader of the whole country."""

    office: str
    staff: str
    nation: str


def county_code(number: int) -> str:
    """The code of the county with a number from 0: five provinces with four prefectures each, then county by county."""
    province, prefecture = 41 + number % PROVINCES, 1 + number // PROVINCES % PREFECTURES
    return f"{province}{prefecture:02}{1 + number // (PROVINCES * PREFECTURES):02}"


def build(app: Flask, counties: int) -> People:
    """Fill an empty database; returns who is signed in."""
    with app.app_context():
        db.create_all()
        load_regions()
        load_frameworks()
        db.session.commit()
        indicators = list(db.session.scalars(sa.select(Indicator.id).order_by(Indicator.id)))
        db.session.rollback()
        with db.engine.begin() as connection:
            people = _people(connection, counties)
            for model, rows in _tables(counties, indicators, clock.now()):
                _insert(connection, model, rows)
            _mend_sequences(connection)
        _analyse()
    return people


def _people(connection: sa.Connection, counties: int) -> People:
    """Regions, units, plans and accounts, which the other rows point at."""
    codes = [county_code(number) for number in range(counties)]
    places = sorted({code[:length] for code in codes for length in (2, 4, 6)})
    _insert(connection, Region, ({"code": code, "name": f"地区{code}"} for code in places))
    units = (
        {"id": number * UNITS + place, "region_code": code, "name": name, "kind": UnitKind.DEPARTMENT}
        for number, code in enumerate(codes)
        for place, name in enumerate(UNIT_NAMES, start=1)
    )
    _insert(connection, Unit, units)
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
    _insert(connection, Plan, plans)
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
            "created_at": now,
        }

    rows = [account(1, "nation", Role.LEADER, "")]
    for number, code in enumerate(codes):
        rows.append(account(number * 2 + 2, f"office-{code}", Role.PLAN_OFFICE, code))
        rows.append(account(number * 2 + 3, f"staff-{code}", Role.UNIT_STAFF, code))
    _insert(connection, Account, rows)
    _insert(connection, AccountUnit, ({"account_id": n * 2 + 3, "unit_id": n * UNITS + 1} for n in range(len(codes))))
    tokens = [secrets.token_urlsafe(32) for _ in range(3)]
    sessions = (
        {"token_hash": token_hash(token), "account_id": place, "created_at": now, "last_seen_at": now, "address": "-"}
        for place, token in enumerate(tokens, start=1)
    )
    _insert(connection, LoginSession, sessions)
    return People(nation=tokens[0], office=tokens[1], staff=tokens[2])


def _tables(counties: int, indicators: list[int], now: datetime) -> Iterator[tuple[type[Base], Iterator[Row]]]:
    today = clock.office_day(now)
    kinds = [_state(turn, today) for turn in range(TASKS)]
    numbers = range(counties * TASKS)
    yield Task, (_task(number, kinds[number % TASKS]) for number in numbers)
    yield Assignment, (row for number in numbers for row in _assignments(number))
    yield Contribution, (_contribution(number, indicators) for number in numbers)
    worked = (number for number in numbers if kinds[number % TASKS]["state"] is not State.NOT_STARTED)
    yield Report, (row for number in worked for row in _reports(number, now))
    yield Issue, (_issue(county, now) for county in range(counties))
    yield IssueLine, (_issue_line(number, kinds[number % TASKS]) for number in numbers)


def _state(turn: int, today: date) -> Row:
    """One of the states that a county's tasks are in, so that every light occurs; ``turn`` is the task's place."""
    shapes: list[Row] = [
        {"state": State.NOT_STARTED, "due_on": today + timedelta(days=200 + turn)},
        {"state": State.IN_PROGRESS, "due_on": today + timedelta(days=60 + turn)},
        {"state": State.IN_PROGRESS, "due_on": today - timedelta(days=1 + turn % 40)},
        {"state": State.IN_PROGRESS, "due_on": today + timedelta(days=turn % 15)},
        {"state": State.SUBMITTED, "due_on": today + timedelta(days=5), "submitted_on": today - timedelta(days=2)},
        {"state": State.CLOSED, "due_on": today - timedelta(days=9), "submitted_on": today - timedelta(days=12)},
        {"state": State.CLOSED, "due_on": today + timedelta(days=9), "submitted_on": today - timedelta(days=7)},
        {"state": State.IN_PROGRESS, "due_on": None},
        {"state": State.NOT_STARTED, "due_on": today - timedelta(days=900), "needs_redate": True},
        {"state": State.IN_PROGRESS, "due_on": today + timedelta(days=120), "difficulty_on": today - timedelta(days=4)},
    ]
    row: Row = {"needs_redate": False, "submitted_on": None, "difficulty_on": None, **shapes[turn * 7 % len(shapes)]}
    row["closed_on"] = row["submitted_on"] if row["state"] is State.CLOSED else None
    dates = light_dates(
        LightFacts(
            state=row["state"],
            starts_on=None,
            due_on=row["due_on"],
            needs_redate=row["needs_redate"],
            submitted_on=row["submitted_on"],
            difficulty_on=row["difficulty_on"],
        )
    )
    return row | {
        "first_due_on": row["due_on"],
        "light_fixed": dates.fixed,
        "late_from": dates.late_from,
        "soon_from": dates.soon_from,
        "normal_from": dates.normal_from,
    }


def _task(number: int, state: Row) -> Row:
    county, turn = divmod(number, TASKS)
    code = county_code(county)
    worked = state["state"] is not State.NOT_STARTED
    return state | {
        "id": number + 1,
        "key": f"plan-{code}-{turn + 1:03}",
        "plan_id": county + 1,
        "region_code": code,
        "position": turn + 1,
        "number": str(turn + 1),
        "kind": TaskKind.MEASURE,
        "section": ["一、主要任务", "（一）资源配置"],
        "title": f"第{turn + 1}项 学校建设与设备配置任务",
        "requirement": "按方案完成学校建设、设备配置和教师补充，达到标准并按期投入使用。",
        "deadline_text": "按期完成",
        "deadline_precision": Precision.DAY,
        "last_words": SAID if worked else None,
        "last_reported_at": clock.now() - timedelta(days=turn % 30) if worked else None,
    }


def _assignments(number: int) -> Iterator[Row]:
    """A lead and two that co-operate."""
    county, turn = divmod(number, TASKS)
    roles = (AssignmentRole.LEAD, AssignmentRole.COOPERATING, AssignmentRole.COOPERATING)
    for position, role in enumerate(roles, start=1):
        unit = county * UNITS + 1 + (turn + position * 5) % UNITS
        yield {
            "task_id": number + 1,
            "unit_id": unit,
            "role": role,
            "position": position,
            "name_in_plan": UNIT_NAMES[(unit - 1) % UNITS],
        }


def _contribution(number: int, indicators: list[int]) -> Row:
    return {"task_id": number + 1, "indicator_id": indicators[number % len(indicators)], "reason": "增加生均资源"}


def _reports(number: int, now: datetime) -> Iterator[Row]:
    county, turn = divmod(number, TASKS)
    for place in range(REPORTS):
        yield {
            "task_id": number + 1,
            "unit_id": county * UNITS + 1 + (turn + 5) % UNITS,
            "account_id": county * 2 + 3,
            "situation": Situation.ON_PLAN,
            "text": SAID,
            "at": now - timedelta(days=turn % 30 + 14 * place),
            "light_before": "normal",
            "light_after": "normal",
            "once": f"bench-{number}-{place}",
        }


def _issue(county: int, now: datetime) -> Row:
    """The week before this one, frozen."""
    monday = clock.office_day(now) - timedelta(days=clock.office_day(now).weekday() + 7)
    return {
        "id": county + 1,
        "region_code": county_code(county),
        "number": 1,
        "week_on": monday,
        "cut_off_at": clock.at_office(monday + timedelta(days=4), 17),
        "sentence": "本周无变化。",
    }


def _issue_line(number: int, state: Row) -> Row:
    county, turn = divmod(number, TASKS)
    task = _task(number, state)
    return {
        "issue_id": county + 1,
        "task_id": number + 1,
        "task_key": task["key"],
        "plan_code": f"plan-{county_code(county)}",
        "title": task["title"],
        "units": [UNIT_NAMES[(turn + 5) % UNITS]],
        "light": state["light_fixed"] or Light.NORMAL,
        "state": state["state"],
        "due_on": state["due_on"],
        "days_late": 0,
        "last_words": task["last_words"],
        "last_reported_at": task["last_reported_at"],
    }


def _insert(connection: sa.Connection, model: type[Base], rows: Iterable[Row]) -> None:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        connection.execute(sa.insert(model.__table__), batch)  # type: ignore[arg-type]


def _mend_sequences(connection: sa.Connection) -> None:
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
