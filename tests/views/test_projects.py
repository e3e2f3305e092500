"""/projects."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories import COUNTY, World, make_account, make_money, make_project, make_school, make_task
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import (
    Account,
    Framework,
    Indicator,
    IndicatorPart,
    Project,
    ProjectCategory,
    ProjectSchool,
    School,
    Stage,
    Task,
    TaskKind,
    Unit,
    Veto,
    db,
)
from tracker.queries import projects as listing
from tracker.queries.accounts import person_of
from tracker.queries.ledger import ledger_page
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind
from tracker.rules.nodes import USUAL_NODES as USUAL
from tracker.rules.permissions import Role
from tracker.rules.strips import Sign
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


def address_of(title: str) -> str:
    """The page of a project."""
    return f"/projects/{db.session.scalars(sa.select(Task.key).where(Task.title == title)).one()}"


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


def test_an_installation_without_frameworks_shows_its_projects(app: Flask, world: World) -> None:
    task = make_task(world.plan, lead=[world.housing], title="某小学建设项目", due_on=date(2026, 9, 1))
    make_project(task, parts=[(make_school("某小学"), Stage.PRIMARY, 450, 12)], site="某村")
    db.session.commit()
    leader = client_for(app, world.leader)
    for kind in (IndicatorPart, Indicator, Veto, Framework):
        db.session.execute(sa.delete(kind))
    db.session.commit()
    places = ("", f"/{task.key}", "/seats", "/costs", "/schedule")
    for address in (*(f"/projects{place}" for place in places), f"/plans/{world.plan.code}/check"):
        visit(leader, address)
    assert row_of(visit(leader, "/projects"), "某小学建设项目")[1] == "新建"


def test_the_page_has_the_sums_of_the_document(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), "/projects")
    text = main_of(page).get_text(" ", strip=True)
    assert "共 40 个项目。计划投资 128,758.7 万元。新增学位 21,600 个。" in text
    rows = {row.select("td")[0].text: row.get_text(" ", strip=True) for row in page.select(".sums tbody tr, tfoot tr")}
    assert rows["新建"].startswith("新建 11 96,040 21,600")
    assert rows["合计"].startswith("合计 40 128,758.7")


def test_absent_figures_are_said_to_be_absent_and_both_schools_stand_on_its_page(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER))
    page = visit(client, "/projects")
    assert row_of(page, "第三中学运动场建设项目")[1:7] == ["提质", "—", "—", "—", "—", "—"]
    assert row_of(page, "第八中学、第八小学建设项目")[1:4] == ["新建", "4,000", "13,440"]
    doubts = page.select_one(".doubts")
    assert doubts
    said = doubts.get_text("", strip=True)
    assert "班额超过上限：第十小学、第十一小学、第十二小学" in said
    assert "学校规模超过上限：第十一中学" in said
    assert "不同项目的选址写法相同：第九中学建设项目、第十二小学建设项目" in said
    assert "没有列投资：第三中学运动场建设项目" in said
    assert "每班一间多媒体教室不够：第八中学、第八小学、第九中学、第九小学等 11 处" in said
    assert doubts.select_one(".head a[href='/plans/xingguo-2023/check']")
    field = main_of(visit(client, address_of("第三中学运动场建设项目"))).get_text(" ", strip=True)
    assert "15,000 ㎡" in field
    assert "投资 方案未列" in field
    two = main_of(visit(client, address_of("第八中学、第八小学建设项目")))
    rows = [row.get_text(" ", strip=True) for row in two.select("tbody tr")]
    assert {"第八中学 初中 2,000 40", "第八小学 小学 2,000 45"} <= set(rows)
    assert "70.26 亩" in two.get_text(" ", strip=True)


def test_filters_are_links_that_narrow_the_list(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER))
    page = visit(client, "/projects")
    for link in page.select(".narrowing nav.presets a"):
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
    assert not page.select("a[href*='autumn=']")
    assert page.select("a[href^='/projects/seats']")
    assert len(page.select("#sums table")) == 1


@pytest.mark.parametrize(
    "query",
    ["node=none",
     "category=castle", "light=green", "page=x",
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


def test_the_list_has_real_pages(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 50)
    build(world, 51)
    client = client_for(app, world.leader)
    first = visit(client, "/projects")
    assert len(first.select(".project-list tbody tr")) == 50
    assert "51 个项目" in main_of(first).text
    second = visit(client, "/projects?page=2")
    assert len(second.select(".project-list tbody tr")) == 1
    assert "共 51 项" in main_of(second).text
    # A list too long for sums over it still has its pages.
    monkeypatch.setattr(listing, "MOST_TOGETHER", 50)
    third = visit(client, "/projects?page=2")
    assert len(third.select(".project-list tbody tr")) == 1
    assert "项目太多，不逐项合计" in main_of(third).text


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
    assert "有节点已过计划日期" in main_of(page).get_text()
    assert client.get("/projects?node=other").status_code == 400


TODAY = clock.today()
SPRINT = [
    {"name": "立项", "planned_on": TODAY - timedelta(days=400), "done_on": TODAY - timedelta(days=395)},
    {"name": "开工", "planned_on": TODAY - timedelta(days=1)},
    {"name": "投用", "planned_on": TODAY + timedelta(days=200), "first_planned_on": TODAY + timedelta(days=90)},
]


def a_project(world: World, title: str, **differences: object) -> Task:
    task = make_task(
        world.plan, lead=[world.housing], title=title, due_on=TODAY + timedelta(days=240),
        **{name: differences.pop(name) for name in ("state", "withdrawn_on") if name in differences},
    )  # fmt: skip
    project = make_project(
        task, parts=[(make_school(f"{title}学校"), Stage.PRIMARY, 900, 20)], budget_yuan=123_456_000, **differences
    )
    make_money(project, MoneyKind.ALLOCATED, 61_728_000, TODAY)
    make_money(project, MoneyKind.PAID, 12_345_600, TODAY)
    return task


def test_a_line_says_money_building_and_nodes(app: Flask, world: World) -> None:
    task = a_project(world, "甲项目", nodes=SPRINT)
    client = client_for(app, world.leader)
    page = visit(client, "/projects")
    assert row_of(page, "甲项目")[2:7] == ["900", "12,346", "50%", "10%", "1/3"]
    strip = page.select_one(".project-list .milestones")
    assert strip
    said = [" ".join(line.split()) for line in strip.title.text.strip().splitlines()]  # type: ignore[union-attr]
    assert said == [
        f"立项 已完成 {SPRINT[0]['done_on']}",
        f"开工 已过计划日期 {SPRINT[1]['planned_on']}",
        f"投用 计划日 {SPRINT[2]['planned_on']}",
        f"时限 {task.due_on}",
        f"投用 原计划 {SPRINT[2]['first_planned_on']}",
    ]
    marks = [str(use["href"]) for use in strip.select("use")]
    assert marks == ["#strip-grid", *(f"#mark-{each}" for each in ("done", "overdue", "planned", "deadline", "first"))]
    own = visit(client, f"/projects/{task.key}")
    names = [text.text for text in own.select(".strip-names text")]
    assert names == ["立项", "开工", "投用"]


def test_every_shape_of_a_strip_is_drawn_once(app: Flask, world: World) -> None:
    a_project(world, "甲项目", nodes=SPRINT)
    page = visit(client_for(app, world.leader), "/projects")
    drawn = {str(each["id"]) for each in page.select("svg.shapes g[id]")}
    assert {str(use["href"]).removeprefix("#") for use in page.select(".milestones use")} <= drawn
    assert {f"mark-{sign}" for sign in Sign} | {"mark-before", "mark-after", "strip-grid"} == drawn


def test_missed_nodes_and_those_of_this_month_are_filters(app: Flask, world: World) -> None:
    a_project(world, "甲项目", nodes=SPRINT)
    a_project(world, "乙项目", nodes=[{"name": "开工", "planned_on": TODAY}])
    a_project(world, "丙项目", nodes=SPRINT[:1])
    a_project(world, "丁项目", nodes=SPRINT, state=State.SUSPENDED)
    client = client_for(app, world.leader)
    page = visit(client, "/projects")
    for asked, titles in (("missed", {"甲项目"}), ("month", {"甲项目", "乙项目"} if TODAY.day > 1 else {"乙项目"})):
        link = page.select_one(f"nav[aria-label='节点'] a[href*='node={asked}']")
        assert link
        narrowed = visit(client, str(link["href"]))
        assert {each.text for each in narrowed.select(".project-list .title-cell a")} == titles
        assert int(link.text.split()[-1]) == len(titles)
        assert f"{len(titles)} 个节点，{len(titles)} 个项目" in main_of(narrowed).select_one(".chips").text  # type: ignore[union-attr]


@pytest.mark.parametrize("withdrawn", [None, TODAY])
def test_a_suspended_project_stands_last_and_in_no_sum(app: Flask, world: World, withdrawn: date | None) -> None:
    a_project(world, "停下的项目", nodes=SPRINT, state=State.SUSPENDED, withdrawn_on=withdrawn)
    a_project(world, "进行的项目")
    client = client_for(app, world.leader)
    page = visit(client, "/projects")
    assert [each.text for each in page.select("tbody.running .title-cell a")] == ["进行的项目"]
    assert [each.text for each in page.select("tbody.apart .title-cell a")] == ["停下的项目"]
    assert "已中止 1 个，不计入任何合计" in page.select_one("tbody.apart th").text  # type: ignore[union-attr]
    text = main_of(page).get_text(" ", strip=True)
    assert "共 1 个项目。计划投资 12,345.6 万元。新增学位 900 个。" in text
    assert "全部 900 个" in text
    link = page.select_one("td[data-label='项目'] a")
    assert link
    filters = filters_from(MultiDict(parse_qsl(urlsplit(str(link["href"])).query)))
    assert ledger_page(person_of(db.session.merge(world.leader)), filters, TODAY, 1).total == int(link.text) == 1


def test_the_sums_stand_beside_the_time_gone(app: Flask, world: World) -> None:
    a_project(world, "甲项目", nodes=SPRINT)
    page = visit(client_for(app, world.leader), "/projects")
    rows = [row.get_text(" ", strip=True) for row in page.select(".together tr")]
    assert rows[1:] == ["计划投资 12,346 万元", "到位 6,173 万元 50%", "支付 1,235 万元 10%"]
    assert len(page.select(".together .limit")) == 4
    assert "按 1 个有起止时间和投资的项目计" in page.select_one(".together p").text  # type: ignore[union-attr]


def test_money_that_was_paid_before_it_came_is_questioned(app: Flask, world: World) -> None:
    task = a_project(world, "甲项目")
    make_money(db.session.get_one(Project, task.id), MoneyKind.PAID, 60_000_000, TODAY)
    a_project(world, "乙项目")
    doubts = visit(client_for(app, world.leader), "/projects").select(".money-doubts li")
    assert [each.a.text for each in doubts if "超过到位" in each.text] == ["甲项目"]  # type: ignore[union-attr]


def test_four_hundred_projects_are_one_light_page(app: Flask, world: World) -> None:
    nodes = [{"name": name, "planned_on": TODAY - timedelta(days=400 - 97 * place)} for place, name in enumerate(USUAL)]
    for number in range(400):
        shift = timedelta(days=number * 7 % 311)
        mine = [each | {"planned_on": each["planned_on"] + shift} for each in nodes]
        for each in mine[: number % 7]:
            each["done_on"] = each["planned_on"] + timedelta(days=number % 23)
        task = make_task(world.plan, title=f"第{number}中学新建工程", due_on=TODAY + shift)
        make_project(task, nodes=mine, budget_yuan=10**7 * number)
    client = client_for(app, world.leader)
    page = visit(client, "/projects")
    assert len(page.select(".project-list tbody tr")) == 400
    assert not page.select(".pager a")
    answer = client.get("/projects").get_data()
    assert len(gzip.compress(answer, 6)) <= 80 * 1024
