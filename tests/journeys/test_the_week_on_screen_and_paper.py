"""The weekly overview on a desk without scrolling, on a phone in one column, and on one sheet of A4."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import make_account, make_plan, make_task, make_unit
from tests.journeys.conftest import PHONE, Opener
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.models import DEMONSTRATION, Issue, IssueLine, IssueStanding, Mark, Plan, Region, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

PLACE = "360799"
SAID = "消防验收未过，已约下周三复验，预计月底前完成整改并交付使用，仍需自然资源局协调用地手续批复"


@pytest.fixture
def leader(county: Flask) -> int:
    """A leader of a county with 56 tasks of 14 units, eleven late, and last week's issue."""
    db.session.add_all([Region(code=PLACE, name="测试县"), Mark(name=DEMONSTRATION, value="1")])
    db.session.flush()
    plan = make_plan(
        "paper", region=PLACE, title="义务教育优质均衡发展推进工作方案", document_number="测教督办发〔2023〕1号"
    )
    units = [make_unit(f"经济开发区社会事业局{number}", region=PLACE) for number in range(14)]
    today = clock.today()
    for number in range(56):
        values: dict[str, Any] = {"due_on": today + timedelta(days=40)}
        if number < 11:
            values = {"due_on": today - timedelta(days=60 - 5 * number), "state": State.IN_PROGRESS, "last_words": SAID}
        lead = [units[number % 14], *(units[:3] if number < 3 else [])]
        make_task(plan, lead=list(dict.fromkeys(lead)), title=f"第{number}中学整体搬迁建设项目一期", **values)
    freeze_week(PLACE, clock.now() - timedelta(days=7))
    account = make_account(Role.LEADER, region=PLACE)
    db.session.commit()
    return account.id


def test_the_upper_half_fits_a_desk_without_scrolling(leader: int, open_as: Opener) -> None:
    page = open_as(leader)
    page.goto("/overview")
    assert page.locator(".band").is_visible()
    fifth = page.locator(".worst tbody tr").nth(4).bounding_box()
    assert fifth
    assert fifth["y"] + fifth["height"] <= 768
    assert page.locator(".lights .count").count() == 6
    assert page.locator(".decide li").count() == 3


def test_one_column_on_a_phone_without_sideways_scrolling(leader: int, open_as: Opener) -> None:
    page = open_as(leader, PHONE)
    page.goto("/overview")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    left = {
        round(page.locator(place).first.bounding_box()["x"]) for place in (".standings", ".sums", ".worst tbody tr")
    }  # type: ignore[index]
    assert len(left) == 1


@pytest.mark.parametrize("query", ["", "/issues/1"])
def test_fourteen_units_and_fifty_six_tasks_print_on_one_sheet(
    leader: int, open_as: Opener, tmp_path: Path, query: str
) -> None:
    page = open_as(leader)
    page.goto(f"/overview{query}")
    assert page.locator(".standings tbody tr").count() == 14
    paper = page.pdf(prefer_css_page_size=True)
    assert pages_of(paper) == 1
    page.emulate_media(media="print")
    assert page.locator(".worst tbody tr:visible").count() == 10


def pages_of(paper: bytes) -> int:
    """How many sheets a printed page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", paper))


@pytest.mark.parametrize("query", ["", "/issues/1"])
def test_more_than_twenty_five_units_take_a_second_sheet(leader: int, open_as: Opener, query: str) -> None:
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "paper")).one()
    for number in range(14, 32):
        make_task(plan, lead=[make_unit(f"经济开发区社会事业局{number}", region=PLACE)], title=f"其他事项{number}")
    if query:
        db.session.execute(sa.delete(IssueLine))
        db.session.execute(sa.delete(IssueStanding))
        db.session.execute(sa.delete(Issue))
        freeze_week(PLACE, clock.now() - timedelta(days=7))
    db.session.commit()
    page = open_as(leader)
    page.goto(f"/overview{query}")
    assert page.locator(".standings tbody tr").count() == 32
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 2


def test_the_print_button_needs_a_script_and_hides_without_one(leader: int, open_as: Opener) -> None:
    with_script, without = open_as(leader), open_as(leader, scripts=False)
    for page in (with_script, without):
        page.goto("/overview")
    assert with_script.get_by_role("button", name="打印").is_visible()
    assert not without.locator("[data-print]").is_visible()
    assert without.locator(".sentence").is_visible()
