"""Using an address again that a mail server had refused."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.outbox import clear_address
from tracker.forms.base import StrictForm
from tracker.models import Account, Unit, db
from tracker.queries.units import unit_in
from tracker.queries.unreached import refused_account
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person

place = Blueprint("refused_addresses", __name__)


@place.post("/outbox/people/<int(max=2147483647):account_id>/clear")
@needs(Can.RESEND_MAIL)
def clear_person(account_id: int) -> ResponseReturnValue:
    """Use the address of a person again."""
    return cleared(refused_account(person().region, account_id))


@place.post("/outbox/units/<int(max=2147483647):unit_id>/clear")
@needs(Can.RESEND_MAIL)
def clear_unit(unit_id: int) -> ResponseReturnValue:
    """Use the mailbox of a unit again."""
    return cleared(unit_in(person().region, unit_id))


def cleared(owner: Account | Unit | None) -> ResponseReturnValue:
    """Clear the address of its owner and go back to the list; 404 without one."""
    if owner is None:
        abort(404)
    if not StrictForm().is_sent():
        raise BadRequest
    done = clear_address(actor(), owner, clock.now())
    db.session.commit()
    flash(_("已重新启用这个邮箱，今后的邮件照常发往它。") if done else _("这个邮箱没有被拒收，可能已由他人处理。"))
    return redirect(url_for("outbox.outbox", _anchor="addresses"))
