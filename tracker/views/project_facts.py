"""What is known of a project beside its plan: who builds it, by which contract, and where it stands now."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import project_facts as acts
from tracker.actions.project_facts import ContractFacts
from tracker.forms.project_facts import ContractForm, SiteForm
from tracker.models import Project
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.project_page import act_on_project

place = Blueprint("project_facts", __name__)


@place.post("/projects/<key>/facts")
@needs(Can.KEEP_PROJECT)
def keep(key: str) -> ResponseReturnValue:
    """Keep who builds the project and by which contract."""

    def do(project: Project, form: ContractForm, now: datetime) -> str:
        changed = acts.keep_facts(actor(), project, form.version.data or 0, facts_in(form), now)
        if not changed:
            return _("没有改动。")
        return _("已登记参建单位和合同 · %(title)s", title=project.task.title)

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: ContractForm(), do, "facts")


@place.post("/projects/<key>/site")
@needs(Can.EDIT_PLAN)
def move_site(key: str) -> ResponseReturnValue:
    """Let the project stand elsewhere; where the plan wanted it stays to be read."""

    def do(project: Project, form: SiteForm, now: datetime) -> str:
        site, town, reason = form.site.data or "", form.town.data, form.reason.data or ""
        acts.move_site(actor(), project, form.version.data or 0, site, town, reason, now)
        return _("已变更项目位置 · %(title)s", title=project.task.title)

    return act_on_project(key, Can.EDIT_PLAN, lambda project: SiteForm(), do, "facts")


def facts_in(form: ContractForm) -> ContractFacts:
    """What a valid form says; an empty field is not known."""
    return ContractFacts(
        owner=form.owner.data,
        contractor=form.contractor.data,
        supervisor=form.supervisor.data,
        contract_yuan=form.contract_yuan.yuan,
        contract_from=form.contract_from.data,
        contract_until=form.contract_until.data,
    )
