"""What the office does to its lists of nodes: write one for a category of projects, or use the usual eight again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import NodeList, ProjectCategory, db
from tracker.models.once import insert_once
from tracker.queries.nodes import node_lists

NO_ROW = 0  # the version of a list that a region has not written


class StaleList(Exception):
    """Somebody else saved the list after this form was opened."""


def save_node_list(
    actor: Actor, region: str, category: ProjectCategory, names: Sequence[str], version: int, now: datetime
) -> None:
    """Let the projects of a category begin with these nodes; those that have nodes keep them. Raises StaleList."""
    before = _stored(region, category)
    if before == list(names):
        return
    if version == NO_ROW:
        # A number that no list had before: a page opened before a reset stays stale.
        values = {"region_code": region, "category": category, "names": list(names)}
        _do(insert_once(NodeList).values(version=1 + secrets.randbelow(2**30), **values))
    else:
        _do(_claimed(sa.update(NodeList), region, category, version).values(version=version + 1, names=list(names)))
    _note(actor, "set_node_list", region, category, now, before, list(names))


def reset_node_list(actor: Actor, region: str, category: ProjectCategory, version: int, now: datetime) -> None:
    """Use the usual eight again. Raises StaleList; where they are used already nothing happens."""
    before = _stored(region, category)
    if before is None:
        return
    _do(_claimed(sa.delete(NodeList), region, category, version))
    _note(actor, "reset_node_list", region, category, now, before, None)


def _stored(region: str, category: ProjectCategory) -> list[str] | None:
    """The list that a region has written so far."""
    row = node_lists(region).get(category)
    if row is None:
        return None
    db.session.expunge(row)  # the statements below do not know of a row in the session
    return row.names


def _claimed(statement: Any, region: str, category: ProjectCategory, version: int) -> Any:
    """A change of a list that finds nothing where another has changed it since."""
    own = (NodeList.region_code == region, NodeList.category == category, NodeList.version == version)
    return statement.where(*own).execution_options(synchronize_session=False)


def _do(statement: Any) -> None:
    """Run a statement about one list. Raises StaleList where it finds none."""
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise StaleList


def _note(
    actor: Actor,
    act: str,
    region: str,
    category: ProjectCategory,
    now: datetime,
    before: list[str] | None,
    after: list[str] | None,
) -> None:
    of, said = ("region", region), {"category": category.value}
    record(actor, act, now, obj=of, region=region, before=said | {"nodes": before}, after=said | {"nodes": after})
