"""What a person sets of their own account."""

from __future__ import annotations

from datetime import datetime

from tracker.actions.accounts import change_account
from tracker.actions.record import Actor
from tracker.models import Account


def change_profile(
    actor: Actor, account: Account, version: int, now: datetime, *, email: str | None, phone: str | None
) -> None:
    """Set one's own phone and mail address. Raises StaleAccount."""
    change_account(
        actor,
        account,
        version,
        now,
        name=account.name,
        email=email,
        phone=phone,
        units=account.units,
        act="change_profile",
    )
