"""Accounts: administrators make and disable them, the security administrator gives roles; no business text here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import accounts as actions
from tracker.actions.accounts import AccountRefused, StaleAccount
from tracker.actions.record import Actor
from tracker.forms.accounts import AccountDetailsForm, AccountForm, RoleForm
from tracker.forms.base import VersionedForm
from tracker.models import Account, Unit, db
from tracker.queries.accounts import (
    AccountFilters,
    AccountState,
    account_by_username,
    accounts_page,
    locked_among,
    open_sessions,
    region_names,
    units_in,
)
from tracker.queries.frame import regions_below
from tracker.rules.accounts import USERNAME, AccountRefusal, reset_refusal, role_refusal
from tracker.rules.passwords import one_time_password
from tracker.rules.permissions import Can, Role, is_within
from tracker.translations import lazy as _l
from tracker.views.access import IDLE_LIMIT, LONGEST_SESSION, actor, hash_of, needs, person, visitor
from tracker.views.query import asked_for
from tracker.views.words import word

place = Blueprint("accounts", __name__)

LONGEST_SEARCH = 100
FILTERS = ("q", "role", "state")
STATES = {
    AccountState.ACTIVE: _l("可登录"),
    AccountState.DISABLED: _l("已停用"),
    AccountState.WITHOUT_ROLE: _l("尚无角色"),
    AccountState.WITHOUT_ADDRESS: _l("无邮箱"),
}
REFUSALS = {
    AccountRefusal.OWN_ROLE: _l("不能更改自己的角色。"),
    AccountRefusal.OWN_ACCOUNT: _l("不能对自己的账号进行此操作。"),
    AccountRefusal.TWO_POSTS: _l(
        "管理岗位（系统管理员、安全管理员、审计员）的角色不能更改或收回；不再任职的，请停用该账号，改任其他岗位的另建账号。"
    ),
    AccountRefusal.OTHER_POST: _l(
        "安全管理员和审计员的密码不能由系统管理员重置，请在服务器上执行 reset-password 命令。"
    ),
}
Act = Callable[[Actor, Account, int, datetime], str | None]  # what it returns is shown once


@place.get("/accounts")
@needs(Can.MANAGE_ACCOUNTS, Can.GRANT_ROLES)
def accounts() -> ResponseReturnValue:
    """The accounts at or below the person's region, searched and in pages."""
    filters, kept = asked(), asked_for(request.args, FILTERS)
    page = accounts_page(person().region, filters, request.args.get("page", 1, type=int))
    return render_template(
        "accounts/accounts.html",
        page=page,
        filters=filters,
        roles=[(role.value, word(role)) for role in Role],
        states=[(state.value, text) for state, text in STATES.items()],
        regions=region_names({account.region_code for account in page.rows}),
        locked=locked_among([account.username for account in page.rows], clock.now()),
        address=lambda number: url_for("accounts.accounts", **kept, page=number),
    )


def asked() -> AccountFilters:
    """The filters of the address. Raises BadRequest for a role or a state that does not exist."""
    try:
        role, state = request.args.get("role"), request.args.get("state")
        return AccountFilters(
            q=request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
            role=Role(role) if role else None,
            state=AccountState(state) if state else None,
        )
    except ValueError:
        raise BadRequest from None


@place.route("/accounts/new", methods=["GET", "POST"])
@needs(Can.MANAGE_ACCOUNTS)
def create() -> ResponseReturnValue:
    """Make an account without a role; its one-time password is shown once, in the answer itself."""
    region = person().region
    form = AccountForm(regions_below(region), units_in(region), None if region else _("全国"))
    if form.is_sent():
        password = one_time_password()
        account = created(form, hash_of(password))
        if account:
            return account_page(account, one_time=password)
        form.username.errors = [_("该用户名已被使用。")]
    return render_template("accounts/create.html", form=form), 400 if form.errors else 200


def created(form: AccountForm, password_hash: str) -> Account | None:
    """The stored account, or None where the user name is taken."""
    try:
        account = actions.create_account(
            actor(),
            username=form.username.data or "",
            name=form.name.data or "",
            role=None,
            region=form.region.data,
            email=form.email.data or None,
            phone=form.phone.data or None,
            units=chosen_units(form.units.data, units_in(form.region.data)),
            password_hash=password_hash,
            now=clock.now(),
        )
    except IntegrityError:
        db.session.rollback()
        return None
    db.session.commit()
    return account


@place.get("/accounts/<username>")
@needs(Can.MANAGE_ACCOUNTS, Can.GRANT_ROLES)
def account(username: str) -> ResponseReturnValue:
    """One account with what this person may do to it."""
    return account_page(load_account(username))


@place.post("/accounts/<username>/details")
@needs(Can.MANAGE_ACCOUNTS)
def change(username: str) -> ResponseReturnValue:
    """Set name, mail address and units."""
    account = load_account(username)
    units = units_for(account)
    form = AccountDetailsForm(account, units, sent=True)
    if not form.is_sent():
        return account_page(account, details=form, status=400)
    act = partial(
        actions.change_account,
        name=form.name.data or "",
        email=form.email.data or None,
        phone=form.phone.data or None,
        units=chosen_units(form.units.data, units),
    )
    return done(account, form, "change_account", act, _("已保存。"))


