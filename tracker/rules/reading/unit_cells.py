"""Units in a cell of a table: the head gives their part, unless the cell itself says who leads and helps."""

from __future__ import annotations

import re

from tracker.rules.reading.labels import labelled
from tracker.rules.reading.role_marks import marked
from tracker.rules.reading.shares import Note, Share, shares_in
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.task_kinds import AssignmentRole

VERB = re.compile(r"(?:牵头|主办|配合|协办|参与|参加|协助|负责|落实|承办|实施)(?=$|[，,；;。\s])")
LONGEST_CELL = 2000


def units_of(cell: str, role: AssignmentRole, note: Note | None = None, lead_mark: str = "") -> list[Share]:
    """The units of a cell with their parts, each once; the first, or one with a mark, leads where a note says so."""
    text = re.sub(r"[ \t　]{2,}", "\n", cell.strip())[:LONGEST_CELL]
    if labelled(text) or VERB.search(text):
        said = shares_in(text, note)
        if said.units and (said.sure or labelled(text)):
            return list(said.units)
    units = [Share(*marked(name, part)) for words, part in _together_with(text, role) for name in split_units(words)]
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
