"""Refusals as events, bounded: whoever is refused very often within a minute does not fill the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tracker.actions.record import Actor, record
from tracker.queries.events import refusals_since

MOST_A_MINUTE = 20
STRANGER = "refuse_stranger"  # the act of every request that is refused to nobody in particular

logger = logging.getLogger(__name__)


def keep_refusal(
    actor: Actor,
    act: str,
    now: datetime,
    *,
    obj: tuple[str, str] | None = None,
    region: str | None = None,
    said: Mapping[str, Any] | None = None,
) -> bool:
    """Keep a refusal of a person, or of a network address where nobody is signed in. The caller commits.

    The last one that a minute takes says so; those after it stand in the log of the process alone, and False is
    returned for them.
    """
    person_id = actor.person.id if actor.person else None
    since = now - timedelta(minutes=1)
    kept = refusals_since(since, person_id) if person_id else refusals_since(since, address=actor.address, act=STRANGER)
    if kept >= MOST_A_MINUTE:
        logger.warning("refused very often: account %s, act %s", person_id, act)
        return False
    after = {**(said or {}), **({"more": "log"} if kept == MOST_A_MINUTE - 1 else {})}
    record(actor, act, now, obj=obj, region=region, after=after or None, allowed=False)
    return True
