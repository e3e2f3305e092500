"""/imports: a document is taken in, looked through beside its text, mended, and becomes a plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, World, make_plan, make_task
from tests.visit import checked, client_for, counted_queries, send, token_of, visit
from tracker import clock
from tracker.actions.adoption import adopt as store
from tracker.actions.imports import SaidName, open_import
from tracker.actions.imports import say_names as say_what_names_mean
from tracker.actions.record import NOBODY
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt, DraftIndicator, DraftTask, PlanDraft
from tracker.documents.plan_shape import GoalSeed, PhaseSeed
from tracker.models import ImportName, ImportRow, ImportState, MailState, OutboxMail, Plan, PlanImport, Task, Unit, db
from tracker.notifications.redated import REDATED, recompose
from tracker.queries.import_rows import whole_version
from tracker.queries.imports import names_of
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.unit_kinds import UnitKind

TEXT = """兴国县乡村医疗提升实施方案

一、重点任务
（一）建设村卫生室。新建村卫生室20个，配齐设备。（责任单位：财政局、住建局；完成时限：2099年6月底前）
（二）培训乡村医生。每年培训两次。（责任单位：县卫生健康委、财政局；完成时限：长期坚持）
"""


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    return client_for(app, world.office)


def taken(draft: PlanDraft | None = None, against: Plan | None = None, **differences: Any) -> PlanImport:
    """An import of two tasks, of which the second names an unknown unit."""
    plain = draft or draft_of(
        draft_task("m-01", "建设村卫生室", "财政局", number="1", deadline="2099年6月底前"),
        draft_task("m-02", "培训乡村医生", "卫健委", number="2", deadline="2024年底前"),
    )
    batch = open_import(NOBODY, COUNTY, said_paper(plain, **differences), against, clock.now())
    db.session.commit()
    return batch


def rows_of(batch: PlanImport) -> list[ImportRow]:
    """Its rows, as they are stored now."""
    db.session.rollback()
    query = sa.select(ImportRow).where(ImportRow.import_id == batch.id).order_by(ImportRow.position)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def paste(client: FlaskClient, text: str = TEXT, **values: str) -> TestResponse:
    """Send a text as a document."""
    return send(client, "/imports/new", {"region": COUNTY, "against": "", "pasted": text, **values})


def on_row(client: FlaskClient, row: ImportRow, act: str, **values: Any) -> TestResponse:
    """An act on a row; the version is the one that is stored, where none is given."""
    page = f"/imports/{row.import_id}"
    return send(client, f"{page}/rows/{row.id}/{act}", {"version": row.version, **values}, token_from=page)


def edited(row: ImportRow, **differences: Any) -> dict[str, Any]:
    """What the form of a row sends."""
    values = {name: row.words[name] or "" for name in ("number", "title", "requirement", "kind", "deadline")}
    units = "\n".join(name for name, _role in row.words["units"])
    return {**values, "responsible": units, "section": "", "phase": "", **differences}


def said_names(batch: PlanImport, choice: str, **typed: str) -> dict[str, str]:
    """What the form of the units sends about 卫健委."""
    name = db.session.scalars(
        sa.select(ImportName).where(ImportName.import_id == batch.id, ImportName.name == "卫健委")
    ).one()
    values = {"row": str(name.id), "choice": choice, "other": "", "kind": "department", "new_name": "", **typed}
    return {f"names-0-{key}": value for key, value in values.items()}


def say_names(client: FlaskClient, batch: PlanImport, choice: str = "new", **typed: str) -> TestResponse:
    """Say what 卫健委 means."""
    return send(client, f"/imports/{batch.id}/units", said_names(batch, choice, **typed))


def adopt(client: FlaskClient, batch: PlanImport) -> TestResponse:
    """Say what is open, and adopt."""
    say_names(client, batch)
    db.session.refresh(batch)
    return send(
        client, f"/imports/{batch.id}/adopt", {"version": whole_version(batch)}, token_from=f"/imports/{batch.id}/head"
    )


def add(client: FlaskClient, batch: PlanImport, at: str = "", **differences: str) -> TestResponse:
    """Add a task at a place of the document."""
    values = {"at": at, "title": "建立台账", "requirement": "建立台账", "kind": "measure", "phase": "", **differences}
    return send(client, f"/imports/{batch.id}/rows/add", values, token_from=f"/imports/{batch.id}")


def text_of(page: BeautifulSoup) -> str:
    """The words of a page without breaks."""
    return " ".join(page.get_text(" ").split())


def test_a_text_is_read_and_its_tasks_stand_beside_its_words(office: FlaskClient) -> None:
    answer = paste(office)
    assert answer.status_code == 302
    page = visit(office, answer.location)
    batch = db.session.scalars(sa.select(PlanImport)).one()
    assert (batch.state, batch.region_code) == (ImportState.OPEN, COUNTY)
    assert len(page.select(".understood")) == len(rows_of(batch)) > 0
    assert "新建村卫生室20个，配齐设备" in text_of(page.select_one(".said"))
    assert db.session.scalars(sa.select(Plan).where(Plan.code != "xg")).all() == []


def test_a_file_is_read(office: FlaskClient) -> None:
    file = {"file": (BytesIO(TEXT.encode()), "方案.txt"), "region": COUNTY, "against": "", "pasted": ""}
    answer = office.post("/imports/new", data={"csrf_token": token_of(office, "/imports/new"), **file})
    assert answer.status_code == 302


def test_the_same_document_is_taken_once(office: FlaskClient) -> None:
    first, second = paste(office), paste(office)
    assert second.status_code == 409
    assert "导入过" in second.text
    assert first.location in second.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanImport)) == 1


def test_nothing_chosen_is_said_at_the_field(office: FlaskClient) -> None:
    answer = send(office, "/imports/new", {"region": COUNTY, "against": "", "pasted": ""})
    assert answer.status_code == 400
    assert "请选择文件" in checked(answer).get_text()


def test_a_document_without_tasks_says_what_was_looked_for(office: FlaskClient) -> None:
    batch = taken(PlanDraft(draft_of().head, doubts=(DraftDoubt(ReadingDoubt.NO_TASKS, None),)))
    page = text_of(visit(office, f"/imports/{batch.id}"))
    assert "没有找到任务" in page
    assert "牵头单位：" in page
    assert visit(office, f"/imports/{batch.id}/paper").select('a[href*="add="]')
    for part in ("units", "deadlines", "issues", "adopt"):
        visit(office, f"/imports/{batch.id}/{part}")


PARTS = ("", "?page=2", "?only=doubts", "/units", "/deadlines", "/issues", "/adopt", "/paper", "/head", "/changes")


def many(count: int) -> list[DraftTask]:
    """Tasks of two hundred units and twelve deadlines."""
    return [
        draft_task(f"m-{n:04d}", f"任务{n}", f"单位{n % 200}", number=str(n), deadline=f"2099年{n % 12 + 1}月")
        for n in range(count)
    ]


def test_every_part_is_small_and_asks_little_with_three_thousand_rows(office: FlaskClient) -> None:
    batch = taken(draft_of(*many(3000)))
    for part in (*PARTS[:-1], "?page=75"):
        address = f"/imports/{batch.id}{part}"
        visit(office, address)
        assert len(office.get(address).data) < 80_000, address


def asked_by(office: FlaskClient, batch: PlanImport) -> dict[str, int]:
    """How many questions each part of an import asks."""
    found = {}
    for part in PARTS:
        with counted_queries() as statements:
            office.get(f"/imports/{batch.id}{part}")
        found[part] = len(statements)
    return found


def test_many_rows_are_asked_for_with_as_many_questions_as_few(office: FlaskClient) -> None:
    few, most = many(30), many(1100)
    assert asked_by(office, taken(draft_of(*few))) == asked_by(office, taken(draft_of(*most)))
    plans = []
    for count, tasks in enumerate((few, most)):
        batch = taken(draft_of(*tasks))
        fresh = [SaidName(line.row, None, line.likely_kind, f"新{count}{line.row.name}") for line in names_of(batch)]
        say_what_names_mean(NOBODY, batch, fresh, clock.now())
        plans.append(store(NOBODY, batch, whole_version(batch), clock.now()).plan)
    again = [[replace(task, requirement="另外的要求") for task in tasks] for tasks in (few, most)]
    one, other = (taken(draft_of(*tasks), plan) for tasks, plan in zip(again, plans, strict=True))
    assert asked_by(office, one) == asked_by(office, other)


def test_a_row_is_mended_and_what_stood_there_is_kept(office: FlaskClient) -> None:
    row = rows_of(taken())[0]
    page = visit(office, f"/imports/{row.import_id}?edit={row.id}")
    assert page.select_one(f'form[action$="/rows/{row.id}/edit"] [name=title]')["value"] == "建设村卫生室"
    values = edited(row, title="新建村卫生室", responsible="财政局\n各乡（镇、街道）", lead="住建局")
    assert on_row(office, row, "edit", **values).status_code == 302
    now = rows_of(row.batch)[0]
    assert now.words["title"] == "新建村卫生室"
    assert now.words["units"] == [["住建局", "lead"], ["财政局", "responsible"], ["各乡（镇、街道）", "responsible"]]
    assert now.first_words["title"] == "建设村卫生室"
    assert "已修改" in visit(office, f"/imports/{row.import_id}").select_one(f"#row-{row.id}").get_text()


def test_words_of_a_row_lead_back_to_their_import_after_the_session(office: FlaskClient) -> None:
    row = rows_of(taken())[0]
    values = {"csrf_token": token_of(office, f"/imports/{row.import_id}"), "version": "1"}
    with office.session_transaction() as session:
        session.pop("_user_id")
    address = f"/imports/{row.import_id}/rows/{row.id}/edit"
    answer = office.post(address, data={**values, **edited(row, requirement="我写的要求")})
    assert answer.status_code == 401
    page = checked(answer)
    assert "我写的要求" in page.get_text()
    assert page.select_one("[name=next]")["value"] == f"/imports/{row.import_id}"


def test_a_row_of_a_reissue_keeps_the_stage_that_only_its_document_has(office: FlaskClient) -> None:
    plan = make_plan("old", title="旧方案")
    phases = (PhaseSeed("七", "收尾", None, None, None),)
    row = rows_of(taken(draft_of(draft_task("m-01", "甲", "财政局", phase="七"), phases=phases), plan))[0]
    page = visit(office, f"/imports/{row.import_id}?edit={row.id}")
    assert page.select_one("[name=phase] option[selected]")["value"] == "七"
    assert on_row(office, row, "edit", **edited(row, title="乙", phase="七")).status_code == 302
    assert rows_of(row.batch)[0].words["phase"] == "七"


def test_a_refused_row_comes_back_with_its_words(office: FlaskClient) -> None:
    row = rows_of(taken())[0]
    answer = on_row(office, row, "edit", **edited(row, title="", requirement="我写的要求"))
    assert answer.status_code == 400
    page = checked(answer)
    assert "请填写任务标题" in page.get_text()
    assert "我写的要求" in page.select_one("[name=requirement]").get_text()


def test_a_stale_row_comes_back_beside_what_another_saved(app: Flask, world: World, office: FlaskClient) -> None:
    row = rows_of(taken())[0]
    assert on_row(client_for(app, world.office2), row, "edit", **edited(row, title="他人的标题")).status_code == 302
    answer = on_row(office, row, "edit", **edited(row, title="我的标题", version=1))
    assert answer.status_code == 409
    page = checked(answer)
    assert "他人的标题" in page.select_one(f"#row-{row.id} h3").get_text()
    assert page.select_one("[name=title]")["value"] == "我的标题"
    again = {"version": page.select_one(".import-row-form [name=version]")["value"]}
    assert on_row(office, row, "edit", **edited(row, title="我的标题"), **again).status_code == 302


def test_a_row_is_split_at_its_blank_lines(office: FlaskClient) -> None:
    row = rows_of(taken())[0]
    assert visit(office, f"/imports/{row.import_id}?split={row.id}").select_one("[name=pieces]")
    assert on_row(office, row, "split", pieces="只有一段").status_code == 400
    pieces = "选址\n定下二十处地点\n\n建设\n2099年6月底前建成"
    assert on_row(office, row, "split", pieces=pieces).status_code == 302
    assert [each.words["title"] for each in rows_of(row.batch)] == ["选址", "建设", "培训乡村医生"]


def test_a_row_is_joined_with_the_next_which_can_come_back(office: FlaskClient) -> None:
    first, second = rows_of(taken())
    values = {"next": second.id, "next_version": second.version}
    assert on_row(office, first, "join", **values).status_code == 302
    first, second = rows_of(first.batch)
    assert [name for name, _role in first.words["units"]] == ["财政局", "卫健委"]
    assert second.dropped
    assert on_row(office, second, "restore").status_code == 302
    assert not rows_of(first.batch)[1].dropped


def test_a_dropped_row_stays_in_sight_and_is_not_counted(office: FlaskClient) -> None:
    row = rows_of(taken())[0]
    assert on_row(office, row, "drop").status_code == 302
    assert on_row(office, row, "drop", version=1).status_code == 409
    page = visit(office, f"/imports/{row.import_id}")
    assert "任务（1）" in page.get_text()
    assert "恢复这一项" in page.select_one(f"#row-{row.id}").get_text()


def test_a_passage_becomes_a_task_at_its_place(office: FlaskClient) -> None:
    batch = taken()
    last = rows_of(batch)[-1].block + 1
    page = visit(office, f"/imports/{batch.id}?add={last}")
    said = page.select_one("#add [name=requirement]").get_text().strip()
    assert said == f"第{last}段"
    assert add(office, batch, str(last), requirement=said).status_code == 302
    row = rows_of(batch)[-1]
    assert (row.words["title"], row.block, row.first_words) == ("建立台账", last, None)
    assert add(office, batch, "999999-1").status_code == 302


def test_only_doubtful_rows_can_be_shown(office: FlaskClient) -> None:
    batch = taken()
    page = visit(office, f"/imports/{batch.id}?only=doubts")
    assert len(page.select(".understood")) == 1
    assert "未对应" in page.select_one(".understood").get_text()


@pytest.mark.parametrize("odd", ["edit=x", "edit=99999999999999", "at=-1", "add=../..", "page=x", "only=all"])
def test_odd_addresses_show_the_page(office: FlaskClient, odd: str) -> None:
    visit(office, f"/imports/{taken().id}?{odd}")


def test_no_unit_is_made_before_somebody_says_so(office: FlaskClient, world: World) -> None:
    batch = taken()
    page = visit(office, f"/imports/{batch.id}/units")
    assert "卫健委" in page.select_one(".name-row.open").get_text()
    assert say_names(office, batch, "other", other="没有的单位").status_code == 400
    assert say_names(office, batch, "other", other="住建局").status_code == 302
    name = db.session.scalars(sa.select(ImportName).where(ImportName.name == "卫健委")).one()
    db.session.refresh(name)
    assert name.unit_id == world.housing.id
    assert say_names(office, batch, "new", kind="nonsense").status_code == 400
    assert db.session.scalars(sa.select(Unit).where(Unit.name == "卫健委")).all() == []


def test_an_older_page_of_units_undoes_nothing_that_another_has_said(office: FlaskClient, world: World) -> None:
    batch = taken()
    assert say_names(office, batch, "other", other="住建局").status_code == 302
    untouched = say_names(office, batch, "")
    assert untouched.status_code == 302
    stale = say_names(office, batch, "new")
    assert stale.status_code == 400
    page = checked(stale)
    assert "他人刚刚更改过这个名称的对应" in page.get_text()
    was = page.select_one("#name-" + said_names(batch, "")["names-0-row"]).select_one('[name$="-was"]')["value"]
    assert was == f"u{world.housing.id}"
    name = db.session.scalars(sa.select(ImportName).where(ImportName.name == "卫健委")).one()
    db.session.refresh(name)
    assert name.unit_id == world.housing.id
    assert say_names(office, batch, "new", was=was).status_code == 302
    db.session.refresh(name)
    assert (name.unit_id, name.new_kind) == (None, UnitKind.DEPARTMENT)


def test_a_choice_of_a_unit_of_another_region_is_refused(office: FlaskClient) -> None:
    batch = taken()
    assert say_names(office, batch, "u999999").status_code == 400


def test_deadlines_say_how_they_were_read(office: FlaskClient) -> None:
    page = text_of(visit(office, f"/imports/{taken().id}/deadlines"))
    assert "2099年6月30日" in page
    assert "早于发文日" in page


def test_what_hinders_is_listed_with_its_place(office: FlaskClient) -> None:
    batch = taken()
    page = visit(office, f"/imports/{batch.id}/issues")
    assert "“卫健委”还没有对应到单位" in text_of(page)
    assert page.select('.issues a[href*="/units#name-"]')


def test_the_head_is_mended(office: FlaskClient) -> None:
    batch = taken()
    address = f"/imports/{batch.id}/head"
    values = {"version": batch.version, "title": "新标题", "issued_on": "2020-01-01", "code": "xg-2"}
    assert send(office, address, values).status_code == 302
    assert "早于发文日" not in text_of(visit(office, f"/imports/{batch.id}/deadlines"))
    stale = send(office, address, {**values, "title": "我的标题"})
    assert stale.status_code == 409
    assert checked(stale).select_one("[name=title]")["value"] == "我的标题"


def test_consequences_are_said_before_and_problems_hinder(office: FlaskClient) -> None:
    batch = taken()
    page = visit(office, f"/imports/{batch.id}/adopt")
    assert "将新增 2 项任务，涉及 2 个单位" in text_of(page)
    assert "不会发送任何邮件" in text_of(page)
    assert "确认导入" not in page.get_text()
    answer = send(office, f"/imports/{batch.id}/adopt", {"version": whole_version(batch)}, f"/imports/{batch.id}/head")
    assert answer.status_code == 409
    assert db.session.scalars(sa.select(Plan).where(Plan.code != "xg")).all() == []


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ((), ["同时导入：目标 1 条、阶段 1 个。", "文件写有 1 条否决项，没有指标表，不导入"]),
        (
            (
                DraftIndicator("1", "生均面积", Place(1), floors=(("primary", Decimal("4.5")),), national="R3"),
                DraftIndicator("2", "本县指标", Place(1), floors=(("primary", Decimal(1)),)),
            ),
            ["同时导入：目标 1 条、阶段 1 个、指标 2 项、否决项 1 条。", "1 项指标写有下限，但没有对应的国家指标"],
        ),
    ],
)
def test_what_comes_beside_the_tasks_is_said(
    office: FlaskClient, items: tuple[DraftIndicator, ...], told: list[str]
) -> None:
    parts: dict[str, Any] = {
        "goals": (GoalSeed("通过国家评估", None),),
        "phases": (PhaseSeed("一", "启动", None, None, None),),
    }
    batch = taken(
        draft_of(draft_task("m-01", "甲", "财政局"), **parts, indicators=items, vetoes=(("1", "发生重大事故"),))
    )
    page = text_of(visit(office, f"/imports/{batch.id}/adopt"))
    assert [text for text in told if text not in page] == []
    assert ("没有指标表" in page) == (not items)


def test_an_import_is_adopted_once_and_mails_nobody(office: FlaskClient) -> None:
    batch = taken()
    answer = adopt(office, batch)
    assert answer.status_code == 302
    plan = db.session.scalars(sa.select(Plan).where(Plan.code != "xg")).one()
    assert answer.location.endswith(f"/plans/{plan.code}")
    tasks = db.session.scalars(sa.select(Task).where(Task.plan_id == plan.id).order_by(Task.position)).all()
    assert [task.title for task in tasks] == ["建设村卫生室", "培训乡村医生"]
    assert db.session.scalars(sa.select(OutboxMail)).all() == []
    db.session.refresh(batch)
    again = send(office, f"/imports/{batch.id}/adopt", {"version": whole_version(batch)}, "/plans/new")
    assert again.status_code == 409
    page = visit(office, f"/imports/{batch.id}")
    assert page.select_one(".row-acts") is None
    assert on_row(office, rows_of(batch)[0], "drop").status_code == 409


def test_an_adopted_import_is_withdrawn_until_the_first_edit(office: FlaskClient) -> None:
    batch = taken()
    adopt(office, batch)
    assert "撤回后" in text_of(visit(office, f"/imports/{batch.id}/adopt"))
    db.session.refresh(batch)
    address = f"/imports/{batch.id}/withdraw"
    assert send(office, address, {"version": batch.version}, f"/imports/{batch.id}/adopt").status_code == 302
    assert db.session.scalars(sa.select(Plan).where(Plan.code != "xg")).all() == []
    visit(office, f"/imports/{batch.id}/adopt")


def test_an_import_is_dropped_and_its_document_may_come_again(office: FlaskClient) -> None:
    batch = taken(digest="a" * 64)
    address = f"/imports/{batch.id}/drop"
    assert send(office, address, {"version": batch.version}, f"/imports/{batch.id}/adopt").status_code == 302
    assert taken(digest="a" * 64).id != batch.id
    assert "已放弃" in visit(office, "/imports").get_text()


def test_a_reissue_is_compared_and_each_change_may_be_declined(office: FlaskClient, world: World) -> None:
    plan = make_plan("old", title="旧方案")
    stays = make_task(plan, title="建立制度", number="9", responsible=[world.finance], requirement="建立制度的要求")
    make_task(plan, title="建设村卫生室", number="1", responsible=[world.finance], requirement="旧的要求")
    db.session.commit()
    batch = taken(against=plan)
    page = visit(office, f"/imports/{batch.id}/changes")
    assert "旧的要求" in page.select_one("del").get_text() or "旧的要求" in page.get_text()
    assert stays.title in page.get_text()
    row = next(row for row in rows_of(batch) if row.task_id)
    assert on_row(office, row, "accept", accepted="no").status_code == 302
    assert not next(each for each in rows_of(batch) if each.id == row.id).accepted
    assert "将新增 1 项任务，更改 0 项" in text_of(visit(office, f"/imports/{batch.id}/adopt"))


def test_what_a_reissue_says_otherwise_of_itself_is_shown_in_words(office: FlaskClient) -> None:
    plan = make_plan("old", title="旧方案", issued_on=date(2025, 1, 1))
    phases = (PhaseSeed("七", "收尾", None, date(2027, 1, 1), None),)
    batch = taken(draft_of(draft_task("m-01", "甲", "财政局"), phases=phases), plan)
    page = text_of(visit(office, f"/imports/{batch.id}/changes"))
    for text in ("旧方案", "2025年1月1日", "2025年6月1日", "七 收尾 2027年1月1日—", "修改计划和阶段"):
        assert text in page, text


def reissued(office: FlaskClient, world: World) -> tuple[PlanImport, Task]:
    """A re-issue that has moved the deadline of a task in force, for whose unit somebody works."""
    task = make_task(world.plan, title="建设村卫生室", responsible=[world.finance], requirement="建设村卫生室的要求")
    db.session.commit()
    draft = draft_of(draft_task("m-01", task.title, "财政局", deadline="2099年6月底前", number=task.number))
    batch = taken(draft, world.plan)
    address = f"/imports/{batch.id}/adopt"
    assert send(office, address, {"version": whole_version(batch)}).status_code == 302
    db.session.refresh(batch)
    return batch, task


def withdrawn(office: FlaskClient, batch: PlanImport) -> None:
    """Undo an adoption."""
    page = visit(office, f"/imports/{batch.id}/adopt")
    assert "已经收到时限调整邮件的单位会再收到一封" in text_of(page)
    address = f"/imports/{batch.id}/withdraw"
    assert send(office, address, {"version": batch.version}, f"/imports/{batch.id}/adopt").status_code == 302


def test_who_was_told_of_a_moved_deadline_is_told_that_it_is_back(office: FlaskClient, world: World) -> None:
    batch, task = reissued(office, world)
    mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == REDATED)).all()
    assert mails
    assert "按修订文件" in mails[0].text
    for mail in mails:
        mail.state = MailState.SENT
    db.session.commit()
    withdrawn(office, batch)
    later = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.state == MailState.QUEUED)).all()
    assert len(later) == len(mails)
    assert "撤回导入" in later[0].text
    assert [item.due_on for item in later[0].items] == [db.session.get_one(Task, task.id).due_on]


def test_who_has_not_been_told_yet_hears_nothing_of_a_withdrawal(office: FlaskClient, world: World) -> None:
    batch, _task = reissued(office, world)
    waiting = db.session.scalars(sa.select(OutboxMail)).all()
    withdrawn(office, batch)
    assert len(db.session.scalars(sa.select(OutboxMail)).all()) == len(waiting) > 0
    assert [recompose(mail, clock.now()) for mail in waiting] == [None] * len(waiting)


def test_strangers_find_nothing_and_others_may_not(app: Flask, world: World) -> None:
    batch = taken()
    stranger = client_for(app, world.stranger)
    for part in ("", "/units", "/deadlines", "/issues", "/changes", "/adopt", "/paper", "/head"):
        assert stranger.get(f"/imports/{batch.id}{part}").status_code == 404
        assert client_for(app, world.staff).get(f"/imports/{batch.id}{part}").status_code == 403
    assert client_for(app, world.office).get(f"/imports/{batch.id + 1}").status_code == 404


def test_a_row_of_another_import_is_not_found(office: FlaskClient) -> None:
    one, other = taken(), taken()
    row = rows_of(other)[0]
    token = token_of(office, f"/imports/{one.id}")
    answer = office.post(f"/imports/{one.id}/rows/{row.id}/drop", data={"csrf_token": token, "version": 1})
    assert answer.status_code == 404


def test_words_of_a_document_are_text_and_nothing_else(office: FlaskClient) -> None:
    hostile = draft_task("m-01", "<script>alert(1)</script>", "<b>局</b>", sentence="<img src=x onerror=alert(1)>")
    batch = taken(draft_of(hostile))
    for part in ("", "/units", "/issues", "/paper"):
        page = visit(office, f"/imports/{batch.id}{part}")
        assert not re.search(r"<(img src=x|b>局)", str(page))


def test_a_list_of_the_ledger_is_sent_back_to_the_plans_own_export(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    ledger = client.get(f"/tasks/export.xlsx?plan={world.plan.code}")
    page = client.get("/imports/new")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    values = {"csrf_token": token[1], "against": "", "region": COUNTY, "file": (BytesIO(ledger.data), "台账.xlsx")}
    answer = client.post("/imports/new", data=values, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "请在计划页面“导出 Excel”" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanImport)) == 0


def test_an_ended_session_loses_no_word_of_an_import(app: Flask, office: FlaskClient, world: World) -> None:
    batch = taken()
    row, name = rows_of(batch)[0], names_of(batch)[0]
    for page, words in (
        ("units", said_names(batch, "other", other="写错的单位") | {"names-0-row": str(name.row.id)}),
        ("units", said_names(batch, "new", new_name="新起的单位")),
        ("head", {"version": batch.version, "code": "xg-2030-9", "issued_on": "2030-03-04"}),
        (f"rows/{row.id}/edit", {"version": row.version, "project-site": "城东新区", "project-budget": "9876"}),
        (f"rows/{row.id}/edit", {"version": row.version, "project-schools-0-name": "城东小学"}),
    ):
        token = token_of(office, f"/imports/{batch.id}/head")
        with office.session_transaction() as session:
            session.pop("_user_id")
        answer = office.post(f"/imports/{batch.id}/{page}", data={"csrf_token": token, **words})
        assert answer.status_code == 401
        shown = checked(answer).get_text()
        for typed in ("写错的单位", "新起的单位", "xg-2030-9", "2030-03-04", "城东新区", "9876", "城东小学"):
            assert (typed in shown) is (typed in words.values()), typed
        office = client_for(app, world.office)


def test_a_requirement_that_no_form_takes_is_to_be_split_before_it_is_adopted(office: FlaskClient) -> None:
    batch = taken(draft_of(draft_task("m-01", "甲", "卫健委", requirement="字" * 5_001)))
    assert "“甲”的要求超过5,000字" in text_of(visit(office, f"/imports/{batch.id}/issues"))
    assert adopt(office, batch).status_code == 409
    row = rows_of(batch)[0]
    assert on_row(office, row, "edit", **edited(row, requirement="字" * 5_000)).status_code == 302
    assert adopt(office, batch).status_code == 302


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"document_number": "同号〔2025〕1号"}, "已有文号或标题相同的计划“同一方案”"),
        ({"document_number": None, "title": "同一方案"}, "已有文号或标题相同的计划“同一方案”"),
        ({"title": "白水县实施方案"}, "文件写的是“白水县”，不是本地区"),
        ({"title": "赣州市兴国县实施方案"}, ""),
        ({}, ""),
    ],
)
def test_what_to_think_of_before_a_document_becomes_a_new_plan_is_said_and_hinders_nothing(
    office: FlaskClient, head: dict[str, Any], said: str
) -> None:
    make_plan("tong", title="同一方案", document_number="同号〔2025〕1号")
    batch = taken(draft_of(draft_task("m-01", "甲", "财政局"), head=head))
    for page in ("adopt", "issues"):
        shown = text_of(visit(office, f"/imports/{batch.id}/{page}"))
        assert said in shown
        assert bool(said) or ("已有文号或标题相同" not in shown and "不是本地区" not in shown)
    assert "确认导入" in visit(office, f"/imports/{batch.id}/adopt").get_text()
