"""GET /gaps: where indicators and tasks do not meet."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import OTHER_COUNTY, World, make_account, make_school, make_school_year
from tests.views.test_task_links import linked
from tests.visit import client_for, visit
from tracker import clock
from tracker.models import PlanState, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of


def counts(page: BeautifulSoup) -> list[str]:
    """The counts of the four lists, in their order."""
    return [each.get_text(strip=True) for each in page.select(".gap-counts .count")]


def rows(page: BeautifulSoup, gap: str) -> str:
    """The text of a list."""
    return page.find(id=gap).get_text(" ", strip=True)  # type: ignore[union-attr]


def crowded() -> None:
    """A school of 兴国县 whose grounds are too small for its students."""
    make_school_year(
        make_school("第三中学"),
        school_year_of(clock.today()),
        stages={"junior": {"students": 1000, "classes": 20, "largest_class": 50}},
        sports_ground_m2=5000,
        indoor_sports_m2=0,
    )


def test_a_short_indicator_without_a_task_says_by_how_much(app: Flask, world: World) -> None:
    crowded()
    page = visit(client_for(app, world.office), "/gaps")
    text = rows(page, "without_task")
    assert "R5" in text
    assert "第三中学 初中 −5,200㎡" in text
    assert "任务没有对应指标" in page.get_text()


def test_closed_tasks_beside_a_short_indicator_are_named(app: Flask, world: World) -> None:
    crowded()
    linked(world.task, "R5")
    db.session.execute(
        sa.update(Task).where(Task.id == world.task.id).values(state=State.CLOSED, closed_on=clock.today())
    )
    page = visit(client_for(app, world.leader), "/gaps")
    assert "资金拨付" in rows(page, "closed_but_short")
    assert "R5" not in rows(page, "without_task")
    assert counts(page)[0] == "1"
    linked(world.housing_task, "R5")
    assert counts(visit(client_for(app, world.leader), "/gaps"))[0] == "0"


def test_a_suspended_task_serves_nothing(app: Flask, world: World) -> None:
    crowded()
    linked(world.task, "R5")
    db.session.execute(sa.update(Task).where(Task.id == world.task.id).values(state=State.SUSPENDED))
    page = visit(client_for(app, world.leader), "/gaps")
    assert "R5" in rows(page, "without_task")
    assert "资金拨付" not in page.get_text()


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_open_tasks_of_a_draft_or_a_closed_plan_serve_nothing(app: Flask, world: World, state: PlanState) -> None:
    crowded()
    linked(world.task, "R5")
    world.plan.state = state
    db.session.commit()
    page = visit(client_for(app, world.leader), "/gaps")
    assert "R5" in rows(page, "without_task")
    assert counts(page)[3] == "0"
    closing = sa.update(Task).where(Task.id == world.task.id)
    db.session.execute(closing.values(state=State.CLOSED, closed_on=clock.today()))
    assert "R5" in rows(visit(client_for(app, world.leader), "/gaps"), "closed_but_short")


def test_a_task_without_an_indicator_stands_with_its_reason(app: Flask, world: World) -> None:
    world.task.no_indicator_reason = "只是筹款"
    linked(world.housing_task)
    page = visit(client_for(app, world.office), "/gaps")
    text = rows(page, "without_indicator")
    assert "只是筹款" in text
    assert "校舍建设" not in text
    assert "其中 1 项没有说明原因" in text


def test_a_unit_sees_its_own_tasks_and_the_number_of_the_others(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.staff), "/gaps")
    assert counts(page)[3] == "3"
    text = rows(page, "without_indicator")
    assert "资金拨付" in text
    assert "校舍建设" not in text
    assert "另有其他单位的任务 1 项" in text


def test_above_a_county_its_counties_are_offered(app: Flask, world: World) -> None:
    nation = client_for(app, make_account(Role.LEADER, region=""))
    page = visit(nation, "/gaps")
    assert page.select_one("a[href='/gaps?region=360732']") is not None
    assert counts(visit(nation, "/gaps?region=360732"))
    assert counts(visit(nation, f"/gaps?plan={world.plan.code}"))


def test_who_may_not_see_indicators_sees_no_gaps(app: Flask, world: World) -> None:
    assert client_for(app, world.administrator).get("/gaps").status_code == 403
    assert client_for(app, world.office).get(f"/gaps?region={OTHER_COUNTY}").status_code == 400
    assert client_for(app, world.office).post("/gaps").status_code == 405


@pytest.mark.parametrize("region", ["360732", "653023", "640422", "650121", "210421"])
def test_every_county_of_the_plans_has_its_gaps(plans_app: Flask, region: str) -> None:
    page = visit(client_for(plans_app, make_account(Role.LEADER, region="")), f"/gaps?region={region}")
    assert len(counts(page)) == 4
