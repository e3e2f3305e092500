"""Signing in and out, one's own password and one's own sessions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from tracker import clock
from tracker.actions import sign_in as actions
from tracker.actions.passwords import change_password
from tracker.forms.sign_in import FAULTS, EndSessionForm, PasswordForm, SignInForm
from tracker.models import db
from tracker.models.engine import reading_only
from tracker.queries.accounts import account_by_username, locked_until, open_sessions
from tracker.queries.passwords import old_hashes
from tracker.rules.accounts import LOCKED_FOR, MOST_FAILURES
from tracker.rules.passwords import (
    PasswordFault,
    hash_password,
    is_outdated,
    password_fault,
    password_matches,
    was_used,
)
from tracker.views.access import (
    IDLE_LIMIT,
    LONGEST_SESSION,
    SignedIn,
    actor,
    hash_of,
    public,
    settings,
    signed_in,
    signed_in_visitor,
    throttle,
    visitor,
)
from tracker.views.addresses import safe_target
from tracker.views.typed import hand_over

place = Blueprint("sign_in", __name__)


@place.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for user name and password; a person who is in already goes on to where they wanted."""
    earlier = signed_in_visitor()
    form = SignInForm(next=request.args.get("next", ""))
    target = safe_target(form.next.data)
    if request.method != "POST":
        return redirect(target) if earlier else door(form)
    if not form.is_sent():
        return door(form, _("用户名或密码错误。"))
    answer = answered(form.username.data or "", form.password.data or "")
    if answer.session is None:
        return door(form, refusal(answer))
    if earlier:
        actions.sign_out(actor(), earlier.session_id, earlier.account.username, clock.now())
    db.session.commit()
    session.clear()
    login_user(SignedIn(answer.token, answer.session))
    hand_over(form.typed.data)
    return redirect(target)


def door(form: SignInForm, problem: str = "") -> ResponseReturnValue:
    """The sign-in page, with what was wrong."""
    timed_out = not problem and g.get("session_timed_out", False)
    page = render_template("sign_in/sign_in.html", form=form, problem=problem, timed_out=timed_out)
    return page, 400 if problem else 200


def answered(username: str, password: str) -> actions.Answer:
    """Whether the password opens a session. Aborts with 429 where the address has failed too often.

    The password is compared between two transactions, so that nobody waits for its hash; failures are committed.
    """
    address, cost = request.remote_addr or "", actions.hash_cost(settings())
    db.session.rollback()
    with reading_only():
        throttle()
        account = account_by_username(username)
        known, kept = (account.id, account.password_hash) if account else (None, None)
        db.session.rollback()
    matched = kept if password_matches(kept, password, cost) else None
    renewed = hash_password(password, cost) if matched and is_outdated(matched, cost) else None
    answer = actions.sign_in(actions.Credentials(username, known, matched, renewed), address, clock.now())
    if answer.session is None:
        db.session.commit()
    return answer


def refusal(answer: actions.Answer) -> str:
    """The same words for an unknown name, a wrong password and a disabled account; a lock names its end."""
    if answer.locked_until is None:
        return _("用户名或密码错误。")
    return _(
        "用户名或密码错误。该用户名连续错误 %(times)d 次，锁定 %(minutes)d 分钟，至 %(time)s；安全管理员可以解锁。",
        times=MOST_FAILURES,
        minutes=LOCKED_FOR.seconds // 60,
        time=f"{clock.office_time(answer.locked_until):%H:%M}",
    )


@place.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session."""
    if not EndSessionForm().is_sent():
        abort(400)
    actions.sign_out(actor(), visitor().session_id, visitor().account.username, clock.now())
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.sign_in"))


@place.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """One's own page: change the password, see where one is signed in."""
    form = PasswordForm()
    if form.is_sent() and changed(form):
        return redirect(url_for("home.home"))
    moment, account = clock.now(), visitor().account
    sessions = open_sessions(account.id, moment - LONGEST_SESSION, moment - IDLE_LIMIT)
    page = render_template(
        "sign_in/password.html",
        form=form,
        sessions=sessions,
        here=visitor().session_id,
        account=account,
        days=settings().password_days,
    )
    return page, 400 if form.errors else 200


def changed(form: PasswordForm) -> bool:
    """Whether the password was changed; else the form carries the reason. A wrong old password counts as a failure.

    Passwords are compared and hashed between two transactions, so that nobody waits for them.
    """
    account, cost, moment = visitor().account, actions.hash_cost(settings()), clock.now()
    new, kept, fault = form.new.data or "", account.password_hash, _fault(form.new.data or "", form.old.data or "")
    earlier = old_hashes(account.id)
    db.session.rollback()
    matched = password_matches(kept, form.old.data or "", cost)
    if matched and not fault and was_used(new, earlier, cost):
        fault = PasswordFault.USED_BEFORE
    new_hash = hash_of(new) if matched and not fault else ""
    if locked_until(account.username, moment):
        form.old.errors = [_("密码连续错误次数过多，请 15 分钟后再试，或联系安全管理员解锁。")]
    elif not matched or account.password_hash != kept:
        actions.fail_password(actor(), account, moment)
        db.session.commit()
        form.old.errors = [_("原密码不正确。")]
    elif fault:
        form.new.errors = [FAULTS[fault]]
    else:
        ended = change_password(actor(), account, new_hash, visitor().session_id, moment)
        db.session.commit()
        flash(_("密码已修改；其他 %(count)d 处登录已结束。", count=ended))
        return True
    return False


def _fault(new: str, old: str) -> PasswordFault | None:
    account = visitor().account
    return PasswordFault.UNCHANGED if new == old else password_fault(new, account.username, account.name)


@place.post("/password/sessions/<int(max=2147483647):session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions; those of others are not found."""
    if not EndSessionForm().is_sent():
        abort(400)
    if not actions.end_session(actor(), visitor().account, session_id, clock.now()):
        abort(404)
    db.session.commit()
    flash(_("该处登录已结束。"))
    return redirect(url_for("sign_in.password"))
