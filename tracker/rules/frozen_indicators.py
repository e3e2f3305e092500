"""How a region stood on the indicators when an issue was frozen: written as JSON, and read for the page again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from tracker.rules.measures import Finding
from tracker.rules.verdicts import ItemVerdict, Verdict


class Standing(StrEnum):
    """What a list of indicators asks for: 达标、未达标、缺数据、差异系数超标、有任务对应、无任务对应."""

    MET = "met"
    SHORT = "short"
    UNKNOWN = "unknown"
    OVER = "over"
    SERVED = "served"
    UNSERVED = "unserved"


STANDS = {
    Finding.MET: Standing.MET,
    Finding.TOLERATED: Standing.MET,
    Finding.SHORT: Standing.SHORT,
    Finding.UNKNOWN: Standing.UNKNOWN,
}


@dataclass(frozen=True)
class FrozenIndicator:
    """An indicator with how many counties stood how; ``limited`` coefficients have a limit, ``over`` are above it.

    ``tasks`` serve it, of those that are looked at.
    """

    code: str
    title: str
    title_en: str
    group: str
    group_en: str
    findings: Mapping[Standing, int] = field(default_factory=dict)
    limited: int = 0
    over: int = 0
    tasks: int = 0

    def stands(self, asked: Standing) -> bool:
        """Whether a list asks for it; above counties one of them suffices."""
        match asked:
            case Standing.SERVED:
                return self.tasks > 0
            case Standing.UNSERVED:
                return not self.tasks
            case Standing.OVER:
                return self.over > 0
            case _:
                return self.findings.get(asked, 0) > 0


@dataclass(frozen=True)
class FrozenGroup:
    """The indicators of one group."""

    title: str
    title_en: str
    items: Sequence[FrozenIndicator]

    def count(self, asked: Standing) -> int:
        """How many of them a list asks for."""
        return sum(each.stands(asked) for each in self.items)


@dataclass(frozen=True)
class FrozenBoard:
    """All indicators, and how the counties with numbers stood as a whole.

    ``is_itemised``: whether the indicators tell of these counties alone, and not of others beside them.
    """

    items: Sequence[FrozenIndicator] = ()
    counties: Mapping[str, Standing] = field(default_factory=dict)
    is_itemised: bool = True

    @property
    def groups(self) -> list[FrozenGroup]:
        """The indicators by group, in their order."""
        found = groupby(self.items, key=lambda each: (each.group, each.group_en))
        return [FrozenGroup(title, title_en, list(items)) for (title, title_en), items in found]

    @property
    def is_judged(self) -> bool:
        """Whether any county had numbers."""
        return bool(self.counties)

    @property
    def over(self) -> int:
        """How many indicators have a coefficient above its limit."""
        return self.count(Standing.OVER)

    def count(self, asked: Standing) -> int:
        """How many indicators a list asks for."""
        return sum(each.stands(asked) for each in self.items)

    def passing(self) -> int:
        """How many counties stood well as a whole."""
        return sum(each is Standing.MET for each in self.counties.values())


def written(indicators: Iterable[Mapping[str, str]], verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """The indicators (code, title, title_en, group, group_en) with the verdicts of the counties, as JSON."""
    judged = list(verdicts)
    by_code: dict[str, list[ItemVerdict]] = {}
    for verdict in judged:
        for each in verdict.items:
            by_code.setdefault(each.item.code, []).append(each)
    return {
        "items": [{**each, **_sums(by_code.get(each["code"], []))} for each in indicators],
        "counties": {verdict.facts.region: verdict.finding.value for verdict in judged},
    }


def read(said: Mapping[str, Any] | None, tasks: Mapping[str, int], within: str = "") -> FrozenBoard:
    """The same again, with how many tasks serve each indicator; an older issue says nothing.

    ``within`` leaves the counties of one region. The indicators were added up over all counties: where others are
    among them, they do not say how they stood there.
    """
    if not said:
        return FrozenBoard()
    inside = {code: found for code, found in said["counties"].items() if code.startswith(within)}
    is_itemised = len(inside) == len(said["counties"])
    counties = {code: STANDS.get(Finding(found)) for code, found in inside.items()}
    items = [_indicator(each, tasks.get(each["code"], 0)) for each in said["items"]]
    return FrozenBoard(
        items if is_itemised else [replace(each, findings={}, limited=0, over=0) for each in items],
        {code: found for code, found in counties.items() if found},
        is_itemised,
    )


def _indicator(said: Mapping[str, Any], tasks: int) -> FrozenIndicator:
    words = {name: said[name] for name in ("code", "title", "title_en", "group", "group_en")}
    findings = {Standing(name): count for name, count in said["findings"].items()}
    return FrozenIndicator(**words, findings=findings, limited=said["limited"], over=said["over"], tasks=tasks)


def _sums(verdicts: Sequence[ItemVerdict]) -> dict[str, Any]:
    found = Counter(STANDS[each.finding].value for each in verdicts if each.finding in STANDS)
    spreads = [
        spread
        for each in verdicts
        for condition in each.conditions
        for spread in condition.spreads
        if spread.coefficient
    ]
    return {
        "findings": dict(found),
        "limited": len(spreads),
        "over": sum(spread.finding is Finding.SHORT for spread in spreads),
    }
