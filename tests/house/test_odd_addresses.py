"""Whatever stands in an address or a hidden field: an answer in plain words, never a breakdown or a wait."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tests.factories import COUNTY, World, make_account
from tests.house.access_matrix import address_of, routes, samples
from tests.visit import client_for, send, token_of, visit
from tracker.models import Account, db
from tracker.rules.permissions import Role

LARGE = "99999999999999999999"
ODD = {
    "a NUL": "%00",
    "a NUL inside": "1%00",
    "a large number": LARGE,
    "a number past the database's": "2147483648",
    "a number that no day reaches": "2000000000",
    "a negative number": "-1",
    "digits of another script": quote("１２٣"),
    "a superscript": quote("²"),
    "half a character": "%ED%A0%80",
    "bytes that are no text": "%FF%FE",
    "a character past the first plane": quote("𠮷"),
    "an unknown region": "360732999",
    "a quote": "%27--",
    "half an address": quote("//["),
    "very many digits": "9" * 10_000,
    "very many letters": "x" * 10_000,
    "very many names": quote("中" * 3_500),
}
# The names that a place reads from an address beside those of its own path; a new place is asked about all of them.
FILTERS = "plan active region unit lead light state kind category due indicator item school q late_for stale changed"
READ = {
    "home": "",
    "health": "",
    "static": "",
    "evidence": "",
    "sign_in": "next",
    "accounts": "q role state page",
    "events": "act who subject result since until page",
    "outbox": "state page",
    "work": "page next plan unit",
    "tasks": f"{FILTERS} due_by_now in_time moved cols compare page next report",
    "ledger": f"{FILTERS} moved cols",
    "projects": "plan region category light town autumn page",
    "plans": "added",
    "plan_tasks": "page",
    "indicators": "plan region page",
    "overview": "plan region issue page light unit_name changed late_for stale due_by_now in_time",
}


def people(world: World) -> list[Account]:
    """One person for every kind of page, and one who sees the whole country."""
    return [world.office, world.staff, world.auditor, world.administrator, make_account(Role.LEADER, region="")]


def reading(app: Flask) -> list[Rule]:
    """The routes that a browser reads."""
    return [rule for method, rule in routes(app) if method == "GET"]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_odd_value_of_a_filter_breaks_a_page(app: Flask, world: World, odd: str) -> None:
    known = samples(world, app.extensions["settings"].evidence_dir)
    clients = [client_for(app, account) for account in people(world)]
    broken = []
    for rule in reading(app):
        for client in clients:
            address = address_of(app, rule, known)
            if client.get(address).status_code != 200:
                continue
            for name in READ.get(rule.endpoint.split(".")[0], " ".join(READ.values())).split():
                status = client.get(f"{address}?{name}={odd}").status_code
                if status not in {200, 302, 400, 404}:
                    broken.append((f"{address}?{name}", status))
            break
    assert broken == []


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_odd_part_of_a_path_breaks_a_page(app: Flask, world: World, odd: str) -> None:
    broken = []
    for account in [*people(world), None]:
        client = client_for(app, account)
        for rule in reading(app):
            if not rule.arguments:
                continue
            numbers = all(isinstance(rule._converters[name], IntegerConverter) for name in rule.arguments)
            [name] = rule.arguments
            address = address_of(app, rule, {f"{rule.endpoint}.{name}": 777_777 if numbers else "nothing"})
            address = address.replace("777777" if numbers else "nothing", odd)
            status = client.get(address).status_code
            if status not in {302, 308, 403, 404}:
                broken.append((address[:80], status))
    assert broken == []


@pytest.mark.parametrize("address", ["/tasks/%00", "/indicators/%00", "/plans/%00/indicators", f"/evidence/{LARGE}"])
def test_what_cannot_be_the_name_of_anything_is_not_found(app: Flask, world: World, address: str) -> None:
    assert "没有找到该页面" in visit(client_for(app, world.office), address, status=404).get_text()


@pytest.mark.parametrize("page", ["/overview", "/projects", "/indicators", "/indicators/R1"])
def test_a_region_that_does_not_exist_is_not_found(app: Flask, world: World, page: str) -> None:
    client = client_for(app, world.leader)
    visit(client, f"{page}?region={COUNTY}999", status=404)
    visit(client, f"{page}?region={COUNTY}")


def test_lateness_beyond_the_calendar_is_refused(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    visit(client, "/tasks?late_for=36500")
    for days in ("36501", "2000000000"):
        visit(client, f"/tasks?late_for={days}", status=400)


@pytest.mark.parametrize("version", [LARGE, str(2**31), "0", "-1", "9" * 10_000, "１²", "x", "\x00", ""])
def test_a_version_that_no_row_has_is_refused(app: Flask, world: World, version: str) -> None:
    office, administrator = client_for(app, world.office), client_for(app, world.administrator)
    task, account = f"/tasks/{world.task.key}", f"/accounts/{world.staff.username}"
    for act, values in (("verify", {}), ("return", {"reason": "材料不全"}), ("close", {"reason": "已完成"})):
        answer = send(office, f"{task}/{act}", {"version": version, **values}, token_from=task)
        assert answer.status_code == 400, act
    for act in ("disable", "enable", "sessions/end", "password"):
        answer = send(administrator, f"{account}/{act}", {"version": version}, token_from=account)
        assert answer.status_code == 400, act


@pytest.mark.parametrize(("once", "status"), [("x" * 64, 302), ("x" * 65, 400), ("x" * 10_000, 400), ("\x00", 400)])
def test_a_key_of_a_form_is_short(app: Flask, world: World, once: str, status: int) -> None:
    client, address = client_for(app, world.staff), f"/tasks/{world.task.key}"
    values = {"version": "1", "once": once, "situation": "on_plan", "text": "已开工"}
    answer = client.post(f"{address}/report", data={"csrf_token": token_of(client, address), **values})
    assert answer.status_code == status
    db.session.rollback()
