"""What the live week and a frozen issue share: where they look, and what their template is given."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from tracker.queries.coverage import region_at
from tracker.queries.overview import Overview
from tracker.rules.lights import COUNTED
from tracker.rules.money import MoneyKind
from tracker.rules.overview import RANKED_FROM, WORDS_SHOWN, Number, clauses, light_changes
from tracker.rules.permissions import is_within
from tracker.rules.schedules import NodesAsked
from tracker.views.access import person
from tracker.views.instructing import instructing_on
from tracker.views.query import filters_from

LISTS: dict[Number, dict[str, Any]] = {
    Number.TOTAL: {"light": list(COUNTED)},
    Number.CLOSED: {"light": "closed"},
    Number.OVERDUE: {"light": "overdue"},
    Number.NEWLY_CLOSED: {"changed": "closed"},
    Number.NEWLY_OVERDUE: {"changed": "overdue"},
    Number.STALE: {"stale": 1},
}


def frame_of(page: Overview, region: str) -> dict[str, Any]:
    """What the live and the frozen page share."""
    figures = page.figures
    return {
        "page": page,
        "seen": region_at(region),
        "region": region if region != person().region else None,
        "clauses": clauses(figures.week),
        "lists": LISTS,
        "changes": light_changes(figures.lights, figures.before) if figures.before is not None else None,
        "counted": list(COUNTED),
        "decide_days": page.decide_after,
        "instructing": instructing_on([*page.decisions, *page.worst]),
        "ranked_from": RANKED_FROM,
        "words_shown": WORDS_SHOWN,
        "MoneyKind": MoneyKind,
        "NodesAsked": NodesAsked,
    }


def region_asked() -> str:
    """The region in the address, the reader's own without one; 404 for one that lies elsewhere or does not exist."""
    return must_exist(place_asked())


def place_asked() -> str:
    """The region in the address, which may not exist, the reader's own without one; 404 for one that lies elsewhere."""
    asked = filters_from(request.args).region
    if asked is None:
        return person().region
    return asked if is_within(asked, person().region) else abort(404)


def must_exist(region: str) -> str:
    """The region; 404 where it is not stored."""
    if region != person().region and region_at(region) is None:
        abort(404)
    return region
