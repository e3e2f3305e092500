"""/projects."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories import COUNTY, World, make_account, make_project, make_task
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import (
    Account,
    Project,
    ProjectCategory,
    ProjectSchool,
    School,
    Stage,
    TaskKind,
    Unit,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.ledger import ledger_page
from tracker.rules.permissions import Role
from tracker.views.query import filters_from


def build(world: World, count: int) -> None:
    """Give the small plan so many projects more, each for a school of its own."""
    plan, unit = db.session.merge(world.plan), db.session.merge(world.housing)
    for _ in range(count):
        task = make_task(plan, lead=[unit], kind=TaskKind.PROJECT, due_on=date(2020, 1, 1))
        school = School(region_code=COUNTY, name=f"学校{task.key}")
        schools = [ProjectSchool(position=1, school=school, stage=Stage.PRIMARY, seats=500, classes=10)]
        db.session.add(Project(task=task, category=ProjectCategory.NEW, site="同一处", schools=schools))
    db.session.commit()


def main_of(page: BeautifulSoup) -> Tag:
    """What the page itself says, without its frame."""
    found = page.select_one("main")
    assert found
    return found


def row_of(page: BeautifulSoup, title: str) -> list[str]:
    """The cells of a project."""
    link = page.select_one(".project-list").find("a", string=title)  # type: ignore[union-attr]
    return [cell.get_text(" ", strip=True) for cell in link.find_parent("tr").select("td")]  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [Role.PLAN_OFFICE, Role.LEADER, Role.AUDITOR, Role.UNIT_STAFF])
def test_every_business_role_reads_it_and_every_sum_leads_to_that_many_tasks(plans_app: Flask, role: Role) -> None:
    finance = db.session.scalars(sa.select(Unit).where(Unit.region_code == COUNTY, Unit.name == "财政局")).one()
    account = make_account(role, units=[finance] if role is Role.UNIT_STAFF else [])
    page = visit(client_for(plans_app, account), "/projects")
    account = db.session.merge(account)
    counts = page.select("td[data-label='项目'] a")
    assert len(counts) >= 4
    for link in counts:
        filters = filters_from(MultiDict(parse_qsl(urlsplit(str(link["href"])).query)))
        assert ledger_page(person_of(account), filters, clock.today(), 1).total == int(link.text)


def test_the_administrators_of_the_machine_do_not_see_business(app: Flask, world: World) -> None:
    for account in (world.administrator, world.security):
        visit(client_for(app, account), "/projects", status=403)
    assert app.test_client().get("/projects").status_code == 302
    assert client_for(app, world.leader).post("/projects").status_code == 405


def test_the_page_has_the_sums_of_the_document(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), "/projects")
    text = main_of(page).get_text(" ", strip=True)
    assert "共 40 个项目。计划投资 128,758.7 万元。新增学位 21,600 个。" in text
    rows = {row.select("td")[0].text: row.get_text(" ", strip=True) for row in page.select(".sums tbody tr, tfoot tr")}
    assert rows["新建"].startswith("新建 11 96,040 21,600")
    assert rows["合计"].startswith("合计 40 128,758.7")


def test_absent_figures_are_said_to_be_absent_and_both_schools_stand_there(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), "/projects")
    field = row_of(page, "第三中学运动场建设项目")
    assert field[3:8] == ["—", "—", "—", "15,000", "—"]
    two = row_of(page, "第八中学、第八小学建设项目")
    assert two[2] == "第八中学 初中 2,000 学位 40 班 第八小学 小学 2,000 学位 45 班"
    assert two[3:8] == ["4,000", "70.26", "46,824", "—", "13,440"]
    assert "规划每班 50 人，限 45 人" in row_of(page, "第十小学建设项目")[2]
    doubts = page.select_one(".doubts")
    assert doubts
    assert "选址写法相同： 第九中学建设项目 、 第十二小学建设项目" in doubts.get_text(" ", strip=True)
    assert "方案未列投资： 第三中学运动场建设项目" in doubts.get_text(" ", strip=True)


def test_filters_are_links_that_narrow_the_list(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER))
    page = visit(client, "/projects")
    for link in page.select("nav.presets a"):
        visit(client, str(link["href"]))
    light = page.select_one("nav[aria-label='灯'] a[href*='light=redate']")
    assert light
    count = int(light.text.split()[-1])
    assert len(visit(client, str(light["href"])).select(".project-list tbody tr")) == count
    narrowed = visit(client, "/projects?category=new&town=潋江镇")
    assert len(narrowed.select(".project-list tbody tr")) == 3
    sums = [str(link["href"]) for link in narrowed.select("td[data-label='项目'] a")]
    assert len(sums) == 1
    assert len(visit(client, sums[0]).select(".project-list tbody tr")) == 3
    autumn = visit(client, "/projects?autumn=2024")
    assert len(autumn.select(".project-list tbody tr")) == 5


@pytest.mark.parametrize(
    "query",
    ["category=castle", "light=green", "autumn=soon", "autumn=99999999999999999999", "autumn=１９９９", "page=x",
     "plan=xiji-2022", "region=64"],
)  # fmt: skip
def test_a_value_that_a_filter_does_not_have_is_refused(app: Flask, world: World, query: str) -> None:
    visit(client_for(app, world.leader), f"/projects?{query}", status=400)


def test_without_projects_the_page_says_so(app: Flask, world: World) -> None:
    assert "没有工程项目" in main_of(visit(client_for(app, world.leader), "/projects")).text
    assert "没有本单位参与的工程项目" in main_of(visit(client_for(app, world.staff), "/projects")).text
    build(world, 1)
    leader = client_for(app, db.session.merge(world.leader))
    assert "没有符合条件的项目" in main_of(visit(leader, "/projects?town=没有的镇")).text
    assert "学校" not in main_of(visit(client_for(app, db.session.merge(world.staff)), "/projects")).text
    stranger = client_for(app, db.session.merge(world.stranger))
    assert "没有工程项目" in main_of(visit(stranger, "/projects")).text


def test_the_list_has_real_pages(app: Flask, world: World) -> None:
    build(world, 51)
    client = client_for(app, world.leader)
    assert len(visit(client, "/projects").select(".project-list tbody tr")) == 50
    second = visit(client, "/projects?page=2")
    assert len(second.select(".project-list tbody tr")) == 1
    assert "共 51 项" in main_of(second).text


def test_fifty_projects_ask_no_more_questions_than_one(app: Flask, world: World) -> None:
    def questions(account: Account) -> int:
        client = client_for(app, account)
        client.get("/projects")
        db.session.remove()
        with counted_queries() as statements:
            assert client.get("/projects").status_code == 200
        return len(statements)

    build(world, 1)
    one = questions(world.leader)
    build(world, 49)
    assert questions(db.session.merge(world.leader)) == one


def test_projects_are_narrowed_to_those_with_open_nodes(app: Flask, world: World) -> None:
    late = make_task(world.plan, responsible=[world.finance], title="误期小学", due_on=date(2099, 1, 1))
    make_project(late, nodes=[{"name": "招标", "planned_on": clock.today() - timedelta(days=1)}])
    make_project(make_task(world.plan, title="其他小学", due_on=date(2099, 1, 1)))
    client = client_for(app, world.office)
    page = visit(client, "/projects?node=missed")
    assert [link.get_text() for link in page.select(".project-list .title-cell a")] == ["误期小学"]
    assert "有节点逾期未完成" in main_of(page).get_text()
    assert client.get("/projects?node=other").status_code == 400
