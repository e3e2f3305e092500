"""/county-values: what a county says of itself, over time, with its files, checked by a second person."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account
from tests.views.test_frameworks import typed
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import Contribution, CountyValue, CountyValueFile, Event, Indicator, OutboxMail, db
from tracker.queries.county_values import values_in_force
from tracker.rules.permissions import Role
from tracker.rules.stages import Standing

PDF = b"%PDF-1.4\nx\n%%EOF"
PAGE = "/county-values/rotated_teachers"
YES_PAGE = "/county-values/layout_reasonable"


def say(client: FlaskClient, page: str = PAGE, **values: Any) -> TestResponse:
    """Send the form of a figure."""
    sent: dict[str, Any] = {
        "region": COUNTY,
        "once": "a",
        "on": "2026-03-01",
        "source": "人事股台账",
        "standing": "reported",
        "unit": "",
    }
    if "yes" not in values:
        sent["number"] = "66"
    return send(client, page, sent | values)


def said() -> list[CountyValue]:
    """All values, in the order of their making."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(CountyValue).order_by(CountyValue.id)))


def serve(world: World, code: str = "G11") -> None:
    """Let the task of 财政局 serve a national indicator."""
    indicator = db.session.scalars(sa.select(Indicator).where(Indicator.code == code)).first()
    assert indicator
    db.session.add(Contribution(task_id=world.task.id, indicator_id=indicator.id, reason="拨付"))
    db.session.commit()


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    return client_for(app, world.office)


def test_a_value_is_said_and_stands_in_the_list(office: FlaskClient, world: World) -> None:
    empty = visit(office, "/county-values").get_text(" ", strip=True)
    assert "没有填报" in empty
    answer = say(office, unit=str(world.education.id), note="按学年统计", number="1,066.5")
    assert answer.location == PAGE, answer.text
    [value] = said()
    assert (str(value.number), value.yes, value.on, value.standing) == (
        "1066.5000",
        None,
        date(2026, 3, 1),
        Standing.REPORTED,
    )
    assert (value.unit_id, value.said_by_id, value.note) == (world.education.id, world.office.id, "按学年统计")
    assert "1,066.5 人" in visit(office, "/county-values").get_text(" ", strip=True)
    page = visit(office, PAGE).get_text(" ", strip=True)
    assert "教科体局" in page
    assert "G11" in page
    [event] = db.session.scalars(sa.select(Event).where(Event.act == "say_value"))
    assert (event.object_type, event.object_id, event.region_code) == ("county_value", str(value.id), COUNTY)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0


def test_what_is_missing_comes_first(office: FlaskClient, world: World) -> None:
    say(office, YES_PAGE, yes="yes")
    titles = [each.get_text(" ", strip=True) for each in visit(office, "/county-values").find_all("h2")]
    assert titles[-1].startswith("G1 ")
    assert "是" in visit(office, YES_PAGE).get_text()


def test_a_repeated_form_makes_one_row(office: FlaskClient, world: World) -> None:
    assert [say(office).status_code, say(office).status_code] == [302, 302]
    assert len(said()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "say_value")) == 1


def test_a_correction_is_a_new_row_and_the_later_one_holds(office: FlaskClient, world: World) -> None:
    say(office, number="66", on="2026-02-01")
    say(office, number="70", on="2026-03-01", once="b")
    say(office, number="71", on="2026-03-01", once="c")
    say(office, number="60", on="2026-01-01", once="d")
    held = {day: values_in_force(COUNTY, day, ["rotated_teachers"]) for day in (date(2026, 2, 15), date(2026, 3, 2))}
    assert [each["rotated_teachers"].number for each in held.values()] == [66, 71]
    page = visit(office, PAGE)
    assert page.find("polyline")
    assert [row.find("td").text for row in page.find_all("tr")[1:]] == [
        "2026年3月1日",
        "2026年3月1日",
        "2026年2月1日",
        "2026年1月1日",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"number": ""}, "请填写数值"),
        ({"number": "-1"}, "不能为负"),
        ({"number": "六十"}, "只填数字"),
        ({"number": "9" * 15}, "数字过大"),
        ({"number": "1.23456"}, "小数最多4位"),
        ({"on": ""}, "请填写日期"),
        ({"on": "2026-02-30"}, "日期"),
        ({"on": str(clock.today() + timedelta(days=1))}, "不能晚于今天"),
        ({"source": " "}, "请填写来源"),
        ({"source": "源" * 201}, "最多200字"),
        ({"unit": "999999"}, "有效"),
        ({"standing": "checked"}, "有效"),
    ],
)
def test_a_form_that_says_too_little_comes_back_with_its_words(
    office: FlaskClient, world: World, values: dict[str, str], message: str
) -> None:
    answer = say(office, **({"note": "我写的说明"} | values))
    assert answer.status_code == 400
    page = checked(answer)
    assert "我写的说明" in page.text
    assert message in page.text
    assert said() == []


