"""How a task is tied to an indicator: proposed by the plan or by its figures, then confirmed or dismissed."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum

from tracker.rules.school_figures import ADDABLE, FigureUnit
from tracker.rules.stages import Stage


class LinkState(StrEnum):
    """待确认、已确认、不采用."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


def why_not_counted(
    figure: str, has_school: bool, stage: Stage | None, amount: Decimal | None, county_figures: Collection[str] = ()
) -> str | None:
    """What keeps an addition from being counted, as a stable word; None where nothing does.

    A figure of a stage needs a school and a stage, one of the whole school a school, one of the county neither.
    """
    known = ADDABLE.get(figure)
    if known is None and figure not in county_figures:
        return "figure_unknown"
    if amount is None or amount <= 0:
        return "amount_missing"
    if known is None:
        return "school_not_asked" if has_school or stage else None
    if not has_school:
        return "school_missing"
    if known.of_stage and (stage is None or stage is Stage.NINE_YEAR):
        return "stage_missing"
    if known.unit is not FigureUnit.AREA and amount != amount.to_integral_value():
        return "amount_not_whole"
    return None
