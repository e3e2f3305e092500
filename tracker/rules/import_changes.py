"""What a re-issued document changes of a task: field by field, old and new, in plain words.

The words are those of ``documents/draft_words.py``. What a document does not say of a project keeps standing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Words = Mapping[str, Any]
AMOUNTS = ("land_mu", "floor_area_m2", "sports_area_m2", "budget_yuan")
FIGURES = ("site", "town", *AMOUNTS)
ROLES = ("lead", "responsible", "cooperating")


@dataclass(frozen=True)
class Change:
    """A field with what stood there and what the document says; empty for nothing."""

    field: str
    old: str
    new: str


def merged_words(standing: Words, new: Words, phases: Sequence[str], may_move: bool = True) -> dict[str, Any]:
    """The words that a task gets: those of the document, and what stands where the document has no say.

    ``phases``: the numbers of the phases of the plan and of the document. ``may_move``: whether its deadline may
    change; not of a closed task.
    """
    project = _merged_project(standing.get("project"), new.get("project"))
    said = {**new, "project": project, "duty_of": standing.get("duty_of")}
    if project and not new.get("project"):
        said["kind"] = standing["kind"]
    if new.get("phase") not in phases:
        said["phase"] = standing.get("phase")
    if not may_move:
        said["deadline"] = standing.get("deadline")
    return said


def _merged_project(standing: Words | None, new: Words | None) -> dict[str, Any] | None:
    if not standing or not new:
        return dict(new or standing or {}) or None
    return {
        "category": new["category"],
        **{name: standing[name] if new.get(name) is None else new[name] for name in FIGURES},
        "schools": new["schools"] or standing["schools"],
        "buildings": standing["buildings"] or new["buildings"],
    }


def changes_between(standing: Words, wanted: Words) -> list[Change]:
    """The fields that differ by more than spaces, in the order of reading; units by the names both sides were given."""
    old, new = told(standing), told(wanted)
    return [Change(name, old[name], new[name]) for name in new if _plain(old[name]) != _plain(new[name])]


def _plain(text: str) -> str:
    """A text without what a file of another format writes otherwise: spaces, line ends, composed signs."""
    return "".join(unicodedata.normalize("NFC", text).split())


def told(words: Words) -> dict[str, str]:
    """Every field as one text; units, officials and schools in an order of their own."""
    project = words.get("project") or {}
    units = {role: [name for name, part in words["units"] if part == role] for role in ROLES}
    return {
        "number": words.get("number") or "",
        "title": words["title"],
        "section": " / ".join(words["section"]),
        "requirement": words["requirement"],
        "kind": words["kind"],
        **{role: "、".join(sorted(set(names))) for role, names in units.items()},
        "officials": "、".join(words["officials"]),
        "deadline": words.get("deadline") or "",
        "phase": words.get("phase") or "",
        "category": project.get("category") or "",
        "site": project.get("site") or "",
        "town": project.get("town") or "",
        **{name: _figure(project.get(name)) for name in AMOUNTS},
        "schools": "、".join(
            " ".join(str(part) for part in school if part is not None) for school in project.get("schools") or ()
        ),
    }


def _figure(value: object) -> str:
    """A figure without idle zeros, so that 70.20 is 70.2."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"
