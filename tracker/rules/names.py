"""Names as people type them: several in one line, and the known ones that an unknown one may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

BETWEEN = re.compile(r"[、，,；;\n\t]+")
MOST_NEAR = 4
LEAST_LIKENESS = 0.5


def split_names(text: str | None) -> list[str]:
    """The names of a line in their order, each once: 财政局、住建局."""
    names = (" ".join(name.split()) for name in BETWEEN.split(text or ""))
    return list(dict.fromkeys(name for name in names if name))


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like an unknown one, likest first; one that holds the other is always like it."""
    found = [(_likeness(name, each), each) for each in known]
    likely = sorted((-likeness, each) for likeness, each in found if likeness >= LEAST_LIKENESS)
    return [each for _likeness_of, each in likely[:MOST_NEAR]]


def _likeness(name: str, other: str) -> float:
    if name in other or other in name:
        return 1.0
    return SequenceMatcher(None, name, other, autojunk=False).ratio()
