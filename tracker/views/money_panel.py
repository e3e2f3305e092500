"""What the page of a project shows of its money: the ledger, its sums, the doubts, the bars, and the areas by use."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.queries.money import Ledger, ledger_of
from tracker.rules.money import MoneyQuestion, MoneySums, money_sums, questions_of
from tracker.rules.money_bars import MoneyBar, money_bars
from tracker.rules.projects import AreaSplit, area_split
from tracker.rules.schedules import expected_share
from tracker.views.project_acts import ProjectCase


@dataclass(frozen=True)
class MoneyPanel:
    """The ledger of a project with what follows from it; ``areas`` is None where the plan names no buildings."""

    ledger: Ledger
    sums: MoneySums
    questions: tuple[MoneyQuestion, ...]
    bars: tuple[MoneyBar, ...]
    areas: AreaSplit | None


def money_panel(case: ProjectCase) -> MoneyPanel:
    """The panel of a project; one question."""
    project, ledger = case.project, ledger_of(case.project.task_id)
    sums = money_sums(project.budget_yuan, ledger.totals.kinds, project.contract_yuan)
    share = expected_share(case.facts, case.today) if case.facts else None
    areas = [each.floor_area_m2 for each in project.buildings]
    return MoneyPanel(
        ledger,
        sums,
        questions_of(sums),
        money_bars(sums, share * 100 if share is not None else None),
        area_split(project.floor_area_m2, areas) if areas else None,
    )
