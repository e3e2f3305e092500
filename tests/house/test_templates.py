"""Every template parses, is used, and carries nothing that the content security policy forbids."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from jinja2 import meta

from tests.house.source import modules, strings, templates
from tracker import create_app

NAMES = list(templates())


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that never asks a database."""
    return create_app()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_parses(name: str, web: Flask) -> None:
    web.jinja_env.get_template(name)


def test_every_template_is_used(web: Flask) -> None:
    texts = {text for tree in modules().values() for _line, text in strings(tree)}
    named = {text for text in texts if text in NAMES}
    for source in templates().values():
        named |= {name for name in meta.find_referenced_templates(web.jinja_env.parse(source)) if name}
    # A mail is named by its kind, once for each of its two forms.
    named |= {f"email/{text}.{form}" for text in texts for form in ("txt", "html")}
    assert set(NAMES) - named == set()


def test_a_mail_has_both_of_its_forms() -> None:
    mails = {name for name in NAMES if name.startswith("email/") and "/_" not in name}
    kinds = {name.rsplit(".", 1)[0] for name in mails}
    assert mails == {f"{kind}.{form}" for kind in kinds for form in ("txt", "html")}


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_a_template_has_nothing_inline(name: str) -> None:
    text = templates()[name]
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son[a-z]+\s*=", re.sub(r"\{[{%#].*?[}%#]\}", "", text, flags=re.DOTALL))
    assert "javascript:" not in text
    # Mail programs read no style sheets, so a mail carries its looks on its elements.
    if not name.startswith("email/"):
        assert "<style" not in text
        assert not re.search(r"\sstyle\s*=", text)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html") and not name.startswith("email/")])
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    assert not re.search(r"""(src|href|action)\s*=\s*["'](https?:)?//""", templates()[name])


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("email/") and name.endswith(".html")])
def test_a_mail_loads_nothing(name: str) -> None:
    assert not re.search(r"<img|<link|<script|url\(|@import|background=", templates()[name])


def test_the_signs_of_the_lights_are_pictures_on_pages_and_characters_only_in_mails() -> None:
    for name, text in templates().items():
        if name.endswith(".html") and not name.startswith("email/"):
            shown = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
            assert not re.search("[◆▲●○◇]", shown), name