def test_an_unknown_field_or_the_wrong_kind_is_refused(office: FlaskClient, world: World) -> None:
    assert say(office, verified="1").status_code == 400
    assert say(office, YES_PAGE, yes="yes", number="1").status_code == 400
    assert say(office, YES_PAGE, yes="maybe").status_code == 400
    assert said() == []


def test_a_file_is_kept_and_given_only_to_those_who_may_read_it(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    values = {
        "once": "a",
        "region": COUNTY,
        "on": "2026-03-01",
        "source": "台账",
        "standing": "reported",
        "unit": "",
    }
    values |= {"csrf_token": token_of(office, PAGE), "number": "66"}
    bad = office.post(PAGE, data=values | {"files": (BytesIO(b"x"), "a.exe")}, content_type="multipart/form-data")
    assert bad.status_code == 400
    answer = office.post(PAGE, data=values | {"files": (BytesIO(PDF), "台账.pdf")}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    file = db.session.scalars(sa.select(CountyValueFile)).one()
    address = f"/county-value/files/{file.id}"
    got = office.get(address)
    assert (got.data, got.headers["Content-Security-Policy"]) == (PDF, "sandbox; default-src 'none'")
    assert "attachment" in got.headers["Content-Disposition"]
    assert client_for(app, world.leader).get(address).status_code == 200
    assert client_for(app, world.staff).get(address).status_code == 403
    assert client_for(app, world.stranger).get(address).status_code == 404
    assert "台账.pdf" not in visit(client_for(app, world.staff), PAGE).text
    serve(world)
    assert client_for(app, world.staff).get(address).status_code == 200
    assert office.get("/county-value/files/999").status_code == 404


def test_staff_say_what_their_tasks_serve_and_nothing_else(app: Flask, world: World) -> None:
    staff = client_for(app, world.staff)
    assert visit(staff, PAGE).find("form", attrs={"enctype": "multipart/form-data"}) is None
    page = "/password"
    refused = send(staff, PAGE, {"number": "1"}, token_from=page)
    assert refused.status_code == 403
    serve(world)
    assert say(staff, unit=str(world.finance.id)).status_code == 302
    assert say(staff, unit=str(world.housing.id), once="b").status_code == 400
    assert say(staff, unit="", once="c").status_code == 400
    assert send(staff, YES_PAGE, {"yes": "yes"}, token_from=page).status_code == 403
    assert send(client_for(app, world.housing_staff), PAGE, {"number": "1"}, token_from=page).status_code == 403
    assert [value.unit_id for value in said()] == [world.finance.id]


def test_nobody_checks_what_they_said_themselves(app: Flask, world: World) -> None:
    office, second = client_for(app, world.office), client_for(app, world.office2)
    say(office)
    address = f"/county-value/{said()[0].id}/check"
    assert "核定数值" not in visit(office, PAGE).text
    assert "核定数值" in visit(second, PAGE).text
    refused = send(office, address, {}, token_from=PAGE)
    assert refused.status_code == 403
    assert "本人填报的数值" in checked(refused).text
    assert send(second, address, {}, token_from=PAGE).status_code == 302
    [value] = said()
    assert (value.standing, value.checked_by_id) == (Standing.CHECKED, world.office2.id)
    assert send(second, address, {}, token_from=PAGE).status_code == 409
    assert world.office2.name in visit(second, "/county-values").text


def test_a_mistake_is_taken_back_by_who_made_it(app: Flask, world: World) -> None:
    office, second = client_for(app, world.office), client_for(app, world.office2)
    say(office, number="60", on="2026-01-01")
    say(office, number="660", once="b")
    address = f"/county-value/{said()[1].id}/withdraw"
    assert send(second, address, {}, token_from=PAGE).status_code == 403
    assert send(office, address, {}, token_from=PAGE).status_code == 302
    assert values_in_force(COUNTY, clock.today(), ["rotated_teachers"])["rotated_teachers"].number == 60
    assert "已撤回" in visit(office, PAGE).text
    assert send(office, address, {}, token_from=PAGE).status_code == 409


def test_who_may_only_look_is_refused(app: Flask, world: World) -> None:
    say(client_for(app, world.office))
    value = said()[0].id
    for who in (world.leader, world.auditor):
        client = client_for(app, who)
        visit(client, "/county-values")
        visit(client, PAGE)
        assert send(client, PAGE, {"number": "1"}, token_from="/password").status_code == 403
        assert send(client, f"/county-value/{value}/check", {}, token_from="/password").status_code == 403
    visit(client_for(app, world.administrator), "/county-values", status=403)
    staff = client_for(app, world.staff)
    assert send(staff, f"/county-value/{value}/check", {}, token_from="/password").status_code == 403
    assert client_for(app, None).get("/county-values").status_code == 302
    assert client_for(app, world.office).get(f"/county-value/{value}/check").status_code == 405


def test_another_county_and_an_unknown_figure_are_not_found(app: Flask, world: World) -> None:
    stranger, office = client_for(app, world.stranger), client_for(app, world.office)
    say(office)
    value = said()[0].id
    for act in ("check", "withdraw"):
        assert send(stranger, f"/county-value/{value}/{act}", {}, token_from="/county-values").status_code == 404
    assert send(stranger, PAGE, {"region": COUNTY, "number": "1"}).status_code == 404
    visit(office, f"{PAGE}?region={OTHER_COUNTY}", status=400)
    visit(office, "/county-values/no_such_figure", status=404)
    visit(office, "/county-values/national/x.1", status=404)
    visit(office, "/county-values?framework=nothing", status=404)


def test_a_province_chooses_a_county_first(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.PLAN_OFFICE, region="36"))
    visit(client, "/county-values")
    visit(client, PAGE)
    assert "G11" in visit(client, f"{PAGE}?region={COUNTY}").text
    assert say(client).location == f"{PAGE}?region={COUNTY}"
    country = client_for(app, make_account(Role.LEADER, region=""))
    visit(country, "/county-values")


def test_points_have_a_limit_and_lost_ones_a_reason(plans_app: Flask) -> None:
    office = client_for(plans_app, make_account(Role.PLAN_OFFICE))
    page = visit(office, "/county-values")
    assert "一票否决事项" in page.text
    href = next(
        str(link["href"])
        for link in page.find_all("a", href=True)
        if str(link["href"]).startswith("/county-values/") and "/23." in str(link["href"])
    )
    assert say(office, href, number="99").status_code == 400
    lost = say(office, href, number="0.5")
    assert lost.status_code == 400
    assert "请写明原因" in checked(lost).text
    assert say(office, href, number="0.5", note="一所学校未建档").status_code == 302
    assert "0.5／" in visit(office, href).text


def test_old_values_say_their_age(office: FlaskClient, world: World) -> None:
    say(office, on=str(clock.today() - timedelta(days=430)))
    assert "14 个月前" in visit(office, "/county-values").text


def test_typed_words_survive_an_ended_session(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    token = token_of(client, PAGE)
    with client.session_transaction() as session:
        session.pop("_user_id")
    answer = client.post(PAGE, data={"csrf_token": token, "region": COUNTY, "number": "66", "note": "交流轮岗统计口径"})
    assert answer.status_code == 401
    assert "交流轮岗统计口径" in checked(answer).text


def test_a_county_with_a_list_of_its_own_can_look_at_the_national_one(plans_app: Flask) -> None:
    office = client_for(plans_app, make_account(Role.PLAN_OFFICE))
    own, national = (visit(office, f"/county-values{query}") for query in ("", "?framework=national"))
    assert "一票否决事项" in own.text
    assert "一票否决事项" not in national.text
    link = national.find("a", string="学校规划布局合理")
    assert link
    assert "G1" in visit(office, str(link["href"])).text
    assert say(office, YES_PAGE, yes="no").status_code == 302
    assert "否" in visit(office, "/county-values?framework=national").text


def test_a_figure_of_a_copy_keeps_the_copy_in_its_addresses(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    copy, chosen = f"/frameworks/{COUNTY}-1", f"framework={COUNTY}-1"
    assert send(office, "/frameworks/national/copy", {"name": "副本"}, "/frameworks/national").status_code == 302
    assert (
        office.post(f"{copy}/edit", data=typed(office, f"{copy}/edit") | {"vetoes": "只有副本问的"}).status_code == 302
    )
    listed = visit(office, f"/county-values?{chosen}").select("td.title-cell a")
    address = next(str(each["href"]) for each in listed if "只有副本问的" in each.text)
    assert chosen in address
    said = {"region": COUNTY, "yes": "yes", "source": "县委办", "standing": "reported", "unit": "", "once": "a"}
    said |= {"framework": f"{COUNTY}-1"}
    assert visit(office, address).select("#say input[name=framework]")
    plain = address.partition("?")[0]
    wrong = send(office, plain, said | {"on": ""}, address)
    assert wrong.status_code == 400
    assert "县委办" in wrong.text
    right = send(office, plain, said | {"on": "2026-01-05"}, address)
    assert right.status_code == 302
    assert chosen in str(right.location)
    decide = visit(office, str(right.location)).select_one("form.inline")
    assert decide
    done = send(office, str(decide["action"]), {}, address)
    assert done.status_code == 302
    assert chosen in str(done.location)
