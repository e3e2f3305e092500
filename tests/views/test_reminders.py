"""提醒设置: one file for /reminders and what is sent from it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import World, make_account, make_task, make_unit
from tests.notifications.test_digest_heads import make_head
from tests.queries.test_previews import promised, queued_on, seen
from tests.views.test_typed import door as door
from tests.views.test_typed import end, enter, hidden
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import Event, HoldReason, OutboxHold, OutboxMail, QuietDay, ReminderLadder, db
from tracker.notifications.digest import queue_digests
from tracker.queries.ladders import ladder_row, ladders
from tracker.rules.ladders import DEFAULT
from tracker.rules.permissions import Role
from tracker.translations import CHINESE, ENGLISH, LANGUAGE_COOKIE

PAGE = "/reminders"
COUNTY = "360732"
TYPED = {
    "days_before": "30，10",
    "day_after": "2",
    "repeat_every": "５",
    "head_after": "",
    "decide_after": "45",
    "sends_at": "14:05",
    "leaders_at": "",
}


def version() -> int:
    """The version that the page carries."""
    row = ladder_row(COUNTY)
    return row.version if row else 0


def post(client: FlaskClient, place: str = "", **values: Any) -> Any:
    """Send the form of the ladder."""
    return send(client, f"{PAGE}{place}", {"version": version(), **TYPED, **values}, token_from=PAGE)


def next_day() -> date:
    """The next day on which something is sent, whatever day it is."""
    found = seen(clock.now()).day
    assert found
    return found


def late_task(world: World, days: int = 1) -> None:
    """A task that is late by so many days on the next day of sending."""
    make_task(world.plan, lead=[world.finance], title="资金到位", due_on=next_day() - timedelta(days=days))


def test_the_page_says_which_ladder_holds(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    page = visit(office, PAGE)
    assert "使用默认设置" in page.text
    assert page.find(id="days_before")["value"] == "15、7、1"
    assert page.find(id="sends_at")["value"] == "09:00"
    assert not page.find("form", action=f"{PAGE}/reset")
    db.session.add(ReminderLadder(region_code="36", **{**vars(DEFAULT), "days_before": [20]}))
    page = visit(office, PAGE)
    assert "沿用江西省的设置" in page.text
    assert page.find(id="days_before")["value"] == "20"


def test_the_page_asks_no_more_where_the_region_chose_and_has_much_to_send(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    assert post(office).status_code == 302
    span = {"first_on": str(next_day() + timedelta(days=20)), "last_on": str(next_day() + timedelta(days=21))}
    assert send(office, f"{PAGE}/quiet-days", {**span, "note": "停电"}, token_from=PAGE).status_code == 302
    late_task(world, days=int(TYPED["day_after"]))
    db.session.commit()
    page = visit(office, PAGE, most_queries=14)
    assert "兴国县自定" in page.text
    assert "不含工程项目节点的提醒：只有节点到提醒期的人也会收到汇总。" in page.text
    assert "停电" in page.text
    assert "资金到位" in page.text


def test_the_office_finds_the_page_from_the_outbox_and_others_do_not(app: Flask, world: World) -> None:
    assert visit(client_for(app, world.office), "/outbox").find("a", href=PAGE)
    assert not visit(client_for(app, world.administrator), "/outbox").find("a", href=PAGE)


@pytest.mark.parametrize("place", ["", "/preview", "/reset", "/quiet-days", "/quiet-days/remove"])
def test_only_the_plan_office_may(app: Flask, world: World, place: str) -> None:
    for who in (world.administrator, world.leader, world.auditor, world.staff):
        client = client_for(app, who)
        assert client.get(PAGE).status_code == 403
        assert send(client, f"{PAGE}{place}", {}, token_from="/help").status_code == 403
    assert app.test_client().get(PAGE).status_code == 302
    if place:
        assert client_for(app, world.office).get(f"{PAGE}{place}").status_code == 405


def test_a_ladder_is_saved_for_the_own_region_alone(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    answer = post(office)
    assert (answer.status_code, answer.location) == (302, PAGE)
    own = ladders().of(COUNTY)
    assert (own.days_before, own.repeat_every, own.head_after, own.decide_after) == ((30, 10), 5, None, 45)
    assert (f"{own.sends_at:%H:%M}", own.leaders_at) == ("14:05", None)
    assert ladders().of("640422") is DEFAULT
    page = visit(office, PAGE)
    assert "兴国县自定" in page.text
    assert page.find(id="head_after").get("value", "") == ""
    assert db.session.scalar(sa.select(Event.act).order_by(Event.id.desc())) == "change_reminders"


def test_of_two_who_save_the_second_keeps_what_was_typed(app: Flask, world: World) -> None:
    first, second = client_for(app, world.office), client_for(app, world.office2)
    old = version()
    assert post(first).status_code == 302
    answer = post(second, version=old, repeat_every="9")
    assert answer.status_code == 409
    page = checked(answer)
    assert page.find(id="repeat_every")["value"] == "9"
    assert "现有设置：时限前 30、10 天" in " ".join(page.text.split())
    assert ladders().of(COUNTY).repeat_every == 5
    form = page.find("form", action=PAGE)
    assert post(second, version=form.find("input", attrs={"name": "version"})["value"]).status_code == 302


def test_the_same_save_twice_is_stale_the_second_time(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    values = {"csrf_token": token_of(office, PAGE), "version": 0, **TYPED}
    assert [office.post(PAGE, data=values).status_code for _ in range(2)] == [302, 409]
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "change_reminders", Event.allowed)) == 1


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("days_before", "7、7", "互不相同"),
        ("days_before", "1 2 3 4 5 6 7", "最多6个"),
        ("days_before", "91", "1至90"),
        ("days_before", "七", "请填1至"),
        ("day_after", "0", "1至30"),
        ("day_after", "", "请填写天数"),
        ("repeat_every", "1.5", "请填1至"),
        ("repeat_every", "99999999999", "请填1至"),
        ("head_after", "366", "1至365"),
        ("decide_after", "-1", "请填1至"),
        ("sends_at", "05:59", "06:00至21:00"),
        ("sends_at", "25:00", "请填写时间"),
        ("sends_at", "", "请填写时间"),
        ("leaders_at", "23:00", "06:00至21:00"),
    ],
)
@pytest.mark.parametrize("place", ["", "/preview"])
def test_what_cannot_be_is_said_beside_its_field_and_kept(
    app: Flask, world: World, place: str, field: str, text: str, said: str
) -> None:
    answer = post(client_for(app, world.office), place, **{field: text})
    assert answer.status_code == 400
    page = checked(answer)
    assert page.find(id=field).get("value", "") == text
    assert said in page.find(id=field).find_parent(class_="field").text
    assert page.find(id="days_before" if field != "days_before" else "decide_after")["value"]
    assert version() == 0


@pytest.mark.parametrize("place", ["", "/preview"])
def test_all_mistakes_are_told_at_once(app: Flask, world: World, place: str) -> None:
    wrong = {"days_before": "十五、七", "repeat_every": "0", "head_after": "46"}
    page = checked(post(client_for(app, world.office), place, **wrong))
    said = {name: page.find(id=name).find_parent(class_="field").select_one(".error-text").text for name in wrong}
    assert said["days_before"] == "请填1至90之间互不相同的整数，最多6个，用顿号分开，如 15、7、1"
    assert said["repeat_every"] == "请填1至90之间的整数"
    assert "不大于“提请领导决定”的天数" in said["head_after"]
    assert "有 3 处需要修改" in page.text


def test_a_quiet_day_without_a_beginning_or_a_reason_is_told_of_both(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    values = {"first_on": "", "last_on": "", "note": ""}
    said = checked(send(office, f"{PAGE}/quiet-days", values, token_from=PAGE)).select(".error-text")
    assert [each.text for each in said] == ["请填写开始日期", "请填写事由"]
    values["first_on"] = "2026-01-01"
    said = checked(send(office, f"{PAGE}/quiet-days", values, token_from=PAGE)).select(".error-text")
    assert [each.text for each in said] == ["开始日期已经过去，请选今天或以后的日期", "请填写事由"]


def test_the_preview_names_the_leaders_mail_and_a_hold(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    text = " ".join(visit(office, PAGE).text.split())
    assert re.search(r"领导周览邮件：下一次 \S+ 08:30，发给 1 位领导。", text)
    assert "已暂停发送" not in text
    office.set_cookie(LANGUAGE_COOKIE, ENGLISH)
    assert "08:30" in visit(office, PAGE).text
    office.set_cookie(LANGUAGE_COOKIE, CHINESE)
    db.session.add(OutboxHold(region_code=COUNTY, reason=HoldReason.BY_HAND, held_at=clock.now()))
    page = checked(post(office, "/preview", leaders_at=""))
    assert "领导周览邮件：不发送。" in page.text
    assert "恢复发送以前一封也不发出" in page.text


def test_the_menu_shows_where_the_reminders_stand(app: Flask, world: World) -> None:
    here = visit(client_for(app, world.office), PAGE).select_one(".nav [aria-current]")
    assert here
    assert here["href"] == "/archive", "what went out of the office stands together"


@pytest.mark.parametrize("place", ["", "/preview", "/reset", "/quiet-days", "/quiet-days/remove"])
def test_an_unknown_field_is_refused(app: Flask, world: World, place: str) -> None:
    answer = send(client_for(app, world.office), f"{PAGE}{place}", {"region": "36"}, token_from=PAGE)
    assert answer.status_code == 400
    assert "未知字段" in answer.text


def test_the_default_is_restored(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    post(office)
    assert visit(office, PAGE).find("form", action=f"{PAGE}/reset")
    stale = send(office, f"{PAGE}/reset", {"version": 1}, token_from=PAGE)
    assert stale.status_code == 409
    assert send(office, f"{PAGE}/reset", {"version": version()}, token_from=PAGE).status_code == 302
    assert ladders().of(COUNTY) is DEFAULT


def rows_of(page: BeautifulSoup) -> list[list[str]]:
    """The table of the preview, cell by cell."""
    section = page.find("h2", id="preview").find_parent("section")
    return [[" ".join(cell.text.split()) for cell in row.find_all("td")] for row in section.select("tbody tr")]


def test_the_preview_names_people_counts_and_new_steps(app: Flask, world: World) -> None:
    late_task(world, 20)
    make_task(world.plan, lead=[world.finance], due_on=next_day() + timedelta(days=5))
    make_head(world.finance, name="李局长")
    world.housing.mailbox = "housing@example.test"
    world.housing_staff.disabled_at = clock.now()
    make_task(world.plan, lead=[world.housing], due_on=next_day() + timedelta(days=13))
    page = visit(client_for(app, world.office), PAGE)
    text = " ".join(page.text.split())
    day = next_day()
    assert f"{day.year}年{day.month}月{day.day}日" in text
    assert "向 4 人发送 4 封汇总。" in text
    assert "09:00" in text
    found = {row[1].partition(" ")[0]: row for row in rows_of(page)}
    staff = next(row for row in rows_of(page) if world.staff.name in row[1])
    assert staff[2:4] == ["1", "1"]
    assert "资金到位" in staff[-1]
    # The standing on the day of sending, as the mail says it, not the day of the step.
    assert "逾期20天" in staff[-1]
    assert "还有5天到期" in staff[-1]
    assert str(world.staff.email) not in text
    assert f"{str(world.staff.email)[:1]}***@example.test" in text
    head = found["李局长"]
    assert (head[2], head[5]) == ("", "1")
    assert "报单位负责人" in head[-1]
    assert found["单位邮箱"][0] == "住建局"
    assert "没有指定收得到邮件的负责人" not in text


def test_a_preview_of_what_was_typed_writes_nothing_and_is_what_the_job_sends(app: Flask, world: World) -> None:
    for days in (-25, -9, -4, 1, 3, 20):
        late_task(world, days)
    office = client_for(app, world.office)
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    answer = post(office, "/preview")
    assert answer.status_code == 200
    page = checked(answer)
    assert "尚未保存" in page.text
    assert page.find(id="repeat_every")["value"] == TYPED["repeat_every"]
    assert "14:05：" in page.text
    assert "使用默认设置" in page.text
    assert version() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events
    before = visit(office, PAGE)
    post(office)
    after = visit(office, PAGE)
    assert rows_of(page) == rows_of(after)
    assert rows_of(before) != rows_of(after)
    found = seen(clock.now())
    assert found.day
    queue_digests(clock.at_office(found.day, 14), [COUNTY])
    assert promised(found) == queued_on(found.day)
    assert len(rows_of(after)) == len(promised(found)) == 2


@pytest.mark.parametrize(("hour", "said"), [("14:00", True), ("16:00", False)])
def test_an_hour_of_today_that_has_passed_is_said(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, hour: str, said: bool
) -> None:
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-11-23T15:00")
    page = checked(post(client_for(app, world.office), "/preview", sends_at=hour))
    assert ("今天的发送时间已过，保存后立即发送。" in page.text) is said
    assert f"2026年11月23日（星期一）{hour}" in page.text
    assert "只列按本地区时间收件的人" in page.text


def test_a_page_about_three_hundred_people_stays_small(app: Flask, world: World) -> None:
    for number in range(300):
        unit = make_unit(f"单位第{number}")
        make_account(Role.UNIT_STAFF, units=[unit])
        for _ in range(2 if number else 5):
            make_task(world.plan, lead=[unit], due_on=clock.today())
    office = client_for(app, world.office)
    page = visit(office, PAGE)
    assert "向 300 人发送 300 封汇总。" in " ".join(page.text.split())
    assert len(rows_of(page)) == 50
    assert "另有 250 人。" in page.text
    assert "另有 2 项" in page.text
    assert len(office.get(PAGE).data) < 80_000


def quiet(client: FlaskClient, place: str = "", **values: Any) -> Any:
    """Send the form of the quiet days."""
    return send(client, f"{PAGE}/quiet-days{place}", values, token_from=PAGE)


def test_quiet_days_are_set_shown_and_removed(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    first = clock.today()
    span = {"first_on": first.isoformat(), "last_on": (first + timedelta(days=20)).isoformat()}
    late_task(world)
    assert quiet(office, **span, note="中考期间").status_code == 302
    page = visit(office, PAGE)
    assert "中考期间" in page.text
    assert "静默日" in page.find("p", class_="notice").text
    assert (seen(clock.now()).day or date.min) > first + timedelta(days=20)
    assert len(page.select(".quiet-days li")) == 1
    assert quiet(office, **span, note="中考期间").status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuietDay)) == 21
    assert quiet(office, "/remove", **span).status_code == 302
    assert quiet(office, "/remove", **span).status_code == 302
    assert "今后没有静默日" in visit(office, PAGE).text


def test_one_quiet_day_needs_no_end_and_one_of_the_province_cannot_be_removed_here(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    day = clock.today() + timedelta(days=3)
    db.session.add(QuietDay(region_code="36", day=day, note="全省检查"))
    assert quiet(office, first_on=day.isoformat(), note="县里").status_code == 302
    page = visit(office, PAGE)
    assert len(page.select(".quiet-days li")) == 2
    assert len(page.select(".quiet-days form")) == 1
    assert "江西省设置" in page.text
    quiet(office, "/remove", first_on=day.isoformat(), last_on=day.isoformat())
    assert [row.region_code for row in db.session.scalars(sa.select(QuietDay))] == ["36"]


@pytest.mark.parametrize(
    ("first", "last", "note", "field"),
    [
        (-1, 1, "迟了", "first_on"),
        (5, 4, "倒了", "last_on"),
        (1, 100, "太长", "last_on"),
        (800, 801, "太远", "last_on"),
        (1, 1, "", "note"),
    ],
)
def test_days_that_cannot_be_quiet_are_refused_beside_their_field(
    app: Flask, world: World, first: int, last: int, note: str, field: str
) -> None:
    today = clock.today()
    values = {"first_on": str(today + timedelta(days=first)), "last_on": str(today + timedelta(days=last))}
    answer = quiet(client_for(app, world.office), **values, note=note)
    assert answer.status_code == 400
    page = checked(answer)
    assert page.find(id=field).find_parent(class_="field").find(class_="error-text")
    assert page.find(id="first_on")["value"] == values["first_on"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuietDay)) == 0


@pytest.mark.parametrize(
    ("place", "values", "field", "kept"),
    [
        ("", {**TYPED, "version": 0, "days_before": "33"}, "days_before", "33"),
        ("/preview", {**TYPED, "version": 0, "repeat_every": "错"}, "repeat_every", "错"),
        ("/quiet-days", {"first_on": "2099-01-31", "note": "中考期间"}, "note", "中考期间"),
    ],
)
def test_what_was_typed_survives_an_ended_session(
    door: Flask, world: World, place: str, values: dict[str, Any], field: str, kept: str
) -> None:
    client = client_for(door, world.office)
    token = token_of(client, PAGE)
    end(client, "idle")
    answer = client.post(f"{PAGE}{place}", data={"csrf_token": token, **values})
    assert answer.status_code == 401
    page = checked(answer)
    assert kept in page.text
    assert enter(client, page, world.office.username).location == PAGE
    assert hidden(page)["typed"]
    assert visit(client, PAGE).find(id=field)["value"] == kept
    assert visit(client, PAGE).find(id=field).get("value", "") != kept


def test_the_questions_do_not_grow_with_the_quiet_days(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-11-23T09:00")
    late_task(world)
    for days in range(40):
        day = clock.today() + timedelta(days=2 * days)
        db.session.add(QuietDay(region_code=("36", "3607")[days % 2], day=day, note=f"第{days}"))
    db.session.commit()
    assert "江西省设置" in visit(client_for(app, world.office), PAGE).get_text()
