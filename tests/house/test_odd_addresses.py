"""Whatever stands in an address: an answer in plain words, never a breakdown or a wait.

Every page is asked as the first person who may see it about each name that it looks up. Which
names those are is not listed here but found out: an address notes what a page asks it for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Rule

from tests.conftest import DATABASES, Templates, running
from tests.factories import World, make_account, make_world
from tests.house.access_matrix import address_of, routes, samples
from tests.visit import client_for
from tracker.models import Account
from tracker.rules.permissions import Role

LARGE = "99999999999999999999"
# What a database may stumble over is asked on both, and what an address may on one of them.
ODD_FOR_DATABASES = {
    "a NUL": "%00",
    "a large number": LARGE,
    "a number past the database's": "2147483648",
    "half a character": "%ED%A0%80",
    "a quote": "%27--",
    "very many letters": "x" * 10_000,
}
ODD = {
    **ODD_FOR_DATABASES,
    "a NUL inside": "1%00",
    "a number that no day reaches": "2000000000",
    "a negative number": "-1",
    "a character past the first plane": quote("𠮷"),
    "digits of another script": quote("１２３"),
    "a superscript": quote("²"),
    "bytes that are no text": "%FF%FE",
    "an unknown region": "360732999",
    "half an address": quote("//["),
    "very many digits": "9" * 10_000,
    "very many names": quote("中" * 3_500),
}
# A page need not look a name up to be broken by it: every page keeps the address it was asked by, for its links.
NOT_LOOKED_UP = "nothing"


class Query(ImmutableMultiDict[str, str]):
    """A query string that notes which names are looked up in it."""

    noted: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        """Note a name whose value must be there; ``get`` comes here as well."""
        self.noted.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        """Note a name that a page only asks for."""
        self.noted.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        """Note a name that may stand there more than once."""
        self.noted.add(key)
        return super().getlist(key, type)

    def _went_through(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("A page goes through all names of its address: then it must be asked about more of them.")

    __iter__ = keys = values = items = lists = listvalues = to_dict = _went_through


@dataclass(frozen=True)
class Door:
    """A page, who asks for it, and the names that it looks up in its address."""

    rule: Rule
    address: str
    clients: list[FlaskClient]
    names: frozenset[str]


Names = dict[str, frozenset[str]]


@dataclass(frozen=True)
class House:
    """The application with every page that a browser reads; nothing here writes, so all tests share it."""

    app: Flask
    database: str
    doors: list[Door]
    stranger: FlaskClient


@pytest.fixture(scope="module")
def known_names() -> Names:
    """By the pattern of its address what a page looks up: found on the first database, and the same on the other."""
    return {}


@pytest.fixture(scope="module", params=DATABASES)
def house(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory, known_names: Names
) -> Iterator[House]:
    """The house on each database, its doors found once."""
    with running(templates, request.param, "empty", tmp_path_factory.mktemp("var")) as app:
        app.request_class = type("Noting", (Request,), {"parameter_storage_class": Query})
        yield house_of(app, request.param, make_world(), known_names)


def house_of(app: Flask, database: str, world: World, known_names: Names) -> House:
    """Every page with who may see it; where the samples lead nobody in, with everybody."""
    known = samples(world, app.extensions["settings"].evidence_dir)
    stranger = client_for(app, None)
    clients = [*(client_for(app, account) for account in people(world)), stranger]
    doors = []
    for rule in (rule for method, rule in routes(app) if method == "GET"):
        address = address_of(app, rule, known)
        readers = list(islice((client for client in clients if client.get(address).status_code == 200), 1))
        if rule.rule not in known_names:
            known_names[rule.rule] = looked_up(address, readers)
        doors.append(Door(rule, address, readers or clients, known_names[rule.rule]))
    return House(app, database, doors, stranger)


def people(world: World) -> list[Account]:
    """One person for every kind of page, and one who sees the whole country."""
    return [world.office, world.staff, world.auditor, world.administrator, make_account(Role.LEADER, region="")]


def looked_up(address: str, readers: list[FlaskClient]) -> frozenset[str]:
    """The names that a page looks up, those included that it looks up only beside another."""
    Query.noted.clear()
    for client in readers:
        client.get(address)
        for name in sorted(Query.noted):
            client.get(f"{address}?{name}=1")
    return frozenset(Query.noted)


def test_the_names_that_a_page_looks_up_are_found(house: House) -> None:
    found = {door.rule.endpoint: door.names for door in house.doors}
    assert {"plan", "region", "unit", "light", "q", "late_for", "waits_for", "page"} <= found["tasks.ledger"]
    assert {"issue", "region", "plan"} <= found["overview.overview"]
    assert {"region", "unit_name", "changed"} <= found["issues.lines"]
    assert {"act", "who", "since", "until"} <= found["events.events"]
    assert "next" in found["sign_in.sign_in"]


def is_asked_of(house: House, odd: str) -> bool:
    """Whether a value is asked of this house."""
    return house.database == "sqlite" or odd in ODD_FOR_DATABASES.values()


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_odd_value_of_a_filter_breaks_a_page(house: House, odd: str) -> None:
    broken = []
    for door in house.doors if is_asked_of(house, odd) else ():
        for name in sorted(door.names | {NOT_LOOKED_UP}):
            for client in door.clients:
                status = client.get(f"{door.address}?{name}={odd}").status_code
                if status not in {200, 302, 400, 403, 404}:
                    broken.append((f"{door.address}?{name}", status))
    assert broken == []


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_odd_part_of_a_path_breaks_a_page(house: House, odd: str) -> None:
    broken = []
    for door in house.doors if is_asked_of(house, odd) else ():
        if not door.rule.arguments:
            continue
        for address in odd_paths(house.app, door.rule, odd):
            for client in dict.fromkeys([*door.clients, house.stranger]):
                status = client.get(address).status_code
                if status not in {302, 308, 403, 404}:
                    broken.append((address[:80], status))
    assert broken == []


def odd_paths(app: Flask, rule: Rule, odd: str) -> Iterator[str]:
    """The address of a page with something odd in each of the places of what it is about, one after another."""
    for name in sorted(rule.arguments):
        placeholder = 777_777 if isinstance(rule._converters[name], IntegerConverter) else "odd-thing"
        address = address_of(app, rule, {f"{rule.endpoint}.{name}": placeholder})
        yield address.replace(str(placeholder), odd)
