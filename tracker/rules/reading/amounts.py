"""Amounts as plans write them: money, land, areas, school places and classes, each brought to one measure.

Money comes to yuan, areas to square metres and land to 亩 (15 to the hectare, 666.67 m² each).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What an amount measures."""

    MONEY = "money"
    AREA = "area"
    LAND = "land"
    SEATS = "seats"
    CLASSES = "classes"


MU_IN_M2 = Decimal("666.6667")
# Longest first: 万平方米 is no 平方米.
UNITS: tuple[tuple[str, Measure, Decimal], ...] = (
    ("万平方米", Measure.AREA, Decimal(10000)),
    ("万m2", Measure.AREA, Decimal(10000)),
    ("万平米", Measure.AREA, Decimal(10000)),
    ("万平", Measure.AREA, Decimal(10000)),
    ("平方公里", Measure.LAND, Decimal(1500)),
    ("平方千米", Measure.LAND, Decimal(1500)),
    ("平方米", Measure.AREA, Decimal(1)),
    ("平米", Measure.AREA, Decimal(1)),
    ("m2", Measure.AREA, Decimal(1)),
    ("公顷", Measure.LAND, Decimal(15)),
    ("hm2", Measure.LAND, Decimal(15)),
    ("万亩", Measure.LAND, Decimal(10000)),
    ("亩", Measure.LAND, Decimal(1)),
    ("万亿元", Measure.MONEY, Decimal(10**12)),
    ("亿元", Measure.MONEY, Decimal(10**8)),
    ("千万元", Measure.MONEY, Decimal(10**7)),
    ("百万元", Measure.MONEY, Decimal(10**6)),
    ("万元", Measure.MONEY, Decimal(10**4)),
    ("千元", Measure.MONEY, Decimal(10**3)),
    ("元", Measure.MONEY, Decimal(1)),
    ("万个学位", Measure.SEATS, Decimal(10000)),
    ("个学位", Measure.SEATS, Decimal(1)),
    ("学位", Measure.SEATS, Decimal(1)),
    ("座学位", Measure.SEATS, Decimal(1)),
)
SCALES = {unit: (measure, scale) for unit, measure, scale in UNITS}
NUMBER = (
    r"(?<!\d)(?<!\d[.,])"
    r"(?P<n>\d{1,3}(?:[,  ]\d{3}){1,4}(?:\.\d{1,6})?(?![\d,])|\d{1,13}(?:\.\d{1,6})?(?![\d.,]*\d))"
)
AMOUNT = re.compile(rf"{NUMBER}\s{{0,3}}余?(?P<unit>{'|'.join(map(re.escape, SCALES))})")
# 学位2000个, 学位数：1,500; and what can be taught: 可容纳学生1800人.
SEATS_AFTER = re.compile(
    rf"(?:学位数?|容纳学生|在校生规模|学生规模)\s{{0,3}}[约共达至为:：]{{0,2}}\s{{0,3}}{NUMBER}\s{{0,3}}(?P<ten>万)?[个人名]"
)
MORE_SEATS = re.compile(rf"[、和]{NUMBER}\s{{0,3}}(?P<ten>万)?[个人名](?!教学班|班|学位)")
CLASSES = re.compile(
    rf"(?<!每){NUMBER}\s{{0,3}}个?(?:[一-鿿]{{0,6}}教学班|班(?!级|主任|子|次|班|车|额))(?!学生|以上|以下)"
)
# What such a word opens is a limit or a share, not the size of a thing.
THRESHOLD = re.compile(
    r"(?:不小于|不低于|不少于|不超过|不大于|低于|高于|大于|小于|至少|达到|[≥≤<>]|每[一-鿿]{0,6}|[生人]均[一-鿿]{0,8})$"
)


# What stands already is not what is built: 现有学位900个, 原有校舍3000平方米.
STANDS = re.compile(r"(?:现有|原有|已有|现状|目前有)[一-鿿]{0,8}[：:为共约]?$")


@dataclass(frozen=True)
class Amount:
    """An amount in the base measure (yuan, m², 亩, seats, classes) and where its words stand in the text."""

    measure: Measure
    value: Decimal
    start: int
    end: int


NOT_CHINESE = re.compile(r"[^，；：（）\uff01？、。\u4e00-\u9fff]+")


