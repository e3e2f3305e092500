"""开学学位: which September finds which seats of the building projects, and which slip loses how many."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.models import ProjectCategory
from tracker.queries.seats import seats_board
from tracker.rules.permissions import Can, Role
from tracker.rules.seats import TIGHT_DAYS, handed_seats, planned_seats, share
from tracker.views.access import needs, person
from tracker.views.project_filters import asked_filters, kept
from tracker.views.reach import asked_reach

place = Blueprint("seats", __name__)
MOST_TOWNS = 40
UNDATED = "none"  # in place of a year
MOST_ROWS = 60  # of a list that is not the page's own matter


@place.get("/projects/seats")
@needs(Can.SEE_PROJECTS)
def seats() -> ResponseReturnValue:
    """Seats planned and usable by autumn and stage, what is lost and what is tight, and the students expected."""
    reach, today = asked_reach(), clock.today()
    filters = asked_filters(reach)
    board = seats_board(person(), filters, today)
    asked = asked_autumn()
    year = board.coming.year if asked is None else asked if isinstance(asked, int) else None
    return render_template(
        "seats/seats.html",
        reach=reach,
        filters=filters,
        board=board,
        autumn=asked,
        year=year,
        batches=board.of_autumn(year),
        share=share,
        planned_seats=planned_seats,
        handed_seats=handed_seats,
        most=max((max(each.whole.planned, each.whole.usable) for each in board.autumns), default=0),
        tight_days=TIGHT_DAYS,
        most_towns=MOST_TOWNS,
        most_rows=MOST_ROWS,
        categories=list(ProjectCategory),
        own_only=person().role is Role.UNIT_STAFF,
        address=lambda anchor=None, **changes: url_for(
            "seats.seats", _anchor=anchor, **kept(filters, **({"autumn": asked} | changes))
        ),
    )


def asked_autumn() -> int | str | None:
    """The year of an autumn, ``none`` for what has no day, or None. Raises BadRequest for anything else."""
    asked = request.args.get("autumn", "")
    if asked in {"", UNDATED}:
        return asked or None
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and 1900 <= int(asked) <= 2999):
        raise BadRequest
    return int(asked)
