"""The region and the plan in an address, as the pages of indicators and projects read them."""

from __future__ import annotations

from flask import abort, request
from werkzeug.exceptions import BadRequest

from tracker.queries.coverage import region_at
from tracker.queries.reach import Reach, reach_of
from tracker.views.access import person
from tracker.views.query import filters_from


def asked_reach() -> Reach:
    """How far the address asks to reach; 404 for a region that does not exist.

    Raises BadRequest for a region or plan that the person may not see.
    """
    filters = filters_from(request.args)
    reach = reach_of(person(), filters.region, filters.plan)
    if reach is None:
        raise BadRequest
    if filters.region and region_at(filters.region) is None:
        abort(404)
    return reach
