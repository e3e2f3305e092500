"""/calendar and what is posted below it: administrators enter holidays, whoever sees the outbox reads them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_calendar_day
from tests.visit import checked, client_for, send, visit
from tracker.models import CalendarDay, Event, db
from tracker.queries.calendar import calendar_of
from tracker.rules.permissions import Role

HOLIDAY = {"first": "2027-02-08", "last": "", "works": "0", "note": "春节"}
NOTICE = "元旦：1月1日至3日放假调休，共3天。1月9日（周六）上班。\n劳动节：5月1日至5日放假。"
MISSING = "2027年的节假日安排尚未收录，提醒按周一至周五发送。"


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day in the November of a year whose calendar the package knows, as the next one's it does not."""
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-11-23T09:00")


@pytest.fixture
def administrator(app: Flask, world: World) -> FlaskClient:
    """The administrator's browser."""
    return client_for(app, world.administrator)


def post(client: FlaskClient, act: str, **values: Any) -> TestResponse:
    """Send a form of the page."""
    return send(client, f"/calendar/{act}", values, token_from="/calendar")


def add(client: FlaskClient, **differences: Any) -> TestResponse:
    """Enter a day by hand."""
    return post(client, "days", **(HOLIDAY | differences))


def stored() -> dict[str, bool]:
    """The days of the county as they are stored."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(CalendarDay).where(CalendarDay.region_code == COUNTY).order_by(CalendarDay.day))
    return {str(row.day): row.is_workday for row in rows}


def acts() -> list[Event]:
    """What was recorded about calendars."""
    db.session.rollback()
    query = sa.select(Event).where(Event.act.like("%calendar_days"), Event.allowed).order_by(Event.id)
    return list(db.session.scalars(query))


def test_a_year_stands_on_one_page(app: Flask, world: World, administrator: FlaskClient) -> None:
    page = visit(administrator, "/calendar")
    words = page.main.get_text(" ", strip=True) if page.main else ""
    assert page.h1.get_text() == "2026 年工作日历"
    assert "2026年2月15日（星期日）至2026年2月23日（星期一）" in words
    assert "2026年2月14日（星期六）、2026年2月28日（星期六）" in words
    assert "2026 年没有补充录入。" in words
    assert [link.get_text() for link in page.select(".presets a")] == ["2025", "2026", "2027"]
    known = make_calendar_day(date(2027, 2, 8), region="36", note="省里的假")
    words = visit(administrator, "/calendar?year=2027").get_text(" ", strip=True)
    assert "系统没有收录 2027 年的安排" in words
    assert known.note in words
    assert "江西省" in words


def test_the_next_year_is_missed_from_november_on_and_no_longer_once_entered(
    app: Flask, world: World, administrator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("/calendar", "/outbox"):
        assert MISSING in visit(administrator, address).get_text()
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-10-31T09:00")
    assert MISSING not in visit(administrator, "/outbox").get_text()
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-11-23T09:00")
    # A day off of the county alone is not what the country announces.
    assert add(administrator).status_code == 302
    assert MISSING in visit(administrator, "/outbox").get_text()
    assert "录入元旦放假后不再提示。" in visit(administrator, "/calendar").get_text()
    assert add(administrator, first="2027-01-01", note="元旦").status_code == 302
    for address in ("/calendar", "/outbox"):
        assert MISSING not in visit(administrator, address).get_text()
    # Of another county it is as unknown as before.
    assert MISSING in visit(client_for(app, world.stranger), "/outbox").get_text()


def test_a_day_is_entered_once_and_moves_the_working_days(world: World, administrator: FlaskClient) -> None:
    assert calendar_of(COUNTY).is_workday(date(2027, 2, 8))
    answer = add(administrator)
    assert answer.location == "/calendar?year=2027"
    assert "已录入 1 天" in visit(administrator, answer.location).get_text()
    assert stored() == {"2027-02-08": False}
    assert not calendar_of(COUNTY).is_workday(date(2027, 2, 8))
    assert calendar_of(OTHER_COUNTY).is_workday(date(2027, 2, 8))
    assert add(administrator).status_code == 302  # the same form again
    assert stored() == {"2027-02-08": False}
    [event] = acts()
    assert (event.act, event.object_type, event.object_id, event.region_code) == (
        "enter_calendar_days",
        "calendar",
        "2027",
        COUNTY,
    )
    assert event.after == {"days_off": ["2027-02-08"], "note": ["春节"]}


def test_a_range_is_entered_in_one_act_and_taken_out_in_one(world: World, administrator: FlaskClient) -> None:
    assert add(administrator, last="2027-02-12").status_code == 302
    assert add(administrator, first="2027-02-13", works="1").status_code == 302
    assert list(stored().values()) == [False] * 5 + [True]
    page = visit(administrator, "/calendar?year=2027")
    forms = page.select("form[action='/calendar/remove']")
    assert [len(form.select("input[name=day]")) for form in forms] == [5, 1]
    days = [field["value"] for field in forms[0].select("input[name=day]")]
    assert post(administrator, "remove", day=days).location == "/calendar?year=2027"
    assert stored() == {"2027-02-13": True}
    assert post(administrator, "remove", day=days).status_code == 302
    assert "这些日期已由他人移除。" in visit(administrator, "/calendar?year=2027").get_text()
    assert [event.act for event in acts()] == ["enter_calendar_days"] * 2 + ["remove_calendar_days"]
    assert acts()[-1].before == {"days_off": ["2027-02-08—2027-02-12"]}


def test_a_day_that_stands_otherwise_is_named_before_it_is_replaced(world: World, administrator: FlaskClient) -> None:
    add(administrator)
    answer = add(administrator, last="2027-02-09", works="1", note="加班")
    assert answer.status_code == 409
    page = checked(answer)
    assert "以下日期已经录入，没有保存" in page.get_text()
    assert "2027年2月8日（星期一） 放假，春节" in page.get_text(" ", strip=True)
    assert page.find("input", attrs={"name": "note"})["value"] == "加班"
    assert page.find("input", attrs={"name": "replace"})
    assert stored() == {"2027-02-08": False}
    assert add(administrator, last="2027-02-09", works="1", note="加班", replace="y").status_code == 302
    assert stored() == {"2027-02-08": True, "2027-02-09": True}
    assert (acts()[-1].before, acts()[-1].after) == (
        {"days_off": ["2027-02-08"]},
        {"days_worked": ["2027-02-08—2027-02-09"], "note": ["加班"]},
    )


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        ({"first": ""}, "请填写开始日期，如 2027-02-08"),
        ({"first": "八号"}, "请填写 1949 至 2100 年间的日期"),
        ({"first": "2027-02-30"}, "请填写 1949 至 2100 年间的日期"),
        ({"last": "2027-02-07"}, "结束日期早于开始日期"),
        ({"first": "2024-12-31"}, "只能录入 2025 至 2028 年的日期，请核对年份"),
        ({"first": "2029-01-01"}, "只能录入 2025 至 2028 年的日期，请核对年份"),
        ({"last": "2027-12-31"}, "一次最多录入 31 天"),
        ({"note": ""}, "请填写说明"),
        ({"note": "长" * 31}, "最多30字"),
        ({"works": "2"}, "安排"),
    ],
)
def test_what_is_no_day_is_said_at_its_field(
    world: World, administrator: FlaskClient, differences: dict[str, str], words: str
) -> None:
    answer = add(administrator, **differences)
    assert answer.status_code == 400
    assert words in checked(answer).find(attrs={"aria-labelledby": "byhand"}).get_text()
    assert stored() == {}


def test_a_notice_is_shown_before_anything_is_stored(world: World, administrator: FlaskClient) -> None:
    shown = post(administrator, "notice", year="2027", text=f"各单位：\n{NOTICE}")
    assert shown.status_code == 200
    page = checked(shown)
    words = page.get_text(" ", strip=True)
    assert stored() == {}
    assert "2027年1月1日（星期五）至2027年1月3日（星期日）" in words
    assert "另有 1 行没有日期，已略过。" in words
    form = page.select_one("form[action='/calendar/notice/confirm']")
    assert form is not None
    assert form.select_one("button").get_text() == "录入 9 天"
    values = {field["name"]: field["value"] for field in form.select("input")}
    assert "replace" not in values
    assert administrator.post("/calendar/notice/confirm", data=values).location == "/calendar?year=2027"
    assert len(stored()) == 9
    assert stored()["2027-01-09"] is True
    assert administrator.post("/calendar/notice/confirm", data=values).status_code == 302  # the same again
    [event] = acts()
    assert event.after == {
        "days_off": ["2027-01-01—2027-01-03", "2027-05-01—2027-05-05"],
        "days_worked": ["2027-01-09"],
        "note": ["元旦", "劳动节"],
    }


def test_a_line_that_cannot_be_read_is_named_with_the_mend(world: World, administrator: FlaskClient) -> None:
    wrong = f"{NOTICE}\n春节：2月6日（周五）至12日放假，共7天。\n<b>清明</b>：4月31日放假"
    page = checked(post(administrator, "notice", year="2027", text=wrong))
    words = page.get_text(" ", strip=True)
    assert "有 2 行读不出来，改好后再核对" in words
    assert "第 3 行“春节：2月6日（周五）至12日放假，共7天。”" in words
    assert "“2027年2月6日（周五）”实际是周六，请核对日期和年份。" in words
    assert "“4月31日”不是有效日期" in words
    assert page.select_one("form[action='/calendar/notice/confirm']") is None
    assert page.find("textarea", attrs={"name": "text"}).get_text().strip() == wrong
    assert post(administrator, "notice/confirm", year="2027", text=wrong).status_code == 400
    assert stored() == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1900年1月1日放假", "“1900年1月1日”不在2026至2028年之内，请核对年份。"),
        ("12月31日至1月2日放假", "“12月31日至1月2日”在岁末年初，没有写明年份，请补上年份"),
    ],
)
def test_a_day_of_another_year_or_of_none_is_refused_with_the_mend(
    world: World, administrator: FlaskClient, text: str, words: str
) -> None:
    assert words in checked(post(administrator, "notice", year="2027", text=text)).get_text()
    assert post(administrator, "notice/confirm", year="2027", text=text).status_code == 400
    assert stored() == {}


def test_a_year_with_days_is_found_from_the_page_and_its_days_can_be_taken_out(
    world: World, administrator: FlaskClient
) -> None:
    make_calendar_day(date(1999, 1, 1))
    make_calendar_day(date(2030, 1, 1), region="36")
    make_calendar_day(date(2031, 1, 1), region=OTHER_COUNTY)
    db.session.commit()
    page = visit(administrator, "/calendar")
    assert [link.get_text() for link in page.select(".presets a")] == ["1999", "2025", "2026", "2027", "2030"]
    assert visit(administrator, "/calendar?year=1999").select("form[action='/calendar/remove']")
    assert post(administrator, "remove", day="1999-01-01").status_code == 302
    assert stored() == {}


@pytest.mark.parametrize("text", ["没有日期的话", "第一行\n第二行"])
def test_a_text_without_a_day_says_so(world: World, administrator: FlaskClient, text: str) -> None:
    page = checked(post(administrator, "notice", year="2027", text=text))
    assert "没有读出日期，改好后再核对" in page.get_text()


@pytest.mark.parametrize(
    ("year", "text", "words"),
    [
        ("", NOTICE, "年份"),
        ("2150", NOTICE, "年份"),
        ("二〇二七", NOTICE, "年份"),
        ("2027", "", "请粘贴通知中的放假安排"),
        ("2027", "元旦：1月1日放假。" * 600, "最多 5000 字"),
    ],
)
def test_a_notice_without_year_or_words_is_refused(
    world: World, administrator: FlaskClient, year: str, text: str, words: str
) -> None:
    for act in ("notice", "notice/confirm"):
        answer = post(administrator, act, year=year, text=text)
        assert answer.status_code == 400
        assert words in checked(answer).find(attrs={"aria-labelledby": "paste"}).get_text()


def test_a_notice_says_what_it_would_replace(world: World, administrator: FlaskClient) -> None:
    add(administrator, first="2027-01-01", works="1", note="值班")
    page = checked(post(administrator, "notice", year="2027", text=NOTICE))
    assert "将替换以下已录入的安排：" in page.get_text()
    assert "2027年1月1日（星期五） 上班，值班" in page.get_text(" ", strip=True)
    assert page.find("input", attrs={"name": "replace"})
    refused = post(administrator, "notice/confirm", year="2027", text=NOTICE)
    assert refused.status_code == 409
    assert "没有保存" in checked(refused).get_text()
    assert stored() == {"2027-01-01": True}
    assert post(administrator, "notice/confirm", year="2027", text=NOTICE, replace="y").status_code == 302
    assert stored()["2027-01-01"] is False


def test_only_the_own_region_is_changed(app: Flask, world: World, administrator: FlaskClient) -> None:
    above = make_calendar_day(date(2027, 2, 8), region="36", note="省里的假")
    db.session.commit()
    page = visit(administrator, "/calendar?year=2027")
    assert not page.select("form[action='/calendar/remove']")
    assert post(administrator, "remove", day="2027-02-08").status_code == 302
    assert db.session.get(CalendarDay, above.id)
    assert add(administrator, works="1").status_code == 302  # the county works on that day
    assert calendar_of(COUNTY).is_workday(above.day)
    assert not calendar_of("360702").is_workday(above.day)
    province = client_for(app, make_account(Role.ADMINISTRATOR, region="36"))
    assert len(visit(province, "/calendar?year=2027").select("form[action='/calendar/remove']")) == 1


@pytest.mark.parametrize("who", ["office", "auditor"])
def test_whoever_sees_the_outbox_reads_the_calendar_and_changes_nothing(app: Flask, world: World, who: str) -> None:
    make_calendar_day(date(2027, 2, 8))
    client = client_for(app, getattr(world, who))
    page = visit(client, "/calendar?year=2027")
    assert "春节" not in page.get_text()
    assert not page.select("main form")
    assert visit(client, "/outbox").find("a", href="/calendar")
    for act, values in (("days", HOLIDAY), ("notice", {}), ("notice/confirm", {}), ("remove", {"day": "2027-02-08"})):
        assert send(client, f"/calendar/{act}", values, token_from="/outbox").status_code == 403
    assert stored() == {"2027-02-08": False}


@pytest.mark.parametrize("who", ["staff", "leader", "security"])
def test_the_others_may_not_enter(app: Flask, world: World, who: str) -> None:
    assert client_for(app, getattr(world, who)).get("/calendar").status_code == 403


def test_a_wrong_method_or_an_odd_address_is_refused(world: World, administrator: FlaskClient) -> None:
    for act in ("days", "notice", "notice/confirm", "remove"):
        assert administrator.get(f"/calendar/{act}").status_code == 405
    for year in ("0", "abcd", "99999", "2101", "二〇二七", "-2026", "20 6"):
        assert administrator.get("/calendar", query_string={"year": year}).status_code == 400
    assert administrator.get("/calendar?year=").status_code == 200
    assert administrator.post("/calendar/days", data=HOLIDAY).status_code == 400  # without a token
    for values in ({}, {"day": ""}, {"day": "morgen"}, {"day": "2027-02-08", "region": ""}):
        assert post(administrator, "remove", **values).status_code == 400
    assert add(administrator, region="").status_code == 400
    assert stored() == {}


def test_the_questions_do_not_grow_with_what_was_entered(world: World, administrator: FlaskClient) -> None:
    for days in range(40):
        make_calendar_day(
            date(2026, 3, 1) + timedelta(days=2 * days), region=("36", "3607")[days % 2], note=f"第{days}"
        )
    db.session.commit()
    assert "第39" in visit(administrator, "/calendar").get_text()
