"""/schools/<id>/years/<year>: the unit or the office enters, odd numbers are questioned, the office checks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import OTHER_COUNTY, World, make_school, make_school_year
from tests.views.test_typed import door, end, enter  # noqa: F401
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import Event, School, SchoolYear, Stage, Standing, db
from tracker.rules.school_years import school_year_of

YEAR = school_year_of(clock.today())
TYPED = {
    "counted_on": f"{YEAR}-09-01",
    "standing": "reported",
    "source": "教育事业统计报表",
    "primary": "y",
    "primary.students": "1,180",
    "primary.classes": "28",
    "primary.largest_class": "45",
    "primary.full_time_teachers": "60",
    "primary.qualified_teachers": "56",
    "teaching_area_m2": "5600.5",
    "indoor_sports_m2": "0",
    "equipment_yuan": "286.0001",
    "operating_funds_yuan": "906000",
}


@pytest.fixture
def school(world: World) -> School:
    """A school that 住建局 enters."""
    made = make_school("第八小学", unit=world.housing)
    db.session.commit()
    return made


def at(school: School, year: int = YEAR, act: str = "") -> str:
    """The address of a school's year, or of an act on it."""
    return f"/schools/{school.id}/years/{year}" + (f"/{act}" if act else "")


def save(client: FlaskClient, school: School, version: int = 0, year: int = YEAR, **differences: Any) -> TestResponse:
    """Save the form of a year; a field that is None is not sent."""
    named = {name.replace("__", "."): value for name, value in differences.items()}
    values = {name: value for name, value in (TYPED | named).items() if value is not None}
    return send(client, at(school, year), {"version": version, **values}, token_from="/password")


def row_of(school: School, year: int = YEAR) -> SchoolYear | None:
    """What is stored now."""
    db.session.expire_all()
    return db.session.scalar(sa.select(SchoolYear).where(SchoolYear.school_id == school.id, SchoolYear.year == year))


def events(act: str) -> list[Event]:
    """The events of an act."""
    return list(db.session.scalars(sa.select(Event).where(Event.act == act).order_by(Event.id)))


def test_the_staff_of_its_unit_enter_the_numbers_of_a_school(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.housing_staff)
    page = visit(client, at(school))
    assert page.find("input", attrs={"name": "primary.students"})["value"] == ""
    assert save(client, school).location == f"/schools/{school.id}"
    row = row_of(school)
    assert row is not None
    [stage] = row.stages
    assert (stage.stage, stage.students, stage.classes, stage.backbone_teachers) == (Stage.PRIMARY, 1180, 28, None)
    assert (row.teaching_area_m2, row.indoor_sports_m2, row.sports_ground_m2) == (Decimal("5600.5"), 0, None)
    assert (row.equipment_yuan, row.operating_funds_yuan) == (2_860_001, 906_000)
    assert (row.standing, row.source, row.version) == (Standing.REPORTED, "教育事业统计报表", 1)
    assert (row.entered_by_id, row.counted_on) == (world.housing_staff.id, date(YEAR, 9, 1))
    [event] = events("enter_school_year")
    assert (event.after or {})["primary.students"] == 1180
    assert "primary.backbone_teachers" not in (event.after or {})
    assert event.unit_name == "住建局"
    page = visit(client, at(school))
    assert page.find("input", attrs={"name": "equipment_yuan"})["value"] == "286.0001"
    assert page.find("input", attrs={"name": "primary.backbone_teachers"})["value"] == ""
    assert page.find("input", attrs={"name": "indoor_sports_m2"})["value"] == "0"
    assert "填报学校数据" in visit(client, f"/schools/{school.id}").get_text()


def test_a_repeated_send_makes_one_row_and_one_event(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.housing_staff)
    assert [save(client, school).status_code for _ in range(2)] == [302, 302]
    row = row_of(school)
    assert row is not None
    assert row.version == 1
    assert len(events("enter_school_year")) == 1


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("leader", 403), ("auditor", 403), ("stranger", 404)])
def test_others_enter_nothing(app: Flask, world: World, school: School, who: str, status: int) -> None:
    client = client_for(app, getattr(world, who))
    visit(client, at(school), status=status if who == "staff" else 403 if who != "stranger" else 404)
    assert save(client, school).status_code == status
    assert row_of(school) is None


def test_staff_enter_nothing_for_a_school_without_a_unit(app: Flask, world: World) -> None:
    school = make_school("无主小学")
    assert save(client_for(app, world.housing_staff), school).status_code == 403
    assert save(client_for(app, world.office), school).status_code == 302


