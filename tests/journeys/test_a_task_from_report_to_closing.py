"""Staff on a phone report and submit, the office returns and verifies; the same without scripts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import make_account, make_task
from tests.journeys.conftest import DESK, PHONE, Opener
from tracker import clock
from tracker.models import Plan, Report, Task, Unit, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role


@pytest.mark.parametrize("scripts", [True, False])
def test_a_task_goes_from_report_to_closing(county: Flask, open_as: Opener, scripts: bool) -> None:
    unit = db.session.scalars(sa.select(Unit).where(Unit.name == "财政局", Unit.region_code == "360732")).one()
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "xingguo-2023")).one()
    task = make_task(
        plan, lead=[unit], title="第二笔资金拨付", due_on=clock.today(), position=9001, key="xingguo-2023-t1"
    )
    staff, office = make_account(Role.UNIT_STAFF, units=[unit]).id, make_account(Role.PLAN_OFFICE).id
    key, task_id = task.key, task.id
    db.session.commit()

    phone = open_as(staff, PHONE, scripts=scripts)
    phone.goto("/work")
    card = phone.locator(f"#{key}")
    card.locator("summary").click()
    card.get_by_text("按计划推进").click()
    card.locator("textarea[name=text]").fill("已完成评审，待拨付")
    card.get_by_role("button", name="提交").click()
    assert "已记录" in phone.locator("main").inner_text()
    assert "已完成评审" in card.inner_text()

    phone.goto(f"/tasks/{key}?report=1")
    phone.locator("#report").get_by_text("已完成", exact=True).click()
    phone.locator("#report textarea[name=text]").fill("第二笔资金已拨付")
    phone.locator("#report input[type=file]").set_input_files(
        {"name": "凭证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    phone.locator("#report").get_by_role("button", name="提交").click()
    assert "待核验" in phone.locator("main").inner_text()

    desk = open_as(office, DESK, scripts=scripts)
    desk.goto("/work")
    assert "凭证.pdf" in desk.locator("main").inner_text()
    waiting = desk.locator(f"#{key}")
    waiting.locator("summary").click()
    waiting.locator("textarea").fill("缺第二笔凭证")
    waiting.get_by_role("button", name="退回修改").click()
    assert "已退回" in desk.locator("main").inner_text()
    phone.goto("/work")
    assert "被退回（1）" in phone.locator("main").inner_text()
    assert "缺第二笔凭证" in card.inner_text()
    card.locator("summary").click()
    card.get_by_text("已完成", exact=True).click()
    card.locator("textarea[name=text]").fill("已补第二笔凭证")
    card.locator("textarea[name=no_evidence_reason]").fill("凭证上次已上传")
    card.get_by_role("button", name="提交").click()

    desk.goto("/work")
    desk.get_by_role("button", name="核验通过，销号").first.click()
    assert db.session.get_one(Task, task_id).state is State.CLOSED
    assert [
        report.text
        for report in db.session.scalars(sa.select(Report).where(Report.task_id == task_id).order_by(Report.id))
    ] == [
        "已完成评审，待拨付",
        "第二笔资金已拨付",
        "已补第二笔凭证",
    ]
