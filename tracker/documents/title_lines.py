"""Where the lines of a long title end: between words and of even length, as GB/T 9704-2012 asks."""

from __future__ import annotations

import re
from math import ceil

from tracker.documents.official_table import em_width

TITLE_ACROSS = 20  # signs of 二号 in a line
OPENING, CLOSING = "（〔《“", "、，。：；）〕》”"
# What some programs put between a number and a Chinese sign, though the file says that there is nothing.
GAP = 0.25
BESIDE = re.compile(r"(?<=[0-9A-Za-z])(?=[^\x00-\xff])|(?<=[^\x00-\xff])(?=[0-9A-Za-z])")
# Words of such titles, and numbers with what they count, that no line tears.
WORDS = re.compile(
    r"[0-9A-Za-z.,%]+[年月日周期项个所]?|《[^》]{1,12}》?|[县市区州省]级|义务教育|实施方案|优质均衡|高质量|发展|推进|工作|重点|任务|情况|进展|完成|落实"
    r"|督查|督办|通报|简报|周览|整改|问题|项目|建设|学校|部门|单位|乡镇|关于|进一步|开展|办公室"
)


def title_lines(text: str) -> list[str]:
    """The lines in which a title stands: as few as can be, and of these the most even that tear no word."""
    across = _across(text)
    fewest = ceil(across / TITLE_ACROSS)
    if fewest <= 1:
        return [text]
    inside = {place for word in WORDS.finditer(text) for place in range(word.start() + 1, word.end())}
    inside |= {place for place in range(1, len(text)) if text[place - 1] in OPENING or text[place] in CLOSING}
    for count in (fewest, fewest + 1):
        for width in range(ceil(across / count), TITLE_ACROSS + 1):
            lines = _filled(text, width, inside)
            if len(lines) == count:
                return lines
    return _filled(text, TITLE_ACROSS, inside)


def _filled(text: str, width: int, inside: set[int]) -> list[str]:
    """The text in lines as full as the width allows; a word is torn only where it fills a line alone."""
    lines, begun = [], 0
    while begun < len(text):
        fitting = [end for end in range(begun + 1, len(text) + 1) if _across(text[begun:end]) <= width]
        end = next((end for end in reversed(fitting) if end not in inside), fitting[-1])
        lines.append(text[begun:end])
        begun = end
    return lines


def _across(text: str) -> float:
    return em_width(text) + GAP * len(BESIDE.findall(text))
