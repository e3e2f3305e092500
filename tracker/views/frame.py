"""What every page shows around its content: place, day, navigation, the demonstration's band."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from tracker import clock
from tracker.queries.frame import frame_facts
from tracker.rules.permissions import Can, Role, Scope, may
from tracker.translations import ENGLISH, chosen_language
from tracker.views.access import person, signed_in_visitor
from tracker.views.help_sections import section_of

WITHIN = {
    "issues": "archive",
    "issue_acts": "archive",
    "issue_changes": "archive",
    "readings": "archive",
    "bulletins": "archive",
    "appraisals": "archive",
    "trend": "archive",
    "ledger": "tasks",
    "plan_tasks": "plans",
    "imports": "plans",
    "adoption": "plans",
    "import_rows": "plans",
    "handlers": "tasks",
    "task_days": "tasks",
    "unit_sheets": "units",
    "ladders": "outbox",
    "calendar": "outbox",
    "schools": "indicators",
    "school_years": "indicators",
    "enrolments": "indicators",
    "school_plans": "indicators",
    "school_sheets": "indicators",
    "county_values": "indicators",
    "links": "indicators",
    "gaps": "indicators",
    "forecasts": "indicators",
    "frameworks": "indicators",
    "framework_changes": "indicators",
    "self_evaluation": "indicators",
    "binder": "indicators",
    **dict.fromkeys(
        ("nodes", "node_lists", "money", "handovers", "photos", "project_facts", "project_sheets"), "projects"
    ),
    **dict.fromkeys(("seats", "schedules", "costs"), "projects"),
    "checks": "plans",
    "plan_books": "plans",
}  # places that stand inside another one


@dataclass(frozen=True)
class Place:
    """A top-level place in the navigation."""

    title: str
    address: str
    current: bool
    count: str = ""


def register(app: Flask) -> None:
    """Offer the frame to every template."""
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """The values of the frame; strangers get the few that a sign-in page shows."""
    known = signed_in_visitor()
    facts = frame_facts(known.person if known else None, clock.today())
    return {
        "today": clock.today(),
        "html_language": "en" if chosen_language() == ENGLISH else "zh-CN",
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "demonstration": facts.demonstration,
        "place_name": f"{facts.region_name or _('全国')} · {_('优质均衡推进')}" if known else _("优质均衡推进"),
        "mail_is_held": facts.mail_is_held and request.endpoint != "outbox.outbox",
        "navigation": navigation(facts.waiting) if known else [],
        "help_section": section_of(request.blueprint),
        "may": (lambda can: may(person(), Can(can))) if known else (lambda can: False),
        "may_everywhere": (lambda can: may(person(), Can(can), Scope(person().region)))
        if known
        else (lambda can: False),
    }


def navigation(waiting: int) -> list[Place]:
    """The places that this person may enter, never more than seven; beside their work how many tasks wait for them."""
    section = (request.blueprint or "").split(".")[0]
    section = WITHIN.get(section, section)
    role = person().role
    if section == "units" and role is Role.PLAN_OFFICE:
        section = "plans"  # where the office finds the units, so that it sees no more than seven places
    if section == "outbox" and role is Role.PLAN_OFFICE:
        section = "archive"  # what went out of the office stands together

    def place(title: str, endpoint: str, allowed: bool) -> Place | None:
        if not allowed:
            return None
        count = str(waiting) if waiting and endpoint == "work.work" else ""
        return Place(title, url_for(endpoint), section == endpoint.split(".")[0], count)

    can: Callable[[Can], bool] = lambda act: may(person(), act)  # noqa: E731
    places = [
        place(_("领导周览"), "overview.overview", can(Can.SEE_OVERVIEW)),
        place(_("我的任务"), "work.work", role is Role.UNIT_STAFF),
        place(_("待我核验"), "work.work", role is Role.PLAN_OFFICE),
        place(_("任务台账"), "tasks.ledger", can(Can.SEE_TASK)),
        place(_("工程项目"), "projects.projects", can(Can.SEE_PROJECTS)),
        place(_("指标监测"), "indicators.indicators", can(Can.SEE_INDICATORS)),
        place(_("计划"), "plans.plans", can(Can.EDIT_PLAN)),
        place(_("通报与报表"), "archive.archive", can(Can.SEE_OVERVIEW)),
        place(_("作业与发件箱"), "outbox.outbox", can(Can.SEE_OUTBOX) and role is not Role.PLAN_OFFICE),
        place(_("单位"), "units.units", role is Role.ADMINISTRATOR),
        place(_("账号管理"), "accounts.accounts", can(Can.MANAGE_ACCOUNTS) or can(Can.GRANT_ROLES)),
        place(_("审计日志"), "events.events", can(Can.READ_AUDIT)),
    ]
    return [each for each in places if each]
