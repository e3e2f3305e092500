"""/projects/schedule, and the line of a project's own page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import World, make_money, make_project, make_task
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import Project, db
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind

ADDRESS = "/projects/schedule"


def days_from_now(days: int) -> date:
    return clock.today() + timedelta(days=days)


def half_gone(world: World, title: str, **figures: object) -> Project:
    """A project of 财政局 of whose hundred days fifty are gone."""
    task = make_task(
        world.plan, responsible=[world.finance], title=title, starts_on=days_from_now(-50), due_on=days_from_now(50)
    )
    return make_project(task, **figures)  # type: ignore[arg-type]


def build(world: World) -> None:
    """One project behind by a node and by its money, one on schedule, one that says nothing, one suspended."""
    nodes = [
        {"name": "招标", "planned_on": days_from_now(-20), "first_planned_on": days_from_now(-50)},
        {"name": "投用", "planned_on": days_from_now(50)},
    ]
    behind = half_gone(world, "落后小学", nodes=nodes, budget_yuan=10_000_000)
    make_money(behind, MoneyKind.PLANNED, 8_000_000, for_year=clock.today().year)
    make_money(behind, MoneyKind.PAID, 1_000_000, clock.today())
    on_time = half_gone(world, "如期小学", budget_yuan=10_000_000)
    make_money(on_time, MoneyKind.ALLOCATED, 6_000_000, clock.today())
    half_gone(world, "无数小学")
    half_gone(world, "中止小学").task.state = State.SUSPENDED
    db.session.flush()
    for task in [each.task for each in db.session.query(Project)]:
        task.keep_light_dates()
    db.session.commit()


def words(page: BeautifulSoup) -> str:
    """What the page says, with single spaces."""
    return " ".join(page.select_one("main").get_text(" ").split())  # type: ignore[union-attr]


def row(page: BeautifulSoup, title: str) -> list[str]:
    """The cells of a project."""
    link = page.select_one("main").find("a", string=title)  # type: ignore[union-attr]
    cells = link.find_parent("tr").select("td")  # type: ignore[union-attr]
    return [" ".join(cell.get_text(" ").split()) for cell in cells[1:]]


def test_the_projects_behind_stand_first_with_their_reasons(app: Flask, world: World) -> None:
    build(world)
    page = visit(client_for(app, world.office), ADDRESS)
    said = words(page)
    assert "1 个项目落后于序时。 1 个符合序时，1 个无法判断。另有已销号 0 个、已中止 1 个。" in said
    order = [said.index(title) for title in ("落后小学", "如期小学", "无数小学", "中止小学")]
    assert order == sorted(order)
    time, nodes, allocated, paid, progress, reasons = row(page, "落后小学")
    assert (time, nodes, allocated, paid, progress) == ("50%", "0/1", "—", "10%", "—")
    assert "到期节点 1 个，完成 0 个，未完成：招标（计划" in reasons
    assert "支付 10%，时间已过 50%，落后 40 个百分点" in reasons
    assert row(page, "如期小学") == ["50%", "—", "60%", "—", "—"]
    assert row(page, "无数小学")[-1] == "没有填节点、到位、支付或形象进度"


def test_the_basis_of_the_time_is_said(app: Flask, world: World) -> None:
    build(world)
    said = words(visit(client_for(app, world.office), ADDRESS))
    assert "自首个节点原计划日（" in said
    assert "自任务开始日（" in said
    assert "至末个节点计划日（" in said


def test_the_year_counts_who_planned_it_and_shows_today(app: Flask, world: World) -> None:
    build(world)
    page = visit(client_for(app, world.office), ADDRESS)
    said = words(page)
    assert f"{clock.today().year}年投资 3 个项目中 1 个填了当年计划" in said
    bars = [" ".join(each.get_text(" ").split()) for each in page.select(".year-bars tr")]
    assert [bar.split()[-1] for bar in bars] == ["100%", "—", "13%"]
    assert "未填" in bars[1]
    assert len(page.select(".year-bars svg.bullet")) == 2
    assert "竖线：今天按天数应达" in said


def test_without_plans_for_the_year_it_is_unknown(app: Flask, world: World) -> None:
    half_gone(world, "无数小学")
    said = words(visit(client_for(app, world.office), ADDRESS))
    assert "1 个项目中 0 个填了当年计划" in said
    assert "没有项目填写当年计划投资，当年进度未知。" in said


def test_a_reader_sees_the_projects_of_their_reach_alone(app: Flask, world: World) -> None:
    build(world)
    for who in (world.staff, world.leader, world.auditor):
        assert "落后小学" in words(visit(client_for(app, db.session.merge(who)), ADDRESS))
    assert "只计本单位参与的项目" in words(visit(client_for(app, db.session.merge(world.staff)), ADDRESS))
    for who in (world.housing_staff, world.stranger):
        said = words(visit(client_for(app, db.session.merge(who)), ADDRESS))
        assert "落后小学" not in said
    assert client_for(app, db.session.merge(world.administrator)).get(ADDRESS).status_code == 403
    assert client_for(app, db.session.merge(world.office)).post(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?category=new", 200),
        ("?category=upgrade&town=x", 200),
        ("?region=999999", 400),
        ("?plan=nothing", 400),
        ("?light=overdue", 200),
    ],
)
def test_the_filters_are_those_of_the_projects(app: Flask, world: World, query: str, status: int) -> None:
    build(world)
    answer = client_for(app, world.office).get(ADDRESS + query)
    assert answer.status_code == status


def test_many_projects_ask_no_more_than_few(app: Flask, world: World) -> None:
    half_gone(world, "甲")
    client = client_for(app, world.office)
    with counted_queries() as few:
        client.get(ADDRESS)
    for number in range(20):
        half_gone(world, f"项目{number}", nodes=[{"planned_on": clock.today()}])
    with counted_queries() as many:
        client.get(ADDRESS)
    assert len(many) == len(few)


def test_the_page_of_a_project_says_why_it_is_behind(app: Flask, world: World) -> None:
    build(world)
    page = visit(client_for(app, world.staff), ADDRESS)
    link = page.select_one("main").find("a", string="落后小学")  # type: ignore[union-attr]
    card = visit(client_for(app, world.staff), str(link["href"])).find(id="schedule")  # type: ignore[index]
    said = " ".join(card.get_text(" ").split())  # type: ignore[union-attr]
    assert "时间已过 50%。 落后于序时。" in said
    assert "落后 40 个百分点" in said
