"""忘记密码: ask for a mailed link, and choose a new password with it. Nobody learns which accounts exist."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.passwords import ask_reset, choose_password
from tracker.actions.sign_in import count_for_address, hash_cost
from tracker.forms.sign_in import FAULTS, AskResetForm, ResetForm
from tracker.models import db
from tracker.models.engine import reading_only
from tracker.queries.passwords import old_hashes, open_reset
from tracker.rules.passwords import HashCost, PasswordFault, password_fault, password_matches, was_used
from tracker.rules.resets import MOST_RESETS, RESET_LASTS
from tracker.views.access import hash_of, public, settings, throttle

place = Blueprint("password_reset", __name__)


@place.route("/password/forgotten", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whoever is named. Without a mail server it says whom to ask."""
    form, has_server = AskResetForm(), bool(settings().smtp_host)
    sent = form.is_sent() and has_server
    if sent:
        throttle()
        ask_reset(form.name.data or "", request.remote_addr or "", clock.now())
        db.session.commit()
    page = render_template(
        "sign_in/forgotten.html",
        form=form,
        sent=sent,
        has_server=has_server,
        phone=settings().office_phone,
        minutes=RESET_LASTS.seconds // 60,
        most=MOST_RESETS,
    )
    return page, 400 if form.errors else 200


@place.route("/password/reset", methods=["GET", "POST"])
@public
def choose() -> ResponseReturnValue:
    """Choose a new password with the code of a mail; a link carries it behind its #, where no log sees it."""
    form = ResetForm()
    if form.is_sent() and chosen(form):
        flash(_("密码已修改，请用新密码登录。"))
        return redirect(url_for("sign_in.sign_in"))
    return render_template("sign_in/reset.html", form=form), 400 if form.errors else 200


def chosen(form: ResetForm) -> bool:
    """Whether the password was set; else the form carries the reason. Aborts with 410 where the code opens nothing.

    Passwords are compared and hashed between two transactions, so that nobody waits for them.
    """
    throttle()
    fault = fault_of_choice(form.code.data or "", form.new.data or "", hash_cost(settings()))
    if fault:
        form.new.errors = [FAULTS[fault]]
        return False
    new_hash = hash_of(form.new.data or "")
    reset = open_reset(form.code.data or "", clock.now())
    if reset is None or not choose_password(reset, new_hash, request.remote_addr or "", clock.now()):
        refuse_code()
    db.session.commit()
    return True


def fault_of_choice(code: str, new: str, cost: HashCost) -> PasswordFault | None:
    """Why a new password is refused, or None. Aborts with 410 where the code opens nothing."""
    db.session.rollback()
    with reading_only():
        reset = open_reset(code, clock.now())
        account = reset.account if reset else None
        known = (account.username, account.name, account.password_hash, old_hashes(account.id)) if account else None
        db.session.rollback()
    if known is None:
        refuse_code()
    username, name, kept, earlier = known
    fault = password_fault(new, username, name)
    if fault is None and password_matches(kept, new, cost):
        fault = PasswordFault.UNCHANGED
    return PasswordFault.USED_BEFORE if fault is None and was_used(new, earlier, cost) else fault


def refuse_code() -> NoReturn:
    """Count a wrong code like a wrong password, and answer every one with the same words."""
    db.session.rollback()
    count_for_address(request.remote_addr or "", clock.now())
    db.session.commit()
    abort(410, description=_("链接或验证码已经失效，请重新申请重置密码。"))
