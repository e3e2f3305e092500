"""Holding the outbox of one's region, and letting it go on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.holds import hold as hold_outbox
from tracker.actions.holds import release as release_outbox
from tracker.forms.base import StrictForm
from tracker.forms.holds import GIVE_UP, ReleaseForm
from tracker.models import db
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person

place = Blueprint("holds", __name__)


@place.post("/outbox/hold")
@needs(Can.HOLD_MAIL)
def hold() -> ResponseReturnValue:
    """Stop the outbox of one's region and all below it."""
    if not StrictForm().is_sent():
        raise BadRequest
    done = hold_outbox(actor(), person().region, clock.now())
    db.session.commit()
    flash(_("已暂停发送邮件。") if done else _("邮件已经处于暂停状态。"))
    return redirect(url_for("outbox.outbox"))


@place.post("/outbox/release")
@needs(Can.HOLD_MAIL)
def release() -> ResponseReturnValue:
    """Let the outbox of one's region and all below it go on; what waited is given up or sent."""
    form = ReleaseForm()
    if not form.is_sent():
        raise BadRequest
    count = release_outbox(actor(), person().region, clock.now(), give_up=form.waiting.data == GIVE_UP)
    db.session.commit()
    flash(words_of(count, form.waiting.data == GIVE_UP))
    return redirect(url_for("outbox.outbox"))


def words_of(count: int | None, give_up: bool) -> str:
    """What letting the outbox go on did."""
    if count is None:
        return _("邮件没有处于暂停状态，可能已由他人恢复。")
    if give_up:
        return _("已恢复发送；暂停期间积压的 %(count)d 封不再发送。", count=count)
    return _("已恢复发送；积压的邮件逐封核对后发出。")
