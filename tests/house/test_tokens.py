"""The colours keep their contrasts (WCAG 2.2: text 4.5, controls and pictures 3) and come from one file."""

from __future__ import annotations

import re

import pytest

from tests.house.source import STATIC

SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted((STATIC / "css").glob("*.css"))}
TOKENS = dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", SHEETS["tokens.css"]))
TEXTS = ("ink", "ink-2", "ink-3", "action", "action-hover", "overdue", "soon", "normal", "quiet", "submitted")
TINTED = ("action", "overdue", "soon", "normal", "quiet", "submitted")
WHITE = "#fff"


def channels(colour: str) -> list[float]:
    """Red, green and blue from 0 to 1."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert round(contrast("#000", WHITE), 2) == 21
    assert contrast(WHITE, WHITE) == 1
    assert round(contrast("#767676", WHITE), 2) == 4.54


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", ["card", "page"])
def test_text_is_readable_on_white_and_on_the_page(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("text", TINTED)
def test_text_is_readable_on_its_own_tint(text: str) -> None:
    assert contrast(TOKENS[text], TOKENS[f"{text}-tint"]) >= 4.5


@pytest.mark.parametrize("tint", [name for name in TOKENS if name.endswith("-tint")])
@pytest.mark.parametrize("text", ["ink", "ink-2", "ink-3"])
def test_plain_text_is_readable_on_every_tint(text: str, tint: str) -> None:
    assert contrast(TOKENS[text], TOKENS[tint]) >= 4.5


@pytest.mark.parametrize("ground", ["action", "action-hover"])
def test_white_words_are_readable_on_the_main_button(ground: str) -> None:
    assert contrast(WHITE, TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["card", "page"])
@pytest.mark.parametrize("edge", ["border-control", "chart", "action", "overdue", "soon", "normal", "quiet"])
def test_edges_and_pictures_stand_out(edge: str, ground: str) -> None:
    assert contrast(TOKENS[edge], TOKENS[ground]) >= 3


def test_the_two_rings_of_the_focus_stand_out_from_each_other() -> None:
    assert contrast(TOKENS["focus"], TOKENS["ink"]) >= 3


def test_every_variable_is_defined_and_every_token_is_used() -> None:
    text = "".join(SHEETS.values())
    used = set(re.findall(r"var\(--([a-z0-9-]+)", text))
    own = set(re.findall(r"--([a-z0-9-]+):", text))
    assert used - own == set()
    assert set(TOKENS) - used == set()


@pytest.mark.parametrize("sheet", [name for name in SHEETS if name != "tokens.css"])
def test_colours_stand_in_one_file(sheet: str) -> None:
    """Black and white are left to print and to words on coloured buttons."""
    text = re.sub(r"/\*.*?\*/", "", SHEETS[sheet], flags=re.DOTALL)
    found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\)", text))
    assert found - {"#fff", "#000", "#ffffff", "#000000"} == set()


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_loads_nothing(sheet: str) -> None:
    assert not re.search(r"@import|url\((?!['\"]?data:)", SHEETS[sheet])


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_text_is_smaller_than_fourteen_pixels(sheet: str) -> None:
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)px", SHEETS[sheet])]
    assert [size for size in sizes if size < 14] == []
