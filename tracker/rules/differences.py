"""What differs between two texts, in runs that a person can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word of letters or a number is one unit, a Chinese character is one of its own.
UNITS = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*%?|\s+|.", re.DOTALL)
# Equal runs shorter than this between two changes belong to the change, or marks would speckle the text.
SHORTEST_SAME = 2
# Below this share of common characters two texts are different sentences, and marks would say nothing.
LEAST_ALIKE = 0.35


class Change(StrEnum):
    """What a run is to the other text."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Run:
    """A run of text and what it is to the other one."""

    change: Change
    text: str


def differences(old: str, new: str) -> list[Run]:
    """The new text in runs, with what is gone from the old one; one plain run where they have little in common."""
    before, after = UNITS.findall(old), UNITS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if not old or matcher.ratio() < LEAST_ALIKE:
        return [Run(Change.SAME, new)] if new else []
    gone, fresh, runs = "", "", list[Run]()
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        same = "".join(after[j1:j2]) if tag == "equal" else ""
        if len(same) >= SHORTEST_SAME:
            runs += _changed(gone, fresh)
            gone, fresh = "", ""
            runs.append(Run(Change.SAME, same))
        else:
            gone += "".join(before[i1:i2])
            fresh += "".join(after[j1:j2])
    return runs + _changed(gone, fresh)


def _changed(gone: str, fresh: str) -> list[Run]:
    if gone == fresh:
        return [Run(Change.SAME, gone)] if gone else []
    return [run for run in (Run(Change.GONE, gone), Run(Change.NEW, fresh)) if run.text]
