"""/bulletins: drawn from an issue, worded by the office, settled as Word, kept and given back."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_task, make_unit
from tests.views.test_overview import add_progress, days_ago, freeze
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import Bulletin, BulletinKind, BulletinState, Event, Issue, IssueState, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role


def an_issue(world: World, signed: bool = True) -> Issue:
    """The second issue of a county with some progress."""
    add_progress(world)
    freeze(7)
    for task in (world.task, world.housing_task):
        task.due_on = days_ago(1)
        task.keep_light_dates()
    issue = freeze(0)
    if signed:
        issue.state, issue.signed_at, issue.signed_by = IssueState.SIGNED, clock.now(), "推进办"
    db.session.commit()
    return issue


def make(client: FlaskClient, kind: str = "supervision", **values: object) -> TestResponse:
    """Draw a draft from the newest issue."""
    page = visit(client, "/bulletins/new")
    once = page.select_one("[name=once]")
    issue = page.select_one("[name=issue]")
    assert once
    assert issue
    said = {"kind": kind, "plan": "", "issue": issue["value"], "once": once["value"]}
    return send(client, "/bulletins/new", said | values)


def made(client: FlaskClient, kind: str = "supervision", **values: object) -> str:
    """The address of a draft."""
    answer = make(client, kind, **values)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def typed(page: BeautifulSoup) -> dict[str, str]:
    """What stands in the form of a draft."""
    form = page.select_one(".bulletin-form")
    assert form
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}
    # A line break behind the opening tag belongs to the tag.
    return fields | {str(each["name"]): each.get_text().lstrip("\r\n") for each in form.select("textarea")}


def save(client: FlaskClient, address: str, act: str = "", **values: object) -> TestResponse:
    """Send the form of a draft with some values changed."""
    return client.post(f"{address}{act}", data=typed(visit(client, address)) | values)


def settled(client: FlaskClient, **values: object) -> str:
    """The address of a settled bulletin."""
    address = made(client)
    assert save(client, address, "/settle", **values).status_code == 302
    return address


def stored() -> Bulletin:
    """The newest bulletin."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Bulletin).order_by(Bulletin.id.desc()).limit(1)).one()


