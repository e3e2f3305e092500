"""The words of what is missing: only the names that are said are looked up, however many figures a standard has."""

from __future__ import annotations

import pytest
from flask import Flask

from tracker.rules.standards import FigureSpec, Standard
from tracker.translations import in_language
from tracker.views import condition_words


def test_of_hundreds_of_figures_only_the_missing_ones_are_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = tuple(FigureSpec(f"f{number}", f"数据{number}", "", "人", False) for number in range(300))
    asked: list[str] = []

    def counted(spec: FigureSpec, attribute: str) -> str:
        asked.append(spec.code)
        return in_language(spec, attribute)

    monkeypatch.setattr(condition_words, "in_language", counted)
    with app.test_request_context():
        assert condition_words.missing_words(("f7", "year"), Standard("s", "s", "", (), figures=figures)) == (
            "数据7、本学年数据"
        )
    assert asked == ["f7"]
