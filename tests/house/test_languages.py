"""One process serves readers of both languages: neither ever meets words that were kept for the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from jinja2.utils import _PassArg

from tests.conftest import on_one_database
from tests.factories import World
from tests.house.access_matrix import address_of, everybody, routes, samples
from tests.house.test_translations import english
from tests.visit import client_for
from tracker.models import Account
from tracker.translations import CHINESE, ENGLISH, LANGUAGE_COOKIE

HAN = re.compile(r"[\u4e00-\u9fff]")
# They come to see different pages and different parts of a page.
READERS = ("administrator", "plan_office", "unit_staff", "leader", "auditor")
# Words of the interface that are also names of what the tests store.
NAMES = {"推进办", "财政局", "逾期"}


def words_of(page: str) -> Iterator[str]:
    """Every text of a page that stands by itself, and the names that only some readers hear."""
    parsed = BeautifulSoup(page, "html.parser")
    for document in parsed.select('[translate="no"]'):
        document.decompose()  # a paper in Chinese, whoever reads it
    for text in parsed.stripped_strings:
        yield " ".join(text.split())
    for name in ("aria-label", "data-label", "title", "placeholder"):
        for element in parsed.find_all(attrs={name: True}):
            yield str(element[name]).strip()


def pages(app: Flask, world: World, account: Account | None, language: str, known: dict[str, object]) -> dict[str, str]:
    """Every page that somebody may read, in a language, by its address."""
    client = client_for(app, account)
    client.set_cookie(LANGUAGE_COOKIE, language)
    found = {}
    for method, rule in routes(app):
        if method == "GET" and not rule.endpoint.startswith(("static", "languages")):
            answer = client.get(address := address_of(app, rule, known))
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found[address] = answer.text
    return found


def test_every_filter_of_ours_is_asked_whenever_a_page_is_read(app: Flask) -> None:
    """A filter over a constant would else be worked out once, in the language of whoever came first."""
    ours = {name: each for name, each in app.jinja_env.filters.items() if each.__module__.startswith("tracker")}
    assert "role_word" in ours
    assert [name for name, each in ours.items() if _PassArg.from_obj(each) is not _PassArg.context] == []


@on_one_database
@pytest.mark.parametrize("order", [(CHINESE, ENGLISH), (ENGLISH, CHINESE)])
def test_who_came_first_decides_nobody_elses_language(app: Flask, world: World, order: tuple[str, str]) -> None:
    """Every page is read in both languages, by the same people, in one process."""
    known, people = samples(world, app.extensions["settings"].evidence_dir), everybody(world)
    plain = {str(m.id): str(m.string) for m in english() if m.id and m.string and isinstance(m.id, str)}
    wrong = {
        CHINESE: {said for text, said in plain.items() if said != text and HAN.search(text)},
        ENGLISH: {text for text, said in plain.items() if HAN.search(text) and not HAN.search(said)} - NAMES,
    }
    kept: dict[str, set[str]] = {}
    for language in order:
        for who in READERS:
            for address, page in pages(app, world, people[who], language, known).items():
                if found := wrong[language] & set(words_of(page)):
                    kept[f"{language} {who} {address}"] = found
    assert kept == {}
