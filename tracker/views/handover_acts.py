"""Seats handed over apart on the page of a project: the batch whose forms stand open, the schools to choose."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from tracker.models import Handover, ProjectSchool
from tracker.views.words import word

EDIT = "handover-"


def choices_of(parts: Sequence[ProjectSchool]) -> list[tuple[int, str]]:
    """The schools of a project with their stages, to choose from."""
    return [(part.id, part_name(part)) for part in parts]


def part_name(part: ProjectSchool) -> str:
    """A school with its stage."""
    return _("%(school)s %(stage)s", school=part.school.name, stage=word(part.stage)).strip()


def opened(parts: Sequence[ProjectSchool], edit: str) -> Handover | None:
    """The batch that an address opens, None for any other word."""
    wanted = edit.removeprefix(EDIT)
    if not edit.startswith(EDIT) or not wanted.isascii() or not wanted.isdigit():
        return None
    rows = (row for part in parts for row in part.handovers)
    return next((row for row in rows if str(row.id) == wanted), None)
