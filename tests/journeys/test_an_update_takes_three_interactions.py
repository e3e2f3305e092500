"""The common case on a phone: open, write a sentence, submit; and the link of a mail leads straight to the form."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from tests.factories import make_account, make_task
from tests.journeys.conftest import PHONE, Opener
from tests.journeys.hands import Hands
from tracker import clock
from tracker.models import Plan, Report, Situation, Unit, db
from tracker.rules.passwords import HashCost, hash_password
from tracker.rules.permissions import Role

PASSWORD = "一句话就够了-2026-春"


def two_tasks() -> tuple[int, list[str]]:
    """Staff of 财政局 with two tasks that are due soon: the account and the keys."""
    unit = db.session.scalars(sa.select(Unit).where(Unit.name == "财政局", Unit.region_code == "360732")).one()
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "xingguo-2023")).one()
    tasks = [
        make_task(
            plan,
            lead=[unit],
            title=title,
            due_on=clock.today() + timedelta(days=days),
            position=9000 + days,
            key=f"xingguo-2023-t{days}",
        )
        for days, title in ((1, "第二笔资金拨付"), (2, "第三笔资金拨付"))
    ]
    secret = hash_password(PASSWORD, HashCost(1, 8))
    staff = make_account(Role.UNIT_STAFF, units=[unit], username="zhang", password_hash=secret)
    keys = [task.key for task in tasks]
    db.session.commit()
    return staff.id, keys


def test_as_planned_and_one_sentence_are_three_interactions(county: Flask, open_as: Opener) -> None:
    staff, (key, other) = two_tasks()
    phone, hands = open_as(staff, PHONE), Hands()
    phone.goto("/work")
    card = phone.locator(f"#{key}")
    hands.tap(card.locator("summary"))
    hands.write(card.locator("textarea[name=text]"), "评审已完成，下周拨付")
    hands.tap(card.get_by_role("button", name="提交"))
    assert "已记录" in phone.locator("main").inner_text()
    assert hands.count <= 3
    [report] = db.session.scalars(sa.select(Report))
    assert (report.situation, report.text) == (Situation.ON_PLAN, "评审已完成，下周拨付")
    # The next task that asks stands open below the confirmation: two interactions more.
    following = phone.locator(f"#{other}")
    assert following.locator("textarea[name=text]").is_visible()
    hands.write(following.locator("textarea[name=text]"), "等评审意见")
    hands.tap(following.get_by_role("button", name="提交"))
    assert hands.count == 5


def test_the_link_of_a_mail_leads_through_the_door_to_the_open_form(county: Flask, open_as: Opener) -> None:
    _staff, (key, _other) = two_tasks()
    phone = open_as(None, PHONE)
    phone.goto(f"/tasks/{key}?report=1#report")
    phone.fill("input[name=username]", "zhang")
    phone.fill("input[name=password]", PASSWORD)
    phone.locator("main button").first.click()
    form = phone.locator("#report textarea[name=text]")
    assert form.is_visible()
    form.fill("从邮件进来")
    phone.locator("#report").get_by_role("button", name="提交").click()
    assert "已记录" in phone.locator("main").inner_text()


def test_an_update_with_evidence_needs_no_mouse(county: Flask, open_as: Opener) -> None:
    staff, (key, _other) = two_tasks()
    phone = open_as(staff, PHONE)
    phone.goto("/work")
    card = phone.locator(f"#{key}")
    card.locator("summary").focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.type("键盘填写")
    assert card.locator("textarea[name=text]").input_value() == "键盘填写"
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.type") == "file"
    pdf = {"name": "凭证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    card.locator("input[type=file]").set_input_files(pdf)
    phone.keyboard.press("Tab")
    while phone.evaluate("document.activeElement.textContent") != "提交":
        phone.keyboard.press("Tab")
    top = phone.evaluate("document.activeElement.getBoundingClientRect().top")
    assert 0 <= top <= PHONE[1]
    phone.keyboard.press("Enter")
    assert "已记录" in phone.locator("main").inner_text()
    [report] = db.session.scalars(sa.select(Report))
    assert [file.name for file in report.evidence] == ["凭证.pdf"]
