"""通报与报表: the issues of the week year by year, searched, and two of them chosen to stand beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.models import Issue
from tracker.queries.archive import (
    appraisals_of,
    bulletins_of,
    issues_chosen,
    issues_of,
    readers_by_issue,
    years_of,
)
from tracker.queries.archive_search import Asked, found_bulletins, found_issues, found_tasks
from tracker.rules.issues import on_time_in, total_in
from tracker.rules.lights import COUNTED
from tracker.rules.permissions import Can, Scope, may
from tracker.views.access import needs, person
from tracker.views.overview_page import region_asked
from tracker.views.query import LONGEST_QUERY, number_in, page_number

place = Blueprint("archive", __name__)
BESIDE = 2


@dataclass(frozen=True)
class Look:
    """Which region, year and words an address of the archive asks for."""

    region: str
    year: int
    words: str
    page: int

    def address(self, **changes: Any) -> str:
        """The address of the archive with some of this changed; it begins at the first page."""
        own = self.region if self.region != person().region else None
        asked: dict[str, Any] = {"region": own, "year": self.year, "q": self.words or None} | changes
        return url_for("archive.archive", **asked)


@place.get("/archive")
@needs(Can.SEE_OVERVIEW)
def archive() -> ResponseReturnValue:
    """The issues of a year at or below a region with what was drawn from them, or what a search finds there."""
    region = region_asked()
    known, around = years_of(region), years_of(person().region)
    look = look_asked(region, known.years)
    asked = Asked(look.words, region, look.year)
    found = search(asked, look.page) if asked.words else listed(region, look)
    return render_template(
        "archive/archive.html",
        look=look,
        years=known.years,
        regions=around.regions,
        several=len(known.regions) > 1,
        longest=LONGEST_QUERY,
        total_in=total_in,
        counted=list(COUNTED),
        on_time_in=on_time_in,
        **found,
    )


@place.get("/archive/beside")
@needs(Can.SEE_OVERVIEW)
def beside() -> ResponseReturnValue:
    """Lead from two issues that were ticked to the page that shows them beside one another, the newer one first."""
    region, ticked = region_asked(), request.args.getlist("issue")
    ids = [number for each in ticked if (number := number_in(each)) is not None]
    chosen = issues_chosen(region, ids[: BESIDE + 1])
    if len(chosen) != BESIDE or chosen[0].region_code != chosen[1].region_code:
        flash(_("请勾选同一地区的两期。"))
        return redirect(url_for("archive.archive", region=region if region != person().region else None))
    newer, older = chosen
    own = newer.region_code if newer.region_code != person().region else None
    return redirect(url_for("issue_changes.beside", number=newer.number, other=older.number, region=own))


def look_asked(region: str, years: list[int]) -> Look:
    """What the address asks: a year that has issues, or the newest such, or this one."""
    asked = request.args.get("year", "")
    year = next((each for each in years if str(each) == asked), years[0] if years else clock.today().year)
    return Look(region, year, request.args.get("q", "").strip()[:LONGEST_QUERY], page_number(request.args))


def listed(region: str, look: Look) -> dict[str, Any]:
    """The issues of a year and the papers drawn from them."""
    page = issues_of(region, look.year, look.page)
    return {
        "page": page,
        "readers": readers_shown(page.rows),
        "bulletins": bulletins_of(region, look.year),
        "appraisals": appraisals_of(region, look.year),
    }


def readers_shown(issues: Sequence[Issue]) -> dict[int, list[str]]:
    """Who has read each issue: the office that signs it sees all, everybody else themselves, as on its page."""
    own = [each.id for each in issues if may(person(), Can.SIGN_WEEK, Scope(each.region_code))]
    others = [each.id for each in issues if each.id not in own]
    return (readers_by_issue(own) if own else {}) | (readers_by_issue(others, person().id) if others else {})


def search(asked: Asked, number: int) -> dict[str, Any]:
    """What says every word: issues, bulletins and, page by page, tasks."""
    return {"issues": found_issues(asked), "bulletins": found_bulletins(asked), "tasks": found_tasks(asked, number)}
