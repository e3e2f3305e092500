"""Where the bars of a project's money stand: planned, allocated and paid on one scale, in percent of the width."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.rules.charts import Axis
from tracker.rules.money import MoneyKind, MoneySums, share_of
from tracker.rules.rounding import percent_shown


@dataclass(frozen=True, slots=True)
class MoneyBar:
    """A bar: the amount (None where nobody said), its share of what is planned, and what lies beyond that.

    ``limit`` is where the planned sum stands, ``expected`` where the amount should be by today, in percent
    ``expected_share`` of the planned sum.
    """

    kind: MoneyKind
    amount: int | None
    share: Decimal | None
    within: float
    over: float
    limit: float | None
    expected: float | None = None
    expected_share: Decimal | None = None


def money_bars(sums: MoneySums, expected: Decimal | None = None) -> tuple[MoneyBar, ...]:
    """The three bars; ``expected`` is how many percent of the planned sum should be paid by today, where known."""
    planned = sums.planned
    highest = max([each for each in (planned, sums.allocated, sums.paid) if each is not None], default=0)
    axis = Axis(Decimal(highest) if highest > 0 else Decimal(1))
    limit = axis.at(Decimal(planned)) if planned and planned > 0 else None
    percent = percent_shown(expected / 100) if expected is not None else None
    tick = axis.at(expected * planned / 100) if expected is not None and planned and planned > 0 else None

    def bar(kind: MoneyKind, amount: int | None) -> MoneyBar:
        end = axis.at(Decimal(amount or 0))
        within = end if limit is None else min(end, limit)
        share = None if kind is MoneyKind.PLANNED else share_of(amount, planned)
        bar = MoneyBar(kind, amount, share, within, round(end - within, 1), limit)
        return (
            replace(bar, expected=tick, expected_share=percent) if kind is MoneyKind.PAID and tick is not None else bar
        )

    return (
        bar(MoneyKind.PLANNED, planned),
        bar(MoneyKind.ALLOCATED, sums.allocated),
        bar(MoneyKind.PAID, sums.paid),
    )
