"""The numbers that open a heading or an item in an official document: 一、 （一） 1. （1） ①, one line for each shape.

The order is that of 党政机关公文格式 (GB/T 9704-2012, 7.3.3); a document that uses them otherwise is read by the order
of ranks, not by the values, so that wrong and repeated numbers do no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.rules.numerals import read_han

CHINESE = "〇零一二三四五六七八九十百"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# 1.5万元 opens with an amount; 1.2024年底前 is a first item that opens with a year.
NO_DIGIT = r"(?:(?!\d)|(?=20\d\d年))"
# Ranks from the outermost in; the first shape that fits decides.
SHAPES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第(?P<n>[{CHINESE}]+|\d{{1,2}})[章编](?=[\s　、]|\S)")),
    (2, re.compile(rf"第(?P<n>[{CHINESE}]+|\d{{1,2}})节")),
    (3, re.compile(rf"第(?P<n>[{CHINESE}]+|\d{{1,3}})条")),
    (4, re.compile(rf"(?P<n>[{CHINESE}]+)[、.．]{NO_DIGIT}")),
    (5, re.compile(rf"[（(]\s*(?P<n>[{CHINESE}]+)\s*[）)]\s*[、.．]?")),
    (5, re.compile(rf"(?:问题|重点任务|任务|事项|项目)\s*(?P<n>[{CHINESE}]+|\d{{1,3}})\s*[：:、.．]")),
    (7, re.compile(r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){2})[、.．]?(?![\d%．.])")),
    (6, re.compile(rf"(?P<n>\d{{1,3}}[.．]\d{{1,2}})(?:[、.．]|\s+|(?=[一-鿿])){NO_DIGIT}")),
    (6, re.compile(rf"(?P<n>\d{{1,3}})\s*[.．、]{NO_DIGIT}")),
    (7, re.compile(r"[（(]\s*(?P<n>\d{1,3})\s*[）)]\s*[、.．]?")),
    (8, re.compile(rf"(?P<n>[{CIRCLED}])\s*[、.．]?")),
    (8, re.compile(r"(?P<n>\d{1,2})[)）]")),
)
COUNT = re.compile(rf"^(?:问题|任务|事项|项目)\s*(?:[{CHINESE}]+|\d{{1,3}})\s*[：:]\s*")
TOP = 4  # the rank of 一、 in a document without chapters
LONGEST_TITLE = 60
LONGEST_OPENING = 240  # a title with a bracket behind it that says who does it


@dataclass(frozen=True)
class Numbered:
    """A text that opens with a number: its rank (1 is outermost), the number as written, and what follows."""

    rank: int
    number: str
    rest: str

    @property
    def value(self) -> int | None:
        """The number as a whole number; None for 1.2 and the like."""
        return value_of_number(self.number)


def value_of_number(number: str) -> int | None:
    """The number of a heading or an item as a whole number; None for 1.2 and for what is none."""
    number = number.strip("第项条（）().．、 ")
    if len(number) == 1 and number in CIRCLED:
        return CIRCLED.index(number) + 1
    if number.isascii() and number.isdigit():
        return int(number)
    return read_han(number) if number and set(number) <= set(CHINESE) else None


def numbered(text: str) -> Numbered | None:
    """The number that a text opens with; None where it opens with words, an amount or a year."""
    text = text.strip()
    for rank, shape in SHAPES:
        if (found := shape.match(text)) and (rest := text[found.end() :].strip()):
            return Numbered(rank, found["n"], rest)
    return None


def without_count(text: str) -> str:
    """What follows a number without a second one in words: 河道淤积 of 一、问题1：河道淤积."""
    return COUNT.sub("", text) or text


def title_of(text: str) -> tuple[str, str]:
    """The title that opens an item and the words after it: up to the first stop or colon outside brackets.

    An item whose first line has no stop is a title alone; one that goes on too long, or with ；, has no title.
    """
    depth = 0
    for at, char in enumerate(text[: LONGEST_OPENING + 1]):
        depth += (char in "（(《“") - (char in "）)》”")
        if depth > 0 and char != "\n":
            continue
        if char in "；;":
            return "", text
        if char in "。：:\n":
            return (text[:at].strip(), text[at + 1 :].strip()) if 2 <= at <= LONGEST_TITLE else ("", text)
    if len(text) <= LONGEST_TITLE or (len(text) <= LONGEST_OPENING and text.endswith(("）", ")"))):
        return text.strip(), ""
    return "", text
