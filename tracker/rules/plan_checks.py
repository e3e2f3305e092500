"""What contradicts itself in the words of a plan: dates, units, numbers, targets, indicators; a line for each rule.

Findings of one kind about many tasks are one finding: a list, not a page of the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tracker.rules import date_checks, item_checks, number_checks, target_checks, unit_checks
from tracker.rules.checkup import Finding, findings_by
from tracker.rules.plan_facts import PlanFacts

RULES: tuple[Callable[[PlanFacts], Iterable[Finding]], ...] = (
    date_checks.before_issue,
    date_checks.which_year,
    date_checks.unreadable,
    date_checks.without_month,
    date_checks.without_deadline,
    unit_checks.without_unit,
    unit_checks.lead_unstated,
    unit_checks.indicators_without_units,
    unit_checks.two_names,
    unit_checks.group_names,
    number_checks.task_numbers,
    number_checks.heading_numbers,
    number_checks.numbers_restart,
    target_checks.two_values,
    target_checks.two_dates,
    item_checks.other_terms,
    item_checks.left_out,
    item_checks.without_duty,
    item_checks.without_task,
    item_checks.without_indicator,
    item_checks.reported_short,
    item_checks.reported_elsewhere,
    item_checks.points,
    target_checks.grade_counts,
    date_checks.no_document_number,
    date_checks.no_issue_date,
)


def plan_findings(plan: PlanFacts) -> list[Finding]:
    """Everything that the words of a plan say against themselves."""
    return findings_by(RULES, plan)
