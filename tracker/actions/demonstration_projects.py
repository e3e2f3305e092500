"""The building projects of the demonstration: nodes, money, handovers and photographs, by the acts that people have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tracker.actions.demonstration import Calendar, Scene
from tracker.actions.demonstration_photos import drawn_site
from tracker.actions.demonstration_talks import INVENTED
from tracker.actions.handovers import add_handover, hand_over
from tracker.actions.money import MoneySaid, add_entry
from tracker.actions.nodes import expect_node, finish_node, move_node, plan_nodes
from tracker.actions.photos import add_photos, keep_photo
from tracker.actions.project_facts import ContractFacts, keep_facts
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import Account, NodeList, Plan, Project, ProjectCategory, ProjectNode, Task, db
from tracker.queries.accounts import person_of
from tracker.rules.handovers import Planned
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.nodes import USUAL_NODES, PlannedNode
from tracker.rules.school_years import first_day, school_year_of

Row = Mapping[str, Any]
TEN_THOUSAND = 10_000


def project_scenes(seed: Row, accounts: Mapping[str, Account], calendar: Calendar, folder: Path) -> Iterator[Scene]:
    """What is done to every work of the story; unordered. ``folder`` is where photographs are kept."""
    lists = _lists(seed)
    by = Actor(person_of(accounts[seed["clerk"]]))
    tasks = sa.select(Task).join(Plan, Plan.id == Task.plan_id).where(Plan.code == seed["plan"])
    found = {task.key.removeprefix(f"{seed['plan']}-"): task for task in db.session.scalars(tasks)}
    for place, row in enumerate(seed["works"]):
        project = db.session.get_one(Project, found[row["task"]].id)
        yield Scene(calendar.at(seed["entered"], place), partial(_keep_facts, by, project, row, seed["owner"]))
        names = lists.get(project.category, USUAL_NODES)
        yield from _of_nodes(by, project, row, names, seed, calendar, place)
        yield from _of_money(by, project, row, seed["entered"], calendar, place)
        yield from _of_photos(by, project, row, folder, calendar, place)


def _lists(seed: Row) -> dict[str, Sequence[str]]:
    for category, names in seed["lists"].items():
        db.session.add(NodeList(region_code=seed["region"], category=ProjectCategory(category), names=names))
    return dict(seed["lists"])


def _keep_facts(by: Actor, project: Project, row: Row, owner: str, at: datetime) -> None:
    facts = ContractFacts(
        owner=owner,
        contractor=row.get("contractor"),
        supervisor=row.get("supervisor"),
        contract_yuan=row["contract"] * TEN_THOUSAND if "contract" in row else None,
    )
    keep_facts(by, project, project.task.version, facts, at)


def _of_nodes(
    by: Actor, project: Project, row: Row, names: Sequence[str], seed: Row, calendar: Calendar, place: int
) -> Iterator[Scene]:
    """The nodes are planned as they were at first; then they move, are expected and done, each on its day."""
    moved = row.get("moved", {})
    first = [moved[name][0] if name in moved else day for name, day in zip(names, row["planned"], strict=True)]
    planned = [PlannedNode(name, calendar.on(day)) for name, day in zip(names, first, strict=True)]
    yield Scene(calendar.at(seed["entered"], place), partial(_plan, by, project, planned))
    for turn, (name, day) in enumerate(zip(names, row["done"], strict=False)):
        at = calendar.at(max(day, seed["entered"] + 1), place + turn)
        yield Scene(at, partial(_finish, by, project, name, calendar, day))
    for name, (_before, day, reason) in moved.items():
        yield Scene(calendar.at(seed["moved"], place), partial(_move, by, project, name, calendar, day, reason))
    if {"expected", "expected_after_september"} & set(row):
        act = partial(_expect, by, project, names[-1], _expected_on(row, calendar))
        yield Scene(calendar.at(seed["expected"], place), act)
    for said in row.get("handovers", []):
        yield Scene(calendar.at(seed["expected"], place), partial(_hand_over, by, project, said, calendar))


def _of_photos(by: Actor, project: Project, row: Row, folder: Path, calendar: Calendar, place: int) -> Iterator[Scene]:
    for day, stage, caption in row.get("photos", []):
        act = partial(_take_photo, by, project, calendar.on(day), INVENTED + caption, drawn_site(stage), folder)
        yield Scene(calendar.at(day, place), act)


def _of_money(by: Actor, project: Project, row: Row, entered: int, calendar: Calendar, place: int) -> Iterator[Scene]:
    """Every entry on its day, what is older than the story on the day on which the clerk enters it."""
    for kind in MoneyKind:
        for turn, (when, source, amount) in enumerate(row["money"].get(kind.value, [])):
            is_planned = kind is MoneyKind.PLANNED
            said = MoneySaid(
                kind=kind,
                amount_yuan=int(Decimal(str(amount)) * TEN_THOUSAND),
                on=None if is_planned else calendar.on(when),
                for_year=calendar.today.year + when if is_planned else None,
                source=MoneySource(source),
                payee=row.get("contractor") if kind is MoneyKind.PAID else None,
                note=None,
                once=f"demonstration-{kind.value}-{turn}",
                invented=True,
            )
            day = entered + 1 if is_planned else max(when, entered + 1)
            yield Scene(calendar.at(day, place + turn), partial(_enter, by, project, said))


def _node(project: Project, name: str) -> ProjectNode:
    return next(each for each in project.nodes if each.name == name)


def _plan(by: Actor, project: Project, planned: Sequence[PlannedNode], at: datetime) -> None:
    plan_nodes(by, project, project.task.version, planned, "", at)
    db.session.refresh(project, ["nodes"])
    for node in project.nodes:
        node.invented = True


def _finish(by: Actor, project: Project, name: str, calendar: Calendar, day: int, at: datetime) -> None:
    node = _node(project, name)
    finish_node(by, project, project.task.version, node.id, min(calendar.on(day), office_day(at)), "", (), at)
    node.invented = True


def _move(by: Actor, project: Project, name: str, calendar: Calendar, day: int, reason: str, at: datetime) -> None:
    node = _node(project, name)
    move_node(by, project, project.task.version, node.id, calendar.on(day), INVENTED + reason, at)
    node.invented = True


def _expected_on(row: Row, calendar: Calendar) -> date:
    """The day on which a work is expected to be done; so long after the next September that its seats miss it."""
    if "expected" in row:
        return calendar.on(row["expected"])
    september = first_day(school_year_of(calendar.today) + 1)
    return max(september, calendar.on(row["planned"][-1])) + timedelta(days=row["expected_after_september"])


def _expect(by: Actor, project: Project, name: str, expected_on: date, at: datetime) -> None:
    reason = INVENTED + "按目前进度推算"
    node = _node(project, name)
    expect_node(by, project, project.task.version, node.id, expected_on, reason, at)
    node.invented = True


def _hand_over(by: Actor, project: Project, row: Row, calendar: Calendar, at: datetime) -> None:
    part = next(each for each in project.schools if each.school.name == row["school"])
    said = Planned(row["seats"], row.get("classes"), calendar.on(row["planned"]), None, INVENTED + row["note"])
    batch = add_handover(by, project, project.task.version, part.id, said, at)
    hand_over(by, project, project.task.version, batch.id, min(calendar.on(row["handed"]), office_day(at)), None, at)
    batch.invented = True


def _take_photo(
    by: Actor, project: Project, day: date, caption: str, content: bytes, folder: Path, at: datetime
) -> None:
    photo = keep_photo(BytesIO(content), "演示.png", folder)
    # People act on working days: what the story says of a Sunday is seen on the Friday before.
    taken_on = min(day, office_day(at))
    add_photos(by, project, taken_on, caption, [photo], folder, f"demonstration-{day}", at, invented=True)


def _enter(by: Actor, project: Project, said: MoneySaid, at: datetime) -> None:
    add_entry(by, project, replace(said, on=min(said.on, office_day(at)) if said.on else None), at)
