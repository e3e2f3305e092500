"""标为已阅: a leader says that they have read an issue."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import readings as acts
from tracker.forms.readings import MarkReadForm
from tracker.models import db
from tracker.queries.issues import issue_numbered
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person
from tracker.views.overview_page import region_asked

place = Blueprint("readings", __name__)


@place.post("/overview/issues/<int(max=999999):number>/read")
@needs(Can.MARK_READ)
def mark_read(number: int) -> ResponseReturnValue:
    """Note that this leader has read a signed issue; once is enough, and again changes nothing."""
    region = region_asked()
    issue = issue_numbered(region, number) or abort(404)
    if not MarkReadForm().is_sent():
        raise BadRequest
    acts.mark_read(actor(), issue, clock.now())
    db.session.commit()
    flash(_("第 %(number)d 期已标为已阅。", number=number))
    shown = region if region != person().region else None
    return redirect(url_for("issues.issue", number=number, region=shown))
