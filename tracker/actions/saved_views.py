"""Save and drop views of the ledger; a view is a link of its owner and grants nothing, so no event is kept."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused
from tracker.models import Account, SavedView, db
from tracker.queries.saved_views import view_named, views_of
from tracker.rules.permissions import Person

MOST_VIEWS = 20


def save_view(person: Person, name: str, query: str) -> SavedView:
    """Keep a query under a name; the same name again takes the new query. Raises RuleRefused('many_views')."""
    # Two clicks follow one another here; on SQLite the writing transaction sees to it.
    db.session.execute(sa.select(Account.id).where(Account.id == person.id).with_for_update(key_share=True))
    view = view_named(person, name)
    if view is None:
        views = views_of(person)
        if len(views) >= MOST_VIEWS:
            raise RuleRefused("many_views")
        view = SavedView(account_id=person.id, name=name, position=len(views))
        db.session.add(view)
    view.query = query
    db.session.flush()
    return view


def drop_view(view: SavedView) -> None:
    """Drop a saved view."""
    db.session.delete(view)
    db.session.flush()
