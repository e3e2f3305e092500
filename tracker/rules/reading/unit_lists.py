"""Lists of units as documents write them: signs and line breaks, 和 between names, 等 at the end, brackets within."""

from __future__ import annotations

import re

from tracker.rules.reading.people import PHONE, is_person
from tracker.rules.reading.unit_words import looks_like_unit

SIGNS = "、，,；;。\n\t|"
OPENING, CLOSING = "（(〔[【《", "）)〕]】》"
# 和, 与, 及 part two names only where both are whole ones: 文化和旅游局 is one, 财政局和教育局 are two.
JOINTS = re.compile("以及|会同|和|与|及|暨")
REST = re.compile(
    r"等(?:\d{1,2}个?|[一二三四五六七八九十两]{1,2}个?|多个|几个)?(?:有关|相关|其他|各|级|市直|县直|区直)*(?:部门|单位|科室|成员单位|部门和单位|部门单位|乡镇|镇街|镇|乡|街道|县区|县|区|村|学校)?$"
)
DEPARTMENTS = re.compile(r"等\S{0,6}(?:部门|单位)$")
OPENS = re.compile(r"^(?:\d{1,2}\s*[.．、]|[（(]\d{1,2}[）)]|[①-⑳]|[-—•·●◆*]|等(?=各|有关|相关)|其他(?=各))\s*")
# 各办公室、中心: the second is of the same 各, and nothing without it.
SHORTENED = re.compile(r"^(?:中心|科室|股室|处室|室|站所|所)$")
EACH = re.compile(r"^各(?:省|自治区|市|州|县|区|设区市|盟|旗|乡|镇)[^、]{0,3}(?:、[^、]+)*$")
PLACES = re.compile(r"^(?:自治区|直辖市|计划单列市|州|盟|市|县|区|旗|乡|镇)(?:（[^（）]*）)?(?:人民)?(?:政府)?$")
SPACES = re.compile(r"[ 　    ]+")
LONGEST_ROW = 200  # characters; no row of names without a sign between is longer
SLASHES = re.compile(r"[/／]")


def split_units(text: str) -> list[str]:
    """The units of a list, each once, in their order, as the document writes them but for the spaces within."""
    names: list[str] = []
    for piece in _pieces(text):
        if names and "各" in names[-1] and (SHORTENED.match(piece.strip()) or _is_more_of(names[-1], piece.strip())):
            names[-1] += f"、{piece.strip()}"
            continue
        for name in _spread(piece.strip()):
            names += _joined(name)
    return list(dict.fromkeys(filter(None, map(_clean, names))))


def speaks_of_departments(text: str) -> bool:
    """Whether a list ends in 等部门: its names need no ending of their own."""
    return bool(DEPARTMENTS.search(text.strip()))


def _is_more_of(name: str, piece: str) -> bool:
    """各省、自治区、直辖市人民政府 is one name: places of one rank after 各."""
    return bool(EACH.search(name) and PLACES.match(piece))


def _pieces(text: str) -> list[str]:
    """The text between its signs; what stands in brackets belongs to its name."""
    pieces: list[str] = []
    piece: list[str] = []
    depth = 0
    for char in text:
        depth = max(0, depth + (char in OPENING) - (char in CLOSING))
        if char in SIGNS and not depth:
            pieces.append("".join(piece))
            piece = []
        else:
            piece.append(char)
    return [*pieces, "".join(piece)]


def _spread(piece: str) -> list[str]:
    """县编办 县财政局 are two names, 财 政 局 is one spread over its cell, 县编办 张三 a unit and its person."""
    parts = SPACES.split(piece)
    if len(parts) == 1:
        slashed = SLASHES.split(piece)
        return slashed if all(map(looks_like_unit, slashed)) else [piece]
    if looks_like_unit(parts[0]) and all(map(is_person, parts[1:])):
        return [f"{parts[0]}（{'、'.join(parts[1:])}）"]
    return parts if all(map(looks_like_unit, parts)) else ["".join(parts)]


def _joined(name: str) -> list[str]:
    """A name parted at its joints, wherever both sides are whole names."""
    for joint in JOINTS.finditer(name) if len(name) <= LONGEST_ROW else ():
        left, right = name[: joint.start()], name[joint.end() :]
        if len(left) > 1 and looks_like_unit(left) and looks_like_unit(_clean(right)):
            return [left, *_joined(right)]
    return [name]


def _clean(name: str) -> str:
    """A name without the number before it and the 等部门 after it."""
    name = PHONE.sub("", OPENS.sub("", name.strip()))
    return REST.sub("", name).strip(" 　:：.．")
