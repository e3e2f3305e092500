"""/units and what lies below it: the office and administrators keep the units, others are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_task, make_unit
from tests.visit import checked, client_for, send, visit
from tracker.models import AccountUnit, Assignment, Duty, Event, Unit, UnitAlias, UnitKind, db
from tracker.rules.permissions import Role

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
NEW = {"name": "城投公司", "full_name": "", "kind": "company", "mailbox": "", "aliases": "", "region": COUNTY}


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    return client_for(app, world.office)


def at(unit: Unit, act: str = "") -> str:
    """The address of a unit, or of an act on it."""
    return f"/units/{unit.id}" + (f"/{act}" if act else "")


def filled(unit: Unit, **differences: Any) -> dict[str, Any]:
    """The form of a unit as it stands, with differences."""
    values = {"name": unit.name, "full_name": "", "kind": unit.kind.value, "mailbox": "", "aliases": ""}
    return {**values, "version": unit.version, **differences}


def change(client: FlaskClient, unit: Unit, **differences: Any) -> TestResponse:
    """Save the form of a unit."""
    return send(client, at(unit), filled(unit, **differences))


def press(client: FlaskClient, unit: Unit, act: str, **values: Any) -> TestResponse:
    """Press a button on the page of a unit."""
    return send(client, at(unit, act), {"version": unit.version, **values}, token_from=at(unit))


def events(act: str) -> list[Event]:
    """The events of an act."""
    return list(db.session.scalars(sa.select(Event).where(Event.act == act)))


def fresh(unit: Unit) -> Unit:
    """A unit as it is stored now."""
    db.session.expire_all()
    return db.session.get_one(Unit, unit.id)


@pytest.mark.parametrize("who", ["staff", "leader", "auditor", "security"])
def test_others_may_not_enter(app: Flask, world: World, who: str) -> None:
    client = client_for(app, getattr(world, who))
    for address in ("/units", "/units/new", at(world.finance), at(world.finance, "merge")):
        visit(client, address, status=403)


def test_units_of_another_county_are_not_found(app: Flask, world: World) -> None:
    client = client_for(app, world.stranger)
    visit(client, at(world.finance), status=404)
    assert send(client, at(world.finance), filled(world.finance), token_from="/units/new").status_code == 404
    visit(client, "/units/999999", status=404)
    visit(client, "/units/99999999999", status=404)


@pytest.mark.parametrize("who", ["office", "administrator"])
def test_the_list_names_units_with_their_standing_and_first_those_that_no_mail_reaches(
    app: Flask, world: World, who: str
) -> None:
    world.housing.mailbox = "zjj@example.test"
    db.session.execute(sa.update(AccountUnit).where(AccountUnit.account_id == world.staff.id).values(duty=Duty.CONTACT))
    make_unit("外县局", region=OTHER_COUNTY)
    page = visit(client_for(app, getattr(world, who)), "/units")
    rows = {row.td.a.text: [cell.get_text(strip=True) for cell in row("td")] for row in page.tbody("tr")}
    assert set(rows) == {"财政局", "住建局", "教科体局"}
    assert rows["财政局"] == ["财政局", "部门", "1", "1", world.staff.name, "", "", "2"]
    assert rows["住建局"][6] == "zjj@example.test"
    warning = page.find("section", class_="bad")
    assert "没有可用联系人的单位（1）" in warning.h2.text
    assert [link.text for link in warning("a")] == ["教科体局"]


def test_the_list_is_narrowed_by_name_full_name_and_alias(office: FlaskClient, world: World) -> None:
    world.finance.full_name = "兴国县财政局"
    world.housing.aliases = [UnitAlias(region_code=COUNTY, alias="建设局")]
    db.session.commit()
    make_unit("ＡＢＣ公司")
    expectations = {"兴国县财": ["财政局"], "建设": ["住建局"], "%": [], "住建": ["住建局"], "abc 公司": ["ＡＢＣ公司"]}
    for q, expected in expectations.items():
        page = visit(office, f"/units?q={q}")
        assert [row.td.a.text for row in page("tr") if row.td] == expected
    visit(office, "/units?q=%00&page=abc", status=400)


def test_the_office_makes_a_unit(office: FlaskClient, world: World) -> None:
    answer = send(office, "/units/new", {**NEW, "aliases": "城投\n城投集团\n城投", "mailbox": "ct@example.test"})
    unit = db.session.scalars(sa.select(Unit).where(Unit.name == "城投公司")).one()
    assert answer.location == at(unit)
    assert {each.alias for each in unit.aliases} == {"城投", "城投集团"}
    assert (unit.kind, unit.mailbox, unit.region_code) == (UnitKind.COMPANY, "ct@example.test", COUNTY)
    event = events("create_unit")[0]
    assert (event.object_type, event.object_id, event.after["mailbox"]) == ("unit", str(unit.id), "c***@example.test")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "请填写名称"),
        ({"name": "财政局"}, "一个名称只指一个单位"),
        ({"aliases": "x\n财政局"}, "一个名称只指一个单位"),
        ({"name": " 财政局　"}, "一个名称只指一个单位"),
        ({"name": "字" * 61}, "名称最多 60 字"),
        ({"mailbox": "a@x.cn,b@x.cn"}, "请填写一个邮箱地址"),
        ({"aliases": "\n".join(f"名{n}" for n in range(31))}, "最多 30 个"),
    ],
)
def test_a_unit_that_cannot_be_made_comes_back_with_the_place_and_the_mend(
    office: FlaskClient, world: World, values: dict[str, str], message: str
) -> None:
    answer = send(office, "/units/new", NEW | values)
    assert answer.status_code == 400
    page = checked(answer)
    assert message in page.find(class_="error-text").text
    assert page.find(id="aliases").text.strip() == values.get("aliases", "")


def test_nothing_is_assigned_by_accident(office: FlaskClient, world: World) -> None:
    for field in ("merged_into_id", "disabled_at", "id"):
        assert send(office, "/units/new", {**NEW, field: "1"}).status_code == 400
        assert change(office, world.finance, **{field: "1"}).status_code == 400
    assert send(office, "/units/new", {**NEW, "region": OTHER_COUNTY}).status_code == 400


def test_the_office_changes_a_unit_and_its_members(office: FlaskClient, world: World) -> None:
    group = make_unit("各部门", kind=UnitKind.COLLECTIVE)
    answer = change(office, group, members=[world.finance.id, world.housing.id], aliases="各有关部门")
    assert answer.location == at(group)
    assert {unit.name for unit in fresh(group).members} == {"财政局", "住建局"}
    assert group.version == 2
    assert change(office, world.finance, members=[world.housing.id]).status_code == 400


def test_a_stale_save_keeps_the_words_beside_what_is_stored(office: FlaskClient, world: World) -> None:
    old = filled(world.finance, aliases="我的别名", full_name="我的全称")
    change(office, world.finance, full_name="他人的全称")
    answer = send(office, at(world.finance), old)
    assert answer.status_code == 409
    page = checked(answer)
    assert "他人的全称" in page.find("section", attrs={"aria-labelledby": "stored"}).text
    assert page.find(id="full_name")["value"] == "我的全称"
    assert page.find(id="aliases").text.strip() == "我的别名"
    assert fresh(world.finance).full_name == "他人的全称"
    again = page.find("form", action=at(world.finance)).find("input", attrs={"name": "version"})["value"]
    assert send(office, at(world.finance), {**old, "version": again}).status_code == 302
    assert fresh(world.finance).full_name == "我的全称"


def test_contact_and_deputy_are_named_and_no_third(office: FlaskClient, world: World) -> None:
    head = make_account(Role.UNIT_STAFF, units=[world.finance])
    values = {"contact": world.staff.id, "deputy": world.staff2.id, "heads": [head.id]}
    assert press(office, world.finance, "duties", **values).location == at(world.finance)
    rows = db.session.scalars(sa.select(AccountUnit).where(AccountUnit.unit_id == world.finance.id))
    assert {row.account_id: row.duty for row in rows} == {
        world.staff.id: Duty.CONTACT,
        world.staff2.id: Duty.DEPUTY,
        head.id: Duty.HEAD,
    }
    fresh(world.finance)
    assert press(office, world.finance, "duties", contact=world.staff2.id, deputy="").status_code == 302
    page = visit(office, at(world.finance))
    chosen = page.find(id="duties-contact").find("option", selected=True)
    assert chosen["value"] == str(world.staff2.id)
    assert events("set_duties")[-1].after[str(world.staff2.id)] == "contact"
    fresh(world.finance)
    same = {"contact": world.staff.id, "deputy": world.staff.id}
    assert press(office, world.finance, "duties", **same).status_code == 400
    foreign = press(office, world.finance, "duties", contact=world.housing_staff.id, deputy="")
    assert foreign.status_code == 400


def test_a_stale_choice_of_contacts_is_409(office: FlaskClient, world: World) -> None:
    answer = press(office, world.finance, "duties", contact=world.staff.id, deputy="", version=7)
    assert answer.status_code == 409
    assert checked(answer).find(id="duties-contact").find("option", selected=True)["value"] == str(world.staff.id)


def test_a_unit_with_open_tasks_is_disabled_only_after_they_were_named(office: FlaskClient, world: World) -> None:
    page = visit(office, at(world.finance))
    assert "停用后任务仍在" in page.text
    assert world.task.title in page.find("section", class_="side").text
    assert press(office, world.finance, "disable").location == at(world.finance)
    assert fresh(world.finance).disabled_at
    page = visit(office, "/units")
    assert "财政局" in page.find("section", class_="bad").text
    assert press(office, world.finance, "enable").status_code == 302
    assert fresh(world.finance).disabled_at is None


def test_a_disabled_or_merged_unit_is_offered_nowhere(app: Flask, office: FlaskClient, world: World) -> None:
    make_task(world.plan, lead=[world.education], due_on=date(2026, 3, 6))
    old = make_unit("规建局", merged_into_id=world.housing.id, disabled_at=NOW)
    world.education.disabled_at = NOW
    db.session.commit()
    administrator = client_for(app, world.administrator)
    for client, address in (
        (office, "/tasks"),
        (office, at(world.finance)),
        (office, at(world.finance, "merge")),
        (administrator, f"/accounts/{world.staff.username}"),
        (administrator, "/accounts/new"),
    ):
        offered = [each.get_text(strip=True) for each in visit(client, address)(["option", "label"])]
        assert "住建局" in offered, address
        assert not {"教科体局", "规建局"} & set(offered), address
    assert office.get(at(old)).location == at(world.housing)


def test_a_unit_in_use_is_kept_and_an_idle_one_deleted(office: FlaskClient, world: World) -> None:
    answer = press(office, world.finance, "delete")
    assert answer.status_code == 409
    assert "不能删除" in checked(answer).text
    idle = make_unit("空局")
    idle_id = idle.id
    assert press(office, idle, "delete").location == "/units"
    db.session.expire_all()
    assert db.session.get(Unit, idle_id) is None
    assert events("delete_unit")[0].before["name"] == "空局"


@pytest.mark.parametrize("act", ["disable", "enable", "delete", "duties", "merge"])
def test_buttons_take_a_version_and_no_get(office: FlaskClient, world: World, act: str) -> None:
    if act != "merge":
        assert office.get(at(world.finance, act)).status_code == 405
    answer = send(office, at(world.finance, act), {}, token_from=at(world.finance))
    assert answer.status_code == 400
    stale = press(office, world.finance, act, version=9, into=world.housing.id) if act == "merge" else None
    assert stale is None or stale.status_code == 409


def test_a_merge_says_first_what_moves_and_then_does_it(office: FlaskClient, world: World) -> None:
    old = make_unit("城建局")
    person = make_account(Role.UNIT_STAFF, units=[old])
    task = make_task(world.plan, lead=[old], due_on=date(2099, 1, 1))
    page = visit(office, f"{at(old, 'merge')}?into={world.housing.id}")
    effect = page.find("section", attrs={"aria-labelledby": "effect"})
    assert "承担的任务 1 项转到“住建局”" in effect.text
    assert "账号 1 项转到“住建局”" in effect.text
    assert fresh(old).merged_into_id is None
    answer = press(office, old, "merge", into=world.housing.id)
    assert answer.location == at(world.housing)
    assert fresh(old).merged_into_id == world.housing.id
    assert db.session.scalar(sa.select(Assignment.unit_id).where(Assignment.task_id == task.id)) == world.housing.id
    assert [unit.name for unit in person.units] == ["住建局"]
    assert "城建局" in visit(office, at(world.housing)).find(id="aliases").text
    assert len(events("merge_units")) == 1
    again = send(office, at(old, "merge"), {"version": 1, "into": world.finance.id}, token_from=at(world.finance))
    assert again.status_code == 409
    assert fresh(old).merged_into_id == world.housing.id


def test_an_odd_choice_of_the_unit_that_stays_is_no_breakdown(office: FlaskClient, world: World) -> None:
    far = make_unit("远局", region=OTHER_COUNTY)
    for into in ("abc", "0", str(far.id), str(world.finance.id), "9" * 30):
        page = visit(office, f"{at(world.finance, 'merge')}?into={into}")
        assert page.find(id="effect") is None
    assert press(office, world.finance, "merge", into=far.id).status_code == 400


def test_a_collective_unit_has_members_of_its_own_region(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.PLAN_OFFICE, region=COUNTY[:4]))
    member = make_unit("市教育局", region=COUNTY[:4])
    answer = send(client, "/units/new", {**NEW, "kind": "collective", "members": str(member.id)})
    assert answer.status_code == 400
    assert "“市教育局”不在所选地区" in checked(answer).get_text()
