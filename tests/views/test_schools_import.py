"""/schools/import: a file is previewed, confirmed as a whole, and the second time changes nothing."""

from __future__ import annotations

import os
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.documents.test_school_sheet import Line, book, line
from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_school, make_school_year
from tests.visit import checked, client_for, counted_queries, send, token_of, visit
from tracker import clock
from tracker.actions.record import verified_chain
from tracker.models import Event, OutboxMail, School, SchoolYear, Stage, StageYear, Standing, db
from tracker.rules.permissions import Role
from tracker.rules.school_figures import SCHOOL_FIGURES
from tracker.rules.school_rows import COUNTED_ON, HEAD_OF, SOURCE
from tracker.rules.school_years import school_year_of
from tracker.rules.stages import SchoolKind

NUMBERS = {"students": 880, "classes": 20, "largest_class": 45, "full_time_teachers": 50}


@pytest.fixture
def year() -> int:
    """The running school year."""
    return school_year_of(clock.today())


@pytest.fixture
def first(app: Flask, world: World, year: int) -> School:
    """A school of 财政局 with numbers of this year and of the year before."""
    school = make_school("第一小学", unit_id=world.finance.id)
    make_school_year(school, year - 1, stages={"primary": NUMBERS}, equipment_yuan=2_000_000)
    make_school_year(
        school, year, stages={"primary": NUMBERS}, equipment_yuan=2_000_000, standing=Standing.CHECKED, checked_by_id=3
    )
    make_school("第二小学", unit_id=world.housing.id)
    db.session.commit()
    return school


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    return client_for(app, world.office)


def upload(client: FlaskClient, year: int, *lines: Line, name: str = "a.xlsx") -> TestResponse:
    """Choose a file with these lines and send it."""
    return upload_file(client, book(*lines, title=f"{year}学年"), name)


def upload_file(client: FlaskClient, content: bytes, name: str = "a.xlsx") -> TestResponse:
    """Choose a file and send it."""
    values = {"csrf_token": token_of(client, "/schools/import"), "file": (BytesIO(content), name)}
    return client.post("/schools/import", data=values, content_type="multipart/form-data")


def confirm(client: FlaskClient, previewed: TestResponse, **answers: str) -> TestResponse:
    """Press the button of the preview."""
    rows = checked(previewed).find("input", attrs={"name": "rows"})
    assert rows, previewed.text
    return send(client, "/schools/import/confirm", {"rows": rows["value"], **answers}, token_from="/schools/import")


def stored(school: str, year: int) -> SchoolYear:
    """The numbers of a school."""
    db.session.expire_all()
    query = sa.select(SchoolYear).join(School).where(School.name == school, SchoolYear.year == year)
    return db.session.scalars(query).one()


def counts() -> dict[str, int]:
    """How many rows there are."""
    db.session.expire_all()
    return {
        table.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in (School, SchoolYear, StageYear, Event, OutboxMail)
    }


def test_a_file_is_previewed_and_taken_in_at_once(office: FlaskClient, world: World, first: School, year: int) -> None:
    before = counts()
    previewed = upload(
        office,
        year,
        line(students=890, equipment_yuan=210) | {SOURCE: "学年初报表"},
        line("第二小学", students=0, teaching_area_m2="1200.5") | {COUNTED_ON: date(year, 9, 5)},
    )
    assert previewed.status_code == 200, previewed.text
    page = checked(previewed).get_text(" ", strip=True)
    assert "新录入 1，更改 1，不变 0" in page
    assert "880 人" in page
    assert "890 人" in page
    assert counts() == before
    assert confirm(office, previewed).location == "/schools/import"
    changed, new = stored("第一小学", year), stored("第二小学", year)
    assert (changed.stages[0].students, changed.stages[0].classes, changed.equipment_yuan) == (890, 20, 2_100_000)
    assert (changed.source, changed.standing, changed.checked_by_id, changed.version) == (
        "学年初报表",
        Standing.REPORTED,
        None,
        2,
    )
    assert (new.stages[0].students, new.stages[0].classes, str(new.teaching_area_m2)) == (0, None, "1200.50")
    assert (new.counted_on, new.entered_by_id, new.version) == (date(year, 9, 5), world.office.id, 1)
    [event] = db.session.scalars(sa.select(Event).where(Event.act == "import_school_years"))
    assert (event.region_code, event.object_type) == ("360732", "file")
    assert event.after is not None
    assert (event.after["schools"], event.after["numbers"]) == ("+1 ~1 =0", 4)
    assert event.after["hash"][:40] == event.object_id
    assert counts()["outbox_mails"] == 0


