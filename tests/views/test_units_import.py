"""/units/import: a file is previewed, confirmed as a whole, and the second time changes nothing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.documents.test_unit_sheet import Rows, book
from tests.factories import OTHER_COUNTY, World, make_account
from tests.visit import checked, client_for, send, token_of, visit
from tracker.models import Account, AccountUnit, Duty, Event, OutboxMail, Unit, UnitKind, db
from tracker.rules.passwords import HashCost, password_matches
from tracker.rules.permissions import Role

UNITS: Rows = [
    ["财政局", "兴国县财政局", "", "县财政局", "各部门", "czj@example.cn"],
    ["发改委", "", "部门", "发展和改革委员会", "各部门", ""],
    ["各部门", "", "集体单位", "", "", ""],
]
PEOPLE: Rows = [
    ["张三", "zhangsan", "发改委", "联系人", "0797-1", "zs@example.cn"],
    ["李四", "staff", "县财政局", "副联系人", "", ""],
]


@pytest.fixture
def administrator(app: Flask, world: World) -> FlaskClient:
    """The administrator's browser."""
    world.staff.name = "李四"
    return client_for(app, world.administrator)


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    world.staff.name = "李四"
    return client_for(app, world.office)


def upload(client: FlaskClient, content: bytes, name: str = "a.xlsx") -> TestResponse:
    """Choose a file and send it."""
    values = {"csrf_token": token_of(client, "/units/import"), "file": (BytesIO(content), name)}
    return client.post("/units/import", data=values, content_type="multipart/form-data")


def confirm(client: FlaskClient, previewed: TestResponse) -> TestResponse:
    """Press the button of the preview."""
    rows = checked(previewed).find("input", attrs={"name": "rows"})
    assert rows, previewed.text
    return send(client, "/units/import/confirm", {"rows": rows["value"]}, token_from="/units/import")


def stored() -> dict[str, int]:
    """How many rows there are."""
    db.session.expire_all()
    return {
        table.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in (Unit, Account, AccountUnit, Event, OutboxMail)
    }


