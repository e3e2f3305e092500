"""Frameworks as they are loaded: one that the region can use, and one that its office may change."""

from __future__ import annotations

from flask import abort
from werkzeug.exceptions import BadRequest

from tracker.models import Framework, Indicator
from tracker.queries.frameworks import seen_frameworks
from tracker.rules.permissions import Can, Scope, may
from tracker.views.access import person, refuse


def load_framework(code: str, can: Can) -> Framework:
    """A framework by its code. 404 where the region does not see it, 403 where it is not theirs to change."""
    found = next((each for each in seen_frameworks(person().region) if each.code == code), None)
    if found is None:
        abort(404)
    if can is Can.EDIT_FRAMEWORK and not is_own(found):
        refuse(can, found.code, found.region_code, kind="framework")
    return found


def load_item(framework: Framework, code: str) -> Indicator:
    """An item of a framework by its code, 404 without one."""
    return next((each for each in framework.indicators if each.code == code), None) or abort(404)


def is_own(framework: Framework) -> bool:
    """Whether the person may change a framework: a copy of their region or one below; shared ones nobody may."""
    region = framework.region_code
    return region is not None and may(person(), Can.EDIT_FRAMEWORK, Scope(region))


def can_edit() -> bool:
    """Whether the person is the office of a region, whose copies can be."""
    return bool(person().region) and may(person(), Can.EDIT_FRAMEWORK)


def own_region() -> str:
    """The region of the office. Raises BadRequest for the whole country, of which no copy is."""
    if not person().region:
        raise BadRequest
    return person().region
