"""The photographs on the page of a project: the last months, all of them, or two side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request

from tracker.models import Project, ProjectPhoto
from tracker.queries.photos import Month, chosen_months, months_of
from tracker.rules.permissions import Role
from tracker.views.access import person

SHOWN_MONTHS = 6
ALL = "all"
MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class PhotoBoard:
    """The months that are shown, all that there are, and whether two were chosen to be compared."""

    shown: list[Month]
    months: list[Month]
    is_compared: bool = False

    @property
    def hidden(self) -> int:
        """How many months are not shown."""
        return len(self.months) - len(self.shown)


def photo_board(project: Project) -> PhotoBoard:
    """The photographs of a project as the address asks for them; odd words in it ask for nothing."""
    months = months_of(project.task_id)
    asked = [code for code in request.args.getlist("month")[:2] if MONTH.fullmatch(code)]
    if asked and (chosen := chosen_months(months, asked)):
        return PhotoBoard(chosen, months, is_compared=True)
    return PhotoBoard(months if request.args.get("photos") == ALL else months[:SHOWN_MONTHS], months)


def may_withdraw(photo: ProjectPhoto) -> bool:
    """Whether the reader may withdraw a photograph, as far as it is theirs: the office any, others their own."""
    return person().role is Role.PLAN_OFFICE or photo.account_id == person().id
