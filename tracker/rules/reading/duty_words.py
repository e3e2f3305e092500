"""Duties of units (职责分工): units before a colon, or at the beginning of a sentence, and what they shall do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.rules.reading.unit_lists import split_units
from tracker.rules.reading.unit_words import LONGEST_UNIT, is_general, looks_like_unit

# The headings under which every line tells units what to do.
SECTIONS = re.compile(r"职责|分工|责任单位|部门责任|任务分解|工作责任|落实责任")
COLON = re.compile(r"^(?P<units>[^：:。；;，,\n]{2,60}?)\s*[：:]\s*(?P<duty>\S.*)$", re.DOTALL)
# What a unit does: the word right after its name.
DUTIES = (
    r"(?:要|应|应当|须|需|将|会同|负责|牵头|主动|积极|切实|认真|根据|按照|依据|围绕|进一步|加强|加大|做好|抓好|落实|建立|完善"
    r"|共同|具体|统筹|配合|协助|指导|督促|为|把|通过|组织|定期|承担|及时|依法|制定|优先|结合|充分|全面|确保|保障(?![局厅部委])|严格)"
)
SUBJECT = re.compile(
    rf"^(?P<units>[^，,。；;：:]{{1,60}}?(?:部门|单位|局|委|办|室|中心|政府|乡镇|街道|学校|公司|组|院|处|会|站|厅|部))(?={DUTIES})"
)
ROW_BEFORE = re.compile(r"(?P<row>.+?)(?:等)?(?P<kind>部门|单位)$")
LEAST_LINES = 3
LONGEST_TITLE = 40


@dataclass(frozen=True)
class Duty:
    """The units that are told, as written, and what."""

    units: tuple[str, ...]
    words: str


def is_section_of_duties(title: str) -> bool:
    """Whether a heading announces the duties of units."""
    return bool(SECTIONS.search(title))


def duty_after_colon(text: str) -> Duty | None:
    """县财政局：确保经费… ; None where no unit stands before the colon."""
    found = COLON.match(text.strip())
    units = split_units(found["units"]) if found else []
    if found and units and all(looks_like_unit(each) for each in units):
        return Duty(tuple(units), found["duty"].strip())
    return None


def duty_of_sentence(sentence: str, takes_general: bool) -> Duty | None:
    """教育部门负责…; several units in a row, also without their endings: 公安、文体、卫健等部门.

    Everybody (各有关部门) counts only where the heading above is about duties.
    """
    found = SUBJECT.match(sentence.strip())
    if not found or len(found["units"]) > 3 * LONGEST_UNIT:
        return None
    units = _row(found["units"])
    if not units or (is_general(found["units"]) and not takes_general):
        return None
    return Duty(units, sentence.strip()[found.end() :])


def _row(words: str) -> tuple[str, ...]:
    """The units of a subject, each as written; a short one in a row of 部门 keeps its short name."""
    found = ROW_BEFORE.match(words)
    if found and re.search("[、和及]", found["row"]):
        several = re.split(r"[、，,]|和|及|以及", words.removesuffix(found["kind"]).removesuffix("等"))
        names = [each.strip() for each in several if each.strip()]
        if "等" in words[len(words) - len(found["kind"]) - 1 :][:1]:
            return tuple(names)
        return (*names[:-1], names[-1] + found["kind"])
    if "和" in words and "、" not in words:
        names = [each.strip() for each in words.split("和")]
        return tuple(names) if all(looks_like_unit(each) for each in names) else (words,)
    return tuple(split_units(words)) if looks_like_unit(split_units(words)[-1]) else ()


def title_of_duty(units: tuple[str, ...], words: str) -> str:
    """教育部门：负责义务教育规划 — the units and the first clause."""
    first = re.split(r"[，,。；;：:]", words.strip(), maxsplit=1)[0]
    return f"{'、'.join(units)}：{first[:LONGEST_TITLE]}"