@pytest.mark.parametrize("year", [YEAR + 1, 1999, 3000])
def test_a_year_that_has_not_begun_is_not_found(app: Flask, world: World, school: School, year: int) -> None:
    client = client_for(app, world.office)
    visit(client, at(school, year), status=404)
    assert save(client, school, year=year).status_code in {404, 405}


def test_a_school_of_another_county_is_not_found(app: Flask, world: World) -> None:
    visit(client_for(app, world.office), at(make_school("城关小学", region=OTHER_COUNTY)), status=404)


def test_last_years_values_stand_beside_the_fields_and_jumps_are_questioned(
    app: Flask, world: World, school: School
) -> None:
    before = {"students": 800, "classes": 20, "largest_class": 44}
    make_school_year(school, YEAR - 1, stages={"primary": before}, equipment_yuan=2_860_000)
    client = client_for(app, world.housing_staff)
    assert "上年 800 人" in visit(client, at(school)).get_text()
    answer = save(client, school)
    assert answer.status_code == 400
    page = checked(answer)
    assert "小学学生数：上年 800 人，本次 1,180 人，变化较大" in page.get_text()
    assert page.find("input", attrs={"name": "primary.students"})["value"] == "1,180"
    assert page.find("input", attrs={"name": "teaching_area_m2"})["value"] == "5600.5"
    assert row_of(school) is None
    asked = page.find("input", attrs={"name": "asked"})["value"]
    assert save(client, school, asked=asked).status_code == 400  # the question stands without a reason
    assert save(client, school, jumps_explained="合并").status_code == 400  # a reason nobody was asked for
    assert save(client, school, asked=asked, jumps_explained="与城南小学合并").status_code == 302
    row = row_of(school)
    assert row is not None
    assert row.jumps_explained == "与城南小学合并"


def test_what_was_explained_is_not_asked_again_but_a_new_jump_is(app: Flask, world: World, school: School) -> None:
    make_school_year(school, YEAR - 1, stages={"primary": {"students": 800}}, multimedia_rooms=20)
    client = client_for(app, world.housing_staff)
    asked = f"jumped:primary.students:{1180}"
    assert save(client, school, asked=asked, jumps_explained="与城南小学合并").status_code == 302
    assert save(client, school, 1, source="年报").status_code == 302
    answer = save(client, school, 2, multimedia_rooms="40", jumps_explained="与城南小学合并")
    assert answer.status_code == 400
    assert "网络多媒体教室" in checked(answer).select_one("#doubts").parent.get_text()
    row = row_of(school)
    assert row is not None
    assert (row.source, row.jumps_explained, row.multimedia_rooms) == ("年报", "与城南小学合并", None)


def test_numbers_that_cannot_be_are_refused_whatever_the_reason(app: Flask, world: World, school: School) -> None:
    answer = save(client_for(app, world.housing_staff), school, primary__largest_class="42", jumps_explained="属实")
    assert answer.status_code == 400
    assert "平均每班至少 43 人" in checked(answer).get_text()
    assert row_of(school) is None


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"source": ""}, "请写明来源"),
        ({"primary.students": "-1"}, "请只填数字，不能为负"),
        ({"primary.students": "12.5"}, "请填整数"),
        ({"teaching_area_m2": "1.234"}, "小数最多2位"),
        ({"equipment_yuan": "1.00001"}, "小数最多4位"),
        ({"primary.students": "9" * 9}, "数字过大"),
        ({"junior.students": "300"}, "请勾选该学段"),
        ({"counted_on": f"{YEAR}-08-31"}, "统计日期应在本学年之内"),
        ({"counted_on": ""}, "请填写统计日期"),
        ({"counted_on": f"{YEAR + 1}-09-01"}, "统计日期应在本学年之内"),
        ({"standing": "checked"}, ""),
        ({"single.0.figure": "equipment_yuan"}, "请写明这一项的来源"),
        ({"single.0.figure": "castle", "single.0.source": "x"}, ""),
        ({"checked_by_id": "1"}, "未知字段"),
        ({"version": "-1"}, ""),
    ],
)
def test_a_value_that_cannot_be_stored_is_refused_with_everything_typed(
    app: Flask, world: World, school: School, differences: dict[str, str], said: str
) -> None:
    answer = save(client_for(app, world.housing_staff), school, **differences)
    assert answer.status_code == 400
    assert said in checked(answer).get_text()
    assert row_of(school) is None


