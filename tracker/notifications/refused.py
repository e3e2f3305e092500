"""Addresses that a mail server refused for good: kept until they are cleared, or a mail to them is taken."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.models import RefusedAddress, db
from tracker.models.once import insert_once


def refuse(address: str, answer: str, now: datetime) -> None:
    """Keep that an address was refused, with the latest answer, in the caller's transaction."""
    said = {"answer": answer, "refused_at": now}
    db.session.execute(insert_once(RefusedAddress).values(address=address, **said))
    db.session.execute(
        sa.update(RefusedAddress)
        .where(RefusedAddress.address == address)
        .values(said)
        .execution_options(synchronize_session=False)
    )


def forgive(address: str) -> bool:
    """Let an address be used again, in the caller's transaction; whether it was refused at all."""
    gone = db.session.execute(
        sa.delete(RefusedAddress).where(RefusedAddress.address == address).execution_options(synchronize_session=False)
    )
    return bool(gone.rowcount)  # type: ignore[attr-defined]
