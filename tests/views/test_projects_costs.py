"""/projects/costs."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import World, make_account, make_project, make_school, make_task
from tests.visit import client_for, visit
from tracker.models import Stage, db
from tracker.rules.permissions import Role


def test_the_charts_stand_beside_their_tables_and_name_the_outliers(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), "/projects/costs")
    seats, area = page.select(".cost-chart")
    assert len(seats.select(".dot-plot svg.strip")) == len(seats.select(".numbers tbody tr")) == 10
    rows = {
        row.select("td")[0].text: [cell.text for cell in row.select("td")] for row in seats.select(".numbers tbody tr")
    }
    assert rows["第八中学、第八小学建设项目"][2:6] == ["13,440", "4,000", "33,600", "9"]
    assert rows["第十小学建设项目"][4:] == ["23,333", "9", "49,500", "0.47", "偏低"]
    named = [each.text for each in seats.select(".outliers li")]
    said = "第十小学建设项目：每个学位 23,333 元；本县其他 9 个新建项目的中位数是 49,500 元，本项目为其 0.47 倍，偏低。"
    assert said in named
    assert len(area.select(".numbers tbody tr")) == 24
    links = [str(each["href"]) for each in seats.select(".dot-plot th a")]
    assert "/projects/xingguo-2023-a1-05" in links


def test_it_follows_region_and_plan_and_what_a_person_sees(app: Flask, world: World) -> None:
    plan, finance = db.session.merge(world.plan), db.session.merge(world.finance)
    for number, unit in enumerate([finance, None, None, None]):
        task = make_task(plan, lead=[unit] if unit else [])
        make_project(task, parts=[(make_school(f"甲{number}"), Stage.PRIMARY, 450, 10)], budget_yuan=4_500_000 + number)
    db.session.commit()
    code = plan.code
    for query in ("", f"?plan={code}", "?region=360732"):
        page = visit(client_for(app, db.session.merge(world.office)), f"/projects/costs{query}")
        assert len(page.select(".numbers tbody tr")) == 4
        assert "没有明显偏高或偏低的项目。" in page.text
    staff = visit(client_for(app, db.session.merge(world.staff)), "/projects/costs")
    assert len(staff.select(".numbers tbody tr")) == 1
    assert "同类项目不足，不比较" in staff.text
    assert "只列本单位参与的项目" in staff.text
    stranger = visit(client_for(app, db.session.merge(world.stranger)), "/projects/costs")
    assert "没有同时写出投资和学位或校舍面积的项目。" in stranger.text


@pytest.mark.parametrize("query", ["plan=xiji-2022", "region=64", "light=green", "category=castle"])
def test_a_value_that_a_filter_does_not_have_is_refused(app: Flask, world: World, query: str) -> None:
    visit(client_for(app, world.leader), f"/projects/costs?{query}", status=400)


def test_it_is_only_read_and_not_by_the_machines_administrators(app: Flask, world: World) -> None:
    assert client_for(app, world.office).post("/projects/costs").status_code == 405
    for account in (world.administrator, world.security):
        visit(client_for(app, db.session.merge(account)), "/projects/costs", 403)
    assert app.test_client().get("/projects/costs").status_code == 302


def test_a_filter_chooses_rows_and_narrows_no_median(app: Flask, world: World) -> None:
    plan = db.session.merge(world.plan)
    for number in range(4):
        parts = [(make_school(f"甲{number}"), Stage.PRIMARY, 450, 10)]
        budget = 9_000_000 if number == 0 else 4_500_000
        project = make_project(make_task(plan), parts=parts, budget_yuan=budget)
        project.town = "良田镇" if number == 0 else "南街道"
    db.session.commit()
    client = client_for(app, db.session.merge(world.office))
    page = visit(client, "/projects/costs?town=良田镇")
    assert len(page.select(".numbers tbody tr")) == 1
    assert "本县其他 3 个" in page.text
    assert "为其 2 倍，偏高" in page.text
    assert page.select_one(".presets [aria-current]:-soup-contains('良田镇')")
    beside = [str(each["href"]) for each in page.select("nav[aria-label='工程项目的页面'] a")]
    assert all("town=" in each for each in beside[:4])
    assert not any("town=" in each for each in beside[4:])


@pytest.mark.parametrize("place", ["", "/seats", "/schedule", "/costs"])
def test_every_filter_that_is_on_is_named_and_can_be_cleared(app: Flask, world: World, place: str) -> None:
    client = client_for(app, world.office)
    page = visit(client, f"/projects{place}?town=良田镇&light=overdue&category=new")
    on = page.select(".presets [aria-current=page], .chip")
    assert {"良田镇", "逾期"} <= {word for each in on for word in each.get_text().split()}
