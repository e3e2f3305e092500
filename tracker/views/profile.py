"""我的资料: one's own phone and mail address."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.accounts import StaleAccount
from tracker.actions.profile import change_profile
from tracker.actions.sign_in import fail_password, hash_cost
from tracker.forms.profile import ProfileForm
from tracker.models import db
from tracker.queries.accounts import locked_until
from tracker.rules.passwords import password_matches
from tracker.views.access import actor, settings, signed_in, visitor

place = Blueprint("profile", __name__)


@place.route("/profile", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    """Phone and mail address of the person; name, role and units are the administrators' to set."""
    form, status = ProfileForm(visitor().account, sent=request.method == "POST"), 200
    if form.is_sent() and proven(form):
        try:
            change_profile(
                actor(),
                visitor().account,
                form.version.data or 0,
                clock.now(),
                email=form.email.data or None,
                phone=form.phone.data or None,
            )
            db.session.commit()
            flash(_("已保存。"))
            return redirect(url_for("profile.profile"))
        except StaleAccount:
            db.session.rollback()
            form.show_again(visitor().account.version)
            status = 409
    page = render_template("profile/profile.html", form=form, account=visitor().account, stale=status == 409)
    return page, 400 if form.errors else status


def proven(form: ProfileForm) -> bool:
    """Whether the password stands beside a new mail address: whoever sits at an open screen moves no mail away.

    The password is compared between two transactions, so that nobody waits for its hash; a wrong one counts as at
    the door.
    """
    account, moment = visitor().account, clock.now()
    if (form.email.data or None) == account.email:
        return True
    kept, cost = account.password_hash, hash_cost(settings())
    db.session.rollback()
    matched = password_matches(kept, form.password.data or "", cost)
    if locked_until(account.username, moment):
        form.password.errors = [_("密码连续错误次数过多，请 15 分钟后再试，或联系安全管理员解锁。")]
    elif not form.password.data:
        form.password.errors = [_("更换邮箱须填写密码")]
    elif not matched or account.password_hash != kept:
        fail_password(actor(), account, moment)
        db.session.commit()
        form.password.errors = [_("密码不正确。")]
    return not form.password.errors
