"""Whatever stands in an address that is nearly right or in a hidden field: refused in plain words."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import COUNTY, World
from tests.house.test_odd_addresses import LARGE
from tests.visit import client_for, send, token_of, visit
from tracker.models import db


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
