"""What an address asks of building projects, as their list and the pages beside it read it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from tracker.queries.projects import ProjectFilters
from tracker.queries.reach import Reach
from tracker.rules.schedules import NodesAsked
from tracker.views.access import person
from tracker.views.query import LONGEST_QUERY, filters_from


def asked_filters(reach: Reach) -> ProjectFilters:
    """The filters in the address. Raises BadRequest for a value that a filter does not have."""
    asked = filters_from(request.args)
    town = request.args.get("town", "").strip().replace("\x00", "")[:LONGEST_QUERY]
    return ProjectFilters(
        plan=reach.plan.code if reach.plan else None,
        region=reach.region if reach.region != person().region else None,
        category=asked.category,
        light=asked.light[0] if asked.light else None,
        town=town or None,
        node=asked_node(),
    )


def asked_node() -> NodesAsked | None:
    """Which open nodes are asked for. Raises BadRequest for another word."""
    asked = request.args.get("node", "")
    if asked and asked not in set(NodesAsked):
        raise BadRequest
    return NodesAsked(asked) if asked else None


def kept(filters: ProjectFilters, **changes: Any) -> dict[str, Any]:
    """The filters as parts of an address, with changes."""
    return asdict(filters) | changes
