"""Whether a line goes on in the next one: texts from a PDF, from a scan or from pages break in mid-sentence.

A line is weighed by how it ends, how the next one opens, and whether it was as long as lines could be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tracker.rules.reading.outline_numbers import numbered

SHOUT = chr(0xFF01)  # the interface never shouts, a document may
STOPS = (*"。；;？!?…：:", SHOUT)
ENDS = (*STOPS, "”", "）", ")", "》", "】", "〕")
# What a line never ends with when its sentence is over.
OPEN_ENDS = ("、", "，", ",", "（", "(", "《", "〈", "“", "—", "到", "以及", "由", "和", "把", "至", "并", "不低于")
PAIRS = {"（": "）", "(": ")", "《": "》", "〈": "〉", "“": "”", "【": "】", "〔": "〕"}
CLOSERS = {")": "（(", "）": "（(", "》": "《", "〉": "〈", "”": "“", "】": "【", "〕": "〔"}

LABEL_WORDS = (
    "单位|部门|科室|股室|领导|时限|时间|期限|进度|责任人|负责人|联系人|电话|组长|组员|成员|主任|附件|抄送|内容"
)
LABEL = re.compile(rf"[-•●·\s]*[（(【\[]?[一-鿿\s、]{{0,8}}(?:{LABEL_WORDS})\s*[）)】\]]?\s*[：:]")
ANY_LABEL = re.compile(r"[（(【\[]?[^，。；、：:]{2,14}[：:]")
DATE = re.compile(r"[（(]?\s*[12〇二]\S{3}\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日\s*(?:印发|发布)?\s*[）)]?")
DOCUMENT_NUMBER = re.compile(r"\S{2,16}\s*[〔\[【（(]\s*(?:19|20)\d{2}\s*[〕\]】）)]\s*\S{0,3}\d{1,4}\s*号")
ANNEX = re.compile(r"附\s*[件表录图]\s*[\d一二三四五六七八九十]{0,3}\s*(?:[：:]|$)")
BULLET = re.compile(r"[•●■◆▪·*＊]\s*\S|[-–—]\s*[一-鿿]")
# A figure that a wrapped line may begin with; it looks like the number of an item.
AMOUNT = re.compile(r"\d+[.．]\d+\s*(?:[人间个名元万亿亩公米平㎡倍分%％以、，；。;,)）~-]|[到至])")
HEADING = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、]|第\S{1,3}[章节]")
CIRCLED = re.compile(r"[①-⑳]")
PAGE_NUMBER = re.compile(
    r"(?:[-—–―·•~]+\s*\d{1,4}\s*[-—–―·•~]+|第\s*\d{1,4}\s*页(?:[\s/，,]*共\s*\d{1,4}\s*页)?|Page\s+\d+(?:\s+of\s+\d+)?"
    r"|\d{1,4}\s*/\s*\d{1,4})",
    re.IGNORECASE,
)
BARE_NUMBER = re.compile(r"\d{1,3}")

SHORTEST_PROSE = 20
LONGEST_HEADING = 40
TIGHTEST_WRAP, WIDEST_WRAP = 40, 130  # columns, a Chinese character counting two
SLACK = 6
INDENT = 4
FEWEST_LINES = 6
WRAPPED_SHARE = 0.35
WIDER_SHARE = 0.04


def width_of(text: str) -> int:
    """The columns that a text takes: two for a Chinese character, one for a Latin letter or digit."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def wrap_width(texts: Sequence[str]) -> int | None:
    """The width at which the lines of a text were broken; None where a line is a whole paragraph."""
    widths = sorted(width_of(text) for text in texts)
    if len(widths) < FEWEST_LINES:
        return None
    widest = widths[int((len(widths) - 1) * (1 - WIDER_SHARE))]
    full = sum(widest - SLACK <= width for width in widths)
    wraps = TIGHTEST_WRAP <= widest <= WIDEST_WRAP and full >= WRAPPED_SHARE * len(widths)
    return widest if wraps else None


