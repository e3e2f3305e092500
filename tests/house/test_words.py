"""The same word for the same thing: what the field calls otherwise stands nowhere in the interface."""

from __future__ import annotations

import re

import pytest
from jinja2 import Environment

from tests.house.source import STATIC, modules, strings, templates

# Said instead: 逾期, 临期, and the shape and word of a light.
BANNED = ("超期", "预警", "红灯", "黄灯", "绿灯")


@pytest.mark.parametrize("word", BANNED)
def test_a_banned_word_stands_in_no_text(word: str) -> None:
    found = [name for name, text in templates().items() if word in text]
    found += [
        f"{name}, line {line}" for name, tree in modules().items() for line, text in strings(tree) if word in text
    ]
    found += [str(path) for path in STATIC.rglob("*.js") if word in path.read_text(encoding="utf-8")]
    assert found == []


def test_the_interface_never_shouts() -> None:
    found = [name for name, text in templates().items() if "！" in text]
    found += [name for name, tree in modules().items() if any("！" in text for _line, text in strings(tree))]
    assert found == []


def test_punctuation_of_pages_is_of_the_reader_s_script() -> None:
    """A full-width sign beside a value stands in a marked text, so that English reads right. Mails are Chinese."""
    signs, found = re.compile(r"[（）「」，；：、。]"), []
    for name, source in templates().items():
        if name.startswith("email/"):
            continue
        before = ("", "")
        for line, kind, text in Environment().lex(source):
            loose = kind == "string" and signs.fullmatch(text[1:-1]) and before != ("_", "(")
            if loose or (kind == "data" and signs.search(text)):
                found.append(f"{name}, line {line}: {text.strip()[:40]}")
            if kind not in {"whitespace", "data"}:
                before = (before[1], text)
    assert found == []


def test_nothing_names_the_machinery_or_a_machine() -> None:
    """Neither texts nor comments speak of where or how they were written."""
    words = re.compile(r"/work/|/tmp/|\bTODO\b|\bFIXME\b|\bXXX\b")
    found = [name for name, text in templates().items() if words.search(text)]
    found += [
        f"{name}, line {line}" for name, tree in modules().items() for line, text in strings(tree) if words.search(text)
    ]
    assert found == []
