"""Dated stages of a plan: 准备阶段（2020年6月—8月）, 第一阶段：宣传发动（2023年3月底前）, 2023年1月至6月，自查阶段."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The heading above them.
SECTIONS = re.compile(r"步骤|阶段|进度安排|时间安排|工作进度|实施安排|推进安排")
BRACKET = re.compile(r"[（(](?P<when>[^（）()]*\d[^（）()]*(?:年|月|日|[—\-–]\d)[^（）()]*)[）)]")
BEFORE = re.compile(r"^(?P<when>\d{4}年[\d年月日至到—―–\-~底初前旬]*)[，,：:、\s]*(?P<title>.*阶段.*)$")
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class PhaseWords:
    """The title of a stage and the words of its time."""

    title: str
    when: str


def is_section_of_phases(title: str) -> bool:
    """Whether a heading announces stages."""
    return bool(SECTIONS.search(title))


def phase_words(title: str) -> PhaseWords | None:
    """The stage that a heading names; None without a time."""
    title = title.strip()
    if found := BRACKET.search(title):
        bare = (title[: found.start()] + title[found.end() :]).strip(" 。：:")
        return PhaseWords(bare, found["when"]) if bare else None
    if found := BEFORE.match(title):
        return PhaseWords(found["title"].strip(" 。：:"), found["when"].strip("，,：:、 "))
    return None
