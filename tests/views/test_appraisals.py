"""The pages and acts of /appraisals: the sheet of a year, a unit's row, objections and answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task, make_unit
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.actions.record import Actor
from tracker.actions.unit_merging import merge_units
from tracker.clock import as_instant
from tracker.models import (
    Appraisal,
    AppraisalLine,
    AppraisalState,
    Event,
    Issue,
    IssueState,
    Objection,
    OutboxMail,
    Region,
    Unit,
    db,
)
from tracker.queries.accounts import person_of
from tracker.rules.appraisals import Figure
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

YEAR = 2026
FRIDAY = as_instant("2026-03-06T17:00")
LIST, SHEET = "/appraisals", f"/appraisals/{YEAR}"


def freeze(at: datetime = FRIDAY, region: str = COUNTY) -> Issue:
    """An issue that was frozen at an instant, stored."""
    issue = freeze_week(region, at)
    assert issue
    db.session.commit()
    return issue


def a_year(world: World) -> None:
    """财政局 with three of four tasks in time, 住建局 with three of three, one of both, and two issues."""
    finance, housing = [world.finance], [world.housing]
    for number in range(3):
        done = {"state": State.CLOSED, "submitted_on": date(2026, 2, 1), "closed_on": date(2026, 2, 3)}
        make_task(world.plan, lead=finance, title=f"按时{number}", due_on=date(2026, 2, 10), **done)
        make_task(world.plan, lead=housing, title=f"住建{number}", due_on=date(2026, 2, 10), **done)
    make_task(
        world.plan, lead=finance, title="迟交", due_on=date(2026, 2, 1), state=State.SUBMITTED,
        submitted_on=date(2026, 2, 11),
    )  # fmt: skip
    make_task(world.plan, responsible=[*finance, *housing], title="共同逾期", due_on=date(2026, 3, 1))
    make_task(world.plan, lead=finance, title="去年到期", due_on=date(2025, 11, 1))
    freeze(as_instant("2026-02-27T17:00"))
    freeze()


def make(world: World, app: Flask) -> Appraisal:
    """The draft of the year."""
    assert send(client_for(app, world.office), LIST, {"year": YEAR}).status_code == 302
    return sheet()


def sheet() -> Appraisal:
    """The one sheet."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Appraisal)).one()


def published(world: World, app: Flask, days: int = 5) -> Appraisal:
    """The published sheet of the year."""
    a_year(world)
    make(world, app)
    assert publish(client_for(app, world.office), days=days).status_code == 302
    return sheet()


def publish(client: FlaskClient, **values: Any) -> TestResponse:
    """Publish the draft."""
    return send(client, f"{SHEET}/publish", {"version": 1, "days": 5, **values}, SHEET)


def line_of(unit: Unit) -> AppraisalLine:
    """The row of a unit."""
    db.session.expire_all()
    return db.session.scalars(sa.select(AppraisalLine).where(AppraisalLine.unit_id == unit.id)).one()


def row_address(unit: Unit) -> str:
    """The page of a unit's row."""
    return f"{LIST}/units/{line_of(unit).id}"


def raise_objection(client: FlaskClient, address: str, **values: Any) -> TestResponse:
    """Object to a row."""
    said = {"objection": "迟交一项系推进办核验滞后", "once": "first", "csrf_token": token_of(client, "/password")}
    return client.post(f"{address}/object", data={**said, **values})


def answer(client: FlaskClient, address: str, **values: Any) -> TestResponse:
    """Answer the newest objection."""
    db.session.expire_all()
    about = db.session.scalar(sa.select(sa.func.max(Objection.id)))
    said = {
        "about": about,
        "answered": db.session.scalar(sa.select(sa.func.count()).where(Objection.answered_at.is_not(None))),
        "decision": "upheld",
        "opinion": "经查属实",
        "csrf_token": token_of(client, "/password"),
    }
    return client.post(f"{address}/answer", data={**said, **values})


def numbers(unit: Unit) -> dict[str, int]:
    """The stored figures of a unit."""
    return line_of(unit).figures


