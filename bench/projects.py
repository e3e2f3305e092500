"""Building projects to measure on: a county of its own with 400 of them, eight nodes and three sums of money each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bench.rows import Row
from tracker import clock
from tracker.models import (
    Base,
    MoneyEntry,
    Plan,
    PlanState,
    Project,
    ProjectCategory,
    ProjectNode,
    Region,
    Task,
    TaskKind,
)
from tracker.rules.deadlines import Precision
from tracker.rules.lifecycle import State
from tracker.rules.lights import LightFacts, light_dates
from tracker.rules.money import MoneyKind
from tracker.rules.nodes import USUAL_NODES, next_due
from tracker.rules.search import folded

PROJECTS = 400
PLACES = {"46": "工程省", "4699": "工程市", "469901": "工程县"}
COUNTY = "469901"


def project_tables(plans: int, tasks: int, now: datetime) -> Iterator[tuple[type[Base], Iterator[Row]]]:
    """The rows of each table, numbered on from the plans and tasks that are there, in the order to be stored in."""
    today, numbers = clock.office_day(now), range(PROJECTS)
    nodes = [list(_nodes(number, tasks, today)) for number in numbers]
    plan: Row = {
        "id": plans + 1,
        "code": "works",
        "region_code": COUNTY,
        "title": "建设方案",
        "state": PlanState.ACTIVE,
    }
    yield Region, iter([{"code": code, "name": name} for code, name in PLACES.items()])
    yield Plan, iter([plan | {"state": PlanState.ACTIVE}])
    yield Task, (_task(number, plans, tasks, nodes[number], today) for number in numbers)
    yield Project, (_project(number, tasks) for number in numbers)
    yield ProjectNode, (row for rows in nodes for row in rows)
    yield MoneyEntry, (row for number in numbers for row in _money(number, tasks, now))


def _task(number: int, plans: int, tasks: int, nodes: list[Row], today: date) -> Row:
    key, title = f"works-{number + 1:03}", f"第{number + 1}中学整体搬迁建设项目"
    due_on = nodes[-1]["planned_on"] + timedelta(days=30)
    node_due_on = next_due((node["planned_on"], node["done_on"]) for node in nodes)
    facts = LightFacts(
        state=State.IN_PROGRESS, starts_on=None, due_on=due_on, needs_redate=False, submitted_on=None,
        difficulty_on=None, node_due_on=node_due_on,
    )  # fmt: skip
    light = light_dates(facts)
    return {
        "id": tasks + number + 1,
        "key": key,
        "plan_id": plans + 1,
        "region_code": COUNTY,
        "position": number + 1,
        "kind": TaskKind.PROJECT,
        "section": [],
        "title": title,
        "requirement": "按方案建成并投用。",
        "folded": folded(key, title),
        "deadline_precision": Precision.DAY,
        "state": State.IN_PROGRESS,
        "due_on": due_on,
        "first_due_on": due_on,
        "needs_redate": False,
        "node_due_on": node_due_on,
        "light_fixed": light.fixed,
        "late_from": light.late_from,
        "soon_from": light.soon_from,
        "normal_from": light.normal_from,
    }


def _project(number: int, tasks: int) -> Row:
    category = list(ProjectCategory)[number % len(ProjectCategory)]
    return {"task_id": tasks + number + 1, "category": category, "budget_yuan": 10_000_000 + number * 77_000}


def _nodes(number: int, tasks: int, today: date) -> Iterator[Row]:
    """Nodes some months apart; each project stands somewhere else, and one in ten nodes was moved."""
    begin = today - timedelta(days=number * 37 % 900)
    for place, name in enumerate(USUAL_NODES):
        planned = begin + timedelta(days=place * (60 + number % 50))
        yield {
            "task_id": tasks + number + 1,
            "position": place + 1,
            "name": name,
            "planned_on": planned,
            "first_planned_on": planned - timedelta(days=40) if (number + place) % 10 == 0 else planned,
            "done_on": planned + timedelta(days=number % 20 - 5) if planned < today - timedelta(days=30) else None,
            "invented": False,
        }


def _money(number: int, tasks: int, now: datetime) -> Iterator[Row]:
    shares = ((MoneyKind.PLANNED, 10), (MoneyKind.ALLOCATED, number % 10 + 1), (MoneyKind.PAID, number % 7 + 1))
    for kind, tenths in shares:
        yield {
            "task_id": tasks + number + 1,
            "kind": kind,
            "amount_yuan": 1_000_000 * tenths,
            "on": clock.office_day(now),
            "for_year": now.year if kind is MoneyKind.PLANNED else None,
            "at": now,
            "once": f"works-{number}-{kind}",
            "invented": False,
        }
