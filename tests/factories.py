"""Rows for tests: ``make_…(**differences)``, and the fixed cast."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tracker import clock
from tracker.models import (
    Account,
    Assignment,
    AssignmentRole,
    CalendarDay,
    LoginSession,
    MoneyEntry,
    Plan,
    PlanState,
    Project,
    ProjectCategory,
    ProjectNode,
    ProjectSchool,
    Robot,
    RobotKind,
    School,
    SchoolYear,
    Stage,
    StageYear,
    Standing,
    Task,
    TaskKind,
    Unit,
    UnitKind,
    db,
)
from tracker.models.base import settings
from tracker.queries.accounts import token_hash
from tracker.rules.deadlines import Precision
from tracker.rules.money import MoneyKind
from tracker.rules.nodes import next_due
from tracker.rules.permissions import Role
from tracker.rules.sealing import seal

COUNTY = "360732"
OTHER_COUNTY = "640422"
_numbers = itertools.count(1)


def make_unit(
    name: str = "", *, region: str = COUNTY, kind: UnitKind = UnitKind.DEPARTMENT, **differences: Any
) -> Unit:
    """A unit of a region."""
    unit = Unit(region_code=region, name=name or f"单位{next(_numbers)}", kind=kind, **differences)
    db.session.add(unit)
    db.session.flush()
    return unit


def make_school(name: str = "", *, region: str = COUNTY, **differences: Any) -> School:
    """A school of a region."""
    school = School(region_code=region, name=name or f"学校{next(_numbers)}", **differences)
    db.session.add(school)
    db.session.flush()
    return school


def make_school_year(
    school: School, year: int = 2025, *, stages: dict[str, dict[str, Any]], **whole: Any
) -> SchoolYear:
    """A school's numbers of a year: those of its stages by name, the others by keyword."""
    values: dict[str, Any] = {"counted_on": date(year, 9, 1), "standing": Standing.REPORTED, "source": "统计报表"}
    row = SchoolYear(
        school=school,
        year=year,
        stages=[StageYear(stage=Stage(name), **numbers) for name, numbers in stages.items()],
        **(values | whole),
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_robot(unit: Unit, kind: RobotKind = RobotKind.WECOM, **differences: Any) -> Robot:
    """The robot of a unit's group."""
    key = settings().secret_key
    token = "0123456789abcdef" * 4 if kind is RobotKind.DINGTALK else "73febdcb-1b38-4d1b-a994-790f21fc8d30"
    values: dict[str, Any] = {"sealed_token": seal(key, token), "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    robot = Robot(unit=unit, kind=kind, **(values | differences))
    db.session.add(robot)
    db.session.flush()
    return robot


def make_account(
    role: Role | None, *, region: str = COUNTY, units: list[Unit] | None = None, **differences: Any
) -> Account:
    """An account whose password nobody knows; ``client_for`` signs it in without one."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "username": f"{role or 'none'}{number}",
        "name": f"{role or 'none'} {number}",
        "email": f"person{number}@example.test",
        "password_hash": "!",
        "must_change_password": False,
        "password_changed_at": clock.now(),
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    account = Account(role=role, region_code=region, units=units or [], **(values | differences))
    db.session.add(account)
    db.session.flush()
    return account


def make_calendar_day(day: date, is_workday: bool = False, *, region: str = COUNTY, note: str = "假日") -> CalendarDay:
    """A day that an administrator entered: a holiday, or one on which offices work."""
    row = CalendarDay(day=day, is_workday=is_workday, region_code=region, note=note)
    db.session.add(row)
    db.session.flush()
    return row


def make_plan(code: str = "", *, region: str = COUNTY, **differences: Any) -> Plan:
    """An active plan."""
    values: dict[str, Any] = {"title": "测试方案", "state": PlanState.ACTIVE, "issued_on": date(2025, 1, 1)}
    plan = Plan(code=code or f"plan-{next(_numbers)}", region_code=region, **(values | differences))
    db.session.add(plan)
    db.session.flush()
    return plan


def make_task(
    plan: Plan,
    *,
    lead: list[Unit] | None = None,
    responsible: list[Unit] | None = None,
    cooperating: list[Unit] | None = None,
    **differences: Any,
) -> Task:
    """A task of a plan; its light follows from the values given."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "key": f"{plan.code}-{number}",
        "position": number,
        "number": str(number),
        "kind": TaskKind.MEASURE,
        "section": ["工程"],
        "title": f"任务{number}",
        "requirement": f"要求{number}",
        "deadline_precision": Precision.DAY,
    }
    task = Task(plan_id=plan.id, region_code=plan.region_code, **(values | differences))
    task.first_due_on = task.first_due_on or task.due_on
    if task.submitted_on and task.in_time is None:
        task.in_time = task.due_on is None or task.submitted_on <= task.due_on
    roles = {
        AssignmentRole.LEAD: lead,
        AssignmentRole.RESPONSIBLE: responsible,
        AssignmentRole.COOPERATING: cooperating,
    }
    position = 0
    for role, units in roles.items():
        for unit in units or []:
            position += 1
            task.assignments.append(Assignment(unit=unit, role=role, position=position, name_in_plan=unit.name))
    db.session.add(task)
    db.session.flush()
    task.keep_light_dates()
    db.session.flush()
    return task


def make_project(
    task: Task,
    *,
    parts: list[tuple[School, Stage | None, int | None, int | None]] | None = None,
    nodes: list[dict[str, Any]] | None = None,
    **differences: Any,
) -> Project:
    """The figures of a task that builds, for some (school, stage, seats, classes), with its nodes in order."""
    task.kind = TaskKind.PROJECT
    project = Project(task=task, **({"category": ProjectCategory.NEW} | differences))
    for position, (school, stage, seats, classes) in enumerate(parts or [], 1):
        project.schools.append(
            ProjectSchool(school=school, position=position, stage=stage, seats=seats, classes=classes)
        )
    for position, values in enumerate(nodes or [], 1):
        first = values.get("first_planned_on", values.get("planned_on"))
        project.nodes.append(
            ProjectNode(position=position, **({"name": f"节点{position}"} | values | {"first_planned_on": first}))
        )
    db.session.add(project)
    db.session.flush()
    task.node_due_on = next_due((node.planned_on, node.done_on) for node in project.nodes)
    task.keep_light_dates()
    db.session.flush()
    return project


def make_money(
    project: Project, kind: MoneyKind, amount_yuan: int, on: date | None = None, **differences: Any
) -> MoneyEntry:
    """An entry of the ledger of a project's money."""
    values: dict[str, Any] = {"at": datetime(2026, 1, 1, tzinfo=UTC), "once": f"once-{next(_numbers)}"}
    entry = MoneyEntry(project=project, kind=kind, amount_yuan=amount_yuan, on=on, **(values | differences))
    db.session.add(entry)
    db.session.flush()
    return entry


def sign_in(client: Any, account: Account) -> str:
    """Give a test client an open login session of an account; returns its token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        LoginSession(
            token_hash=token_hash(token), account_id=account.id, created_at=now, last_seen_at=now, address="127.0.0.1"
        )
    )
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return token


@dataclass
class World:
    """One person per role and one stranger; units, an active plan and a few tasks of it."""

    finance: Unit
    housing: Unit
    education: Unit
    plan: Plan
    task: Task
    housing_task: Task
    shared_task: Task
    administrator: Account
    security: Account
    office: Account
    office2: Account
    staff: Account
    staff2: Account
    housing_staff: Account
    leader: Account
    auditor: Account
    stranger: Account


def make_world() -> World:
    """The cast. ``task`` is led by 财政局, ``housing_task`` by 住建局; ``shared_task`` has no lead and both."""
    finance, housing, education = make_unit("财政局"), make_unit("住建局"), make_unit("教科体局")
    plan = make_plan("xg")
    world = World(
        finance=finance,
        housing=housing,
        education=education,
        plan=plan,
        task=make_task(plan, lead=[finance], cooperating=[education], title="资金拨付", due_on=date(2099, 6, 30)),
        housing_task=make_task(plan, lead=[housing], title="校舍建设", due_on=date(2099, 6, 30)),
        shared_task=make_task(plan, responsible=[finance, housing], title="共同责任事项", due_on=date(2099, 6, 30)),
        administrator=make_account(Role.ADMINISTRATOR, username="administrator"),
        security=make_account(Role.SECURITY_ADMINISTRATOR, username="security"),
        office=make_account(Role.PLAN_OFFICE, username="office"),
        office2=make_account(Role.PLAN_OFFICE, username="office2"),
        staff=make_account(Role.UNIT_STAFF, username="staff", units=[finance]),
        staff2=make_account(Role.UNIT_STAFF, username="staff2", units=[finance]),
        housing_staff=make_account(Role.UNIT_STAFF, username="housing-staff", units=[housing]),
        leader=make_account(Role.LEADER, username="leader"),
        auditor=make_account(Role.AUDITOR, username="auditor"),
        stranger=make_account(Role.PLAN_OFFICE, username="stranger", region=OTHER_COUNTY),
    )
    db.session.commit()
    return world
