"""/help: one page behind every place, whose numbers are those of the rules."""

from __future__ import annotations

from datetime import time

import pytest
from flask import Flask

from tests.factories import World, make_account
from tests.notifications.test_digest_heads import choose
from tests.visit import client_for, visit
from tracker.rules.evidence import MOST_FILES
from tracker.rules.ladders import Ladder
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


def test_the_words_about_reminders_are_those_of_the_reader_s_region(app: Flask, world: World) -> None:
    text = visit(client_for(app, world.staff), "/help").get_text()
    assert "每个工作日09:00汇总发送" in text
    assert "时限前 15、7、1 天各提醒一次。" in text
    assert "逾期第 1 天提醒，以后每 7 天一次。" in text
    assert "逾期满 14 天，同时报单位负责人。" in text
    assert "逾期 30 天以上的列入“需要领导决定”。" in text
    choose("360732", Ladder((), 3, 5, None, None, time(14, 5)))
    text = visit(client_for(app, world.staff), "/help").get_text()
    assert "每个工作日14:05汇总发送" in text
    assert "逾期第 3 天提醒，以后每 5 天一次。" in text
    for absent in ("各提醒一次", "报单位负责人", "需要领导决定”。"):
        assert absent not in text
