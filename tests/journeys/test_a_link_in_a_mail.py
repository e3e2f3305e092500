"""A link in a mail: through the sign-in to the open form of its task, on a phone, with the keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from tests.factories import make_account, make_task
from tests.journeys.conftest import DESK, PHONE, Opener
from tracker import clock
from tracker.models import Account, Plan, Report, Unit, db
from tracker.notifications.letters import report_address
from tracker.rules.passwords import HashCost, hash_password
from tracker.rules.permissions import Role

RIGHT = "copper river 71"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def made(title: str) -> tuple[Account, str]:
    """Staff of a unit whose password is known, and the key of a task of theirs."""
    unit = db.session.scalars(sa.select(Unit).where(Unit.name == "财政局", Unit.region_code == "360732")).one()
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "xingguo-2023")).one()
    due_on = clock.today() + timedelta(days=3)
    key = make_task(plan, lead=[unit], title=title, due_on=due_on, position=9001, key="xingguo-2023-t1").key
    staff = make_account(Role.UNIT_STAFF, units=[unit], password_hash=hash_password(RIGHT, HashCost(1, 8)))
    db.session.commit()
    return staff, key


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_in_a_mail_leads_through_the_sign_in_to_the_open_form(
    county: Flask, open_as: Opener, scripts: bool
) -> None:
    staff, key = made("第二笔资金拨付")
    username = staff.username
    link = report_address(key).removeprefix(county.extensions["settings"].base_url)
    db.session.remove()

    phone = open_as(None, PHONE, scripts=scripts)
    phone.goto(link)
    phone.get_by_label("用户名").fill(username)
    phone.get_by_label("密码", exact=True).fill(RIGHT)
    phone.get_by_role("button", name="登录").click()
    text = phone.locator("#report textarea[name=text]")
    assert text.is_visible()
    assert phone.locator("h1").inner_text().endswith("第二笔资金拨付")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    phone.locator("#report").get_by_text("按计划推进").click()
    text.fill("已完成评审")
    phone.locator("#report").get_by_role("button", name="提交").click()
    assert "已记录" in phone.locator("main").inner_text()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, which nothing may cover."""
    for _number in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    focused = page.evaluate(
        """() => {
            const box = document.activeElement.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return document.activeElement === top || document.activeElement.contains(top)
                || (top && top.contains(document.activeElement));
        }"""
    )
    assert focused, f"{selector} is covered while it has the focus"
    assert page.evaluate("selector => document.activeElement.matches(selector)", selector), selector


def test_a_task_is_updated_with_evidence_by_the_keyboard_alone(county: Flask, open_as: Opener, tmp_path: Path) -> None:
    staff, key = made("第二笔资金拨付")
    staff_id = staff.id
    db.session.remove()
    file = tmp_path / "凭证.pdf"
    file.write_bytes(PDF)

    page = open_as(staff_id, DESK)
    page.goto(f"/tasks/{key}")
    tab_to(page, "#report > summary")
    page.keyboard.press("Enter")
    tab_to(page, "#report input[name=situation]")
    page.keyboard.press("Space")
    tab_to(page, "#report textarea[name=text]")
    page.keyboard.type("已完成评审，待拨付")
    tab_to(page, "#report input[type=file]")
    # The window in which the system lets choose a file is not the page's: what counts is that the field is reached.
    page.locator("#report input[type=file]").set_input_files(file)
    tab_to(page, "#report button.main")
    page.keyboard.press("Enter")
    page.get_by_text("已记录").wait_for()
    [report] = db.session.scalars(sa.select(Report).where(Report.account_id == staff_id))
    assert (report.text, [each.name for each in report.evidence]) == ("已完成评审，待拨付", ["凭证.pdf"])
