"""The part of a unit in brackets behind its name: 教育局（牵头）, 财政局（配合单位）."""

from __future__ import annotations

import re

from tracker.rules.task_kinds import AssignmentRole

MARK = re.compile(r"[（(]\s{0,3}(?P<mark>牵头|主办|主责|负责|责任|配合|协办|参与|协同)(?:单位|部门)?\s{0,3}[）)]$")
MARKS = {
    **dict.fromkeys(("牵头", "主办", "主责"), AssignmentRole.LEAD),
    **dict.fromkeys(("负责", "责任"), AssignmentRole.RESPONSIBLE),
}


def has_mark(name: str) -> bool:
    """Whether a name says its part in brackets behind it."""
    return bool(MARK.search(name))


def marked(name: str, role: AssignmentRole) -> tuple[str, AssignmentRole]:
    """A name without its mark, and the part that the mark gives; ``role`` where it has none."""
    if found := MARK.search(name):
        return name[: found.start()].strip(), MARKS.get(found["mark"], AssignmentRole.COOPERATING)
    return name, role
