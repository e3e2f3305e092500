"""Two issues compared: what became of every task between them, and both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from tracker.models import Issue
from tracker.queries.issue_differences import beside as two_issues
from tracker.queries.issue_differences import between, issues_to_choose
from tracker.queries.issue_lines import Part
from tracker.queries.issues import issue_before
from tracker.queries.paging import PAGE_SIZE, Page, page_in
from tracker.rules.issue_clauses import clauses
from tracker.rules.issue_differences import Difference, Item
from tracker.rules.issue_reasons import Reason
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import WORDS_SHOWN
from tracker.rules.permissions import Can
from tracker.views.access import needs
from tracker.views.issue_page import load_issue, named, part_asked, region_shown
from tracker.views.query import asked_for, filters_from, page_number

place = Blueprint("issue_changes", __name__)

QUIET_SHOWN = 20
ASKED = ("since", "region", "plan", "place", "reason", "light", "quiet")


@place.get("/overview/issues/<int(max=999999):number>/changes")
@needs(Can.SEE_OVERVIEW)
def changes(number: int) -> ResponseReturnValue:
    """What became of every task since an earlier issue, the one before without ``since``.

    ``reason``, ``light`` and ``quiet`` choose whose items are shown; ``plan`` and ``place`` narrow all of it.
    """
    found = load_issue(number)
    since = since_asked(found)
    if since is None:
        return render_template("overview/changes.html", **frame_of(found, None), choices=[])
    part = part_asked(found, since)
    difference = between(since, found, part)
    kept = asked_for(request.args, ASKED)
    return render_template(
        "overview/changes.html",
        **frame_of(found, since, part),
        difference=difference,
        clauses=clauses(difference),
        listed=items_asked(difference),
        quiet=quiet_asked(difference),
        reason=reason_asked(),
        group=light_asked(),
        quiet_only=is_quiet(),
        filtered=bool(reason_asked() or light_asked() or is_quiet()),
        choices=[each for each in issues_to_choose(found.region_code) if each[0] < number],
        address_of_page=lambda page: url_for("issue_changes.changes", **kept, number=number, page=page),
    )


@place.get("/overview/issues/<int(max=999999):number>/beside/<int(max=999999):other>")
@needs(Can.SEE_OVERVIEW)
def beside(number: int, other: int) -> ResponseReturnValue:
    """Two issues of a region side by side, the earlier one first whatever their order in the address."""
    one, two = load_issue(number), load_issue(other)
    if one is two:
        return redirect(url_for("issues.issue", number=number, region=region_shown(one)))
    earlier, later = sorted((one, two), key=lambda issue: issue.number)
    part = part_asked(later, earlier)
    return render_template(
        "overview/beside.html",
        **frame_of(later, earlier, part),
        both=two_issues(earlier, later, part),
        items_shown=PAGE_SIZE,
        choices=issues_to_choose(later.region_code),
    )


@place.get("/overview/issues/beside")
@needs(Can.SEE_OVERVIEW)
def choose() -> ResponseReturnValue:
    """The way from two chosen numbers, ``one`` and ``other``, to their page."""
    one, other = (number_asked(name) for name in ("one", "other"))
    if one is None or other is None:
        raise BadRequest
    kept: dict[str, Any] = {name: request.args.get(name) or None for name in ("region", "plan", "place")}
    return redirect(url_for("issue_changes.beside", **kept, number=other, other=one))


def frame_of(issue: Issue, since: Issue | None, part: Part | None = None) -> dict[str, Any]:
    """What both pages are given: the issues, where they belong, and the ways from here, all within the same part."""
    part = part or Part()
    fixed: dict[str, Any] = {"region": region_shown(issue), "plan": part.plan, "place": part.region}
    number = since.number if since else None
    return {
        "issue": issue,
        "since": since,
        "part": part,
        "region_shown": fixed["region"],
        "plan_title": next((each["title"] for each in issue.plans if each["code"] == part.plan), part.plan),
        "part_place": issue.places.get(part.region or "", part.region),
        "seen": named(issue),
        "counted": list(COUNTED),
        "words_shown": WORDS_SHOWN,
        "plans_now": {each["code"] for each in issue.plans},
        "plans_then": {each["code"] for each in since.plans} if since else set(),
        "to_issue": lambda each: url_for("issues.issue", number=each.number, **fixed),
        "to_changes": partial(url_for, "issue_changes.changes", number=issue.number, since=number, **fixed),
        "to_beside": url_for("issue_changes.beside", number=issue.number, other=number, **fixed) if since else "",
        "to_lines": lambda each, **filters: url_for("issues.lines", number=each.number, **fixed, **filters),
    }


def since_asked(issue: Issue) -> Issue | None:
    """The earlier issue in the address, else the one before, None for the first; 404 for what is none of them."""
    number = number_asked("since")
    if number is None:
        return issue_before(issue.region_code, issue.number)
    return load_issue(number) if number < issue.number else abort(404)


def items_asked(difference: Difference) -> Page[Item] | None:
    """The items that change a group and that the address asks for, None where it asks for the others."""
    if is_quiet():
        return None
    reason, light = reason_asked(), light_asked()
    return page_in(
        [each for each in difference.items if reason in {None, each.reason} and (not light or light in each.effect)],
        page_number(request.args),
    )


def quiet_asked(difference: Difference) -> Page[Item] | None:
    """The items that change no group: all in pages where the address asks for them, else the first few."""
    if not is_quiet():
        few = difference.quiet[:QUIET_SHOWN]
        return None if reason_asked() or light_asked() else Page(few, len(difference.quiet), 1, QUIET_SHOWN)
    return page_in(
        [each for each in difference.quiet if reason_asked() in {None, each.reason}], page_number(request.args)
    )


def reason_asked() -> Reason | None:
    """The reason in the address. Raises BadRequest for what is none."""
    asked = request.args.get("reason")
    if asked and asked not in set(Reason):
        raise BadRequest
    return Reason(asked) if asked else None


def light_asked() -> Light | None:
    """The group in the address. Raises BadRequest for what is none."""
    lights: Sequence[Light] = filters_from(request.args).light
    return lights[0] if lights else None


def is_quiet() -> bool:
    """Whether the address asks for what changes no group."""
    return request.args.get("quiet") == "1"


def number_asked(name: str) -> int | None:
    """The number of an issue in the address. Raises BadRequest for what is none."""
    asked = request.args.get(name)
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise BadRequest
    return int(asked)
