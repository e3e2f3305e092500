"""The county and the framework in an address, as the pages that judge one county by one framework read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, request
from werkzeug.exceptions import BadRequest

from tracker.models import Framework, Plan, Region
from tracker.queries.coverage import region_at
from tracker.queries.frameworks import usable_frameworks
from tracker.queries.reach import Reach
from tracker.queries.standards import standard_of
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.standards import Standard
from tracker.views.access import person
from tracker.views.reach import asked_reach

LONGEST_CODE = 40


@dataclass(frozen=True)
class Choice:
    """A county with the framework that it is judged by, those that it can choose, and its plans."""

    region: Region
    framework: Framework
    frameworks: list[Framework]
    plans: tuple[Plan, ...] = ()

    @cached_property
    def standard(self) -> Standard:
        """What the framework asks."""
        return standard_of(self.framework)

    def address(self, **changes: str | None) -> dict[str, Any]:
        """The choice as parts of an address, with changes; a region that is the reader's own needs no mention."""
        region = self.region.code if self.region.code != person().region else None
        return {"region": region, "framework": self.framework.code} | changes


def asked_choice() -> Choice | Reach:
    """The county and framework that the address asks for; above a county the reach, from which one is to be chosen.

    Aborts with 404 where the county cannot use the framework. Raises BadRequest for a region that is not the reader's.
    """
    reach = asked_reach()
    code = reach.plan.region_code if reach.plan and len(reach.region) < COUNTY_DIGITS else reach.region
    region = region_at(code) if len(code) >= COUNTY_DIGITS else None
    if region is None:
        return reach
    framework, frameworks = asked_framework(code)
    plans = tuple(each for each in reach.plans if each.region_code == code)
    return Choice(region, framework, frameworks, plans)


def asked_framework(region: str) -> tuple[Framework, list[Framework]]:
    """The framework in the address or form, or the region's own, and all that it can be held against; 404 for others.

    Raises BadRequest for what is no code.
    """
    code = request.values.get("framework", "").strip()
    if len(code) > LONGEST_CODE or "\x00" in code:
        raise BadRequest
    frameworks = usable_frameworks(region)
    return next((each for each in frameworks if code in ("", each.code)), None) or abort(404), frameworks
