"""Every page of every role in a real browser: accessible, within its width, in both languages."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from tests.factories import make_account
from tests.journeys.conftest import DESK, PHONE, Opener
from tracker.models import Unit, db
from tracker.rules.permissions import Role

COUNTY = "360732"
TASK = "/tasks/xingguo-2023-a1-06"
PAGES = {
    Role.LEADER: [
        "/overview",
        "/projects",
        "/indicators",
        "/schools/sheets",
        "/indicators/G5",
        "/indicators/R5",
        "/plans/xingguo-2023/indicators",
    ],
    Role.PLAN_OFFICE: [
        "/overview",
        "/work",
        "/tasks",
        TASK,
        "/outbox",
        "/tasks?light=redate&q=小学",
        "/tasks?compare=1&cols=number,due,light,words",
        *("/plans", "/plans/new", "/plans/xingguo-2023", TASK + "/edit", "/units", "/units/import"),
        *("/receipts", "/extensions", "/help"),
    ],
    Role.UNIT_STAFF: [
        "/work",
        "/week",
        "/profile",
        "/help",
        "/tasks",
        TASK + "?report=1",
        "/projects",
        "/indicators",
        "/password",
    ],
    Role.AUDITOR: ["/tasks", "/events"],
    Role.ADMINISTRATOR: ["/accounts", "/outbox"],
    Role.SECURITY_ADMINISTRATOR: ["/accounts"],
    None: ["/sign-in"],
}


def account_of(role: Role | None) -> int | None:
    if role is None:
        return None
    finance = db.session.scalars(sa.select(Unit).where(Unit.name == "财政局", Unit.region_code == COUNTY)).one()
    account = make_account(role, units=[finance] if role is Role.UNIT_STAFF else [])
    db.session.commit()
    return account.id


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_are_accessible_and_fit(county: Flask, open_as: Opener, role: Role | None, language: str) -> None:
    account = account_of(role)
    for size in (DESK, PHONE):
        page = open_as(account, size, language)
        for path in PAGES[role]:
            answer = page.goto(path)
            assert answer
            assert answer.status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"{path} is wider than {size[0]}"
            serious = [
                f"{each['id']}: {each['nodes'][0]['html'][:200]}"
                for each in Axe().run(page).response["violations"]
                if each["impact"] in {"serious", "critical"}
            ]
            assert not serious, f"{path} at {size[0]}: {serious}"


@pytest.mark.parametrize("role", [Role.UNIT_STAFF, Role.PLAN_OFFICE])
def test_targets_on_a_phone_can_be_hit(county: Flask, open_as: Opener, role: Role) -> None:
    page = open_as(account_of(role), PHONE)
    page.goto("/work")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary.button, a.button, .choices label')]
        .filter(e => e.checkVisibility())
        .map(e => [e.innerText, e.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)"""
    )
    assert small == []
