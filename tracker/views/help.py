"""帮助: what each place is for and who does what; every number in it comes from the rule that uses it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.queries.ladders import ladders
from tracker.rules.accounts import LOCKED_FOR, MOST_FAILURES
from tracker.rules.evidence import LARGEST_FILE, MOST_FILES, SUFFIXES
from tracker.rules.lights import SOON_DAYS
from tracker.rules.overview import RANKED_FROM
from tracker.rules.passwords import REMEMBERED, SHORTEST
from tracker.rules.permissions import Role
from tracker.rules.reports import UNDO_TIME
from tracker.rules.resets import RESET_LASTS
from tracker.rules.urges import PAUSE
from tracker.views.access import IDLE_LIMIT, LONGEST_SESSION, person, settings, signed_in
from tracker.views.help_sections import SECTIONS

place = Blueprint("help", __name__)
MEGABYTE = 1024 * 1024


@place.get("/help")
@signed_in
def help() -> ResponseReturnValue:
    """One page of help with a section for every place."""
    return render_template("help/help.html", sections=SECTIONS, roles=list(Role), **facts())


def facts() -> dict[str, Any]:
    """What the rules say, under the names by which the texts speak of it."""
    ladder = ladders().of(person().region)
    return {
        "soon_days": SOON_DAYS,
        "decide_days": ladder.decide_after,
        "ranked_from": RANKED_FROM,
        "days_before": _("、").join(str(days) for days in ladder.days_before),
        "day_after": ladder.day_after,
        "days_between": ladder.repeat_every,
        "head_days": ladder.head_after,
        "sends_at": f"{ladder.sends_at:%H:%M}",
        "urge_days": PAUSE.days,
        "undo_minutes": UNDO_TIME.seconds // 60,
        "file_types": _("、").join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes),
        "file_megabytes": LARGEST_FILE // MEGABYTE,
        "most_files": MOST_FILES,
        "shortest": SHORTEST,
        "remembered": REMEMBERED,
        "password_days": settings().password_days,
        "failures": MOST_FAILURES,
        "lock_minutes": LOCKED_FOR.seconds // 60,
        "idle_minutes": IDLE_LIMIT.seconds // 60,
        "session_hours": LONGEST_SESSION.seconds // 3600,
        "reset_minutes": RESET_LASTS.seconds // 60,
        "phone": settings().office_phone,
    }
