"""Units and people in a cell of a table: the head gives their part, unless the cell itself says who leads and helps."""

from __future__ import annotations

import re

from tracker.rules.reading.labels import labelled
from tracker.rules.reading.shares import Note, Share, shares_in
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.task_kinds import AssignmentRole

VERB = re.compile(r"(?:牵头|主办|配合|协办|参与|参加|协助|负责|落实|承办|实施)(?=$|[，,；;。\s])")
MARK = re.compile(r"[（(]\s{0,3}(?P<mark>牵头|主办|主责|负责|责任|配合|协办|参与|协同)(?:单位|部门)?\s{0,3}[）)]$")
MARKS = {
    **dict.fromkeys(("牵头", "主办", "主责"), AssignmentRole.LEAD),
    **dict.fromkeys(("负责", "责任"), AssignmentRole.RESPONSIBLE),
}
PERSON = re.compile(r"[（(]\s{0,3}(?P<name>[一-鿿][\s　]?[一-鿿]{1,2}(?:[、，,\s][一-鿿]{2,3}){0,3})\s{0,3}[）)]$")
NO_PERSON = re.compile(r"[局委办部室厅处科站院所乡镇街村县市区校园中心牵头负责配合]$|^各|街道|社区|等|含|原")
POST = re.compile(
    r"(?:县委|市委|区委|党委|党组|政府)?(?:常务|第一)?副?(?:县长|市长|区长|州长|书记|局长|主任|部长|主席|镇长|乡长|校长|院长|处长|科长)$"
)
LONGEST_CELL = 2000


def units_of(cell: str, role: AssignmentRole, note: Note | None = None, lead_mark: str = "") -> list[Share]:
    """The units of a cell with their parts, each once; the first, or one with a mark, leads where a note says so."""
    text = re.sub(r"[ \t　]{2,}", "\n", cell.strip())[:LONGEST_CELL]
    if labelled(text) or VERB.search(text):
        said = shares_in(text, note)
        if said.units and (said.sure or labelled(text)):
            return list(said.units)
    units = [_marked(name, part) for words, part in _together_with(text, role) for name in split_units(words)]
    units = [_signed(each, lead_mark) for each in units]
    if note and note.first_leads and role is AssignmentRole.RESPONSIBLE and len(units) > 1:
        units = [Share(units[0].name, AssignmentRole.LEAD), *(Share(each.name, note.others) for each in units[1:])]
    return list(dict.fromkeys(each for each in units if each.name))


def _signed(share: Share, lead_mark: str) -> Share:
    """A name without the sign before it, which may say that it leads: ★水利局."""
    name = share.name.strip("★☆▲△●◆※*# ")
    return Share(name, AssignmentRole.LEAD if lead_mark and share.name.startswith(lead_mark) else share.role)


def _together_with(text: str, role: AssignmentRole) -> list[tuple[str, AssignmentRole]]:
    """国家统计局会同有关部门: who is joined helps."""
    first, joint, others = text.partition("会同")
    return [(first, role), (others, AssignmentRole.COOPERATING)] if joint and first else [(text, role)]


def _marked(name: str, role: AssignmentRole) -> Share:
    """A name with its part in brackets behind it: 教育局（牵头）."""
    if found := MARK.search(name):
        return Share(name[: found.start()].strip(), MARKS.get(found["mark"], AssignmentRole.COOPERATING))
    return Share(name, role)


def people_of(cell: str) -> list[str]:
    """The people whom a cell names: 张三、李四, 张 三, 县教育局（王五）."""
    text = re.sub(r"[（(][^（）()]{0,30}[）)]", "", cell)
    people = []
    for piece in re.split(r"[、，,；;/\n]|\s{2,}", text):
        name = re.sub(r"^(?:组长|副组长|责任人|领导)[:：]", "", piece.strip())
        name = re.sub(r"(?<=^[一-鿿])\s+(?=[一-鿿]$)", "", name)
        parts = name.split() if re.fullmatch(r"[一-鿿]{2,4}(?:\s+[一-鿿]{2,4})+", name) else [name]
        names = [POST.sub("", part) for part in parts if not POST.fullmatch(part)]
        people += [each for each in names if each and each not in people]
    return people


def without_people(name: str) -> tuple[str, list[str]]:
    """县教育局（王五） as the unit and its people."""
    found = PERSON.search(name)
    if not found or NO_PERSON.search(found["name"]):
        return name, []
    return name[: found.start()].strip(), people_of(found["name"])