def acts() -> list[str]:
    """The acts on bulletins in their order."""
    query = sa.select(Event.act).where(Event.object_type == "bulletin", Event.allowed).order_by(Event.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize("kind", list(BulletinKind))
def test_a_draft_is_drawn_from_the_lines_of_an_issue(app: Flask, world: World, kind: BulletinKind) -> None:
    issue = an_issue(world)
    client = client_for(app, world.office)
    page = visit(client, made(client, kind.value))
    paper = page.select_one(".paper")
    assert paper
    counts = issue.counts
    total = sum(count for light, count in counts.items() if light in {"overdue", "soon", "normal", "closed"}) + sum(
        counts.get(light, 0) for light in ("not_due", "redate")
    )
    assert f"共{total}项：已销号{counts['closed']}项" in paper.get_text()
    assert f"逾期{counts['overdue']}项" in paper.get_text()
    assert "征求意见稿" in paper.get_text()
    assert "各单位情况" in paper.get_text()
    assert "住建局" in paper.get_text()
    assert stored().kind is kind
    assert acts() == ["make_bulletin"]


def test_the_same_form_sent_twice_makes_one(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    first = made(client, once="eine")
    assert made(client, once="eine") == first
    assert db.session.scalar(sa.select(sa.func.count(Bulletin.id))) == 1
    assert acts() == ["make_bulletin"]


def test_the_page_of_an_issue_opens_one_draft_of_it(app: Flask, world: World) -> None:
    issue = an_issue(world)
    client = client_for(app, world.office)
    address = f"/overview/issues/{issue.number}"
    form = visit(client, address).select_one('form[action="/bulletins/new"]')
    assert form
    values = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    places = {client.post("/bulletins/new", data=values).location for _ in range(2)}
    assert len(places) == 1
    assert stored().kind is BulletinKind.WEEK
    assert not visit(client_for(app, world.leader), address).select('form[action="/bulletins/new"]')


def test_units_narrow_what_is_spoken_of(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    page = visit(client, made(client, units=["财政局"]))
    rows = [row.get_text() for row in page.select(".paper-table:not(.wide) tbody tr")]
    assert len(rows) == 1
    assert rows[0].startswith("财政局")
    assert "由住建局负责" not in page.get_text()
    assert "主送" in page.get_text()
    assert stored().addressee == "财政局"


def test_what_the_office_writes_is_kept_and_marked(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    before = stored().blocks[1]["generated"]
    assert save(client, address, problems="请各单位对照落实。", title="督查通报").status_code == 302
    page = visit(client, address)
    assert "请各单位对照落实。" in page.select(".paper")[0].get_text()
    assert len(page.select(".by-hand")) == 1
    bulletin = stored()
    assert bulletin.title == "督查通报"
    assert bulletin.version == 2
    assert bulletin.blocks[1]["text"] == before
    event = db.session.scalars(sa.select(Event).where(Event.act == "word_bulletin")).one()
    assert event.after == {"heading": "督查通报", "problems": "请各单位对照落实。"}


def test_a_section_is_put_back_as_it_was_generated(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    save(client, address, problems="另写。", demands="再写。")
    save(client, address, restore="problems")
    bulletin = stored()
    texts = {each["key"]: each for each in bulletin.blocks}
    assert texts["problems"]["text"] == texts["problems"]["generated"]
    assert texts["demands"]["text"] == "再写。"


def test_a_number_that_differs_is_named_with_its_sentence_and_hinders_settling(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    wrong = "本期逾期99项，请抓紧办理。又走访了7所学校。"
    answer = save(client, address, "/settle", problems=wrong)
    assert answer.status_code == 400
    page = checked(answer)
    told = page.select_one("#check")
    assert told
    assert "“逾期”写为 99项，本期为 7项" in told.get_text()
    assert "本期逾期99项，请抓紧办理。" in told.get_text()
    assert "7所" in told.get_text()
    assert typed(page)["problems"] == wrong
    assert stored().state is BulletinState.DRAFT
    assert acts() == ["make_bulletin"]
    assert save(client, address, "/settle", problems=wrong.replace("99", "7")).status_code == 302
    assert stored().state is BulletinState.SETTLED


def test_a_settled_bulletin_is_kept_as_a_file_and_never_changes(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = settled(client)
    bulletin = stored()
    assert bulletin.file
    assert bulletin.sha256 == hashlib.sha256(bulletin.file).hexdigest()
    assert bulletin.settled_by == world.office.name
    assert acts() == ["make_bulletin", "settle_bulletin"]
    answer = client_for(app, world.leader).get(f"{address}/file")
    assert answer.data == bulletin.file
    assert ".docx" in answer.headers["Content-Disposition"]
    words = "\n".join(each.text for each in Document(BytesIO(answer.data)).paragraphs)
    assert "征求意见稿" not in words
    assert "总体情况" in words
    page = visit(client, address)
    assert not page.select("textarea")
    assert "不再变动" in page.get_text()
    bulletin.title = "改"
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()


def test_settling_twice_tells_the_second_who_was_first(app: Flask, world: World) -> None:
    an_issue(world)
    first, second = client_for(app, world.office), client_for(app, world.office2)
    address = made(first)
    values = typed(visit(second, address)) | {"problems": "后来写的。"}
    assert save(first, address, "/settle").status_code == 302
    for act in ("/settle", ""):
        answer = second.post(f"{address}{act}", data=values)
        assert answer.status_code == 409
        page = checked(answer)
        assert f"{world.office.name}于" in page.get_text()
        assert "后来写的。" in page.get_text()
    assert acts().count("settle_bulletin") == 1


def test_a_stale_save_keeps_what_was_typed_beside_what_others_saved(app: Flask, world: World) -> None:
    an_issue(world)
    first, second = client_for(app, world.office), client_for(app, world.office2)
    address = made(first)
    values = typed(visit(second, address)) | {"problems": "我写的。"}
    save(first, address, problems="他人写的。")
    answer = second.post(address, data=values)
    assert answer.status_code == 409
    page = checked(answer)
    assert typed(page)["problems"] == "我写的。"
    assert "他人写的。" in page.get_text()
    assert second.post(address, data=typed(page)).status_code == 302
    assert stored().blocks[2]["text"] == "我写的。"


def test_figures_of_an_unsigned_issue_hinder_settling(app: Flask, world: World) -> None:
    an_issue(world, signed=False)
    client = client_for(app, world.office)
    address = made(client)
    answer = save(client, address, "/settle", problems="写好的话。")
    assert answer.status_code == 400
    assert "尚未签发" in checked(answer).get_text()
    assert typed(checked(answer))["problems"] == "写好的话。"
    assert stored().state is BulletinState.DRAFT


def test_a_brief_has_a_number_of_its_own_that_goes_on(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    first = made(client, "brief")
    assert typed(visit(client, first))["number"] == "1"
    assert save(client, first, "/settle", number="").status_code == 400
    assert save(client, first, "/settle", number="12", reported_to="县委办").status_code == 302
    second = made(client, "brief")
    values = typed(visit(client, second))
    assert (values["number"], values["reported_to"]) == ("13", "县委办")
    answer = save(client, second, "/settle", number="12")
    assert answer.status_code == 400
    assert "不能与同一年已定稿的简报重复" in checked(answer).get_text()
    assert save(client, second, "/settle").status_code == 302


def test_the_numbers_of_briefs_begin_anew_with_each_year(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    this_year = clock.today().year
    first = made(client, "brief")
    assert save(client, first, "/settle", number="12", dated_on=f"{this_year - 1}-12-31").status_code == 302
    second = made(client, "brief")
    assert typed(visit(client, second))["number"] == "1"
    refused = save(client, second, "/settle", number="12", dated_on=f"{this_year - 1}-01-01")
    assert refused.status_code == 400
    assert save(client, second, "/settle", number="12", dated_on=f"{this_year}-01-01").status_code == 302
    assert typed(visit(client, made(client, "brief")))["number"] == "13"


def test_a_draft_follows_the_figures_of_a_draft_issue_where_nobody_worded_it(app: Flask, world: World) -> None:
    issue = an_issue(world, signed=False)
    client = client_for(app, world.office)
    address = made(client)
    save(client, address, demands="保留的话。")
    line = next(line for line in issue.lines if line.light == "closed")
    line.light = line.light_before = "normal"
    db.session.commit()
    page = visit(client, address)
    assert f"已销号{issue.counts['closed'] - 1}项" in page.select(".paper")[0].get_text()
    assert "保留的话。" in page.select(".paper")[0].get_text()


def test_a_draft_is_dropped(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    send(client, f"{address}/drop", {"version": 9}, token_from=address)
    assert stored()
    assert send(client, f"{address}/drop", {"version": 1}, token_from=address).status_code == 302
    visit(client, address, status=404)
    assert acts()[-1] == "drop_bulletin"
    address = settled(client)
    other = made(client)
    answer = send(client, f"{address}/drop", {"version": stored().version}, token_from=other)
    assert answer.status_code == 302
    visit(client, address)


@pytest.mark.parametrize("who", ["leader", "auditor"])
def test_leaders_and_auditors_read_and_change_nothing(app: Flask, world: World, who: str) -> None:
    an_issue(world)
    address = made(client_for(app, world.office))
    client = client_for(app, getattr(world, who))
    page = visit(client, address)
    assert "草稿，尚未定稿。" in page.get_text()
    assert not page.select("textarea")
    assert visit(client, "/bulletins").select(f'a[href="{address}"]')
    token = token_of(client, "/bulletins")
    for act in ("", "/settle", "/drop"):
        assert client.post(f"{address}{act}", data={"csrf_token": token, "version": 1}).status_code == 403
    assert client.get("/bulletins/new").status_code == 403
    assert client.get(address.replace("bulletins", "bulletins") + "/settle").status_code == 405


def test_strangers_find_nothing(app: Flask, world: World) -> None:
    an_issue(world)
    address = made(client_for(app, world.office))
    stranger = client_for(app, world.stranger)
    for place in ("", "/file"):
        assert stranger.get(f"{address}{place}").status_code == 404
    token = token_of(stranger, "/bulletins")
    for act in ("", "/settle", "/drop"):
        assert stranger.post(f"{address}{act}", data={"csrf_token": token, "version": 1}).status_code == 404
    assert client_for(app, world.staff).get(address).status_code == 403
    assert client_for(app, world.staff).get(f"{address}/file").status_code == 403


def test_the_office_above_reads_but_does_not_write(app: Flask, world: World) -> None:
    an_issue(world)
    address = made(client_for(app, world.office))
    above = client_for(app, make_account(Role.PLAN_OFFICE, region="3607"))
    assert not visit(above, address).select("textarea")
    token = token_of(above, "/bulletins")
    assert above.post(address, data={"csrf_token": token, "version": 1}).status_code == 403
    assert visit(above, "/bulletins?region=360732").select(f'a[href="{address}"]')
    visit(above, "/bulletins?region=640422", status=404)


def test_a_prefecture_names_its_units_with_their_places(app: Flask, world: World) -> None:
    add_progress(world)
    issue = freeze(0, region="3607")
    client = client_for(app, make_account(Role.PLAN_OFFICE, region="3607"))
    page = visit(client, made(client))
    assert issue.region_code == "3607"
    assert "由兴国县住建局负责" in page.select(".paper")[0].get_text()
    assert "各地区情况" in page.select(".paper")[0].get_text()


def test_numerals_without_end_and_thousands_of_numbers_are_shown(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    for words in ("九" * 5000 + "项", "逾期" + "9" * 5000 + "项"):
        assert save(client, address, problems=words).status_code == 302
        assert "未核对的数字" in visit(client, address).select("#check")[0].get_text()
    assert save(client, address, problems="1、" * 1000 + "逾期99项，" * 1000).status_code == 302
    check = visit(client, address).select("#check")[0].get_text()
    assert "另有 940 处没有列出" in check
    assert "处未核对的数字没有列出" in check
    assert len(check) < 60 * 1000


def test_odd_values_are_refused_clearly(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    assert make(client, "poster").status_code == 400
    assert make(client, plan="unknown").status_code == 400
    assert make(client, units=["无此单位"]).status_code == 400
    assert make(client, issue="99").status_code == 404
    assert make(client, issue="x").status_code == 404
    visit(client, "/bulletins/new?issue=99", status=404)
    visit(client, "/bulletins/new?issue=²", status=404)
    for number in ("0", "2147483648", "9" * 20, "0" * 20 + "9" * 20, "9" * 5000):
        assert make(client, issue=number).status_code == 404
        visit(client, f"/bulletins/new?issue={number}", status=404)
    visit(client, "/bulletins/new?kind=poster")
    visit(client, "/bulletins/99999999999999999999", status=404)
    address = made(client)
    for values in ({"title": ""}, {"title": "长" * 201}, {"dated_on": "2026-13-01"}, {"restore": "unknown"}):
        assert save(client, address, **values).status_code == 400
    assert save(client, address, progress="不属于这一类").status_code == 400
    assert save(client, address, state="settled").status_code == 400


def test_without_an_issue_there_is_nothing_to_draw_from(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert "还没有通报。" in visit(client, "/bulletins").get_text()
    visit(client, "/bulletins/new", status=404)


def test_hostile_texts_stay_texts(app: Flask, world: World) -> None:
    unit = make_unit("<script>alert(1)</script>局" + "长" * 30)
    make_task(
        world.plan, lead=[unit], title="“《=cmd|' /C calc'!A0》”" * 6, due_on=days_ago(3), state=State.IN_PROGRESS
    )
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    save(client, address, overall="<b>粗</b>\n{{ 7*7 }}\x00\u202e")
    page = visit(client, address)
    assert "<b>粗</b>" in page.select(".paper")[0].get_text()
    assert client.get(f"{address}/file").status_code == 200


def test_many_rows_ask_few_questions(app: Flask, world: World) -> None:
    for number in range(120):
        make_task(world.plan, lead=[world.finance], title=f"任务{number}", number=str(number), due_on=days_ago(2))
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    page = visit(client, address)
    assert len(page.select(".paper-table.wide tbody tr")) == 30
    file = Document(BytesIO(client.get(f"{address}/file").data))
    assert max(len(table.rows) for table in file.tables) > 120


def test_words_of_an_ended_session_are_shown_again(app: Flask, world: World) -> None:
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    values = typed(visit(client, address)) | {"problems": "写了很久的话。"}
    with client.session_transaction() as session:
        session.pop("_user_id")
    answer = client.post(address, data=values)
    assert answer.status_code in {400, 401}
    assert "写了很久的话。" in answer.text


def test_settling_soon_after_a_week_is_dated_today(app: Flask, world: World) -> None:
    an_issue(world)
    made(client_for(app, world.office))
    assert stored().dated_on == clock.today()
    assert stored().made_at - clock.now() < timedelta(minutes=1)


def test_the_first_button_of_the_words_saves(app: Flask, world: World) -> None:
    """A browser presses it where somebody ends a line with Enter: what was written must not be put back."""
    an_issue(world)
    client = client_for(app, world.office)
    address = made(client)
    save(client, address, overall="办公室写的总体情况。")
    form = visit(client, address).select_one(".bulletin-form")
    assert form
    assert form.select("button[name=restore]")
    first = form.select("button")[0]
    assert (first.get("name"), first.get("formaction")) == (None, None)


def test_a_week_tells_a_part_in_its_own_words_and_compares_the_sentence_of_the_office(app: Flask, world: World) -> None:
    issue = an_issue(world, signed=False)
    issue.sentence = "本周销号99项。"
    issue.state, issue.signed_at, issue.signed_by = IssueState.SIGNED, clock.now(), "推进办"
    db.session.commit()
    client = client_for(app, world.office)
    part = visit(client, made(client, "week", units="财政局")).select_one(".paper")
    assert part
    assert issue.generated.rstrip("。") not in part.get_text()
    assert "99" not in part.get_text()
    whole = made(client, "week")
    assert "本周销号99项" in visit(client, whole).get_text()
    answer = save(client, whole, "/settle")
    assert answer.status_code == 400
    assert "99" in answer.text
    assert stored().state is BulletinState.DRAFT
