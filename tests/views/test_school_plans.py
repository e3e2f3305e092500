"""/schools/<id>/sheet and /schools/sheets: what a school lacks in units of things, and who brings it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import OTHER_COUNTY, World, make_account, make_school, make_school_year, make_task
from tests.visit import client_for, visit
from tracker import clock
from tracker.models import Addition, LinkState, Origin, PlannedEnrolment, School, Stage, StageYear, Task, db
from tracker.queries.forecasts import forecast_of
from tracker.queries.gaps import horizon_of
from tracker.queries.standards import national_framework, standard_of
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of

THIS = school_year_of(clock.today())


def make_short_school(name: str = "第一小学") -> School:
    """RULES section 2: 800 pupils; R1 4.0 (short), R4 4.625 (met), R5 6.875 (short), the rest met; R7 unknown."""
    school = make_school(name, town="城关镇")
    pupils = {"students": 800, "classes": 18, "largest_class": 45, "full_time_teachers": 48, "qualified_teachers": 32}
    teachers = {"backbone_teachers": 9, "arts_teachers": 8, "licensed_teachers": 48, "trained_teachers": 48}
    make_school_year(
        school,
        THIS,
        stages={"primary": pupils | teachers},
        teaching_area_m2=Decimal(4000),
        indoor_sports_m2=Decimal(300),
        sports_ground_m2=Decimal(5200),
        equipment_yuan=1_700_000,
        large_music_rooms=2,
        large_art_rooms=1,
    )
    db.session.commit()
    return school


def bring(task: Task, school: School, figure: str, amount: int, **differences: object) -> None:
    """Let a task add something to a school."""
    values = {"reason": "补充", "state": LinkState.CONFIRMED, "origin": Origin.HAND} | differences
    db.session.add(Addition(task_id=task.id, school_id=school.id, figure=figure, amount=Decimal(amount), **values))
    db.session.commit()


def needs_of(app: Flask, world: World, school: School) -> dict[str, list[str]]:
    """The needs on the sheet of a school by code: value, bound, gap, tasks, what remains."""
    page = visit(client_for(app, world.leader), f"/schools/{school.id}/sheet")
    found = {}
    for row in page.select(".needs tbody tr"):
        cells = [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")]
        found[cells[0].split()[0]] = cells[1:]
    return found


def test_a_school_lacks_so_many_things(app: Flask, world: World) -> None:
    found = needs_of(app, world, make_short_school())
    assert found["R1"][:3] == ["4.00 人", "不低于 4.2", "差 2 人"]
    assert found["R5"][:3] == ["6.88 ㎡", "不低于 7.5", "差 500 ㎡"]
    assert found["G3"][2] == "差 1 间"
    assert found["R5"][3] == "无任务对应"
    assert set(found) == {"R1", "R5", "G3"}


def test_the_sheet_says_what_is_met_and_what_is_not_known(app: Flask, world: World) -> None:
    school = make_short_school()
    page = visit(client_for(app, world.leader), f"/schools/{school.id}/sheet")
    assert "R7" in page.select_one(".unknown-line").get_text()  # type: ignore[union-attr]
    assert "网络多媒体教室" in page.select_one(".unknown-line").get_text()  # type: ignore[union-attr]
    assert "生均教学及辅助用房面积" in page.select_one(".met-line").get_text()  # type: ignore[union-attr]
    head = " ".join(page.select_one("header + *, .school-sheet header").get_text(" ").split())  # type: ignore[union-attr]
    assert "800 名学生" in head
    assert "城关镇" in head


def test_a_task_that_brings_enough_leaves_nothing_and_one_that_does_not_leaves_the_rest(
    app: Flask, world: World
) -> None:
    school = make_short_school()
    bring(world.task, school, "sports_ground_m2", 380)
    assert "+380 ㎡" in needs_of(app, world, school)["R5"][3]
    assert needs_of(app, world, school)["R5"][4] == "差 120 ㎡"
    bring(world.housing_task, school, "indoor_sports_m2", 120)
    assert "补齐" in needs_of(app, world, school)["R5"][4]


def test_what_remains_is_what_the_forecast_finds_when_all_tasks_are_finished(app: Flask, world: World) -> None:
    """A class too large is mended by classes, and students that are expected want more than the gap of today."""
    school = make_short_school()
    set_largest_class(52)
    db.session.add(PlannedEnrolment(school_id=school.id, stage=Stage.PRIMARY, year=THIS + 1, students=840, source="x"))
    bring(world.task, school, "classes", 2, stage=Stage.PRIMARY)
    bring(world.housing_task, school, "sports_ground_m2", 500)
    found = needs_of(app, world, school)
    assert found["G5"][2] == "超 7 人"
    assert "+2 个班" in found["G5"][3]
    assert "补齐" in found["G5"][4]
    assert found["R5"][4] == "差 300 ㎡"
    standard = standard_of(national_framework())
    on = horizon_of(clock.today())
    outlook = forecast_of(standard, school.region_code, on, clock.today())
    lacking = {code: each.lacking for code, each in outlook.conditions.items()}
    assert [each.amount for each in lacking["R5"]] == [300]
    assert not lacking["G5"]


def test_staff_learn_that_another_unit_brings_it_without_its_name(app: Flask, world: World) -> None:
    school = make_short_school()
    bring(world.housing_task, school, "sports_ground_m2", 500)
    page = visit(client_for(app, world.staff), f"/schools/{school.id}/sheet")
    row = next(row for row in page.select(".needs tbody tr") if row.get_text().strip().startswith("R5"))
    assert "其他单位的任务 +500 ㎡" in " ".join(row.get_text(" ").split())
    assert "补齐" in row.select("td")[-1].get_text()
    assert world.housing_task.title not in page.get_text()


def set_largest_class(size: int) -> None:
    """Let the largest class of every school have so many students."""
    db.session.execute(sa.update(StageYear).values(largest_class=size))
    db.session.commit()
    db.session.expire_all()


def test_what_is_proposed_suspended_elsewhere_or_in_the_numbers_already_brings_nothing(
    app: Flask, world: World
) -> None:
    school, other = make_short_school(), make_short_school("第二小学")
    closed = make_task(world.plan, state=State.CLOSED, closed_on=date(THIS, 8, 1))
    suspended = make_task(world.plan, state=State.SUSPENDED)
    bring(world.task, school, "sports_ground_m2", 500, state=LinkState.PROPOSED)
    bring(world.task, other, "sports_ground_m2", 500)
    bring(closed, school, "sports_ground_m2", 500)
    bring(suspended, school, "sports_ground_m2", 500)
    bring(world.task, school, "qualified_teachers", 2, stage=Stage.JUNIOR)
    found = needs_of(app, world, school)
    assert found["R5"][3] == "无任务对应"
    assert found["R1"][3] == "无任务对应"


def test_a_silent_school_and_one_that_is_not_open_say_so(app: Flask, world: World) -> None:
    make_short_school()
    silent, coming = make_school("第二小学"), make_school("新小学", opened_on=date(2090, 9, 1))
    db.session.commit()
    client = client_for(app, world.leader)
    assert "还没有本学年的数据" in visit(client, f"/schools/{silent.id}/sheet").get_text()
    assert "今天没有开办" in visit(client, f"/schools/{coming.id}/sheet").get_text()


def test_the_sheets_of_all_failing_schools_stand_on_one_page(app: Flask, world: World) -> None:
    make_short_school()
    make_short_school("第二小学")
    make_school("没有数字的小学")
    db.session.commit()
    page = visit(client_for(app, world.office), "/schools/sheets")
    assert [each.get_text(strip=True) for each in page.select(".school-sheet h2")] == [
        "第一小学一校一策",
        "第二小学一校一策",
    ]
    assert len(page.select(".other-schools li")) == 3
    for odd in ("x", "-1", "99", "9" * 400, "１"):
        visit(client_for(app, world.office), f"/schools/sheets?from={odd}")


def test_above_a_county_one_chooses_a_county(app: Flask, world: World) -> None:
    make_short_school()
    client = client_for(app, make_account(Role.LEADER, region=""))
    page = visit(client, "/schools/sheets")
    assert page.select_one("main a[href='/schools/sheets?region=360732']")
    assert visit(client, "/schools/sheets?region=360732").select_one(".school-sheet")


@pytest.mark.parametrize("address", ["/schools/{id}/sheet", "/schools/sheets"])
def test_who_may_see_a_sheet(app: Flask, world: World, address: str) -> None:
    school = make_short_school()
    address = address.format(id=school.id)
    for account in (world.office, world.leader, world.auditor, world.staff):
        visit(client_for(app, account), address)
    for account in (world.administrator, world.security):
        visit(client_for(app, account), address, status=403)
    assert app.test_client().get(address).status_code == 302
    assert client_for(app, world.leader).post(address).status_code == 405


def test_a_school_of_another_county_or_none_is_not_found(app: Flask, world: World) -> None:
    school = make_short_school()
    there = make_school("别处小学", region=OTHER_COUNTY)
    db.session.commit()
    visit(client_for(app, world.stranger), f"/schools/{school.id}/sheet", status=404)
    visit(client_for(app, world.leader), f"/schools/{there.id}/sheet", status=404)
    visit(client_for(app, world.leader), "/schools/999999/sheet", status=404)


def test_staff_see_only_the_tasks_that_are_theirs(app: Flask, world: World) -> None:
    school = make_short_school()
    bring(world.housing_task, school, "sports_ground_m2", 380)
    mine = visit(client_for(app, world.staff), f"/schools/{school.id}/sheet")
    assert not mine.select(f"a[href='/tasks/{world.housing_task.key}']")
    theirs = visit(client_for(app, world.housing_staff), f"/schools/{school.id}/sheet")
    assert theirs.select(f"a[href='/tasks/{world.housing_task.key}']")
