"""/plans/<code>/check."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account, make_project, make_school, make_task
from tests.visit import client_for, visit
from tracker.models import PlanState, Stage, Unit, db
from tracker.rules.permissions import Role

ADDRESS = "/plans/xingguo-2023/check"


def test_it_lists_findings_by_weight_with_evidence_mend_and_project(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), ADDRESS)
    text = page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]
    assert "方案有 6 处矛盾。 另有 27 处值得一看。" in text
    assert [each.text for each in page.select("h2.weight")] == ["矛盾", "值得一看"]
    crowded = page.select_one("#contradiction-class_size")
    assert crowded
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in crowded.select("tbody tr")]
    assert rows[0] == [
        "第十小学建设项目",
        "第十小学（小学）规划 1,800 个学位、36 个班，每班 50 人，上限 45 人。",
        "1,800 个学位需要 40 个班；或保持 36 个班，最多 1,620 个学位。",
    ]
    assert len(rows) == 3
    link = crowded.select_one("a")
    assert link
    assert str(link["href"]) == "/projects/xingguo-2023-a1-05"
    assert "减少 800 个学位，或分成 2 所学校。" in text
    assert "占用地 75.6%" in text
    assert "第八中学 20,400 ㎡、第八小学 15,000 ㎡" in text


def test_every_business_role_reads_it_and_staff_only_of_their_own_tasks(plans_app: Flask) -> None:
    for role in (Role.PLAN_OFFICE, Role.LEADER, Role.AUDITOR):
        visit(client_for(plans_app, make_account(role)), ADDRESS)
    company = db.session.scalars(sa.select(Unit).where(Unit.name == "城投公司")).one()
    page = visit(client_for(plans_app, make_account(Role.UNIT_STAFF, units=[company])), ADDRESS)
    text = page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]
    assert "只列本单位参与的项目。" in text
    assert len(page.select("tbody tr")) < 26


def test_it_is_not_there_for_strangers_and_not_for_the_machines_administrators(app: Flask, world: World) -> None:
    address = f"/plans/{world.plan.code}/check"
    visit(client_for(app, world.stranger), address, 404)
    for account in (world.administrator, world.security):
        visit(client_for(app, db.session.merge(account)), address, 403)
    assert app.test_client().get(address).status_code == 302
    assert client_for(app, db.session.merge(world.office)).post(address).status_code == 405
    visit(client_for(app, db.session.merge(world.office)), "/plans/no-such-plan/check", 404)


def test_a_plan_without_doubts_says_so(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.office), f"/plans/{world.plan.code}/check")
    text = page.select_one("main").text  # type: ignore[union-attr]
    assert "没有发现矛盾。另有 4 处值得一看。" in text
    assert "文件没有写发文字号。" in text
    staff = visit(client_for(app, db.session.merge(world.staff)), f"/plans/{world.plan.code}/check")
    assert "本单位参与的项目没有发现矛盾。" in staff.select_one("main").text  # type: ignore[union-attr]


def test_staff_find_nothing_of_a_draft(app: Flask, world: World) -> None:
    plan = db.session.merge(world.plan)
    task = make_task(plan, lead=[db.session.merge(world.finance)])
    make_project(task, parts=[(make_school("甲小学"), Stage.PRIMARY, 1800, 36)])
    plan.state = PlanState.DRAFT
    db.session.commit()
    page = visit(client_for(app, db.session.merge(world.staff)), f"/plans/{plan.code}/check")
    assert "甲小学" not in page.text


def test_the_plans_page_leads_there(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.office), f"/plans/{world.plan.code}")
    assert page.select_one(f"a[href='/plans/{world.plan.code}/check']")
