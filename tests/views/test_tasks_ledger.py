"""GET /tasks: the ledger."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories import World, make_plan, make_task, make_unit
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import Issue, IssueLine, School, db
from tracker.models.project import Project, ProjectCategory, ProjectSchool
from tracker.queries.ledger import Filters
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.views.query import filters_from, query_of


def titles(page: object) -> list[str]:
    return [link.get_text() for link in page.select("td.title-cell a")]  # type: ignore[attr-defined]


def test_the_office_sees_every_task_of_its_county_and_none_of_another(app: Flask, world: World) -> None:
    make_task(make_plan("other", region="640422"), title="别县任务", due_on=date(2099, 1, 1))
    db.session.commit()
    assert sorted(titles(visit(client_for(app, world.office), "/tasks"))) == ["共同责任事项", "校舍建设", "资金拨付"]
    assert titles(visit(client_for(app, world.stranger), "/tasks")) == ["别县任务"]


def test_staff_see_the_tasks_of_their_units_alone(app: Flask, world: World) -> None:
    assert sorted(titles(visit(client_for(app, world.staff), "/tasks"))) == ["共同责任事项", "资金拨付"]


def test_administrators_see_no_business(app: Flask, world: World) -> None:
    assert client_for(app, world.administrator).get("/tasks").status_code == 403
    assert client_for(app, world.security).get("/tasks").status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask, world: World) -> None:
    response = app.test_client().get("/tasks?light=overdue")
    assert response.status_code == 302
    assert response.location == "/sign-in?next=/tasks?light%3Doverdue"


def test_worst_comes_first(app: Flask, world: World) -> None:
    today = clock.today()
    make_task(world.plan, title="逾期久", lead=[world.finance], due_on=today - timedelta(days=40))
    make_task(world.plan, title="逾期新", lead=[world.finance], due_on=today - timedelta(days=2))
    make_task(world.plan, title="临期", lead=[world.finance], due_on=today + timedelta(days=3))
    make_task(world.plan, title="待重定", lead=[world.finance], due_on=date(2020, 1, 1), needs_redate=True)
    make_task(world.plan, title="已销号", state=State.CLOSED, closed_on=today, due_on=today)
    db.session.commit()
    found = titles(visit(client_for(app, world.office), "/tasks"))
    assert found[:4] == ["逾期久", "逾期新", "临期", "待重定"]
    assert found[-1] == "已销号"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("light=overdue", ["逾期"]),
        ("light=overdue&light=soon", ["逾期", "临期"]),
        ("state=closed", ["销号"]),
        ("due=past", ["逾期"]),
        ("due=week", ["临期", "销号"]),
        ("due=none", ["长期"]),
        ("late_for=30", ["逾期"]),
        ("late_for=50", []),
        ("q=临期", ["临期"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=城投公司", ["长期"]),
        ("indicator=none", ["逾期", "临期", "长期", "销号"]),
        ("stale=1", ["逾期", "临期", "长期"]),
        ("in_time=1", ["销号"]),
        ("due_by_now=1", ["逾期", "销号"]),
        ("plan=nowhere", []),
    ],
)
def test_every_filter_keeps_what_it_says(app: Flask, world: World, query: str, expected: list[str]) -> None:
    today = clock.today()
    plan = make_plan("filters")
    make_task(plan, title="逾期", due_on=today - timedelta(days=40))
    make_task(plan, title="临期", due_on=today + timedelta(days=3))
    make_task(plan, title="长期", responsible=[make_unit("城投公司")])
    make_task(plan, title="销号", due_on=today, state=State.CLOSED, submitted_on=today, closed_on=today)
    db.session.commit()
    prefix = "" if "plan=" in query else "plan=filters&"
    page = visit(client_for(app, world.office), f"/tasks?{prefix}{query}")
    assert sorted(titles(page)) == sorted(expected)


CHOSEN: dict[str, list[str]] = {
    "plan": ["xg"],
    "active": ["1"],
    "region": ["360732"],
    "unit": ["7000"],
    "lead": ["7001"],
    "light": ["overdue", "soon"],
    "state": ["not_started", "in_progress"],
    "kind": ["measure"],
    "category": ["new"],
    "due": ["week"],
    "indicator": ["X9"],
    "item": ["7002"],
    "school": ["7003"],
    "q": ["资金"],
    "late_for": ["30"],
    "stale": ["1"],
    "changed": ["overdue"],
    "due_by_now": ["1"],
    "in_time": ["1"],
}


def sent_by(page: BeautifulSoup) -> MultiDict[str, str]:
    """What a browser sends for the form of filters as it stands."""
    sent: MultiDict[str, str] = MultiDict()
    for each in page.select("form.filters input[name]"):
        sent.add(str(each["name"]), str(each.get("value", "")))
    for each in page.select("form.filters select"):
        chosen = each.select_one("option[selected]")
        sent.add(str(each["name"]), str(chosen["value"]) if chosen else "")
    return sent


def test_there_is_a_case_for_every_filter() -> None:
    assert set(CHOSEN) == {field.name for field in fields(Filters)}


@pytest.mark.parametrize("name", list(CHOSEN))
def test_a_filter_outlives_the_choice_of_another(app: Flask, world: World, name: str) -> None:
    query = urlencode({name: CHOSEN[name]}, doseq=True)
    sent = sent_by(visit(client_for(app, world.office), f"/tasks?{query}"))
    other = "due" if name != "due" else "q"
    sent[other] = {"due": "month", "q": "校舍"}[other]
    found = filters_from(sent)
    assert query_of(found) == {name: CHOSEN[name], other: [sent[other]]}


@pytest.mark.parametrize("name", ["light", "state"])
def test_one_light_or_state_may_be_exchanged_for_another(app: Flask, world: World, name: str) -> None:
    page = visit(client_for(app, world.office), f"/tasks?{name}={CHOSEN[name][0]}")
    sent = sent_by(page)
    sent[name] = CHOSEN[name][1]
    assert query_of(filters_from(sent)) == {name: [CHOSEN[name][1]]}


def test_units_and_leads_filter_apart(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert sorted(titles(visit(client, f"/tasks?unit={world.education.id}"))) == ["资金拨付"]
    assert titles(visit(client, f"/tasks?lead={world.education.id}")) == []
    assert sorted(titles(visit(client, f"/tasks?lead={world.housing.id}"))) == ["共同责任事项", "校舍建设"]


def test_schools_and_categories_filter_projects(app: Flask, world: World) -> None:
    school = School(region_code=world.plan.region_code, name="第八中学")
    db.session.add(
        Project(task=world.task, category=ProjectCategory.NEW, schools=[ProjectSchool(school=school, position=1)])
    )
    db.session.commit()
    client = client_for(app, world.office)
    assert titles(visit(client, f"/tasks?school={school.id}")) == ["资金拨付"]
    assert titles(visit(client, "/tasks?category=new")) == ["资金拨付"]
    assert titles(visit(client, "/tasks?q=第八中")) == ["资金拨付"]


def test_changed_compares_with_the_last_frozen_week(app: Flask, world: World) -> None:
    late = make_task(world.plan, title="新逾期", due_on=clock.today() - timedelta(days=1))
    issue = Issue(
        region_code=world.plan.region_code, number=1, week_on=date(2026, 1, 5), cut_off_at=clock.now(), sentence=""
    )
    issue.lines = [
        IssueLine(
            task_id=late.id,
            task_key=late.key,
            plan_code="xg",
            title=late.title,
            units=[],
            light=Light.SOON,
            state=late.state,
            due_on=late.due_on,
            days_late=0,
            fallen_due=False,
            in_time=False,
        )
    ]
    db.session.add(issue)
    db.session.commit()
    client = client_for(app, world.office)
    assert titles(visit(client, "/tasks?changed=overdue")) == ["新逾期"]
    assert titles(visit(client, "/tasks?changed=closed")) == []


@pytest.mark.parametrize(
    "query",
    [
        "light=red",
        "state=1",
        "due=x",
        "unit=abc",
        "unit=99999999999",
        "school=-1",
        "kind=__class__",
        "region=36'--",
        "item=٣",
    ],
)
def test_odd_values_are_a_clear_400(app: Flask, world: World, query: str) -> None:
    visit(client_for(app, world.office), f"/tasks?{query}", status=400)


def test_pages_are_real_and_the_questions_do_not_grow(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    with counted_queries() as few:
        client.get("/tasks")
    for _ in range(60):
        make_task(world.plan, lead=[world.finance], cooperating=[world.housing], due_on=date(2099, 1, 1))
    db.session.commit()
    with counted_queries() as many:
        page = visit(client, "/tasks")
    assert len(titles(page)) == 50
    assert "第 1 / 2 页" in page.get_text()
    assert len(many) == len(few)
    assert len(titles(visit(client, "/tasks?page=2"))) == 13
    assert len(titles(visit(client, "/tasks?page=999"))) == 13


def test_the_text_of_a_foreign_unit_cannot_be_found(app: Flask, world: World) -> None:
    assert titles(visit(client_for(app, world.staff), "/tasks?q=校舍")) == []
