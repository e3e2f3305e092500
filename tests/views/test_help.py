"""/help: one page behind every place, whose numbers are those of the rules."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import World, make_account
from tests.visit import client_for, visit
from tracker.rules.evidence import MOST_FILES
from tracker.rules.lights import SOON_DAYS
from tracker.views.help_sections import SECTION_OF, SECTIONS


@pytest.mark.parametrize("who", ["office", "staff", "leader", "auditor", "administrator", "security", "stranger"])
def test_everybody_finds_every_section(app: Flask, world: World, who: str) -> None:
    page = visit(client_for(app, getattr(world, who)), "/help", most_queries=6)
    assert [heading["id"] for heading in page.select(".help h2")] == list(SECTIONS)
    assert [link["href"] for link in page.select("main nav a")] == [f"#{name}" for name in SECTIONS]
    assert f"不超过 {SOON_DAYS} 天" in page.get_text()
    assert f"一次最多 {MOST_FILES} 个" in page.get_text()


@pytest.mark.parametrize(
    ("who", "address", "section"),
    [
        ("staff", "/work", "#update"),
        ("office", "/tasks", "#tasks"),
        ("office", "/overview", "#overview"),
        ("office", "/outbox", "#mails"),
        ("administrator", "/accounts", "#accounts"),
        ("auditor", "/events", "#audit"),
        ("leader", "/indicators", "#indicators"),
        ("staff", "/help", ""),
    ],
)
def test_every_page_leads_to_its_own_section(app: Flask, world: World, who: str, address: str, section: str) -> None:
    page = visit(client_for(app, getattr(world, who)), address)
    assert [link["href"] for link in page.select("a.help-link")] == [f"/help{section}"]


def test_no_place_leads_to_a_section_that_does_not_exist() -> None:
    assert set(SECTION_OF.values()) <= set(SECTIONS)


def test_the_office_phone_stands_where_people_look_for_it(app: Flask, world: World) -> None:
    object.__setattr__(app.extensions["settings"], "office_phone", "0797-1234567")
    assert "0797-1234567" in visit(client_for(app, world.staff), "/help").get_text()


def test_an_installation_that_asks_for_no_new_passwords_promises_none(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert "密码满 90 天" in visit(client, "/help").get_text()
    object.__setattr__(app.extensions["settings"], "password_days", 0)
    assert "需要更换" not in visit(client, "/help").get_text()


def test_a_stranger_signs_in_first_and_an_account_without_a_role_may_read(app: Flask, world: World) -> None:
    assert app.test_client().get("/help").status_code == 302
    visit(client_for(app, make_account(None)), "/help")
    assert client_for(app, world.staff).post("/help").status_code in {400, 405}
