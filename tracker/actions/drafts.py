"""Keep what a person has typed into a form of a task and not yet sent, and drop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.models import Draft, db


def save_draft(account_id: int, task_id: int, act: str, words: Mapping[str, str], now: datetime) -> None:
    """Keep the words of a form, in the place of those kept before: one draft per person, task and act."""
    values = {"words": dict(words), "saved_at": now}
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    kept = insert(Draft).values(account_id=account_id, task_id=task_id, act=act, **values)
    db.session.execute(kept.on_conflict_do_update(index_elements=["account_id", "task_id", "act"], set_=values))


def drop_draft(account_id: int, task_id: int, act: str) -> None:
    """Drop the draft of a form, if there is one."""
    mine = sa.delete(Draft).where(Draft.account_id == account_id, Draft.task_id == task_id, Draft.act == act)
    db.session.execute(mine.execution_options(synchronize_session=False))
