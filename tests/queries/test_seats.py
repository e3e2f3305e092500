"""The seats of projects from the database."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_project, make_school, make_task
from tests.visit import counted_queries
from tracker.models import Handover, Project, Stage, Task, db
from tracker.queries.seats import seats_by_autumn

TODAY = date(2026, 3, 1)


def build(world: World, count: int) -> list[Project]:
    """So many projects of the small plan, each with a school of 100 seats by the last node in August."""
    plan, unit = db.session.merge(world.plan), db.session.merge(world.housing)
    return [
        make_project(
            make_task(plan, lead=[unit], title=f"项目{number}"),
            parts=[(make_school(), Stage.PRIMARY, 100, 2)],
            nodes=[{"name": "投用", "planned_on": date(2026, 8, 20)}],
        )
        for number in range(count)
    ]


def test_seats_up_to_the_coming_september_are_three_questions_however_many(app: Flask, world: World) -> None:
    first = build(world, 3)[0]
    first.schools[0].handovers.append(Handover(seats=40, planned_on=date(2025, 8, 1), handed_on=date(2026, 1, 9)))
    db.session.flush()
    with counted_queries() as few:
        found = seats_by_autumn([Task.region_code == "360732"], TODAY)
    assert (found.year, found.planned, found.usable, found.seats) == (2026, 300, 300, 300)
    build(world, 60)
    with counted_queries() as many:
        assert seats_by_autumn([sa.true()], TODAY).usable == 6300
    assert len(few) == len(many) == 3
