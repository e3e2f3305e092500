"""/schools/<id>/enrolment: whom a school expects, by the unit or the office."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_school
from tests.views.test_typed import door, end, enter  # noqa: F401
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import Event, PlannedEnrolment, School, db
from tracker.rules.school_years import school_year_of

NEXT = school_year_of(clock.today()) + 1


@pytest.fixture
def school(world: World) -> School:
    """A school that 住建局 enters."""
    made = make_school("第八小学", unit=world.housing)
    db.session.commit()
    return made


def at(school: School) -> str:
    """The address of what a school expects."""
    return f"/schools/{school.id}/enrolment"


def save(client: FlaskClient, school: School, version: int = 1, **differences: Any) -> TestResponse:
    """Save the form; the first field of the form is that of the primary stage next year."""
    values = {f"primary.{NEXT}.students": "760", f"primary.{NEXT}.classes": "17", "source": "学区划分方案"}
    return send(client, at(school), {"version": version, **values, **differences}, token_from="/password")


def expected(school: School) -> list[tuple[str, int, int, int | None, str]]:
    """What is stored."""
    db.session.expire_all()
    query = sa.select(PlannedEnrolment).where(PlannedEnrolment.school_id == school.id).order_by(PlannedEnrolment.year)
    rows = db.session.scalars(query)
    return [(row.stage.value, row.year, row.students, row.classes, row.source) for row in rows]


def test_a_unit_says_whom_its_school_expects(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.housing_staff)
    visit(client, at(school))
    assert save(client, school).location == f"/schools/{school.id}"
    assert expected(school) == [("primary", NEXT, 760, 17, "学区划分方案")]
    event = db.session.scalars(sa.select(Event).where(Event.act == "set_enrolments")).one()
    assert (event.after or {})[f"expected.primary.{NEXT}"] == "760 / 17"
    assert "760" in visit(client, f"/schools/{school.id}").get_text()


def test_only_what_changes_takes_the_source_and_an_empty_row_is_taken_out(
    app: Flask, world: World, school: School
) -> None:
    client = client_for(app, world.office)
    later = {f"primary.{NEXT + 1}.students": "1100"}
    save(client, school, **later)
    assert save(client, school, 2, source="户籍人口推算", **{f"primary.{NEXT + 1}.students": "1150"}).status_code == 302
    assert expected(school) == [
        ("primary", NEXT, 760, 17, "学区划分方案"),
        ("primary", NEXT + 1, 1150, None, "户籍人口推算"),
    ]
    gone = {f"primary.{NEXT}.students": "", f"primary.{NEXT}.classes": "", f"primary.{NEXT + 1}.students": "1150"}
    assert save(client, school, 3, **gone).status_code == 302
    assert [row[1] for row in expected(school)] == [NEXT + 1]


def test_the_same_again_changes_nothing_and_a_stale_save_is_refused(app: Flask, world: World, school: School) -> None:
    client = client_for(app, world.housing_staff)
    assert [save(client, school).status_code for _ in range(2)] == [302, 302]
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "set_enrolments")) == 1
    answer = save(client, school, 1, **{f"primary.{NEXT}.students": "800"})
    assert answer.status_code == 409
    page = checked(answer)
    assert page.find("input", attrs={"name": f"primary.{NEXT}.students"})["value"] == "800"
    assert "760 人" in page.get_text()


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"source": ""}, "请写明来源"),
        ({f"primary.{NEXT}.students": "x"}, "请只填数字"),
        ({f"primary.{NEXT}.students": ""}, "请填写学生数"),
        ({f"primary.{NEXT}.classes": "0"}, "至少有一个班"),
        ({f"primary.{NEXT + 9}.students": "1"}, "未知字段"),
        ({"version": "0"}, ""),
    ],
)
def test_what_cannot_be_expected_is_refused(
    app: Flask, world: World, school: School, differences: dict[str, str], said: str
) -> None:
    answer = save(client_for(app, world.office), school, **differences)
    assert answer.status_code == 400
    assert said in checked(answer).get_text()
    assert expected(school) == []


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("leader", 403), ("stranger", 404)])
def test_others_expect_nothing(app: Flask, world: World, school: School, who: str, status: int) -> None:
    client = client_for(app, getattr(world, who))
    visit(client, at(school), status=status)
    assert save(client, school).status_code == status


def test_what_was_typed_when_the_session_ended_comes_back(
    door: Flask,  # noqa: F811
    world: World,
    school: School,
) -> None:
    client = client_for(door, world.housing_staff)
    token = token_of(client, at(school))
    end(client, "nine_hours")
    typed = {f"primary.{NEXT}.students": "760", "source": "学区划分方案"}
    answer = client.post(at(school), data={"csrf_token": token, "version": 1, **typed})
    assert answer.status_code == 401
    assert enter(client, checked(answer), world.housing_staff.username).location == at(school)
    page = visit(client, at(school))
    assert page.find("input", attrs={"name": f"primary.{NEXT}.students"})["value"] == "760"
    assert page.find("input", attrs={"name": "source"})["value"] == "学区划分方案"
