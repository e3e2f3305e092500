"""The front door: everybody lands on the page that they work with."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Role
from tracker.views.access import person, signed_in

place = Blueprint("home", __name__)

HOMES = {
    Role.PLAN_OFFICE: "overview.overview",
    Role.LEADER: "overview.overview",
    Role.UNIT_STAFF: "work.work",
    Role.AUDITOR: "tasks.ledger",
    Role.ADMINISTRATOR: "accounts.accounts",
    Role.SECURITY_ADMINISTRATOR: "accounts.accounts",
}


@place.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Go to the page of this role; an account without a role may change its password and wait."""
    role = person().role
    return redirect(url_for(HOMES[role] if role else "sign_in.password"))