def mails() -> list[tuple[str, str]]:
    """(kind, address) of every mail."""
    db.session.expire_all()
    return [(mail.kind, mail.address) for mail in db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id))]


def test_the_sheet_counts_each_unit_from_the_issues_of_the_year(app: Flask, world: World) -> None:
    a_year(world)
    found = make(world, app)
    assert (found.state, found.year, found.region_code) == (AppraisalState.DRAFT, YEAR, COUNTY)
    assert numbers(world.finance) == {
        **{"due": 5, "in_time": 3, "days_late": 15, "extensions": 0, "returns": 0, "periods_missed": 0},
        **{"own_due": 4, "own_in_time": 3},
    }
    assert numbers(world.housing) == {
        **{"due": 4, "in_time": 3, "days_late": 5, "extensions": 0, "returns": 0, "periods_missed": 0},
        **{"own_due": 3, "own_in_time": 3},
    }
    page = visit(client_for(app, world.office), SHEET)
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("table.appraisal tbody tr")]
    assert rows[0] == ["住建局", "4", "3", "75%", "1", "5", "0", "0", "0", "3/3", "1", "0"]
    assert rows[1] == ["财政局", "5", "3", "60%", "2", "15", "0", "0", "0", "3/4", "2", "0"]
    assert "草稿，尚未公布" in page.get_text()
    assert "本年度尚未结束" in page.get_text()
    assert "从任务开始之日计起" in page.get_text()


def test_every_figure_leads_to_its_tasks(app: Flask, world: World) -> None:
    a_year(world)
    make(world, app)
    office = client_for(app, world.office)
    figures = {**numbers(world.finance), "late": 2}
    for figure in Figure:
        page = visit(office, f"{row_address(world.finance)}?figure={figure}")
        assert page.select_one("[aria-current=page] strong").get_text() == str(figures[figure])  # type: ignore[union-attr]
        rows = page.select("section[aria-labelledby=tasks] tbody tr")
        if figure is Figure.DAYS_LATE:
            assert "涉及 2 项任务，合计 15" in page.get_text()
        else:
            assert len(rows) == figures[figure], figure
    text = visit(office, f"{row_address(world.finance)}?figure=late").get_text()
    assert "逾期 10 天" in text
    assert "逾期 5 天" in text
    assert office.get(f"{row_address(world.finance)}?figure=x").status_code == 400


def test_the_sheet_stands_when_tasks_and_issues_go_on(app: Flask, world: World) -> None:
    published(world, app)
    before = numbers(world.finance)
    world.finance.name = "财政和金融局"
    make_task(world.plan, lead=[world.finance], title="后来的", due_on=date(2026, 3, 8))
    freeze(FRIDAY + timedelta(days=7))
    page = visit(client_for(app, world.leader), f"{row_address(world.finance)}?figure=due")
    assert numbers(world.finance) == before
    assert "后来的" not in page.get_text()
    assert "共 5 项" in page.get_text()


def test_a_draft_is_drawn_up_anew_and_a_published_sheet_is_not(app: Flask, world: World) -> None:
    a_year(world)
    make(world, app)
    office = client_for(app, world.office)
    make_task(world.plan, lead=[world.finance], title="后来的", due_on=date(2026, 3, 8))
    freeze(FRIDAY + timedelta(days=7))
    assert send(office, f"{SHEET}/recompute", {"version": 1}, SHEET).status_code == 302
    assert numbers(world.finance)["due"] == 6
    assert send(office, f"{SHEET}/recompute", {"version": 1}, SHEET).status_code == 409
    assert publish(office, version=2).status_code == 302
    assert send(office, f"{SHEET}/recompute", {"version": 3}, LIST).status_code == 409
    done = sa.select(Event.act).where(Event.object_type == "appraisal", Event.allowed).order_by(Event.id)
    assert list(db.session.scalars(done)) == ["make_appraisal", "recompute_appraisal", "publish_appraisal"]


