"""/projects/<key>."""

from __future__ import annotations

from datetime import date

from flask import Flask

from tests.factories import World, make_account, make_project, make_school, make_task
from tests.visit import client_for, visit
from tracker.models import Account, Stage, db
from tracker.rules.permissions import Role


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


def test_its_figures_are_checked_and_its_costs_compared(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), "/projects/xingguo-2023-a1-08")
    check = page.select_one("#check")
    assert check
    said = check.get_text(" ", strip=True)
    assert "2,000 个学位需要 45 个班；或保持 40 个班，最多 1,800 个学位。" in said
    assert "第九中学建设项目 80 亩、第十二小学建设项目 38 亩" in said
    assert check.select_one("a[href='/plans/xingguo-2023/check']")
    cost = page.select_one("#cost")
    assert cost
    assert "每个学位 35,000 元；本县其他 9 个新建项目的中位数是" in cost.text
    assert (
        visit(client_for(plans_app, make_account(Role.LEADER)), "/projects/xingguo-2023-a1-26").select_one("#check")
        is None
    )


def test_what_it_brings_stands_with_the_figure_it_comes_from(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.PLAN_OFFICE)), "/projects/xingguo-2023-a1-27")
    brings = page.select_one("#brings")
    assert brings
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in brings.select("tbody tr")]
    assert [row[0] for row in rows] == ["R5"]
    assert rows[0][2] == "+9,022 ㎡"
    assert "运动场地9022㎡" in rows[0][3]
    assert rows[0][4] == "待确认"
    assert brings.select_one("a[href='/tasks/xingguo-2023-a1-27#brings']")
