"""What is somebody else's stays theirs: in addresses, in bodies, in fields that nobody offered, in every page."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
import yaml
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.conftest import on_one_database
from tests.factories import World
from tests.house.access_matrix import address_of, everybody, read, routes, samples, with_token
from tests.house.test_routes import MATRIX, everything_stored
from tests.views.test_tasks_report import post as post_report
from tests.visit import client_for, send
from tracker import clock
from tracker.models import OutboxMail, db
from tracker.notifications.digest import queue_digests

# Fields of tables that no form offers under these names, and that a careless assignment would take.
STOLEN = ("verified_by", "is_admin", "password_hash", "region_code")
# What writes nothing but the visitor's own cookie takes any field.
LOOSE = {"language.choose"}
SECRET = "密语七四一八"
CANARY = f"金丝雀{SECRET}"
MOST_PAGES = 250


def writing(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that takes a form, with its line in the matrix."""
    for method, rule in routes(app):
        if method == "POST" and rule.endpoint not in LOOSE:
            yield rule, f"POST {rule.rule}"


@on_one_database
def test_no_form_takes_a_field_that_it_does_not_offer(app: Flask, world: World) -> None:
    kept = read(yaml.safe_load(Path(MATRIX).read_text(encoding="utf-8")))
    known, people = samples(world, app.extensions["settings"].evidence_dir), everybody(world)
    before, taken, asked = everything_stored(), [], 0
    for rule, name in writing(app):
        allowed = next((who for who, outcome in kept[name].items() if outcome == "open"), None)
        for field in STOLEN if allowed else ():
            client, headers = with_token(app, people[allowed or ""])
            status = client.post(address_of(app, rule, known), data={field: "1"}, headers=headers).status_code
            asked += 1
            if status != 400:
                taken.append((name, field, status))
    assert taken == []
    assert asked > 50
    after = everything_stored()
    assert {name for name in before if before[name] != after[name] and name != "login_attempts"} == set()


OF_EVERY_TASK = {"task_days.day"}  # a day of the calendar is nobody's child


def test_a_child_of_one_task_is_not_found_under_another(app: Flask, world: World) -> None:
    known = samples(world, app.extensions["settings"].evidence_dir)
    before = everything_stored()
    for method, rule in routes(app):
        if "key" not in rule.arguments or len(rule.arguments) < 2 or rule.endpoint in OF_EVERY_TASK:
            continue
        section = rule.endpoint.split(".")[0]
        crossed = {**known, f"{section}.key": world.shared_task.key, f"{rule.endpoint}.key": world.shared_task.key}
        for account in (world.office, world.staff):
            client, headers = with_token(app, account)
            status = client.open(address_of(app, rule, crossed), method=method, headers=headers).status_code
            assert status in {400, 403, 404}, f"{method} {rule.rule}: {status}"
    assert everything_stored() == before


def test_a_report_is_not_made_in_the_name_of_another_unit(app: Flask, world: World) -> None:
    before = everything_stored()
    for unit in (world.housing.id, 2**31 - 1, "x"):
        answer = post_report(client_for(app, world.staff), world.task, unit=str(unit))
        assert answer.status_code in {400, 403, 404}, unit
    assert everything_stored()["reports"] == before["reports"]


def test_a_key_in_the_body_widens_nothing(app: Flask, world: World) -> None:
    client, page = client_for(app, world.staff), f"/tasks/{world.task.key}"
    before = everything_stored()
    for name, value in (("key", world.housing_task.key), ("task_id", str(world.housing_task.id)), ("plan_id", "1")):
        values = {"version": "1", "once": "k", "situation": "on_plan", "text": "已开工", name: value}
        assert send(client, f"{page}/report", values, token_from=page).status_code == 400
    assert everything_stored() == before


def words_of(answer: TestResponse) -> str:
    """Everything that an answer says; of an Office file what its parts say, of a picture the words within it."""
    if not answer.data.startswith(b"PK"):
        return answer.data.decode(errors="ignore")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        return "".join(archive.read(name).decode(errors="ignore") for name in archive.namelist())


def links_of(answer: TestResponse) -> set[str]:
    """The addresses of our own that a page links to."""
    if not answer.mimetype.startswith("text/html"):
        return set()
    links = BeautifulSoup(answer.text, "html.parser").find_all("a", href=True)
    return {str(link["href"]).split("#")[0] for link in links if str(link["href"]).startswith("/")}


def test_the_words_of_one_unit_reach_no_page_of_another(app: Flask, world: World) -> None:
    answer = post_report(client_for(app, world.housing_staff), world.housing_task, situation="difficulty", text=CANARY)
    assert answer.status_code == 302
    client = client_for(app, world.staff)
    known = samples(world, app.extensions["settings"].evidence_dir)
    waiting = [address_of(app, rule, known) for method, rule in routes(app) if method == "GET"]
    waiting += [f"/tasks/{world.housing_task.key}", "/work?next=/", f"/tasks?unit={world.housing.id}"]
    waiting += [f"/tasks?q={quote(part)}" for part in ("金丝雀", "校舍建设", "住建局")]
    seen: set[str] = set()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen or address.startswith("/static"):
            continue
        seen.add(address)
        answer = client.get(address)
        assert SECRET not in words_of(answer), address
        waiting += sorted(links_of(answer) - seen)
    assert len(seen) > 20
    assert SECRET in client_for(app, world.office).get(f"/tasks/{world.housing_task.key}").text


def test_what_a_search_finds_for_others_leaves_no_trace_in_a_count(app: Flask, world: World) -> None:
    post_report(client_for(app, world.housing_staff), world.housing_task, text=CANARY)
    client = client_for(app, world.staff)

    def said(query: str) -> str:
        page = BeautifulSoup(client.get(f"/tasks?q={quote(query)}").text, "html.parser")
        return page.select_one("main").get_text().replace(query, "")  # type: ignore[union-attr]

    assert said(CANARY) == said("不存在的词句一二三")


def test_the_digest_of_one_unit_says_nothing_of_another(app: Flask, world: World) -> None:
    for task in (world.task, world.housing_task):
        task.due_on = clock.today()
        task.keep_light_dates()
    db.session.commit()
    post_report(client_for(app, world.housing_staff), world.housing_task, situation="difficulty", text=CANARY)
    queue_digests(clock.now())
    db.session.commit()
    mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.account_id == world.staff.id)).all()
    assert not [mail for mail in mails if SECRET in mail.text + mail.html or world.housing_task.key in mail.text]


@on_one_database
@pytest.mark.parametrize(
    "address",
    [
        *("/robots.txt", "/sitemap.xml", "/.git/config", "/.env", "/data", "/var", "/var/tracker.db", "/console"),
        *("/static", "/static/", "/static/css", "/static/css/", "/static/css/base.css.map", "/static/../settings.py"),
        *("/static/%2e%2e/settings.py", "/server-status", "/metrics", "/swagger.json"),
    ],
)
def test_strangers_find_nothing_beside_the_door(app: Flask, world: World, address: str) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code in {302, 308, 404}
    assert not [word for word in ("Werkzeug", "Flask", "Python", str(Path.home()), "财政局") if word in answer.text]


def test_health_tells_strangers_no_more_than_ok(app: Flask, world: World) -> None:
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")