@place.post("/accounts/<username>/disable")
@needs(Can.MANAGE_ACCOUNTS)
def disable(username: str) -> ResponseReturnValue:
    """Shut an account out at once."""
    said = _("账号已停用，登录已结束。")
    return done(load_account(username), VersionedForm(), "disable_account", actions.disable, said)


@place.post("/accounts/<username>/enable")
@needs(Can.MANAGE_ACCOUNTS)
def enable(username: str) -> ResponseReturnValue:
    """Let an account in again."""
    return done(load_account(username), VersionedForm(), "enable_account", actions.enable, _("账号已启用。"))


@place.post("/accounts/<username>/sessions/end")
@needs(Can.MANAGE_ACCOUNTS)
def end_sessions(username: str) -> ResponseReturnValue:
    """End every session of an account."""
    said = _("该账号的登录已全部结束。")
    return done(load_account(username), VersionedForm(), "end_sessions", actions.end_sessions, said)


@place.post("/accounts/<username>/password")
@needs(Can.MANAGE_ACCOUNTS)
def reset_password(username: str) -> ResponseReturnValue:
    """Replace the password by a one-time one, shown once, in the answer itself."""
    password = one_time_password()
    password_hash = hash_of(password)

    def act(author: Actor, account: Account, version: int, now: datetime) -> str:
        actions.reset_password(author, account, version, now, password_hash=password_hash)
        return password

    return done(load_account(username), VersionedForm(), "reset_password", act, "")


@place.post("/accounts/<username>/unlock")
@needs(Can.GRANT_ROLES)
def unlock(username: str) -> ResponseReturnValue:
    """End the lock after wrong passwords."""
    return done(load_account(username), VersionedForm(), "unlock_account", actions.unlock, _("已解锁。"))


@place.post("/accounts/<username>/role")
@needs(Can.GRANT_ROLES)
def grant(username: str) -> ResponseReturnValue:
    """Give, change or take the role."""
    account = load_account(username)
    form = role_form(account, sent=True)
    act = partial(actions.grant_role, role=form.role.data)
    return done(account, form, "grant_role", act, _("角色已更改，该账号需要重新登录。"))


def done(account: Account, form: VersionedForm, name: str, act: Act, said: str) -> ResponseReturnValue:
    """Do an act and go back to the account, or show what it made; a refusal is kept as an event and shown there."""
    if not form.is_sent():
        return account_page(account, problem=_("请刷新页面后重试。"), status=400)
    try:
        made = act(actor(), account, form.version.data or 0, clock.now())
    except StaleAccount:
        db.session.rollback()
        return account_page(account, problem=_("账号已被他人更改，下面是最新内容，请核对后重新提交。"), status=409)
    except AccountRefused as refused:
        db.session.rollback()
        actions.note_refusal(actor(), name, account, refused.reason, clock.now())
        db.session.commit()
        return account_page(account, problem=str(REFUSALS[refused.reason]), status=403)
    db.session.commit()
    if made:
        return account_page(account, one_time=made)
    flash(said)
    return redirect(url_for("accounts.account", username=account.username))


def load_account(username: str) -> Account:
    """An account by its name. Aborts with 404 where it does not exist or lies outside the person's region."""
    account = account_by_username(username) if USERNAME.fullmatch(username) else None
    if account is None or not is_within(account.region_code, person().region):
        abort(404)
    return account


def units_for(account: Account) -> list[Unit]:
    """The units to choose from for an account: those of its region, and disabled ones that it has already."""
    offered = units_in(account.region_code)
    return offered + [unit for unit in account.units if unit not in offered]


def chosen_units(chosen: list[int] | None, offered: list[Unit]) -> list[Unit]:
    """The units that were ticked."""
    return [unit for unit in offered if unit.id in (chosen or [])]


def role_form(account: Account, sent: bool = False) -> RoleForm:
    """The form of the role, with the words of all roles."""
    return RoleForm(account, [("", _("尚无角色")), *((role.value, word(role)) for role in Role)], sent)


def account_page(
    account: Account,
    *,
    details: AccountDetailsForm | None = None,
    one_time: str = "",
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page of an account; a one-time password stands on this answer alone."""
    moment, own = clock.now(), account.id == visitor().account.id
    fixed = role_refusal(own, account.role, None)
    page = render_template(
        "accounts/account.html",
        account=account,
        region=region_names({account.region_code}).get(account.region_code),
        details=details or AccountDetailsForm(account, units_for(account)),
        role=role_form(account),
        fixed=REFUSALS[fixed] if fixed else None,
        own=own,
        resettable=reset_refusal(own, account.role) is None,
        unitless=account.role in {None, Role.UNIT_STAFF} and not account.units,
        locked=locked_among([account.username], moment).get(account.username),
        sessions=open_sessions(account.id, moment - LONGEST_SESSION, moment - IDLE_LIMIT),
        one_time=one_time,
        problem=problem,
    )
    return page, status
