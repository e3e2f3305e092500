"""The list of projects on paper: landscape, twenty lines a sheet, nothing cut at the right."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import make_account, make_plan, make_project, make_task
from tests.journeys.conftest import PHONE, Opener
from tracker import clock
from tracker.models import Region, db
from tracker.rules.nodes import USUAL_NODES
from tracker.rules.permissions import Role

PLACE = "360799"
PIXELS_A_MM = 96 / 25.4
PAPERS = {"A4": (297, 210), "A3": (420, 297)}
MARGIN = 10


@pytest.fixture
def leader(county: Flask) -> int:
    """A leader of a county with 45 projects of eight nodes each and long names."""
    db.session.add(Region(code=PLACE, name="测试县"))
    db.session.flush()
    plan, today = make_plan("paper", region=PLACE, document_number="测教督办发〔2023〕1号"), clock.today()
    for number in range(45):
        nodes = [
            {"name": name, "planned_on": today + timedelta(days=110 * place - 500 + 9 * number)}
            for place, name in enumerate(USUAL_NODES)
        ]
        for node in nodes[: number % 6]:
            node["done_on"] = node["planned_on"]
        task = make_task(
            plan,
            title=f"经济开发区第{number}中学（初中部）整体搬迁建设项目一期工程",
            due_on=today + timedelta(days=number * 20),
        )
        make_project(task, nodes=nodes, budget_yuan=123_450_000)
    account = make_account(Role.LEADER, region=PLACE)
    db.session.commit()
    return account.id


@pytest.mark.parametrize("paper", PAPERS)
def test_forty_five_projects_print_twenty_a_sheet(leader: int, open_as: Opener, paper: str) -> None:
    page = open_as(leader)
    page.goto("/projects")
    sheets = page.pdf(format=paper, landscape=True, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 3
    boxes = {tuple(float(each) for each in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", sheets)}
    width, height = PAPERS[paper]
    assert {(round(box[2] / 72 * 25.4), round(box[3] / 72 * 25.4)) for box in boxes} == {(width, height)}


@pytest.mark.parametrize("paper", PAPERS)
def test_twenty_lines_fit_the_height_and_nothing_is_cut_at_the_right(leader: int, open_as: Opener, paper: str) -> None:
    width, height = ((side - 2 * MARGIN) * PIXELS_A_MM for side in PAPERS[paper])
    page = open_as(leader, (int(width), int(height)))
    page.emulate_media(media="print")
    page.goto("/projects")
    right = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.project-list *')].map(e => e.getBoundingClientRect().right))"
    )
    assert right <= width
    head, rows = (page.locator(f".project-list {part}") for part in ("thead", "tbody.running tr"))
    heights = sorted(
        row["height"] for row in rows.evaluate_all("rows => rows.map(r => r.getBoundingClientRect().toJSON())")
    )
    tall = head.bounding_box()
    assert tall
    assert tall["height"] + sum(heights[-20:]) <= height
    strip = page.locator(".project-list tbody .milestones").first.bounding_box()
    assert strip
    assert strip["width"] > 0.3 * width
    title = page.locator(".paper-head").inner_text()
    assert "测试县工程项目进度" in title
    assert "已过计划日" in title


def test_on_a_phone_a_project_is_a_card_as_wide_as_its_strip(leader: int, open_as: Opener) -> None:
    page = open_as(leader, PHONE)
    page.goto("/projects")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    card, strip = (page.locator(f".project-list tbody {part}").first.bounding_box() for part in ("tr", ".milestones"))
    assert card
    assert strip
    assert strip["width"] > 0.85 * card["width"]
