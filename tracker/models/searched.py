"""Tables that are searched keep their words folded beside them, so that both databases compare them as they stand."""

from __future__ import annotations

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from tracker.rules.search import folded


class Searched:
    """``folded`` holds the columns of ``SEARCHED`` without width and case; it follows every change of a row."""

    SEARCHED: ClassVar[tuple[str, ...]]

    folded: Mapped[str] = mapped_column(sa.Text, server_default="", deferred=True)


@event.listens_for(Searched, "before_insert", propagate=True)
@event.listens_for(Searched, "before_update", propagate=True)
def keep_folded(_mapper: Any, _connection: Any, row: Any) -> None:
    """Fold the words of a row anew where one of them has changed."""
    state = sa.inspect(row)
    # Words that are put together from columns have no history of their own.
    if any(name not in state.attrs or state.attrs[name].history.has_changes() for name in row.SEARCHED):
        row.folded = folded(*(getattr(row, name) for name in row.SEARCHED))
