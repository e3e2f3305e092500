"""The leaders: the accounts that are sent the week of their region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from tracker.models import Account, RefusedAddress, db
from tracker.queries.routing import Recipient
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.permissions import Role


def leaders_of(regions: Collection[str]) -> dict[str, list[Recipient]]:
    """The leaders of some regions whom a mail reaches, in the name of their region."""
    query = sa.select(Account.id, Account.name, Account.email, Account.region_code).where(
        Account.role == Role.LEADER,
        Account.disabled_at.is_(None),
        Account.region_code.in_(regions),
        ~sa.exists().where(RefusedAddress.address == Account.email),
    )
    found: dict[str, list[Recipient]] = defaultdict(list)
    for row in db.session.execute(query.order_by(Account.id)):
        if is_mail_address(row.email or ""):
            found[row.region_code].append(Recipient(row.id, row.name, row.email, row.region_code, row.name))
    return dict(found)


def regions_with_leaders() -> list[str]:
    """The regions in which somebody is a leader."""
    query = sa.select(Account.region_code).where(Account.role == Role.LEADER, Account.disabled_at.is_(None))
    return sorted(set(db.session.scalars(query.distinct())))
