"""English is a complete translation: every marked text has one, with the same placeholders, and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from tests.house.source import modules, templates
from tracker.settings import ROOT

HERE = ROOT / "tracker" / "translations"
ENGLISH = HERE / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
MARKS = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "pgettext", "npgettext"}
QUOTED = re.compile("“[^”]*”")
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]")
# A language is called by its own name, whatever the language of the page.
OWN_NAMES = {"中文"}
# The signs of a Chinese date, which is written otherwise where the reader chose English.
DATE_SIGNS = {"年", "月", "日"}
# Mails are in Chinese for every reader: a unit's mail is read by whoever is on duty.
MARKED_LAYERS = ("tracker.views", "tracker.forms")

Id = str | tuple[str, ...] | list[str] | None


@cache
def marked() -> dict[Id, str]:
    """Every marked text of source and templates, with the file in which it stands first."""
    with (HERE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: dict[Id, str] = {}
    for name, line, message, _comments, _context in extract_from_dir(ROOT, methods, options, keywords=KEYWORDS):
        found.setdefault(message, f"{name}, line {line}")
    return found


@cache
def english() -> Catalog:
    """The translation as it is kept."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def messages() -> Iterator[Message]:
    """The messages of the translation without its head."""
    return (message for message in english() if message.id)


def single(text: Id) -> str:
    """The text by which a catalogue knows a message: the singular of a pair."""
    return text if isinstance(text, str) else (text or [""])[0]


def forms(text: Id) -> list[str]:
    """A text as a list: itself, or its plural forms."""
    return [text] if isinstance(text, str) else [each for each in text or () if each]


def test_texts_are_marked_and_found() -> None:
    assert len(marked()) > 50
    assert "逾期" in marked()


def test_every_marked_text_has_a_translation() -> None:
    missing = {}
    for text, place in marked().items():
        message = english().get(single(text))
        said = message.string if message else ""
        if not said or not all([said] if isinstance(said, str) else said):
            missing[single(text)] = place
    assert missing == {}


def test_no_translation_is_left_over_or_doubtful() -> None:
    known = {single(text) for text in marked()}
    assert {single(message.id) for message in messages() if single(message.id) not in known} == set()
    assert {single(message.id) for message in messages() if message.fuzzy} == set()
    assert dict(english().obsolete) == {}


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = {}
    for message in messages():
        expected = set(PLACEHOLDER.findall(forms(message.id)[-1]))
        for form in forms(message.string):
            found = set(PLACEHOLDER.findall(form))
            # A singular may say "one" instead of its number.
            if found != expected and not (len(forms(message.string)) > 1 and found < expected):
                wrong[single(message.id)] = form
    assert wrong == {}


def test_a_translation_is_english() -> None:
    """Only what is to be typed as it stands remains Chinese, in quotation marks."""
    left = {single(message.id): QUOTED.sub("", str(message.string)) for message in messages()}
    assert {text: words for text, words in left.items() if HAN.search(words)} == {}


def test_texts_are_whole_sentences_with_named_placeholders() -> None:
    assert {text: place for text, place in marked().items() if re.search(r"%[sd]", single(text))} == {}


def unmarked(node: nodes.Node, inside: bool = False) -> Iterator[tuple[int, str]]:
    """Chinese texts of a template that no translation can reach."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKS:
        inside = True
    if isinstance(node, nodes.TemplateData) and HAN.search(node.data):
        yield node.lineno, node.data.strip()
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and HAN.search(node.value) and not inside:
        yield node.lineno, node.value
    for child in node.iter_child_nodes():
        yield from unmarked(child, inside)


@pytest.mark.parametrize("name", [name for name in templates() if not name.startswith("email/")])
def test_every_chinese_text_of_a_template_is_marked(name: str) -> None:
    parsed = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(templates()[name])
    assert [(line, text) for line, text in unmarked(parsed) if text not in OWN_NAMES] == []


def unmarked_in(tree: ast.AST, inside: bool = False) -> Iterator[tuple[int, str]]:
    """Chinese texts of a module that no translation can reach; docstrings are for readers of the source."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        called = isinstance(child, ast.Call) and ast.unparse(child.func).split(".")[-1] in MARKS
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and HAN.search(child.value) and not inside:
            yield child.lineno, child.value
        yield from unmarked_in(child, inside or called)


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith(MARKED_LAYERS)])
def test_every_chinese_text_of_the_interface_is_marked(name: str) -> None:
    found = unmarked_in(modules()[name])
    assert [(line, text) for line, text in found if text not in OWN_NAMES | DATE_SIGNS] == []
