"""/schools, one school, making and changing one: everybody of the region reads, the office writes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_school, make_school_year, make_task
from tests.visit import checked, client_for, send, visit
from tracker import clock
from tracker.models import (
    Addition,
    Event,
    Origin,
    PlannedEnrolment,
    Project,
    ProjectCategory,
    ProjectSchool,
    School,
    SchoolKind,
    Stage,
    Standing,
    TaskKind,
    db,
)
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of

YEAR = school_year_of(clock.today())
NEW = {"name": "第十三小学", "kind": "school", "town": "潋江镇", "unit": "", "opened_on": "", "closed_on": ""}


def at(school: School, act: str = "") -> str:
    """The address of a school, or of an act on it."""
    return f"/schools/{school.id}" + (f"/{act}" if act else "")


def filled(school: School, **differences: Any) -> dict[str, Any]:
    """The form of a school as it stands, with differences."""
    values = {"name": school.name, "kind": school.kind.value, "town": school.town or "", "unit": school.unit_id or ""}
    return {**values, "opened_on": "", "closed_on": "", "version": school.version, **differences}


def names(page: Any) -> list[str]:
    """The schools that a list shows."""
    return [each.get_text() for each in page.select(".school-list tbody a")]


def a_few(year: int = YEAR) -> dict[str, School]:
    """A primary school with checked numbers, a nine-year school with an estimate, a silent and a closed one."""
    found = {name: make_school(name) for name in ("第一小学", "列宁学校", "第七中学")}
    found["关停小学"] = make_school("关停小学", closed_on=date(year, 8, 1), town="高兴镇")
    make_school_year(
        found["第一小学"],
        year,
        stages={"primary": {"students": 1980, "classes": 44, "largest_class": 46}},
        standing=Standing.CHECKED,
    )
    make_school_year(
        found["列宁学校"],
        year,
        stages={
            "primary": {"students": 540, "classes": 12, "largest_class": 45},
            "junior": {"students": 300, "classes": 6, "largest_class": 50},
        },
        exceptions={"equipment_yuan": {"standing": "estimated", "source": "估算"}},
    )
    make_school_year(found["第七中学"], year - 1, stages={"junior": {"students": 900}})
    return found


def test_the_list_shows_the_last_numbers_of_every_school(app: Flask, world: World) -> None:
    a_few()
    page = visit(client_for(app, world.staff), "/schools")
    assert names(page) == sorted(names(page))
    assert len(names(page)) == 4
    rows = {row.a.get_text(): row.get_text(" ", strip=True) for row in page.select(".school-list tbody tr")}
    assert "840 18 50" in rows["列宁学校"]
    assert "九年一贯制" in rows["列宁学校"]
    assert "核" in rows["第一小学"]
    assert f"{YEAR - 1}—{YEAR}" in rows["第七中学"]
    assert "撤并" in rows["关停小学"]
    assert "1 所学校还没有本学年数据" in page.get_text()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=小学", ["关停小学", "第一小学"]),
        ("q=%EF%BC%91", []),
        ("type=special", []),
        ("type=school&stage=nine_year", ["列宁学校"]),
        ("stage=junior", ["列宁学校", "第七中学"]),
        ("town=高兴镇", ["关停小学"]),
        ("silent=1", ["第七中学"]),
        ("estimated=1", ["列宁学校"]),
        ("type=odd&stage=odd&page=99", ["关停小学", "列宁学校", "第一小学", "第七中学"]),
    ],
)
def test_the_list_is_narrowed(app: Flask, world: World, query: str, found: list[str]) -> None:
    a_few()
    assert sorted(names(visit(client_for(app, world.leader), f"/schools?{query}"))) == sorted(found)


def test_a_long_list_has_pages_and_asks_no_more_for_more_schools(app: Flask, world: World) -> None:
    for number in range(60):
        make_school_year(make_school(f"学校{number:03}"), YEAR, stages={"primary": {"students": 100 + number}})
    client = client_for(app, world.office)
    assert len(names(visit(client, "/schools"))) == 50
    assert len(names(visit(client, "/schools?page=2&type=school"))) == 10


def test_schools_of_other_counties_are_not_listed_and_not_found(app: Flask, world: World) -> None:
    own, other = make_school("第一小学"), make_school("城关小学", region=OTHER_COUNTY)
    client = client_for(app, world.office)
    assert names(visit(client, "/schools")) == [own.name]
    visit(client, f"/schools?region={OTHER_COUNTY}", status=400)
    visit(client, at(other), status=404)
    visit(client, at(other, "edit"), status=404)
    visit(client, "/schools/999999", status=404)


def test_a_wider_region_sees_the_schools_of_its_counties(app: Flask, world: World) -> None:
    make_school("第一小学"), make_school("城关小学", region=OTHER_COUNTY)
    nation = client_for(app, make_account(Role.LEADER, region=""))
    assert set(names(visit(nation, "/schools"))) == {"第一小学", "城关小学"}
    assert names(visit(nation, f"/schools?region={COUNTY}")) == ["第一小学"]


def test_the_page_of_a_school_shows_its_years_with_the_change(app: Flask, world: World) -> None:
    school = make_school("第一小学", unit=world.education)
    for year, students in ((YEAR - 2, 900), (YEAR - 1, 1000), (YEAR, 1040)):
        make_school_year(school, year, stages={"primary": {"students": students}}, equipment_yuan=4_180_000)
    page = visit(client_for(app, world.leader), at(school))
    row = next(row for row in page.select(".school-years tbody tr") if "学生数" in row.th.get_text())
    assert [cell.get_text(strip=True) for cell in row.find_all("td")] == [
        "1,040 人",
        "+40",
        "1,000 人",
        "+100",
        "900 人",
    ]
    assert "418 万元" in page.get_text()
    assert page.select_one(f"a[href='{at(school)}/sheet']")
    assert not page.select("a[href$='/edit'], form[action$='/check']")


def test_the_page_of_a_school_says_what_it_expects_and_what_builds_it(app: Flask, world: World) -> None:
    school = make_school("第八小学", opened_on=date(YEAR + 1, 9, 1))
    task = make_task(world.plan, lead=[world.housing], kind=TaskKind.PROJECT, title="第八小学建设")
    db.session.add(
        Project(
            task_id=task.id,
            category=ProjectCategory.NEW,
            schools=[ProjectSchool(school=school, stage=Stage.PRIMARY, seats=2000, classes=45, position=1)],
        )
    )
    db.session.add(PlannedEnrolment(school=school, stage=Stage.PRIMARY, year=YEAR + 1, students=760, source="学区划分"))
    db.session.add(
        Addition(task=task, school=school, figure="multimedia_rooms", amount=45, reason="按班", origin=Origin.HAND)
    )
    db.session.flush()
    text = visit(client_for(app, world.office), at(school)).get_text()
    assert "启用，此前不参加评估" in text
    assert "760" in text
    assert "2,000" in text
    assert "45 间" in text
    own = visit(client_for(app, world.staff), at(school)).get_text()
    assert "第八小学建设" not in own  # a task of another unit


def test_the_office_makes_a_school(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    answer = send(client, "/schools/new", {**NEW, "unit": world.education.id, "region": COUNTY})
    made = db.session.scalars(sa.select(School).where(School.name == "第十三小学")).one()
    assert answer.location == at(made)
    assert (made.region_code, made.unit_id, made.town) == (COUNTY, world.education.id, "潋江镇")
    event = db.session.scalars(sa.select(Event).where(Event.act == "create_school")).one()
    assert (event.object_type, event.object_id, event.region_code) == ("school", str(made.id), COUNTY)
    assert "新建学校" in visit(client, at(made)).get_text()


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"name": ""}, "请填写校名"),
        ({"name": "第一小学"}, "同名学校"),
        ({"opened_on": "2026-09-01", "closed_on": "2026-08-31"}, "早于启用日期"),
        ({"kind": "castle"}, ""),
        ({"unit": "999999"}, ""),
        ({"name": "长" * 61}, "最多 60 字"),
    ],
)
def test_what_is_wrong_with_a_new_school_is_said_at_its_field(
    app: Flask, world: World, differences: dict[str, str], said: str
) -> None:
    make_school("第一小学")
    answer = send(client_for(app, world.office), "/schools/new", {**NEW, "region": COUNTY, **differences})
    assert answer.status_code == 400
    assert said in checked(answer).get_text()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(School)) == 1


def test_a_school_is_changed_and_closed_not_deleted(app: Flask, world: World) -> None:
    school = make_school("第一小学")
    client, page = client_for(app, world.office), at(school, "edit")
    send(client, page, filled(school, name="城北小学", kind="teaching_point", closed_on="2026-08-31"))
    db.session.expire_all()
    assert (school.name, school.kind, school.closed_on) == (
        "城北小学",
        SchoolKind.TEACHING_POINT,
        date(2026, 8, 31),
    )
    assert school.version == 2
    event = db.session.scalars(sa.select(Event).where(Event.act == "change_school")).one()
    assert (event.before or {})["school_name"] == "第一小学"
    assert client.delete(at(school)).status_code == 405


def test_a_stale_save_keeps_what_was_typed_beside_what_is_stored(app: Flask, world: World) -> None:
    school = make_school("第一小学")
    client, page = client_for(app, world.office), at(school, "edit")
    values = filled(school, town="潋江镇")
    assert send(client, page, values).status_code == 302
    answer = send(client, page, {**values, "town": "高兴镇"})
    assert answer.status_code == 409
    text = checked(answer)
    assert text.select_one("#town")["value"] == "高兴镇"
    assert "潋江镇" in text.get_text()
    assert text.select_one("main input[name=version]")["value"] == "2"


def test_a_name_that_another_school_has_is_refused(app: Flask, world: World) -> None:
    school, other = make_school("第一小学"), make_school("第二小学")
    answer = send(client_for(app, world.office), at(school, "edit"), filled(school, name=other.name))
    assert answer.status_code == 400
    assert "同名学校" in checked(answer).get_text()


@pytest.mark.parametrize("who", ["staff", "leader", "auditor"])
def test_others_read_but_make_and_change_no_school(app: Flask, world: World, who: str) -> None:
    school = make_school("第一小学")
    client = client_for(app, getattr(world, who))
    visit(client, at(school))
    for address in ("/schools/new", at(school, "edit")):
        visit(client, address, status=403)
    assert send(client, at(school, "edit"), filled(school), token_from="/password").status_code == 403
    assert send(client, "/schools/new", {**NEW, "region": COUNTY}, token_from="/password").status_code == 403


@pytest.mark.parametrize("who", ["administrator", "security"])
def test_administrators_have_no_schools(app: Flask, world: World, who: str) -> None:
    visit(client_for(app, getattr(world, who)), "/schools", status=403)


def test_it_says_by_which_year_the_county_is_judged_while_a_new_one_begins(app: Flask, world: World) -> None:
    year = school_year_of(clock.today())
    make_school_year(make_school("一小"), year - 1, stages={})
    page = visit(client_for(app, world.office), "/schools")
    assert f"指标按{year - 1}—{year} 学年评定" in page.get_text()
    make_school_year(make_school("二小"), year, stages={})
    make_school_year(make_school("三小"), year, stages={})
    assert "评定）" not in visit(client_for(app, world.office), "/schools").get_text()