def events_of(school: str, act: str) -> list[Event]:
    """The events of an act on a school."""
    key = db.session.scalars(sa.select(School.id).where(School.name == school)).one()
    query = sa.select(Event).where(Event.act == act, Event.object_type == "school", Event.object_id == str(key))
    return list(db.session.scalars(query))


def test_each_school_of_a_file_keeps_which_number_changed_from_what(
    office: FlaskClient, first: School, year: int
) -> None:
    confirm(
        office,
        upload(
            office,
            year,
            line(students=890, equipment_yuan=210),
            line("新小学", students=100) | {COUNTED_ON: date(year, 9, 5)},
        ),
        makes_schools="y",
    )
    [changed] = events_of("第一小学", "enter_school_year")
    assert changed.before == {"primary.students": 880, "equipment_yuan": 2_000_000, "standing": "checked"}
    assert changed.after == {
        "school": "第一小学",
        "year": year,
        "primary.students": 890,
        "equipment_yuan": 2_100_000,
        "standing": "reported",
    }
    [made], [entered] = events_of("新小学", "create_school"), events_of("新小学", "enter_school_year")
    assert made.after
    assert (made.after["school_name"], made.after["school_kind"]) == ("新小学", "school")
    assert entered.before is None
    assert entered.after
    assert (entered.after["primary.students"], entered.after["counted_on"]) == (100, f"{year}-09-05")
    assert not events_of("第二小学", "enter_school_year")
    assert verified_chain().broken is None


def test_a_file_of_many_schools_asks_as_much_as_one_of_few(office: FlaskClient, world: World, year: int) -> None:
    lines = [line(f"第{number}小学", students=100 + number) for number in range(60)]
    previewed = upload(office, year, *lines)
    with counted_queries() as statements:
        confirm(office, previewed, makes_schools="y")
    assert len(events_of("第7小学", "enter_school_year")) == 1
    assert len([each for each in statements if each.startswith("SELECT")]) < 12
    assert verified_chain().broken is None


def test_the_same_file_twice_adds_nothing(office: FlaskClient, first: School, year: int) -> None:
    previewed = upload(office, year, line(students=890))
    confirm(office, previewed)
    before = counts()
    assert "不需要导入" in checked(upload(office, year, line(students=890))).text
    assert confirm(office, previewed).status_code == 302  # the button pressed a second time
    assert counts() == before


def test_an_empty_cell_leaves_a_dash_empties_and_zero_is_zero(office: FlaskClient, first: School, year: int) -> None:
    confirm(office, upload(office, year, line(full_time_teachers="—", equipment_yuan="无", largest_class="")))
    row = stored("第一小学", year)
    assert (row.stages[0].full_time_teachers, row.equipment_yuan, row.stages[0].largest_class) == (None, None, 45)
    confirm(office, upload(office, year, line(arts_teachers=0, music_rooms="0")))
    row = stored("第一小学", year)
    assert (row.stages[0].arts_teachers, row.music_rooms, row.art_rooms) == (0, 0, None)


