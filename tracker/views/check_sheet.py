"""The check-up of a plan as a sheet of the ledger: a line for each finding, contradictions first."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from tracker.documents.ledger_sheet import Sheet, SheetColumn
from tracker.models import Plan
from tracker.queries.plans import plan_by_code
from tracker.rules.checkup import Finding
from tracker.rules.permissions import Can, Scope, is_within, may
from tracker.views.access import person
from tracker.views.check_words import evidence, mend, severity_word, title

MOST_NAMED = 20  # tasks that a cell names; the count of all stands in the evidence


def plan_checked(code: str | None) -> Plan | None:
    """The one plan of a list, for its check-up; None without one, or where the person may not read it."""
    plan = plan_by_code(code) if code else None
    if plan is None or not is_within(plan.region_code, person().region):
        return None
    return plan if may(person(), Can.SEE_PROJECTS, Scope(plan.region_code)) else None


def check_sheet(plan: Plan, findings: Sequence[Finding]) -> Sheet:
    """The findings of a plan with their evidence, their mend and the tasks that they are about."""
    columns = [
        SheetColumn(_("轻重"), 10),
        SheetColumn(_("问题"), 24, True),
        SheetColumn(_("依据"), 60, True),
        SheetColumn(_("怎样改正"), 40, True),
        SheetColumn(_("任务"), 44, True),
    ]
    rows = [
        [severity_word(each.severity), title(each.code), evidence(each), mend(each), _named(each)] for each in findings
    ]
    count = _("共 %(count)d 处", count=len(findings)) if findings else _("方案没有发现矛盾。")
    return Sheet(_("体检"), [plan.title, count], columns, rows)


def _named(finding: Finding) -> str:
    names = _("、").join(task.title for task in finding.about[:MOST_NAMED])
    more = len(finding.about) - MOST_NAMED
    return _("%(names)s等 %(count)d 项", names=names, count=len(finding.about)) if more > 0 else names