def opens_something(text: str) -> bool:
    """Whether a line begins something of its own: an item, a label, a date, a document number, an annex."""
    return bool(
        is_item(text) or LABEL.match(text) or ANNEX.match(text) or BULLET.match(text) or is_line_of_its_own(text)
    )


def is_item(text: str) -> bool:
    """Whether a line opens with the number of a heading or an item."""
    return numbered(text) is not None and not AMOUNT.match(text)


def may_be_indented(text: str) -> bool:
    """Whether a line a little short may yet be a full first line: no heading (一、（一）), no end of a sentence."""
    is_heading = HEADING.match(text) and not any(mark in text for mark in "。；：:")
    return not is_heading and not text.endswith(ENDS)


def is_line_of_its_own(text: str) -> bool:
    """A date or a document number and nothing else."""
    return bool(DATE.fullmatch(text) or DOCUMENT_NUMBER.fullmatch(text))


def is_page_number(text: str) -> bool:
    """— 3 —, 第3页, 3/12; a bare number is not sure."""
    return bool(PAGE_NUMBER.fullmatch(text))


def left_open(text: str) -> set[str]:
    """The closing marks that a text still owes."""
    owed: list[str] = []
    for mark in text:
        if mark in PAIRS:
            owed.append(mark)
        elif mark in CLOSERS:
            while owed and owed.pop() not in CLOSERS[mark]:
                pass
    return {PAIRS[mark] for mark in owed}


def closes(text: str, owed: set[str]) -> bool:
    """Whether a text gives one of the closing marks that are owed before it opens one itself."""
    same = {")": "）", "）": ")"}
    wanted = owed | {same[mark] for mark in owed if mark in same}
    balance = 0
    for mark in text:
        if mark in PAIRS:
            balance += 1
        elif mark in CLOSERS:
            if not balance and mark in wanted:
                return True
            balance = max(0, balance - 1)
    return False


def goes_on(line: str, following: str, full: bool, wrapped: bool, starts: bool = False, before: str = "") -> bool:
    """Whether ``following`` goes on with the sentence of ``line``.

    ``full``: the line is as wide as its text was broken at; ``wrapped``: the text was broken at a width at all;
    ``starts``: the following line was indented or set apart; ``before``: what stands before in the same paragraph.
    """
    if is_line_of_its_own(line) or is_line_of_its_own(following):
        return False
    owed = left_open(before + line)
    owes = bool(owed) and closes(following, owed)
    if opens_something(following):
        return owes and (full or not wrapped) and bool(CIRCLED.match(following) or LABEL.match(following))
    if owes and len(line) >= SHORTEST_PROSE // 2:
        return True
    if line.endswith(OPEN_ENDS) and len(line) >= SHORTEST_PROSE // 2 and not ANNEX.match(line):
        return True
    if wrapped:
        return full and not (starts and line.endswith(ENDS))
    return _is_cut(line, following)


def _is_cut(line: str, following: str) -> bool:
    """Whether a paragraph was cut where a page ended: prose without an end, and a rest that has one."""
    if line.endswith(ENDS) or len(line) < SHORTEST_PROSE or LABEL.match(line) or ANNEX.match(line):
        return ends_colon_of_item(line, following)
    if not any(mark in line for mark in "，。；：,;:"):
        return False
    if is_item(line) and len(line) <= LONGEST_HEADING and not any(mark in line for mark in "。；：;:"):
        return False
    return following.endswith(ENDS) and not ANY_LABEL.match(following)


def ends_colon_of_item(line: str, following: str) -> bool:
    """An item that ends with its colon, its one clause on the next line: 3.每百名学生拥有教师数：."""
    is_open = is_item(line) and line.endswith(("：", ":")) and len(line) >= SHORTEST_PROSE
    return is_open and following.endswith(("；", ";")) and not ANY_LABEL.match(following)