def test_all_faults_are_named_at_once_and_nothing_is_written(office: FlaskClient, first: School, year: int) -> None:
    before = counts()
    lines = [line(students="很多"), line("第二小学", classes=-1), line("第二小学", stage="大学")]
    answer = upload(office, year, *lines)
    assert answer.status_code == 400
    text = checked(answer).text
    assert f"{year}学年 第 2 行 F 列（学生数（人））“很多”：不是数字" in text
    assert "第 3 行 G 列（班数（个））“-1”：不能为负" in text
    assert "第 4 行 C 列（学段）“大学”：不是学段" in text
    assert checked(answer).find("input", attrs={"name": "rows"}) is None
    assert counts() == before


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(students=2000, classes=20)], "不可能"),
        ([line() | {"学校类别": "教学点"}], "与已存的学校类别不同"),
        ([line("关闭小学", students=1)], "已撤并"),
    ],
)
def test_what_contradicts_the_tables_is_a_fault(
    office: FlaskClient, first: School, year: int, lines: list[Line], message: str
) -> None:
    make_school("关闭小学", closed_on=date(year, 7, 1))
    answer = upload(office, year, *lines)
    assert answer.status_code == 400
    assert message in checked(answer).text


def test_a_jump_is_questioned_and_its_reason_kept(office: FlaskClient, first: School, year: int) -> None:
    previewed = upload(office, year, line(students=400, classes=10))
    assert "小学学生数：上年 880 人，本次 400 人" in checked(previewed).text
    refused = confirm(office, previewed)
    assert refused.status_code == 400
    assert "请说明原因" in checked(refused).text
    assert stored("第一小学", year).stages[0].students == 880
    assert confirm(office, refused, explained="新校区分流").status_code == 302
    row = stored("第一小学", year)
    assert (row.stages[0].students, row.jumps_explained) == (400, "新校区分流")
    # What was explained is not asked again for another number of the same school.
    assert "需要说明" not in checked(upload(office, year, line(full_time_teachers=51))).text


def test_a_stage_of_last_year_is_not_lost_in_a_new_one(office: FlaskClient, first: School, year: int) -> None:
    school = make_school("列宁学校")
    make_school_year(school, year - 1, stages={"primary": NUMBERS, "junior": NUMBERS})
    confirm(office, upload(office, year, line("列宁学校", students=880)))
    row = stored("列宁学校", year)
    assert {each.stage: each.students for each in row.stages} == {Stage.PRIMARY: 880, Stage.JUNIOR: None}


def test_what_is_estimated_stays_so_beside_a_reported_number(office: FlaskClient, first: School, year: int) -> None:
    row = stored("第一小学", year)
    row.standing, row.source = Standing.ESTIMATED, "推算"
    db.session.commit()
    confirm(office, upload(office, year, line(students=885)))
    row = stored("第一小学", year)
    assert row.standing is Standing.ESTIMATED
    assert {name: each["standing"] for name, each in row.exceptions.items()} == {"primary.students": "reported"}


def test_unknown_schools_are_made_where_the_office_says_so(office: FlaskClient, first: School, year: int) -> None:
    previewed = upload(office, year, line("第三小学", students=10), line("第四小学", stage=""))
    assert "第三小学、第四小学" in checked(previewed).text
    refused = confirm(office, previewed)
    assert refused.status_code == 400
    assert "请勾选" in checked(refused).text
    assert confirm(office, refused, makes_schools="y").status_code == 302
    assert stored("第三小学", year).stages[0].students == 10
    assert db.session.scalars(sa.select(School.region_code).where(School.name == "第四小学")).one() == "360732"


def test_a_number_that_changed_meanwhile_is_named(office: FlaskClient, first: School, year: int) -> None:
    previewed = upload(office, year, line(students=890, classes=21))
    row = stored("第一小学", year)
    row.stages[0].students = 895
    row.version += 1
    db.session.commit()
    refused = confirm(office, previewed)
    assert refused.status_code == 409
    text = checked(refused).text
    assert "第一小学 小学学生数：核对时为 880，现在是 895" in text
    assert "班数：核对时" not in text
    assert stored("第一小学", year).stages[0].classes == 20
    assert confirm(office, refused).status_code == 302
    assert stored("第一小学", year).stages[0].students == 890


