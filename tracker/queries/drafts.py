"""The drafts that a person has left in the forms of tasks."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.models import Draft, db


def drafts_on(account_id: int, task_id: int) -> list[Draft]:
    """A person's drafts on one task, the latest first."""
    query = sa.select(Draft).where(Draft.account_id == account_id, Draft.task_id == task_id)
    return list(db.session.scalars(query.order_by(Draft.saved_at.desc())))


def drafts_of(account_id: int, task_ids: Sequence[int], act: str) -> dict[int, Draft]:
    """A person's drafts of one act, by task."""
    query = sa.select(Draft).where(Draft.account_id == account_id, Draft.task_id.in_(task_ids), Draft.act == act)
    return {draft.task_id: draft for draft in db.session.scalars(query)}
