"""A fortnight of one county in a real browser: staff on a phone, the office and a leader at a desk.

Every page that they meet is kept as a picture in ``.cache/fortnight``; ``make fortnight`` plays it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from tests.factories import make_account
from tests.journeys.conftest import DESK, PHONE, Opener
from tests.journeys.fortnight import Fortnight, next_working_fortnight
from tests.journeys.hands import Hands
from tracker import clock
from tracker.models import Extension, Instruction, OutboxMail, Plan, PlanState, Receipt, Task, Unit, Urge, Wait, db
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Role

COUNTY = "360732"
PDF = {"name": "拨付凭证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
MONEY, YARD, HYGIENE = "spring-2026-001", "spring-2026-002", "spring-2026-003"


@dataclass
class County:
    """The people of the story, each in a fresh window of the day: sessions end over night."""

    days: Fortnight
    finance: Callable[[], Page]
    housing: Callable[[], Page]
    office: Callable[[], Page]
    second: Callable[[], Page]
    leader: Callable[[], Page]


@pytest.fixture
def people(county: Flask, open_as: Opener, monkeypatch: pytest.MonkeyPatch) -> County:
    """Staff of 财政局 and 住建局, two people of the plan office and a leader."""
    days = Fortnight(county, monkeypatch, next_working_fortnight(clock.today()))
    days.at(0, "08:00")
    units = {
        unit.name: unit
        for unit in db.session.scalars(
            sa.select(Unit).where(Unit.region_code == COUNTY, Unit.name.in_(["财政局", "住建局"]))
        )
    }
    # The real plan of the county is not what this story is about.
    db.session.execute(sa.update(Plan).values(state=PlanState.DRAFT))
    accounts = {
        "finance": make_account(Role.UNIT_STAFF, units=[units["财政局"]], name="王芳"),
        "housing": make_account(Role.UNIT_STAFF, units=[units["住建局"]], name="李强"),
        "office": make_account(Role.PLAN_OFFICE, name="推进办甲"),
        "second": make_account(Role.PLAN_OFFICE, name="推进办乙"),
        "leader": make_account(Role.LEADER, name="赵明"),
    }
    ids = {name: account.id for name, account in accounts.items()}
    db.session.commit()
    on_phone = {"finance", "housing"}

    def window(name: str) -> Callable[[], Page]:
        return lambda: open_as(ids[name], PHONE if name in on_phone else DESK)

    return County(days, **{name: window(name) for name in ids})


def main_text(page: Page) -> str:
    return page.locator("main").inner_text()


def task(key: str) -> Task:
    """A task as it is stored now; the session is given back so that the server may write."""
    db.session.remove()
    found = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
    db.session.expunge(found)
    db.session.remove()
    return found


def count(model: type) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    db.session.remove()
    return found


def test_a_fortnight_of_a_county(people: County) -> None:
    first_monday(people)
    first_tuesday(people)
    first_wednesday(people)
    first_friday(people)
    second_monday(people)
    second_tuesday(people)
    second_thursday(people)
    second_friday(people)


def first_monday(people: County) -> None:
    """The office types a plan of three tasks and starts it; the units accept their parts."""
    people.days.at(0, "09:10")
    desk = people.office()
    desk.goto("/plans/new")
    desk.fill("[name=code]", "spring-2026")
    desk.fill("[name=title]", "2026年春季攻坚计划")
    desk.fill("[name=issued_on]", people.days.on(-2).isoformat())
    people.days.picture(desk, "office-new-plan")
    desk.locator("main form button.main").first.click()
    for title, requirement, deadline, lead, cooperating in (
        ("第二笔资金拨付", "拨付第二笔建设资金，附拨付凭证", f"{people.days.words(8)}前", "财政局", ""),
        ("运动场改造", "完成运动场面层铺设和验收", f"{people.days.words(11)}前", "住建局", "财政局"),
        ("校园环境整治", "每周整治一次校园周边环境", "长期坚持", "住建局", ""),
    ):
        desk.fill("[name=title]", title)
        desk.fill("[name=requirement]", requirement)
        desk.fill("[name=deadline]", deadline)
        desk.fill("[name=lead]", lead)
        desk.fill("[name=cooperating]", cooperating)
        desk.locator("[name=cooperating]").press("Enter")
        desk.wait_for_load_state()
        assert title in main_text(desk)
    people.days.picture(desk, "office-plan-with-tasks")
    desk.get_by_role("button", name="启用计划").click()
    desk.wait_for_load_state()
    assert [task(key).state for key in (MONEY, YARD, HYGIENE)] == [State.NOT_STARTED] * 3
    for name, window in (("finance", people.finance), ("housing", people.housing)):
        phone = window()
        phone.goto("/work")
        people.days.picture(phone, f"{name}-new-tasks")
        phone.get_by_role("button", name="全部签收").click()
        phone.wait_for_load_state()
    assert count(Receipt) == 4
    desk.goto("/receipts")
    people.days.picture(desk, "office-receipts")


def first_tuesday(people: County) -> None:
    """As planned and one sentence: three interactions. The office gives the long-term task a rhythm."""
    people.days.at(1, "10:00")
    phone, hands = people.finance(), Hands()
    phone.goto("/work")
    card = phone.locator(f"#{MONEY}")
    hands.tap(card.locator("summary"))
    hands.write(card.locator("textarea[name=text]"), "评审已完成，正在办理拨付手续")
    people.days.picture(phone, "finance-report-form")
    hands.tap(card.get_by_role("button", name="提交"))
    assert "已记录" in main_text(phone)
    assert hands.count == 3
    people.days.picture(phone, "finance-reported")
    desk = people.office()
    desk.goto(f"/tasks/{HYGIENE}")
    desk.get_by_text("设定填报周期").click()
    form = desk.locator("form", has=desk.locator("select[name=rhythm], input[name=rhythm]")).first
    if form.locator("select[name=rhythm]").count():
        form.locator("select[name=rhythm]").select_option("weekly")
    else:
        form.locator("input[name=rhythm][value=weekly]").check()
    form.locator("textarea[name=reason]").fill("每周报告一次")
    people.days.picture(desk, "office-rhythm")
    form.locator("button").last.click()
    desk.wait_for_load_state()
    assert task(HYGIENE).rhythm == "weekly"


def first_wednesday(people: County) -> None:
    """A leader writes on a task; the unit sees it first and answers."""
    people.days.at(2, "09:30")
    leader = people.leader()
    leader.goto("/overview")
    people.days.picture(leader, "leader-overview")
    leader.goto(f"/tasks/{YARD}?instruct=1#instruct")
    leader.locator("textarea[name=instruction]").fill("请住建局抓紧，雨季前必须完成面层铺设。")
    people.days.picture(leader, "leader-instruction")
    leader.get_by_role("button", name="写入批示").click()
    leader.wait_for_load_state()
    phone = people.housing()
    phone.goto("/work")
    people.days.picture(phone, "housing-instruction")
    phone.get_by_text("答复批示").first.click()
    phone.locator("textarea[name=answer]").first.fill("已增加两个班组，下周完成铺设。")
    phone.get_by_role("button", name="提交答复").first.click()
    phone.wait_for_load_state()
    instruction = db.session.scalars(sa.select(Instruction)).one()
    assert instruction.answered_at
    db.session.remove()
    desk = people.office()
    desk.goto(f"/tasks/{YARD}")
    assert "已增加两个班组" in main_text(desk)
    people.days.picture(desk, "office-task-with-instruction")


def first_friday(people: County) -> None:
    """The lead waits for another unit, which is told; the week is frozen at its hour."""
    people.days.at(4, "16:00")
    phone = people.housing()
    phone.goto(f"/tasks/{YARD}")
    phone.get_by_text("标明等待配合").click()
    form = phone.locator(f"form[action='/tasks/{YARD}/wait']")
    chosen = form.locator("select[name=unit]")
    if chosen.count():
        chosen.select_option(label="财政局")
    form.locator("[name=since]").fill(people.days.on(3).isoformat())
    form.locator("[name=reason]").fill("等待拨付面层材料款")
    people.days.picture(phone, "housing-waits")
    form.get_by_role("button", name="标明等待").click()
    phone.wait_for_load_state()
    assert count(Wait) == 1
    waited = people.finance()
    waited.goto("/work")
    assert "等待拨付面层材料款" in main_text(waited)
    people.days.picture(waited, "finance-is-awaited")
    people.days.at(4, "17:05")
    leader = people.leader()
    leader.goto("/overview")
    people.days.picture(leader, "leader-after-the-first-week")


def second_monday(people: County) -> None:
    """One unit submits with evidence, the other asks for more time before its day; the office decides."""
    people.days.at(7, "09:05")
    phone = people.finance()
    phone.goto(f"/tasks/{MONEY}?report=1#report")
    phone.locator("#report").get_by_text("已完成", exact=True).click()
    phone.locator("#report textarea[name=text]").fill("第二笔资金已拨付到项目账户")
    phone.locator("#report input[type=file]").set_input_files(PDF)  # type: ignore[arg-type]
    people.days.picture(phone, "finance-submits")
    phone.locator("#report").get_by_role("button", name="提交").click()
    phone.wait_for_load_state()
    assert task(MONEY).state is State.SUBMITTED
    other = people.housing()
    other.goto(f"/tasks/{YARD}")
    other.get_by_text("申请延期").first.click()
    form = other.locator(f"form[action='/tasks/{YARD}/extension']")
    form.locator("[name=wanted_on]").fill(people.days.on(25).isoformat())
    form.locator("[name=work_state]").fill("基层已完成，面层材料到场一半")
    form.locator("[name=reason]").fill("连续降雨，面层无法铺设")
    people.days.picture(other, "housing-asks-for-time")
    form.get_by_role("button", name="提交延期申请").click()
    other.wait_for_load_state()
    assert task(YARD).due_on == task(YARD).first_due_on
    desk = people.office()
    desk.goto("/extensions")
    people.days.picture(desk, "office-extensions")
    desk.get_by_text("批复延期申请").first.click()
    decision = desk.locator(f"form[action^='/tasks/{YARD}/extension/decide']")
    decision.locator("input[value=shortened]").check()
    decision.locator("[name=shortened_to]").fill(people.days.on(18).isoformat())
    decision.locator("[name=opinion]").fill("同意缩短后的时限，请倒排工期")
    decision.get_by_role("button", name="提交批复").click()
    desk.wait_for_load_state()
    assert task(YARD).due_on == people.days.on(18)
    assert count(Extension) == 1


def second_tuesday(people: County) -> None:
    """The office returns the submission from its desk, the unit mends it, another person verifies."""
    people.days.at(8, "09:20")
    desk = people.office()
    desk.goto("/work")
    people.days.picture(desk, "office-desk")
    card = desk.locator(f"#{MONEY}")
    card.locator("summary").click()
    card.locator("textarea").fill("凭证缺银行回单，请今天补齐")
    card.get_by_role("button", name="退回修改").click()
    desk.wait_for_load_state()
    assert task(MONEY).state is State.IN_PROGRESS
    phone = people.finance()
    phone.goto("/work")
    assert "凭证缺银行回单" in main_text(phone)
    people.days.picture(phone, "finance-returned")
    mine = phone.locator(f"#{MONEY}")
    mine.locator("summary").click()
    mine.get_by_text("已完成", exact=True).click()
    mine.locator("textarea[name=text]").fill("已补银行回单")
    mine.locator("input[type=file]").set_input_files(PDF)  # type: ignore[arg-type]
    mine.get_by_role("button", name="提交").click()
    phone.wait_for_load_state()
    second = people.second()
    second.goto("/work")
    second.locator(f"#{MONEY}").get_by_role("button", name="核验通过，销号").click()
    second.wait_for_load_state()
    done = task(MONEY)
    assert (done.state, done.in_time) == (State.CLOSED, True)
    second.goto(f"/tasks/{MONEY}")
    people.days.picture(second, "office-closed-task")


def second_thursday(people: County) -> None:
    """The office urges with a preview of who gets what, and prints a supervision slip."""
    people.days.at(10, "09:30")
    desk = people.office()
    desk.goto(f"/tasks/{YARD}")
    desk.get_by_role("button", name="催办").click()
    desk.wait_for_load_state()
    people.days.picture(desk, "office-urge-preview")
    desk.locator("main button.main").click()
    desk.wait_for_load_state()
    assert count(Urge) == 1
    desk.goto(f"/tasks/{YARD}")
    desk.get_by_text("生成督办单").click()
    slip = desk.locator(f"form[action='/tasks/{YARD}/slip']")
    slip.locator("input[name=colour]").first.check()
    slip.locator("[name=demand]").fill("完成面层铺设并组织验收")
    slip.locator("[name=answer_by]").fill(people.days.on(14).isoformat())
    people.days.picture(desk, "office-slip")
    with desk.expect_download() as download:
        slip.get_by_role("button", name="生成Word").click()
    paper = docx.Document(BytesIO(Path(download.value.path()).read_bytes()))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs) + "".join(
        cell.text for table in paper.tables for row in table.rows for cell in row.cells
    )
    assert "督办单" in words
    assert "完成面层铺设并组织验收" in words


def second_friday(people: County) -> None:
    """The second week is frozen: one task closed in time, one that waits and goes on, one late for its first period."""
    people.days.at(11, "17:05")
    leader = people.leader()
    leader.goto("/overview")
    people.days.picture(leader, "leader-after-the-second-week")
    assert [task(key).state for key in (MONEY, YARD)] == [State.CLOSED, State.NOT_STARTED]
    desk = people.office()
    desk.goto("/tasks?plan=spring-2026&compare=1")
    people.days.picture(desk, "office-ledger-compared")
    # The first week passed without a report on the long-term task.
    assert task(HYGIENE).light(people.days.today) is Light.OVERDUE
    kinds = set(db.session.scalars(sa.select(OutboxMail.kind)))
    db.session.remove()
    assert {"digest", "returned", "instructed", "extension_decided", "awaited", "urged"} <= kinds
