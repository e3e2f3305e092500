"""Every route declares who may call it, and answers everybody as the checked-in matrix says."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
import yaml
from flask import Flask
from werkzeug.routing import IntegerConverter

from tests.conftest import on_one_database
from tests.factories import World
from tests.house.access_matrix import address_of, everybody, matrix, read, routes, samples, with_token
from tests.visit import client_for
from tracker.models import Base, db

MATRIX = Path(__file__).with_name("access.yaml")
WRITTEN_BY_READING = {"login_sessions", "events"}  # the sign of life, and refusals


def everything_stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that reading must not change."""
    db.session.commit()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in WRITTEN_BY_READING]
    return {
        table.name: [tuple(row) for row in db.session.execute(sa.select(table).order_by(*table.primary_key))]
        for table in tables
    }


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    bare = [rule.endpoint for _, rule in routes(app) if not hasattr(app.view_functions[rule.endpoint], "access")]
    assert set(bare) <= {"static"}


def test_no_number_in_an_address_is_larger_than_a_column_holds(app: Flask) -> None:
    """SQLite takes no larger one in a question and answers with an error of its own."""
    found = {
        rule.rule: converter.max
        for _, rule in routes(app)
        for converter in rule._converters.values()
        if isinstance(converter, IntegerConverter)
    }
    assert len(found) > 5
    assert {rule for rule, most in found.items() if most is None or most > 2**31 - 1} == set()


def test_every_route_answers_everybody_as_the_matrix_says(app: Flask, world: World) -> None:
    kept = read(yaml.safe_load(MATRIX.read_text(encoding="utf-8")))
    found = matrix(app, world)
    missing, gone = sorted(set(found) - set(kept)), sorted(set(kept) - set(found))
    assert not missing, f"routes without a line in {MATRIX.name}: {missing}"
    assert not gone, f"lines of {MATRIX.name} without a route: {gone}"
    differences = {
        name: {who: (kept[name].get(who), result) for who, result in line.items() if kept[name].get(who) != result}
        for name, line in found.items()
        if line != kept[name]
    }
    assert not differences, "(in the file, found): " + str(differences)


def test_reading_changes_nothing(app: Flask, world: World) -> None:
    known = samples(world, app.extensions["settings"].evidence_dir)
    everybody(world)
    before = everything_stored()
    people = (world.office, world.staff, world.leader, world.auditor, world.administrator, world.security)
    for method, rule in routes(app):
        if method == "GET":
            for account in people:
                client_for(app, account).get(address_of(app, rule, known))
    after = everything_stored()
    assert {name for name in before if before[name] != after[name]} == set()


@on_one_database
def test_nothing_is_written_without_a_token(app: Flask, world: World) -> None:
    known = samples(world, app.extensions["settings"].evidence_dir)
    before = everything_stored()
    client = client_for(app, world.office)
    for _, rule in routes(app):
        address = address_of(app, rule, known)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for sent in ({"data": {"version": "1"}}, {"data": "version=1", "content_type": "text/plain"}):
                status = client.open(address, method=method, **sent).status_code
                assert status in {400, 405}, f"{method} {address}: {status}"
    assert everything_stored() == before


def test_foreign_and_missing_things_are_one_answer(app: Flask, world: World) -> None:
    known = samples(world, app.extensions["settings"].evidence_dir)
    asked = 0
    for method, rule in routes(app):
        if rule.arguments and rule.endpoint != "static":
            for account in (world.housing_staff, world.stranger):
                client, headers = with_token(app, account)
                foreign = client.open(address_of(app, rule, known), method=method, headers=headers)
                missing = client.open(address_of(app, rule, {}), method=method, headers=headers)
                if foreign.status_code == 404:
                    asked += 1
                    assert (missing.status_code, missing.text) == (404, foreign.text), f"{method} {rule.rule}"
    assert asked > 5