def test_the_draft_of_a_running_week_is_not_counted(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    issue = freeze(clock.now())
    year = clock.office_day(issue.cut_off_at).year
    assert "还没有可用的周览" in visit(office, LIST).get_text()
    assert send(office, LIST, {"year": year}, "/password").status_code == 409
    issue.state, issue.signed_at = IssueState.SIGNED, clock.now()
    db.session.commit()
    assert send(office, LIST, {"year": year}).status_code == 302


@pytest.mark.parametrize("year", [2001, 2025, 2099])
def test_a_year_without_issues_has_no_sheet(app: Flask, world: World, year: int) -> None:
    a_year(world)
    office = client_for(app, world.office)
    answered = send(office, LIST, {"year": year})
    assert answered.status_code == 409
    assert "该年度还没有可用的周览" in answered.text
    assert visit(office, f"/appraisals/{year}", status=404)
    assert db.session.scalars(sa.select(Appraisal)).all() == []


def test_the_same_year_is_made_once(app: Flask, world: World) -> None:
    a_year(world)
    make(world, app)
    made = client_for(app, world.office2)
    assert send(made, LIST, {"year": YEAR}, SHEET).status_code == 302
    assert sheet().version == 1


def test_a_draft_is_for_its_own_office_alone(app: Flask, world: World) -> None:
    a_year(world)
    make(world, app)
    row = row_address(world.finance)
    for who in ("leader", "auditor", "staff", "stranger"):
        client = client_for(app, getattr(world, who))
        assert client.get(row).status_code == 404, who
        assert client.get(SHEET).status_code == (403 if who == "staff" else 404), who
        assert f"{YEAR}年度" not in client.get(LIST).text, who


def test_publishing_tells_every_unit_once_and_opens_a_term(app: Flask, world: World) -> None:
    found = published(world, app)
    assert (found.state, found.published_by) == (AppraisalState.PUBLISHED, world.office.name)
    assert found.objections_until is not None
    assert found.objections_until > clock.today()
    told = sorted(mails())
    wanted = [world.staff.email, world.staff2.email, world.housing_staff.email]
    assert told == sorted(("appraisal_published", address or "") for address in wanted)
    text = db.session.scalars(sa.select(OutboxMail.text).where(OutboxMail.address == world.staff.email)).one()
    assert f"/appraisals/units/{line_of(world.finance).id}" in text
    # The second of two who publish at once is told.
    again = client_for(app, world.office2)
    answered = again.post(
        f"{SHEET}/publish", data={"version": 1, "days": 5, "csrf_token": token_of(again, "/password")}
    )
    assert answered.status_code == 409
    assert "已被他人重新计算或公布" in answered.text
    assert len(mails()) == 3


@pytest.mark.parametrize("days", ["", "0", "61", "x"])
def test_a_term_that_is_no_number_of_days_is_said_at_the_field(app: Flask, world: World, days: str) -> None:
    a_year(world)
    make(world, app)
    answered = publish(client_for(app, world.office), days=days)
    assert answered.status_code == 400
    assert checked(answered).select_one(".error-text") is not None
    assert sheet().state is AppraisalState.DRAFT


def test_leaders_and_auditors_read_what_is_published(app: Flask, world: World) -> None:
    published(world, app)
    for account in (world.leader, world.auditor):
        client = client_for(app, account)
        assert "财政局" in visit(client, SHEET).get_text()
        page = visit(client, row_address(world.finance))
        assert page.select("form[action$='/object'], form[action$='/answer']") == []
        assert raise_objection(client, row_address(world.finance)).status_code == 403
        assert publish_by(client).status_code == 403
    assert client_for(app, world.stranger).get(row_address(world.finance)).status_code == 404


def publish_by(client: FlaskClient) -> TestResponse:
    """Try to publish, whoever asks."""
    return client.post(f"{SHEET}/publish", data={"version": 2, "days": 5, "csrf_token": token_of(client, "/password")})


def test_a_unit_sees_its_own_row_alone(app: Flask, world: World) -> None:
    published(world, app)
    staff = client_for(app, world.staff)
    assert "财政局 2026年度考核表已公布" in visit(staff, "/work").get_text()
    own = visit(staff, LIST)
    assert row_address(world.finance) in {link.get("href") for link in own.select("main a")}
    assert "住建局" not in own.get_text()
    assert visit(staff, row_address(world.finance)).select("form[action$='/object']")
    assert staff.get(row_address(world.housing)).status_code == 404
    assert raise_objection(staff, row_address(world.housing)).status_code == 404
    assert staff.get(SHEET).status_code == 403
    assert staff.get(f"{SHEET}/sheet.xlsx").status_code == 403


def test_an_objection_and_its_answer_stay_on_the_sheet(app: Flask, world: World) -> None:
    published(world, app)
    staff, office, row = client_for(app, world.staff), client_for(app, world.office), row_address(world.finance)
    assert raise_objection(staff, row).status_code == 302
    assert raise_objection(staff, row).status_code == 302  # the same form once more
    assert raise_objection(staff, row, once="second", objection="另有一项").status_code == 302
    assert [each.text for each in line_of(world.finance).objections] == ["迟交一项系推进办核验滞后", "另有一项"]
    assert "待答复 2 件" in visit(office, SHEET).get_text()
    assert answer(office, row, decision="rejected", opinion="以系统记录为准").status_code == 302
    assert line_of(world.finance).corrected == {}
    first = line_of(world.finance).objections[0].id
    assert answer(office, row, about=first, in_time="4", days_late="5", own_in_time="4").status_code == 302
    assert line_of(world.finance).corrected == {"in_time": 4, "days_late": 5, "own_in_time": 4}
    assert numbers(world.finance)["in_time"] == 3
    page = visit(client_for(app, world.leader), SHEET)
    cells = page.select("table.appraisal tbody tr")[1].select("td")
    assert [cells[number].get_text(" ", strip=True) for number in (10, 2, 3, 4)] == ["2 1", "3 4", "60% 80%", "2 1"]
    assert [each.get_text() for each in cells[2].select("del")] == ["3"]
    for words in ("迟交一项系推进办核验滞后", "另有一项", "经查属实", "以系统记录为准", "异议成立"):
        assert words in page.get_text()
        assert words in visit(staff, row).get_text()
    told = [kind for kind, _address in mails() if kind == "objection_answered"]
    assert len(told) == 4
    event = db.session.scalars(
        sa.select(Event).where(Event.act == "answer_objection").order_by(Event.id.desc())
    ).first()
    assert event is not None
    assert (event.before["in_time"], event.after["in_time"]) == (3, 4)


def test_an_objection_is_answered_once_and_the_second_answer_is_kept_on_the_page(app: Flask, world: World) -> None:
    published(world, app)
    row = row_address(world.finance)
    raise_objection(client_for(app, world.staff), row)
    assert answer(client_for(app, world.office), row, decision="rejected").status_code == 302
    second = answer(client_for(app, world.office2), row, opinion="我的答复", in_time="4", days_late="5")
    assert second.status_code == 409
    assert "已由他人答复" in second.text
    assert "我的答复" in second.text
    assert line_of(world.finance).corrected == {}


@pytest.mark.parametrize(
    "values",
    [
        {"opinion": " "},
        {"decision": ""},
        {"in_time": "x"},
        {"in_time": "-1"},
        {},
        {"in_time": "9"},
        {"in_time": "5", "days_late": "3"},
    ],
)
def test_an_answer_that_cannot_be_comes_back_with_its_words(app: Flask, world: World, values: dict[str, str]) -> None:
    published(world, app)
    row = row_address(world.finance)
    raise_objection(client_for(app, world.staff), row)
    answered = answer(client_for(app, world.office), row, **{"opinion": "我的答复", **values})
    assert answered.status_code == 400
    page = checked(answered)
    assert page.select_one(".error-text") is not None
    if "opinion" not in values:
        assert page.select_one("textarea[name=opinion]").get_text().strip() == "我的答复"  # type: ignore[union-attr]
    assert line_of(world.finance).objections[0].answered_at is None


def test_an_empty_objection_comes_back_and_a_late_one_is_refused_with_its_words(app: Flask, world: World) -> None:
    found = published(world, app)
    staff, row = client_for(app, world.staff), row_address(world.finance)
    assert raise_objection(staff, row, objection=" ").status_code == 400
    found.objections_until = clock.today()
    db.session.commit()
    assert raise_objection(staff, row).status_code == 302  # the last day is among them
    sheet().objections_until = clock.today() - timedelta(days=1)
    db.session.commit()
    late = raise_objection(staff, row, once="late", objection="晚了一天")
    assert late.status_code == 409
    assert "异议期已过" in late.text
    assert "晚了一天" in late.text
    page = visit(staff, row)
    assert page.select("form[action$='/object']") == []
    assert "已过" in page.get_text()
    assert "考核表已公布" not in visit(staff, "/work").get_text()
    # The office still answers what came in time.
    assert answer(client_for(app, world.office), row, decision="rejected").status_code == 302


def test_an_ended_session_carries_the_words_back_to_the_row(app: Flask, world: World) -> None:
    published(world, app)
    row = row_address(world.finance)
    stranger = app.test_client()
    answered = stranger.post(f"{row}/object", data={"objection": "登录过期前写的", "once": "a"})
    assert answered.status_code == 401
    assert "登录过期前写的" in answered.text
    assert row in answered.text


def test_a_merged_unit_and_a_renamed_one_are_followed(app: Flask, world: World) -> None:
    a_year(world)
    actor = Actor(person_of(world.office))
    merge_units(actor, world.housing, world.housing.version, world.finance, clock.now())
    world.finance.name = "财政和住建局"
    db.session.commit()
    make(world, app)
    [line] = db.session.scalars(sa.select(AppraisalLine)).all()
    assert line.unit_id == world.finance.id
    assert line.name == "财政和住建局（原财政局、住建局）"
    # The task that both answered for counts once.
    assert (line.figures["due"], line.figures["in_time"]) == (8, 6)
    page = visit(client_for(app, world.office), f"{LIST}/units/{line.id}?figure=due")
    assert "共 8 项" in page.get_text()


def test_a_merge_after_publishing_leaves_both_rows_with_their_own_tasks(app: Flask, world: World) -> None:
    published(world, app)
    merge_units(Actor(person_of(world.office)), world.housing, world.housing.version, world.finance, clock.now())
    db.session.commit()
    office = client_for(app, world.office)
    staff = client_for(app, world.staff)
    for line in db.session.scalars(sa.select(AppraisalLine)).all():
        assert line.unit_id == world.finance.id
        text = visit(office, f"{LIST}/units/{line.id}?figure=due").get_text()
        assert f"共 {line.figures['due']} 项" in text
        assert visit(staff, f"{LIST}/units/{line.id}")


def test_a_unit_that_was_deleted_keeps_its_row_without_readers(app: Flask, world: World) -> None:
    a_year(world)
    gone = make_unit("城投公司")
    task = make_task(world.plan, lead=[gone], title="城投任务", due_on=date(2026, 2, 1))
    freeze(FRIDAY + timedelta(days=7))
    task.assignments.clear()
    db.session.flush()
    db.session.delete(gone)
    db.session.commit()
    make(world, app)
    line = db.session.scalars(sa.select(AppraisalLine).where(AppraisalLine.name == "城投公司")).one()
    assert line.unit_id is None
    assert line.figures["due"] == 1
    assert publish(client_for(app, world.office)).status_code == 302


def test_the_year_before_is_taken_off(app: Flask, world: World) -> None:
    freeze(as_instant("2025-12-26T17:00"))
    db.session.execute(sa.text("UPDATE issue_lines SET extensions = 2, returns = 1"))
    db.session.commit()
    a_year(world)
    newest = db.session.scalar(sa.select(sa.func.max(Issue.id)))
    db.session.execute(
        sa.text("UPDATE issue_lines SET extensions = 3, returns = 1 WHERE issue_id = :issue AND task_id = :task"),
        {"issue": newest, "task": world.task.id},
    )
    db.session.commit()
    make(world, app)
    assert (numbers(world.finance)["extensions"], numbers(world.finance)["returns"]) == (1, 0)


def test_a_prefecture_has_a_sheet_of_its_own_plans_and_reads_those_of_its_counties(app: Flask, world: World) -> None:
    published(world, app)
    prefecture = COUNTY[:4]
    bureau = make_unit("市教育局", region=prefecture)
    office = make_account(Role.PLAN_OFFICE, region=prefecture)
    make_task(make_plan("city", region=prefecture), lead=[bureau], title="市级任务", due_on=date(2026, 2, 1))
    freeze(region=prefecture)
    client = client_for(app, office)
    assert send(client, LIST, {"year": YEAR}).status_code == 302
    page = visit(client, SHEET)
    assert "市教育局" in page.get_text()
    assert "住建局" not in page.get_text()
    below = visit(client, LIST)
    assert db.session.get_one(Region, COUNTY).name in below.get_text()
    assert "住建局" in visit(client, f"{SHEET}?region={COUNTY}").get_text()
    row = row_address(world.finance)
    raise_objection(client_for(app, world.staff), row)
    assert visit(client, row).select("form[action$='/answer']") == []
    assert answer(client, row, decision="rejected").status_code == 403
    assert client.get(f"{SHEET}?region={OTHER_COUNTY}").status_code == 404


def test_the_excel_holds_the_same_figures_the_rules_and_the_objections(app: Flask, world: World) -> None:
    published(world, app)
    row = row_address(world.finance)
    raise_objection(client_for(app, world.staff), row, objection="=1+1 这一项不算")
    answer(client_for(app, world.office), row, in_time="4", days_late="5", own_in_time="4")
    answered = client_for(app, world.auditor).get(f"{SHEET}/sheet.xlsx")
    assert answered.status_code == 200
    assert "attachment" in answered.headers["Content-Disposition"]
    book = load_workbook(BytesIO(answered.data))
    figures, objections, tasks, rules = book.worksheets
    rows = list(figures.iter_rows(min_row=5, values_only=True))
    assert rows[1][:6] == (1, "财政局", 5, 4, 80, 1)
    assert "按时由3更正为4" in str(rows[1][-1])
    [said] = list(objections.iter_rows(min_row=5))
    assert (said[2].value, said[2].data_type) == ("=1+1 这一项不算", "s")
    due = [row for row in tasks.iter_rows(min_row=5, values_only=True) if row[0] == "财政局" and row[4]]
    assert len(due) == 5
    assert any("待重定时限" in str(row[0]) for row in rules.iter_rows(min_row=5, values_only=True))
    names = {world.office.name, world.staff.name}
    assert not {book.properties.creator, book.properties.lastModifiedBy} & names


def test_the_pages_ask_a_constant_number_of_questions(app: Flask, world: World) -> None:
    a_year(world)
    for number in range(20):
        unit = make_unit(f"单位{number:02d}")
        for _each in range(4):
            make_task(world.plan, lead=[unit], title=f"任务{number}", due_on=date(2026, 2, 1))
    freeze(FRIDAY + timedelta(days=7))
    make(world, app)
    office = client_for(app, world.office)
    visit(office, SHEET)
    visit(office, row_address(world.finance))
    assert publish(office).status_code == 302
    visit(office, LIST)
    visit(client_for(app, world.staff), "/work")


def test_an_answer_never_undoes_what_another_one_put_right(app: Flask, world: World) -> None:
    published(world, app)
    staff, office, row = client_for(app, world.staff), client_for(app, world.office), row_address(world.finance)
    for once in ("first", "second"):
        raise_objection(staff, row, once=once)
    first, second = (each.id for each in line_of(world.finance).objections)
    assert answer(office, row, about=first, extensions="1").status_code == 302
    behind = answer(office, row, about=second, answered="0", extensions="0", returns="2")
    assert behind.status_code == 400
    assert "另一件异议的答复更正过数字" in behind.text
    assert line_of(world.finance).corrected == {"extensions": 1}
    assert answer(office, row, about=second, extensions="1", returns="2").status_code == 302
    assert line_of(world.finance).corrected == {"extensions": 1, "returns": 2}
