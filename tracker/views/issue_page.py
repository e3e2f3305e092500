"""Which issue an address asks for, and which part of it: what all pages about an issue share."""

from __future__ import annotations

from flask import abort, request, url_for

from tracker.models import Issue, IssueState
from tracker.queries.issue_lines import WHOLE, Part
from tracker.queries.issues import issue_numbered
from tracker.rules.permissions import Can, is_within, may
from tracker.views.access import person
from tracker.views.overview_page import region_asked


def load_issue(number: int) -> Issue:
    """An issue of the region in the address by its number; 404 where there is none."""
    return issue_numbered(region_asked(), number) or abort(404)


def region_shown(issue: Issue) -> str | None:
    """The region of an issue as an address names it: not where it is the reader's own."""
    return issue.region_code if issue.region_code != person().region else None


def address_of(issue: Issue, part: Part = WHOLE) -> str:
    """The page of an issue, narrowed to a part that it holds too."""
    plan = part.plan if part.plan in {each["code"] for each in issue.plans} else None
    place = part.region if part.region in issue.places else None
    return url_for("issues.issue", number=issue.number, region=region_shown(issue), plan=plan, place=place)


def named(issue: Issue) -> dict[str, str]:
    """The region of an issue by the name that it had then."""
    return {"name": issue.places.get(issue.region_code, issue.region_code)}


def part_asked(*issues: Issue) -> Part:
    """The plan and the lower region in the address; 404 for what none of the issues, all of one region, holds."""
    plan, lower = request.args.get("plan") or None, request.args.get("place") or None
    if plan and not any(plan == each["code"] for issue in issues for each in issue.plans):
        abort(404)
    if lower and not any(lower in issue.places and is_within(lower, issue.region_code) for issue in issues):
        abort(404)
    return Part(plan, lower)


def is_for_signing(issue: Issue) -> bool:
    """Whether the person is of the office whose draft this is, which alone words and signs it."""
    own = issue.region_code == person().region and may(person(), Can.SIGN_WEEK)
    return own and issue.state is IssueState.DRAFT