def test_stages_come_and_go_with_the_years(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.office)
    save(client, school, primary__students="20", primary__classes="1", primary__largest_class="20")
    assert save(client, school, 1, junior="y", junior__students="12", primary=None, **{
        name.replace(".", "__"): None for name in TYPED if name.startswith("primary.")
    }).status_code == 302  # fmt: skip
    row = row_of(school)
    assert row is not None
    assert [(each.stage, each.students) for each in row.stages] == [(Stage.JUNIOR, 12)]


def test_single_values_have_a_standing_and_source_of_their_own(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.housing_staff)
    single = {
        "single.0.figure": "equipment_yuan",
        "single.0.standing": "estimated",
        "single.0.source": "资产台账推算",
        "single.0.on": f"{YEAR}-09-01",
    }
    assert save(client, school, **single).status_code == 302
    row = row_of(school)
    assert row is not None
    assert row.exceptions == {
        "equipment_yuan": {"standing": "estimated", "source": "资产台账推算", "on": f"{YEAR}-09-01"}
    }
    assert "资产台账推算" in visit(client, f"/schools/{school.id}").get_text()
    page = visit(client, at(school))
    assert page.find("input", attrs={"name": "single.0.source"})["value"] == "资产台账推算"


def test_the_office_checks_and_an_edit_takes_the_check_away(app: Flask, world: World, school: School) -> None:
    staff, office = client_for(app, world.housing_staff), client_for(app, world.office)
    save(staff, school)
    assert not visit(staff, f"/schools/{school.id}").select("form[action$='/check']")
    visit(office, f"/schools/{school.id}").select_one("form[action$='/check']")
    answer = send(office, at(school, act="check"), {"version": 1}, token_from=f"/schools/{school.id}")
    assert answer.status_code == 302
    row = row_of(school)
    assert row is not None
    assert (row.standing, row.checked_by_id, row.version) == (Standing.CHECKED, world.office.id, 2)
    assert row.checked_at is not None
    assert save(staff, school, 2).status_code == 302  # the same again changes nothing
    row = row_of(school)
    assert row is not None
    assert row.standing is Standing.CHECKED
    assert save(staff, school, 2, primary__students="1181").status_code == 302
    row = row_of(school)
    assert row is not None
    assert (row.standing, row.checked_by_id, row.checked_at) == (Standing.REPORTED, None, None)
    changed = events("enter_school_year")[-1]
    assert ((changed.before or {})["primary.students"], (changed.after or {})["primary.students"]) == (1180, 1181)
    assert "primary.classes" not in (changed.after or {})


def test_only_the_office_checks_and_only_what_it_has_read(app: Flask, world: World, school: School) -> None:
    save(client_for(app, world.housing_staff), school)
    page = f"/schools/{school.id}"
    for who, version, status in (
        ("housing_staff", 1, 403),
        ("office", 9, 409),
        ("office", "x", 400),
        ("stranger", 1, 404),
    ):
        client = client_for(app, getattr(world, who))
        answer = send(client, at(school, act="check"), {"version": version}, token_from="/password")
        assert answer.status_code == status, who
    answer = send(client_for(app, world.office), at(school, YEAR - 1, "check"), {"version": 1}, token_from=page)
    assert answer.status_code == 409
    row = row_of(school)
    assert row is not None
    assert row.standing is Standing.REPORTED


def test_a_stale_save_keeps_what_was_typed_beside_what_is_stored(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.housing_staff)
    save(client, school)
    assert save(client, school, 1, primary__students="1190").status_code == 302
    answer = save(client, school, 1, primary__students="1200")
    assert answer.status_code == 409
    page = checked(answer)
    assert page.find("input", attrs={"name": "primary.students"})["value"] == "1200"
    assert "现有 1,190 人" in page.get_text()
    assert page.find("input", attrs={"name": "version"})["value"] == "2"
    assert save(client, school, 2, primary__students="1200").status_code == 302


def test_what_was_typed_when_the_session_ended_comes_back_after_the_sign_in(
    door: Flask,  # noqa: F811
    world: World,
    school: School,
) -> None:
    client = client_for(door, world.housing_staff)
    token = token_of(client, at(school))
    end(client, "idle")
    answer = client.post(at(school), data={"csrf_token": token, "version": 0, **TYPED})
    assert answer.status_code == 401
    page = checked(answer)
    assert "1,180" in page.get_text()
    back = enter(client, page, world.housing_staff.username)
    assert back.location == at(school)
    form = visit(client, at(school))
    assert form.find("input", attrs={"name": "primary.students"})["value"] == "1,180"
    assert form.find("input", attrs={"name": "equipment_yuan"})["value"] == "286.0001"
    assert form.find("input", attrs={"name": "primary"}).has_attr("checked")
    assert row_of(school) is None