def plain(text: str) -> str:
    """A text with half-width digits and letters, so that ㎡ is m2 and ２ is 2; Chinese punctuation stays."""
    return NOT_CHINESE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def amounts_in(text: str) -> tuple[Amount, ...]:
    """The amounts in a plain text, in their order; limits, averages and what stands already are left out."""
    if not any(char.isdigit() for char in text):
        return ()
    found = sorted((*_measured(text), *_seats(text), *_classes(text)), key=lambda each: (each.start, -each.end))
    kept: list[Amount] = []
    for each in found:
        if kept and each.start < kept[-1].end:
            continue
        kept.append(each)
    return tuple(kept)


def _measured(text: str) -> Iterator[Amount]:
    for found in AMOUNT.finditer(text):
        measure, scale = SCALES[found["unit"]]
        if measure is Measure.SEATS and re.match(r"\d", text[found.end() : found.end() + 1]):
            # 45个教学班学位2000个: the number belongs to what stands before it.
            continue
        if not _is_other(text, found.start()):
            yield Amount(measure, number(found["n"]) * scale, found.start(), found.end())


def _seats(text: str) -> Iterator[Amount]:
    for first in SEATS_AFTER.finditer(text):
        found: re.Match[str] | None = first
        if STANDS.search(text[max(0, first.start() - 16) : first.start()]):
            continue
        while found:  # 分别新增学位900个、600个
            scale = 10000 if found["ten"] else 1
            yield Amount(Measure.SEATS, number(found["n"]) * scale, found.start(), found.end())
            found = MORE_SEATS.match(text, found.end())


def _classes(text: str) -> Iterator[Amount]:
    for found in CLASSES.finditer(text):
        if not _is_other(text, found.start()):
            yield Amount(Measure.CLASSES, number(found["n"]), found.start(), found.end())


def _is_other(text: str, start: int) -> bool:
    """Whether what stands before a number makes it a limit, an average, or what stands already."""
    before = text[max(0, start - 16) : start]
    return bool(THRESHOLD.search(before) or STANDS.search(before))


def number(words: str) -> Decimal:
    """12,340.5 or 12 340.5 as a number."""
    return Decimal(re.sub(r"[,\s]", "", words))


def in_square_metres(amount: Amount) -> Decimal:
    """An area or a stretch of land in m²."""
    return _rounded(amount.value * MU_IN_M2) if amount.measure is Measure.LAND else amount.value


def in_mu(amount: Amount) -> Decimal:
    """An area or a stretch of land in 亩."""
    return amount.value if amount.measure is Measure.LAND else _rounded(amount.value / MU_IN_M2)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize() + 0


def figure_in(cell: str, measure: Measure, scale: Decimal | None) -> Decimal | None:
    """The one figure in a cell of a column of figures; a unit of its own goes before the ``scale`` of the column."""
    text = plain(cell).strip()
    for amount in amounts_in(text):
        if amount.measure is measure:
            return amount.value
        if measure is Measure.LAND and amount.measure is Measure.AREA:
            return in_mu(amount)
        if measure is Measure.AREA and amount.measure is Measure.LAND:
            return in_square_metres(amount)
    if measure is Measure.MONEY and (short := re.match(rf"约?\s{{0,3}}{NUMBER}\s{{0,3}}(?P<unit>[亿万])$", text)):
        return number(short["n"]) * SCALES[f"{short['unit']}元"][1]
    bare = re.match(rf"[约计共合]{{0,2}}\s{{0,3}}{NUMBER}\s{{0,3}}[个人座班]?(?:$|[^\d.,%％\-—–~至年])", text)
    if not bare:
        return None
    value = number(bare["n"]) * (scale or 1)
    return value if value == value.to_integral_value() else _rounded(value)


def scale_in(words: str, measure: Measure) -> Decimal | None:
    """What the head of a column, or the line above a table, multiplies the figures of a measure with.

    投资（万元） is 10,000 for money; of 单位：万元、平方米 each measure takes its own. Land in m² comes to 亩.
    """
    text = plain(words)
    scales = {of: scale for unit, of, scale in reversed(UNITS) if unit in text}
    if measure is Measure.LAND and measure not in scales and Measure.AREA in scales:
        return scales[Measure.AREA] / MU_IN_M2
    if measure is Measure.AREA and measure not in scales and Measure.LAND in scales:
        return scales[Measure.LAND] * MU_IN_M2
    return scales.get(measure)
