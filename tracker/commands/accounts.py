"""``flask create-admin``, ``reset-password`` and ``verify-audit``: what only the owner of the server may do."""

from __future__ import annotations

import click
from flask import Flask, current_app

from tracker import clock
from tracker.actions.accounts import create_account, replace_password
from tracker.actions.record import NOBODY, verified_chain
from tracker.actions.sign_in import hash_cost
from tracker.models import db
from tracker.queries.accounts import account_by_username, has_accounts, kept_username
from tracker.rules.accounts import is_username
from tracker.rules.passwords import hash_password, one_time_password
from tracker.rules.permissions import Role
from tracker.settings import Settings

FIRST_NAMES = {Role.ADMINISTRATOR: "系统管理员", Role.SECURITY_ADMINISTRATOR: "安全管理员"}


def register(app: Flask) -> None:
    """Attach the commands."""
    for command in (create_admin, reset_password, verify_audit):
        app.cli.add_command(command)


def hash_of(password: str) -> str:
    """What is kept of a password on this installation."""
    settings: Settings = current_app.extensions["settings"]
    return hash_password(password, hash_cost(settings))


def username(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Read a user name from the command line."""
    if not is_username(kept_username(text)):
        raise click.BadParameter("2 to 40 small letters, digits, points, hyphens or underscores")
    return kept_username(text)


def region_code(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Read a region's code from the command line."""
    if text and not (text.isascii() and text.isdigit() and len(text) in {2, 4, 6}):
        raise click.BadParameter("2, 4 or 6 digits of GB/T 2260, or nothing for the whole country")
    return text


@click.command("create-admin")
@click.option("--administrator", default="administrator", show_default=True, callback=username, help="User name.")
@click.option("--security", default="security", show_default=True, callback=username, help="User name.")
@click.option("--region", default="", callback=region_code, help="Code of the region; nothing is the whole country.")
def create_admin(administrator: str, security: str, region: str) -> None:
    """Make the first two accounts, administrator and security administrator. Refused when any account exists."""
    if has_accounts():
        raise click.ClickException("accounts exist already; further ones are made on the page 账号管理.")
    if administrator == security:
        raise click.ClickException("two posts need two accounts: give two user names.")
    names = {Role.ADMINISTRATOR: administrator, Role.SECURITY_ADMINISTRATOR: security}
    passwords = {role: one_time_password() for role in names}
    for role, name in names.items():
        create_account(
            NOBODY,
            username=name,
            name=FIRST_NAMES[role],
            role=role,
            region=region,
            email=None,
            units=[],
            password_hash=hash_of(passwords[role]),
            now=clock.now(),
        )
    db.session.commit()
    click.echo("The passwords are shown once and must be changed at the first sign-in.")
    for role, name in names.items():
        click.echo(f"{role}: user name {name}  password {passwords[role]}")


@click.command("reset-password")
@click.argument("name", callback=username)
def reset_password(name: str) -> None:
    """Give an account a one-time password and end its sessions; the way back in for administrators and auditors."""
    account = account_by_username(name)
    if account is None:
        raise click.ClickException(f"no account is named {name!r}.")
    password = one_time_password()
    replace_password(NOBODY, account, clock.now(), hash_of(password))
    db.session.commit()
    click.echo(f"user name {name}  password {password}  (shown once, to be changed at the first sign-in)")


@click.command("verify-audit")
def verify_audit() -> None:
    """Compute the chain of events anew; name the first that does not fit, and fail."""
    verdict = verified_chain()
    if verdict.broken:
        at = clock.office_time(verdict.broken.at).isoformat(timespec="seconds")
        raise click.ClickException(
            f"event {verdict.broken.id} ({at}, {verdict.broken.act}) does not fit the chain: it was changed, or one "
            f"before it was removed. {verdict.count} events before it are sound."
        )
    click.echo(f"{verdict.count} events, unbroken; the last hash is {verdict.last_hash}")
