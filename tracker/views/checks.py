"""体检: what contradicts itself inside a plan, with the evidence and what would put it right."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.queries.checkup import checkup_of
from tracker.rules.checkup import OF_FIGURES, Severity, kinds_of
from tracker.rules.permissions import Can, Role
from tracker.views.access import load_plan, needs, person

place = Blueprint("checks", __name__)


@place.get("/plans/<code>/check")
@needs(Can.SEE_PROJECTS)
def check(code: str) -> ResponseReturnValue:
    """The findings of a plan by weight and kind; staff of units read those of their own tasks."""
    plan = load_plan(code, Can.SEE_PROJECTS)
    findings = checkup_of(plan, person())
    return render_template(
        "checks/check.html",
        plan=plan,
        of_figures=OF_FIGURES,
        kinds=kinds_of(findings),
        counts={each: sum(found.severity is each for found in findings) for each in Severity},
        own_only=person().role is Role.UNIT_STAFF,
    )
