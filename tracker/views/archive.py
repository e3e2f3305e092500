"""通报与报表: the issues of the week, and what is drawn from them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.queries.archive import issues_of
from tracker.rules.permissions import Can
from tracker.views.access import needs
from tracker.views.overview_page import region_asked

place = Blueprint("archive", __name__)


@place.get("/archive")
@needs(Can.SEE_OVERVIEW)
def archive() -> ResponseReturnValue:
    """All issues of the reader's region, newest first."""
    region = region_asked()
    return render_template("archive/archive.html", issues=issues_of(region), region=region)
