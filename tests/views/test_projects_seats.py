"""/projects/seats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import COUNTY, World, make_account, make_project, make_school, make_school_year, make_task
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import Account, Handover, PlannedEnrolment, Project, School, Stage, Task, db
from tracker.rules.completion import opening_autumn
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role
from tracker.rules.school_years import first_day

PAGE = "/projects/seats"


def build(
    world: World, title: str, seats: int | None = 2000, stage: Stage | None = Stage.PRIMARY, **differences: object
) -> Project:
    """A project of 财政局 whose last node is planned for the coming 1 August; ``late`` shifts an earlier one."""
    late = int(str(differences.pop("late", 0)))
    today, autumn = clock.today(), opening_autumn(clock.today())
    task = make_task(db.session.merge(world.plan), responsible=[db.session.merge(world.finance)], title=title)
    school = differences.pop("school", None) or make_school(title.removesuffix("建设"))
    assert isinstance(school, School)
    ready = first_day(autumn) - timedelta(days=20)
    nodes = [
        {"name": "主体封顶", "planned_on": today - timedelta(days=late)},
        {"name": "投用", "planned_on": ready if ready >= today else today},
    ]
    return make_project(task, parts=[(school, stage, seats, None)], nodes=nodes, **differences)


def text_of(app: Flask, who: Account, address: str = PAGE) -> str:
    """What the page says."""
    main = visit(client_for(app, db.session.merge(who)), address).select_one("main")
    assert main
    return main.get_text(" ", strip=True)


def test_the_first_sentence_names_what_is_missing_in_september_and_why(app: Flask, world: World) -> None:
    build(world, "第九小学建设", 2000, town="潋江镇")
    build(world, "第九中学建设", 1800, Stage.JUNIOR, late=300, town="埠头乡")
    db.session.commit()
    year = opening_autumn(clock.today())
    text = text_of(app, world.leader)
    assert f"{year}年9月应交付 3,800 个学位，按目前预计可用 2,000 个，少 1,800 个：" in text
    assert "（1,800 个，“主体封顶”晚300天）" in text
    assert f"累计到{year}年9月：计划 3,800 个，可用 2,000 个" in text
    narrowed = text_of(app, world.leader, f"{PAGE}?town=潋江镇")
    assert "应交付 2,000 个学位，按目前预计都能按时可用" in narrowed
    assert "第九中学建设" not in narrowed


def test_every_number_leads_to_a_page_that_names_its_projects(app: Flask, world: World) -> None:
    build(world, "第九小学建设", 2000, town="潋江镇")
    build(world, "第九中学建设", 1800, Stage.JUNIOR, late=300, town="埠头乡")
    db.session.commit()
    client = client_for(app, db.session.merge(world.leader))
    page = visit(client, PAGE)
    for link in page.select(".seats-table a"):
        listed = visit(client, str(link["href"])).select("#batches tbody tr")
        assert listed
        assert sum(int(row.select("td")[2].text.replace(",", "")) for row in listed) >= int(link.text.replace(",", ""))
    for link in page.select("nav.presets a, .figures-table a"):
        if ".xlsx" not in str(link["href"]):
            visit(client, str(link["href"]))


def test_what_says_nothing_and_what_was_given_up_is_named_and_not_counted(app: Flask, world: World) -> None:
    build(world, "运动场改造", None)
    gone = build(world, "停建小学建设", 700)
    gone.task.state = State.SUSPENDED
    gone.task.keep_light_dates()
    over = build(world, "超额小学建设", 100)
    over.schools[0].handovers.append(Handover(seats=160))
    db.session.commit()
    text = text_of(app, world.office)
    assert "1个项目没有列出学位数，不计入任何一年" in text
    assert "已中止，学位不再计入： 停建小学建设 （700 个）" in text
    assert "超额小学分批交付合计超过计划的 100 个学位" in text
    assert "应交付 160 个学位" in text


def test_seats_stand_beside_the_students_expected_where_somebody_said_them(app: Flask, world: World) -> None:
    year, school = opening_autumn(clock.today()), make_school("第九小学")
    build(world, "第九小学建设", 500, school=school)
    build(world, "第十小学建设", 300)
    running = make_school("第一小学")
    make_school_year(running, clock.today().year, stages={"primary": {"students": 900, "classes": 20}})
    build(world, "第一小学扩建", 200, school=running)
    for each, students in ((school, 620), (running, 1000)):
        db.session.add(PlannedEnrolment(school=each, stage=Stage.PRIMARY, year=year, students=students, source="预测"))
    db.session.commit()
    text = text_of(app, world.office)
    assert "2 个学校学段填了预计学生数，共 3 个" in text
    assert "可以对比的 1 个：届时可用 500 个学位，预计 620 名学生；缺 120 个，余 0 个" in text
    assert "第一小学 小学新增可用 200 个学位，全校该学段预计 1,000 人" in text
    assert "没有填预计学生数：第十小学 小学" in text
    assert "还有1所没有填，不能判断" in text


def test_staff_see_the_projects_of_their_unit_alone(app: Flask, world: World) -> None:
    build(world, "第九小学建设", 500)
    db.session.commit()
    assert "只含本单位参与的项目" in text_of(app, world.staff)
    assert "第九小学建设" in text_of(app, world.staff)
    assert "没有本单位参与的工程项目" in text_of(app, world.housing_staff)
    assert "第九小学建设" not in text_of(app, world.stranger)


def test_the_administrators_of_the_machine_do_not_see_business(app: Flask, world: World) -> None:
    for account in (world.administrator, world.security):
        visit(client_for(app, account), PAGE, status=403)
    assert app.test_client().get(PAGE).status_code == 302
    assert client_for(app, world.leader).post(PAGE).status_code == 405


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("region=360732", 200),
        ("region=64", 400),
        ("plan=nothing", 400),
        ("category=new", 200),
        ("category=x", 400),
        ("town=无", 200),
        ("autumn=none", 200),
        ("autumn=redate", 400),
        ("autumn=2024", 200),
        ("autumn=20x4", 400),
        ("autumn=99999", 400),
    ],
)
def test_odd_addresses_are_refused_and_never_break(app: Flask, world: World, query: str, status: int) -> None:
    build(world, "第九小学建设", 500)
    db.session.commit()
    visit(client_for(app, db.session.merge(world.office)), f"{PAGE}?{query}", status=status)


def test_the_county_as_imported_counts_by_its_deadlines_alone(plans_app: Flask) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER)), f"{PAGE}?region={COUNTY}")
    main = page.select_one("main")
    assert main
    text = main.get_text(" ", strip=True)
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select(".seats-table tr.whole")]
    assert sum(int(row[2].replace(",", "")) for row in rows) == 21_600
    assert sum(int(row[6].replace(",", "")) for row in rows) == 21_600
    assert "30个项目没有列出学位数" in text
    assert "晚" not in " ".join(cell.text for cell in page.select("#lost td[data-label='依据']"))


def test_four_hundred_projects_ask_as_few_questions(app: Flask, world: World) -> None:
    build(world, "第九小学建设", 500)
    db.session.commit()
    client = client_for(app, db.session.merge(world.leader))
    with counted_queries() as few:
        client.get(PAGE)
    for number in range(400):
        build(world, f"第{number}小学建设", 100, late=number, town=f"乡镇{number % 30}")
    db.session.commit()
    with counted_queries() as many:
        answer = client.get(PAGE)
    assert answer.status_code == 200
    assert len(many) == len(few) <= 15
    assert db.session.query(Task).count() > 400