def account(username: str) -> Account:
    """An account by its name."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def duty(who: Account, unit: str) -> Duty:
    """What a person is to a unit."""
    query = sa.select(AccountUnit.duty).join(Unit, Unit.id == AccountUnit.unit_id)
    return db.session.scalars(query.where(AccountUnit.account_id == who.id, Unit.name == unit)).one()


def test_an_administrator_takes_in_units_and_people_at_once(administrator: FlaskClient, world: World) -> None:
    before = stored()
    previewed = upload(administrator, book(UNITS, PEOPLE))
    assert previewed.status_code == 200
    page = checked(previewed)
    assert "新增 2，更改 1，不变 0" in page.text
    assert "新增 1，更改 1，不变 0" in page.text
    assert stored() == before
    assert confirm(administrator, previewed).location == "/units"
    group = db.session.scalars(sa.select(Unit).where(Unit.name == "各部门")).one()
    assert (group.kind, {unit.name for unit in group.members}) == (UnitKind.COLLECTIVE, {"财政局", "发改委"})
    new = account("zhangsan")
    assert (new.role, new.must_change_password, new.phone, new.region_code) == (None, True, "0797-1", "360732")
    assert not password_matches(new.password_hash, "!", HashCost(1, 8))
    assert duty(new, "发改委") is Duty.CONTACT
    assert duty(world.staff, "财政局") is Duty.DEPUTY
    assert db.session.scalars(sa.select(Unit).where(Unit.name == "财政局")).one().mailbox == "czj@example.cn"
    event = db.session.scalars(sa.select(Event).where(Event.act == "import_units")).one()
    assert event.after == {"units": "+2 ~1 =0", "people": "+1 ~1 =0"}
    assert stored()["outbox_mails"] == 0


def test_the_same_file_twice_adds_nothing(administrator: FlaskClient, world: World) -> None:
    previewed = upload(administrator, book(UNITS, PEOPLE))
    confirm(administrator, previewed)
    before = stored()
    again = upload(administrator, book(UNITS, PEOPLE))
    assert "不需要导入" in checked(again).text
    assert confirm(administrator, previewed).status_code == 302  # the button pressed a second time
    assert stored() == before


def test_a_fault_names_its_place_and_nothing_is_written(administrator: FlaskClient, world: World) -> None:
    before = stored()
    wrong = [["", "x"], ["住建局", "", "委员会"]]
    answer = upload(administrator, book(UNITS + wrong, [["王五", "wangwu", "没有的局", "联系人"]]))
    assert answer.status_code == 400
    text = checked(answer).text
    assert "单位 第 5 行 A 列（名称）：没有填写" in text
    assert "单位 第 6 行 C 列（类别）“委员会”：不是单位类别" in text
    assert "人员 第 2 行 C 列（单位）“没有的局”" in text
    assert checked(answer).find("input", attrs={"name": "rows"}) is None
    assert stored() == before


@pytest.mark.parametrize(
    ("units", "people", "message"),
    [
        ([["新局", "", "", "财政局、住建局"]], None, "指向几个不同的单位"),
        ([["财政局", "", "", "", "住建局"]], None, "不是集体单位"),
        (None, [["甲", "a1", "财政局", "联系人"], ["乙", "b1", "财政局", "联系人"]], "只能有一名联系人"),
        (None, [["甲", "far"]], "登录名已被其他地区使用"),
    ],
)
def test_what_contradicts_the_tables_is_a_fault(
    administrator: FlaskClient, world: World, units: Rows | None, people: Rows | None, message: str
) -> None:
    make_account(Role.UNIT_STAFF, username="far", region=OTHER_COUNTY)
    answer = upload(administrator, book(units, people))
    assert answer.status_code == 400
    assert message in checked(answer).text


def test_a_new_contact_replaces_the_one_before(administrator: FlaskClient, world: World) -> None:
    confirm(administrator, upload(administrator, book(None, [["李四", "staff", "财政局", "联系人"]])))
    assert duty(world.staff, "财政局") is Duty.CONTACT
    previewed = upload(administrator, book(None, [[world.staff2.name, "staff2", "财政局", "联系人"]]))
    assert "李四" in checked(previewed).find("s").text
    confirm(administrator, previewed)
    assert (duty(world.staff, "财政局"), duty(world.staff2, "财政局")) == (Duty.STAFF, Duty.CONTACT)


def test_the_office_takes_in_units_and_contacts_but_no_accounts(office: FlaskClient, world: World) -> None:
    answer = upload(office, book(UNITS, PEOPLE))
    assert answer.status_code == 400
    assert "人员 第 2 行 B 列（登录名）“zhangsan”：账号、姓名、单位、电话和邮箱由系统管理员导入" in checked(answer).text
    for row in (["李四", "staff", "", "", "", "new@x.cn"], ["别名", "staff"], ["李四", "staff", "住建局"]):
        assert upload(office, book(None, [row])).status_code == 400
    assert confirm(office, upload(office, book(UNITS, PEOPLE[1:]))).location == "/units"
    assert duty(world.staff, "财政局") is Duty.DEPUTY
    assert account("staff").email == world.staff.email


def test_what_the_office_confirms_is_asked_anew(app: Flask, office: FlaskClient, world: World) -> None:
    previewed = upload(office, book([["发改委", "", "", "发展改革委", "", ""]], None))
    other = Unit(region_code="360732", name="发展改革委", kind=UnitKind.DEPARTMENT)
    third = Unit(region_code="360732", name="发改委", kind=UnitKind.DEPARTMENT)
    db.session.add_all([other, third])
    db.session.commit()
    before = stored()
    answer = confirm(office, previewed)
    assert answer.status_code == 409
    assert "指向几个不同的单位" in checked(answer).text
    assert stored() == before


@pytest.mark.parametrize("rows", ["", "x", "WyJhIixbXSxbXV0.aaaa.bbbb"])
def test_what_we_did_not_sign_is_not_taken_in(office: FlaskClient, world: World, rows: str) -> None:
    answer = send(office, "/units/import/confirm", {"rows": rows}, token_from="/units/import")
    assert answer.status_code == 400


def test_what_one_person_previewed_another_cannot_confirm(app: Flask, administrator: FlaskClient, world: World) -> None:
    previewed = upload(administrator, book(UNITS, PEOPLE))
    assert confirm(client_for(app, world.office), previewed).status_code == 400


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.xlsx", "这不是 Excel 文件"),
        (book(UNITS), "a.xlsm", "不接受 .xls 和带宏的文件"),
        (b"PK\x03\x04" + b"x" * 100, "a.xlsx", "文件已损坏"),
        (book(UNITS) + b"\0" * (6 * 1024 * 1024), "a.xlsx", "文件超过 5 MB"),
    ],
)
def test_a_file_that_is_not_read_says_why(
    office: FlaskClient, world: World, content: bytes, name: str, message: str
) -> None:
    answer = upload(office, content, name)
    assert answer.status_code == 400
    assert message in checked(answer).text


def test_no_file_at_all_is_named(office: FlaskClient, world: World) -> None:
    assert "请选择文件" in checked(send(office, "/units/import", {})).text


def test_the_template_can_be_filled_in(office: FlaskClient, world: World) -> None:
    answer = office.get("/units/template.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    filled = load_workbook(BytesIO(answer.data))
    filled["单位"].append(["发改委"])
    file = BytesIO()
    filled.save(file)
    assert "新增 1，更改 0，不变 0" in checked(upload(office, file.getvalue())).text


def test_others_may_not_enter(app: Flask, world: World) -> None:
    for who in (world.staff, world.leader, world.auditor, world.security):
        client = client_for(app, who)
        for address in ("/units/import", "/units/template.xlsx"):
            visit(client, address, status=403)


def test_a_thousand_rows_are_previewed_in_a_few_questions(office: FlaskClient, world: World) -> None:
    rows: list[list[Any]] = [[f"第{n}小学", "", "学校"] for n in range(1000)]
    answer = upload(office, book(rows))
    assert "新增 1000" in checked(answer).text
    assert confirm(office, answer).status_code == 302
    assert stored()["units"] == 1003