def test_a_number_that_the_file_did_not_change_is_not_overwritten_unseen(
    office: FlaskClient, first: School, year: int
) -> None:
    previewed = upload(office, year, line(students=880, classes=21))
    stored("第一小学", year).stages[0].students = 895
    db.session.commit()
    assert confirm(office, previewed).status_code == 409
    assert stored("第一小学", year).stages[0].students == 895


def test_staff_import_only_the_schools_of_their_unit(app: Flask, world: World, first: School, year: int) -> None:
    staff = client_for(app, world.staff)
    answer = upload(staff, year, line(students=885), line("第二小学", students=1), line("没有小学", students=1))
    assert answer.status_code == 400
    text = checked(answer).text
    assert "第 3 行 A 列（学校）“第二小学”：这所学校不由本单位填报" in text
    assert "第 4 行 A 列（学校）“没有小学”：没有这所学校" in text
    assert "第 2 行" not in text
    assert confirm(staff, upload(staff, year, line(students=885))).status_code == 302
    assert stored("第一小学", year).entered_by_id == world.staff.id


def test_a_file_of_another_year_or_kind_is_refused(office: FlaskClient, first: School, year: int) -> None:
    for wrong in (year + 1, 1999):
        assert "只能导入 2000 至" in checked(upload(office, wrong, line(students=1))).text
    assert office.get("/schools/template.xlsx?year=1999").status_code == 400
    assert "模板" in checked(upload_file(office, b"x", "a.txt")).text
    assert ".xlsx" in checked(upload_file(office, book(line()), "a.xlsm")).text
    values = {"csrf_token": token_of(office, "/schools/import")}
    assert office.post("/schools/import", data=values).status_code == 400


def test_what_a_form_carries_must_be_ours(app: Flask, world: World, first: School, year: int) -> None:
    office = client_for(app, world.office)
    page = "/schools/import"
    assert send(office, f"{page}/confirm", {"rows": "x.y.z"}, token_from=page).status_code == 400
    assert send(office, f"{page}/confirm", {}, token_from=page).status_code == 400
    rows = checked(upload(office, year, line(students=890))).find("input", attrs={"name": "rows"})
    assert rows
    other = client_for(app, world.office2)
    assert send(other, f"{page}/confirm", {"rows": rows["value"]}, token_from=page).status_code == 400
    assert send(office, f"{page}/confirm", {"rows": rows["value"], "x": "1"}, token_from=page).status_code == 400


def test_who_may_not_enter_numbers_is_refused(app: Flask, world: World) -> None:
    for who in (world.leader, world.auditor, world.administrator):
        client = client_for(app, who)
        visit(client, "/schools/import", status=403)
        visit(client, "/schools/template.xlsx", status=403)
    assert client_for(app, world.office).get("/schools/import/confirm").status_code == 405
    assert client_for(app, None).get("/schools/import").status_code == 302


def test_a_province_chooses_a_county_first(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.PLAN_OFFICE, region="36"))
    visit(client, "/schools/import")
    visit(client, "/schools/template.xlsx")
    visit(client, "/schools/import?region=360732")
    assert client.get("/schools/export.xlsx").status_code == 200
    visit(client, f"/schools/import?region={OTHER_COUNTY}", status=400)


