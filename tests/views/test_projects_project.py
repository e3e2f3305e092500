"""/projects/<key>."""

from __future__ import annotations

from datetime import date

from flask import Flask

from tests.factories import World, make_project, make_school, make_task
from tests.visit import client_for, visit
from tracker.models import Account, Stage, db


def a_project(world: World) -> str:
    task = make_task(world.plan, responsible=[world.finance], due_on=date(2026, 9, 30), title="第九中学建设")
    make_project(task, parts=[(make_school("第九中学"), Stage.JUNIOR, 2000, 40)], budget_yuan=119_700_000)
    db.session.commit()
    return f"/projects/{task.key}"


def test_whoever_sees_the_task_reads_its_project(app: Flask, world: World) -> None:
    address = a_project(world)
    for who in (world.office, world.staff, world.leader, world.auditor):
        page = visit(client_for(app, db.session.merge(who)), address)
        assert "第九中学建设" in page.select_one("h1").text  # type: ignore[union-attr]
        assert "11,970 万元" in page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


def test_others_and_tasks_that_build_nothing_are_not_found(app: Flask, world: World) -> None:
    address = a_project(world)
    others: list[Account] = [db.session.merge(each) for each in (world.housing_staff, world.stranger)]
    for each in others:
        visit(client_for(app, each), address, 404)
    visit(client_for(app, db.session.merge(world.office)), f"/projects/{world.task.key}", 404)


def test_it_is_only_read(app: Flask, world: World) -> None:
    address = a_project(world)
    assert client_for(app, db.session.merge(world.office)).post(address).status_code == 405
