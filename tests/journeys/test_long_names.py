"""Titles of 200 characters, names of 30 and large numbers stay within the page, on a narrow phone as on a desk."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests.factories import make_account, make_plan, make_task, make_unit
from tests.journeys.conftest import DESK, Opener
from tracker.models import Project, ProjectCategory, TaskKind, db
from tracker.rules.permissions import Role

NARROW = (320, 640)
LONG_TITLE = "义务教育优质均衡发展校舍建设项目" * 12 + "第二期工程"
LONG_UNIT = "阿合奇县国有资产监督管理委员会办公室暨县属企业改革发展领导小组"
UNBROKEN = "A" * 190


def overflowing(page: object) -> list[str]:
    """The boxes that reach beyond the page, but for those inside something that scrolls by itself."""
    return page.evaluate(  # type: ignore[attr-defined, no-any-return]
        """() => [...document.querySelectorAll('main *, header *')]
        .filter(e => e.checkVisibility() && !e.closest('.scroll, .nav, .top, svg, .hidden-text'))
        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(e => e.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("size", [NARROW, DESK])
def test_long_names_stay_within_the_page(county: Flask, open_as: Opener, size: tuple[int, int]) -> None:
    unit = make_unit(LONG_UNIT)
    plan = make_plan("long", title=LONG_TITLE[:200])
    key = make_task(plan, lead=[unit], title=LONG_TITLE[:200], due_on=date(2026, 1, 1)).key
    make_task(plan, lead=[unit], title=UNBROKEN, requirement=UNBROKEN, due_on=date(2099, 1, 1))
    project = make_task(plan, lead=[unit], title=LONG_TITLE[:200], kind=TaskKind.PROJECT, due_on=date(2099, 1, 1))
    db.session.add(Project(task_id=project.id, category=ProjectCategory.NEW, budget_yuan=10**13))
    unit_id = unit.id
    staff, office = make_account(Role.UNIT_STAFF, units=[unit]).id, make_account(Role.PLAN_OFFICE).id
    db.session.commit()
    for account, paths in (
        (staff, ("/work", "/week", f"/tasks/{key}?report=1", "/tasks?plan=long", "/profile", "/help")),
        (office, ("/overview", "/tasks?plan=long", "/projects?plan=long", f"/tasks/{key}")),
        (office, ("/plans", "/plans/long", f"/tasks/{key}/edit", "/units", f"/units/{unit_id}", "/receipts")),
    ):
        page = open_as(account, size)
        for path in paths:
            page.goto(path)
            assert overflowing(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
