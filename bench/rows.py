"""The rows of the counties: 100 tasks each in all states, with assignments, served indicators, reports and a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from tracker import clock
from tracker.models import (
    Assignment,
    AssignmentRole,
    Base,
    Contribution,
    Issue,
    IssueLine,
    Report,
    Situation,
    Task,
    TaskKind,
)
from tracker.rules.deadlines import Precision
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, LightFacts, light_dates
from tracker.rules.search import folded

TASKS = 100
UNITS = 12
REPORTS = 3  # of each task on which somebody works
DUE_IN = (-40, -9, -1, 1, 6, 13, 60, 200, 300)  # days, of the open tasks of a unit
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

ASKED = "按方案完成学校建设、设备配置和教师补充，达到标准并按期投入使用。"

Row = dict[str, Any]


def county_code(number: int) -> str:
    """The code of the county with a number from 0: five provinces with four prefectures each, then county by county."""
    province, prefecture = 41 + number % PROVINCES, 1 + number // PROVINCES % PREFECTURES
    return f"{province}{prefecture:02}{1 + number // (PROVINCES * PREFECTURES):02}"


def tables(counties: int, indicators: list[int], now: datetime) -> Iterator[tuple[type[Base], Iterator[Row]]]:
    """The rows of each table for a number of counties, in the order in which they may be stored."""
    today = clock.office_day(now)
    kinds = [any_state(turn, today) for turn in range(TASKS)]
    numbers = range(counties * TASKS)
    yield Task, (_task(number, kinds[number % TASKS]) for number in numbers)
    yield Assignment, (row for number in numbers for row in _assignments(number))
    yield Contribution, (_contribution(number, indicators) for number in numbers)
    worked = (number for number in numbers if kinds[number % TASKS]["state"] is not State.NOT_STARTED)
    yield Report, (row for number in worked for row in _reports(number, now))
    yield Issue, (_issue(county, now) for county in range(counties))
    yield IssueLine, (_issue_line(number, kinds[number % TASKS]) for number in numbers)


def any_state(turn: int, today: date) -> Row:
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
    row["in_time"] = row["submitted_on"] <= row["due_on"] if row["submitted_on"] else None
    row["closed_on"] = row["submitted_on"] if row["state"] is State.CLOSED else None
    return row | {"first_due_on": row["due_on"]} | _light(row)


def open_state(turn: int, today: date) -> Row:
    """A state in which work goes on: of the tasks of each unit a third is late, a third due soon, a third later."""
    due_on = today + timedelta(days=DUE_IN[turn // UNITS % len(DUE_IN)])
    row: Row = {"state": State.IN_PROGRESS, "due_on": due_on, "needs_redate": False, "submitted_on": None}
    row |= {"difficulty_on": None, "in_time": None, "closed_on": None}
    return row | {"first_due_on": due_on} | _light(row)


def _light(row: Row) -> Row:
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
    return {
        "light_fixed": dates.fixed,
        "late_from": dates.late_from,
        "soon_from": dates.soon_from,
        "normal_from": dates.normal_from,
    }


def _task(number: int, state: Row) -> Row:
    county, turn = divmod(number, TASKS)
    code = county_code(county)
    worked = state["state"] is not State.NOT_STARTED
    key, title = f"plan-{code}-{turn + 1:03}", f"第{turn + 1}项 学校建设与设备配置任务"
    return state | {
        "id": number + 1,
        "key": key,
        "plan_id": county + 1,
        "region_code": code,
        "position": turn + 1,
        "number": str(turn + 1),
        "kind": TaskKind.MEASURE,
        "section": ["一、主要任务", "（一）资源配置"],
        "title": title,
        "requirement": ASKED,
        "folded": folded(key, str(turn + 1), title, ASKED),
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
            "folded": folded(SAID),
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
