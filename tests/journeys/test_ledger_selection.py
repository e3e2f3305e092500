"""Ticks in the ledger outlive the page; without scripts a page's ticks and the whole list can be chosen."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_account
from tests.journeys.conftest import PHONE, Opener
from tracker.models import db
from tracker.rules.permissions import Role


def office() -> int:
    account = make_account(Role.PLAN_OFFICE).id
    db.session.commit()
    return account


def test_ticks_are_counted_and_sent_across_pages(county: Flask, open_as: Opener) -> None:
    page = open_as(office())
    page.goto("/tasks")
    for place in range(3):
        page.locator("tbody input[name=key]").nth(place).check()
    page.goto("/tasks?page=2")
    said = page.locator("[data-chosen]")
    assert said.inner_text() == "已选 3 项（本页 0）"
    page.get_by_role("button", name="全选本页").click()
    assert said.inner_text() == "已选 53 项（本页 50）"
    page.goto("/tasks?light=redate")
    assert "一次最多办理" in said.inner_text()
    page.goto("/tasks?page=1")
    assert said.inner_text() == "已选 53 项（本页 3）"
    page.get_by_role("button", name="办理所选").click()
    assert "共 53 项" in page.locator("main").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_whole_list_is_moved_on_a_phone(county: Flask, open_as: Opener, scripts: bool) -> None:
    page = open_as(office(), PHONE, scripts=scripts)
    page.goto("/tasks?light=redate")
    page.get_by_label("选择筛选结果全部").check()
    page.get_by_role("button", name="办理所选").click()
    form = page.locator("form[action*='/batch/redate']")
    form.get_by_label("全部改为新时限").check()
    form.get_by_label("新时限", exact=True).fill("2027-06-30")
    form.get_by_label("理由").fill("县里重排工期")
    form.get_by_role("button", name="项的时限").click()
    assert "项任务的时限" in page.locator("main").inner_text()
    assert "共 0 项" in page.locator("main").inner_text()


@pytest.mark.parametrize("path", ["/tasks?compare=1&cols=number,requirement,due,words,quantity", "/tasks?q=学校"])
def test_nothing_is_wider_than_the_narrowest_phone(county: Flask, open_as: Opener, path: str) -> None:
    page = open_as(office(), (320, 640))
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
