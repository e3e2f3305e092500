"""The views of the ledger that a person has saved."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.models import SavedView, db
from tracker.rules.permissions import Person


def views_of(person: Person) -> Sequence[SavedView]:
    """The saved views of a person, in the order in which they were saved."""
    query = sa.select(SavedView).where(SavedView.account_id == person.id)
    return db.session.scalars(query.order_by(SavedView.position, SavedView.id)).all()


def view_named(person: Person, name: str) -> SavedView | None:
    """A saved view of a person by its name."""
    return db.session.scalar(sa.select(SavedView).where(SavedView.account_id == person.id, SavedView.name == name))


def view_of(person: Person, view_id: int) -> SavedView | None:
    """A saved view by its id, None where it is somebody else's."""
    return db.session.scalar(sa.select(SavedView).where(SavedView.account_id == person.id, SavedView.id == view_id))
