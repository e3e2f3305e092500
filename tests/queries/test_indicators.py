"""Indicators with their tasks: counts that equal the ledger's lists, and what the plans themselves contain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, World, make_account, make_plan, make_task
from tracker.models import Contribution, LinkState, Plan, Unit, db
from tracker.queries.accounts import person_of
from tracker.queries.indicators import (
    Board,
    Service,
    Tally,
    board_of,
    item_board_of,
    national_indicator,
    national_indicators,
    services_of,
)
from tracker.queries.ledger import Filters, ledger_page
from tracker.queries.plans import plan_by_code
from tracker.queries.reach import Reach, plan_within, reach_of
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Person, Role

TODAY = date(2026, 3, 6)
LEADER = Person(1, Role.LEADER, "")


def reach(person: Person, plan: str | None = None, region: str | None = None) -> Reach:
    """How far a page reaches that the person may open."""
    found = reach_of(person, region, plan)
    assert found
    return found


def plan_called(code: str) -> Plan:
    """A plan that is stored."""
    plan = plan_by_code(code)
    assert plan
    return plan


def lights_of(tally: Tally) -> dict[Light, int]:
    """The lights that some task has."""
    return {light: count for light, count in tally.by_light.items() if count}


def finance_staff() -> Person:
    """Staff of 财政局 in 兴国县."""
    unit = db.session.scalars(sa.select(Unit).where(Unit.region_code == COUNTY, Unit.name == "财政局")).one()
    return person_of(make_account(Role.UNIT_STAFF, units=[unit]))


def national_board(person: Person, over: Reach) -> Board:
    """The national indicators with the tasks of a reach, as a county sees them."""
    return board_of(person, over, TODAY, national_indicators(), is_county=True)


def serve(indicator_code: str, tasks: Iterable[int], reason: str = "理由") -> None:
    """Let tasks serve a national indicator."""
    indicator = national_indicator(indicator_code)
    assert indicator
    db.session.add_all(Contribution(task_id=task, indicator_id=indicator.id, reason=reason) for task in tasks)
    db.session.flush()


def test_the_national_standard_has_four_groups_and_says_what_each_indicator_asks(app: Flask) -> None:
    board = national_board(LEADER, reach(LEADER))
    groups = groupby(board.rows, key=lambda row: row.indicator.group)
    assert [len(list(rows)) for _group, rows in groups] == [7, 15, 9, 1]
    assert all(each.requirement and each.requirement_en and each.title_en for each in national_indicators())


@pytest.mark.parametrize("plan", [None, "xingguo-2023", "urumqi-2022", "xiji-2022", "fushun-2020", "akqi-2022"])
def test_every_count_of_an_indicator_equals_the_ledgers_list(plans_app: Flask, plan: str | None) -> None:
    board = national_board(LEADER, reach(LEADER, plan))
    for row in board.rows:
        listed = ledger_page(LEADER, Filters(indicator=row.indicator.code, plan=plan), TODAY, 1)
        assert lights_of(row.tally) == listed.lights, row.indicator.code
    listed = ledger_page(LEADER, Filters(indicator="none", plan=plan), TODAY, 1)
    assert lights_of(board.loose_tally) == listed.lights


@pytest.mark.parametrize("code", ["xingguo-2023", "urumqi-2022", "fushun-2020", "akqi-2022"])
def test_every_count_of_a_plans_own_item_equals_the_ledgers_list(plans_app: Flask, code: str) -> None:
    for person in (LEADER, finance_staff()):
        board = item_board_of(person, plan_called(code), TODAY)
        assert board.rows
        for row in board.rows:
            listed = ledger_page(person, Filters(item=row.item.id, plan=code), TODAY, 1)
            assert lights_of(row.tally) == listed.lights, row.item.code


def test_a_plan_shows_the_indicators_that_it_left_without_a_task(plans_app: Flask) -> None:
    def empty(plan: str) -> list[str]:
        return [row.indicator.code for row in national_board(LEADER, reach(LEADER, plan)).empty]

    assert empty("urumqi-2022") == ["R6", "G4", "G5", "G14"]
    assert empty("akqi-2022") == ["G7"]
    assert empty("xingguo-2023") == []


def test_tasks_without_an_indicator_keep_the_reason(plans_app: Flask) -> None:
    board = national_board(LEADER, reach(LEADER, "urumqi-2022"))
    assert board.loose_tally.total == len(board.loose) == 6
    assert all(task.no_indicator_reason for task in board.loose)


def test_what_the_plan_reports_stands_with_its_indicator(plans_app: Flask) -> None:
    board = national_board(LEADER, reach(LEADER, "urumqi-2022"))
    reported = {row.indicator.code: row.reported for row in board.rows if row.reported}
    assert set(reported) == {"R2", "R3", "R4", "R5", "G3", "G11"}
    assert [value.met for value in reported["R2"]] == [False]
    assert [(str(value.value)[:6], value.decimals, value.stage) for value in reported["R4"]] == [
        ("0.5380"[:6], 4, "primary")
    ]
    assert [value.subject for value in board.other_values] == ["每百名学生拥有计算机台数", "校际间差异系数"]


def test_the_list_of_xingguo_has_its_grades_points_parts_and_vetoes(plans_app: Flask) -> None:
    board = item_board_of(LEADER, plan_called("xingguo-2023"), TODAY)
    grades = [row.item.grade for row in board.rows]
    assert (grades.count("A"), grades.count("B")) == (27, 11)
    assert sum(row.item.points or 0 for row in board.rows) == 100
    assert len(board.vetoes) == 7
    assert board.empty == []
    own = {row.item.code: row for row in board.rows}
    assert own["8"].item.national is None
    assert [task.key for task in own["8"].tasks] == ["xingguo-2023-a2-08"]
    assert own["13"].item.national.code == "G5"
    assert len(own["13"].item.parts) == 2
    assert own["13"].duty is not None


def test_a_unit_counts_only_the_tasks_that_it_sees(plans_app: Flask) -> None:
    staff = finance_staff()
    mine = national_board(staff, reach(staff))
    all_of_them = national_board(LEADER, reach(LEADER, "xingguo-2023"))
    counts = [(own.tally.total, every.tally.total) for own, every in zip(mine.rows, all_of_them.rows, strict=True)]
    assert all(own <= every for own, every in counts)
    assert 0 < sum(own for own, _ in counts) < sum(every for _, every in counts)
    for row in mine.rows:
        assert lights_of(row.tally) == ledger_page(staff, Filters(indicator=row.indicator.code), TODAY, 1).lights


def test_a_suspended_task_stands_apart_and_leaves_its_indicator_without_one(world: World) -> None:
    serve("R1", [world.task.id])
    leader = person_of(world.leader)
    row = national_board(leader, reach(leader)).rows[0]
    assert (row.tally.total, row.tally[Light.NOT_DUE]) == (1, 1)
    world.task.state = State.SUSPENDED
    world.task.keep_light_dates()
    db.session.flush()
    board = national_board(leader, reach(leader))
    assert (board.rows[0].tally.total, board.rows[0].tally[Light.SUSPENDED]) == (0, 1)
    assert board.rows[0] in board.empty


def test_an_indicator_knows_its_late_tasks_and_why_each_serves_it(world: World) -> None:
    late = make_task(world.plan, due_on=date(2026, 3, 5))
    serve("R5", [late.id, world.task.id], "增加运动场地")
    leader = person_of(world.leader)
    board = national_board(leader, reach(leader))
    assert [row.indicator.code for row in board.late] == ["R5"]
    indicator = national_indicator("R5")
    assert indicator
    assert services_of(indicator, [late.id], []) == {late.id: Service("增加运动场地", LinkState.PROPOSED)}


def test_a_national_indicator_finds_the_plans_own_items(plans_app: Flask) -> None:
    own = reach(LEADER, "xingguo-2023")
    board = board_of(LEADER, own, TODAY, national_indicators(), is_county=False)
    by_code = {row.indicator.code: [item.code for item in row.own_items] for row in board.rows}
    assert (by_code["G15"], by_code["R1"]) == (["23", "24"], ["1"])
    everywhere = board_of(LEADER, reach(LEADER), TODAY, national_indicators(), is_county=False)
    assert [row.own_items for row in everywhere.rows if row.own_items] == []


def test_a_page_reaches_no_further_than_its_reader(plans_app: Flask) -> None:
    county = Person(1, Role.LEADER, COUNTY)
    assert reach_of(county, "640422", None) is None
    assert reach_of(county, "36", None) is None
    assert reach_of(county, None, "xiji-2022") is None
    assert plan_within(county, "xiji-2022") is None
    own = reach(county)
    assert [plan.code for plan in own.plans] == ["xingguo-2023"]
    assert own.only_plan == own.plans[0]
    assert own.regions == []


def test_a_reader_above_the_counties_walks_down_through_the_regions(plans_app: Flask) -> None:
    assert [region.code for region in reach(LEADER).regions] == ["21", "36", "64", "65"]
    assert [region.code for region in reach(LEADER, region="65").regions] == ["6501", "6530"]
    assert [region.code for region in reach(LEADER, region="6530").regions] == ["653023"]
    assert [plan.code for plan in reach(LEADER, region="65").plans] == ["urumqi-2022", "akqi-2022"]


def test_a_plan_without_a_list_of_its_own_has_no_items(world: World) -> None:
    board = item_board_of(person_of(world.leader), make_plan(), TODAY)
    assert board.rows == []
    assert len(national_indicators()) == 32