def sheet_rows(answer: TestResponse, place: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a sheet of a file."""
    assert answer.status_code == 200, answer.text[:500]
    return list(load_workbook(BytesIO(answer.data)).worksheets[place].iter_rows(values_only=True))


def test_the_template_is_filled_with_what_is_stored(app: Flask, world: World, first: School, year: int) -> None:
    first.name = "=第一小学"
    answer = client_for(app, world.office).get(f"/schools/template.xlsx?year={year}")
    rows = sheet_rows(answer)
    heads = rows[0]
    named = {row[0]: dict(zip(heads, row, strict=True)) for row in rows[2:]}
    assert named["=第一小学"][HEAD_OF["students"]] == 880
    assert named["=第一小学"][HEAD_OF["equipment_yuan"]] == 200
    assert (named["第二小学"]["学段"], named["第二小学"][HEAD_OF["students"]]) == (None, None)
    assert sheet_rows(answer, 1)[2][0] == "=第一小学"
    staff = sheet_rows(client_for(app, world.staff).get("/schools/template.xlsx"))
    assert [row[0] for row in staff[2:]] == ["=第一小学"]
    again = checked(upload_file(client_for(app, world.office), answer.data))
    assert "不需要导入" in again.text


def test_the_export_holds_every_school_and_no_formula(app: Flask, world: World, first: School, year: int) -> None:
    first.name = "=1+1"
    other = make_school("外县小学", region=OTHER_COUNTY)
    make_school_year(other, year, stages={"primary": NUMBERS})
    answer = client_for(app, world.leader).get("/schools/export.xlsx")
    rows = sheet_rows(answer)
    names = [row[1] for row in rows]
    assert "=1+1" in names
    assert "外县小学" not in names
    row = dict(zip(next(row for row in rows if row[0] == "县区"), rows[names.index("=1+1")], strict=True))
    assert (row[HEAD_OF["students"]], row["数据状态"], row["学校"]) == (880, "已核", "=1+1")
    cells = load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows()
    assert all(cell.data_type != "f" for each in cells for cell in each)
    visit(client_for(app, world.leader), "/schools/export.xlsx?year=2999", status=400)
    visit(client_for(app, world.administrator), "/schools/export.xlsx", status=403)


def test_of_many_schools_to_be_made_the_first_are_named_and_all_counted(office: FlaskClient, year: int) -> None:
    names = [f"新建第{number}小学" for number in range(201)]
    page = checked(upload(office, year, *(line(name, students=1) for name in names)))
    listed = page.find("form", attrs={"action": "/schools/import/confirm"})
    assert listed
    assert "文件里有 201 所学校还没有建立" in listed.get_text()
    assert "只列出前 200 项" in listed.get_text()
    assert names[199] in listed.get_text()
    assert names[200] not in listed.get_text()


def test_a_template_asks_no_more_for_hundreds_of_schools_than_for_one(
    office: FlaskClient, world: World, first: School, year: int
) -> None:
    def asked() -> int:
        """How many questions the template asks."""
        with counted_queries() as statements:
            assert office.get("/schools/template.xlsx").status_code == 200
        return len(statements)

    few = asked()
    schools = [School(region_code=COUNTY, name=f"第{number}完全小学", kind=SchoolKind.SCHOOL) for number in range(510)]
    db.session.add_all(schools)
    db.session.flush()
    for school in schools:
        make_school_year(school, year, stages={"primary": NUMBERS})
    db.session.commit()
    assert asked() == few


FULL = dict.fromkeys(SCHOOL_FIGURES, 9) | {"students": 99, "largest_class": 60, "classes": 9}


def test_a_full_file_of_thousands_of_rows_is_taken_in(app: Flask, office: FlaskClient, world: World, year: int) -> None:
    previewed = upload(office, year, *(line(f"第{number}完全小学", **FULL) for number in range(2500)))
    assert previewed.status_code == 200
    [kept] = carried_files(app)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert confirm(office, previewed, makes_schools="y", explained="新建").location == "/schools/import"
    assert db.session.scalar(sa.select(sa.func.count(SchoolYear.id))) == 2500


def test_what_was_read_is_kept_for_a_day(app: Flask, office: FlaskClient, first: School, year: int) -> None:
    previewed = upload(office, year, line(students=890))
    [kept] = carried_files(app)
    os.utime(kept, (0, 0))
    upload(office, year, line(students=891))
    assert len(carried_files(app)) == 1
    refused = confirm(office, previewed)
    assert refused.status_code == 409
    assert "请重新选择文件" in checked(refused).get_text()
    assert stored("第一小学", year).version == 1


def carried_files(app: Flask) -> list[Path]:
    """What lies on disk between preview and confirmation."""
    return list((app.extensions["settings"].var_dir / "carried").iterdir())
