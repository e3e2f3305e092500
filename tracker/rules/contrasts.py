"""What a what-if changes: how many more units are short of a condition, and which findings turn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tracker.rules.measures import SEVERITY, Finding
from tracker.rules.stages import COMPULSORY, Stage
from tracker.rules.standards import Condition, Item, Subject
from tracker.rules.verdicts import ItemVerdict, Verdict


@dataclass(frozen=True, slots=True)
class Contrast:
    """A condition on a day without a what-if and with it, in a stage where it is asked of school units.

    ``more_short`` and ``more_unknown`` count units or schools, or are 0 where the county answers; ``of_spread`` tells
    of the coefficient's finding.
    """

    item: Item
    condition: Condition
    stage: Stage | None
    before: Finding
    after: Finding
    more_short: int = 0
    more_unknown: int = 0
    of_spread: bool = False

    @property
    def is_worse(self) -> bool:
        """Whether the what-if makes it worse."""
        return (self.more_short, SEVERITY[self.after]) > (0, SEVERITY[self.before])


def contrasts(before: Verdict, after: Verdict) -> list[Contrast]:
    """What differs between two verdicts of one standard, what becomes worse first."""
    found: list[Contrast] = []
    seen: set[str] = set()
    for item in after.items:
        fresh = [each.condition for each in item.conditions if each.condition.code not in seen]
        seen.update(each.code for each in fresh)
        for condition in fresh:
            found += _of_condition(item, condition, before, after)
    return sorted(found, key=lambda each: (not each.is_worse, -abs(each.more_short)))


def _of_condition(item: ItemVerdict, condition: Condition, before: Verdict, after: Verdict) -> list[Contrast]:
    was, will_be = before.conditions[condition.code], after.conditions[condition.code]
    found = []
    if condition.of in (Subject.COUNTY, Subject.TOTAL):
        if was.finding is not will_be.finding:
            found.append(Contrast(item.item, condition, None, was.finding, will_be.finding))
        return found
    stages: tuple[Stage | None, ...] = COMPULSORY if condition.of is Subject.UNIT else (None,)
    for stage in stages:
        old, new = _tally(before, condition, stage), _tally(after, condition, stage)
        short = new[Finding.SHORT] - old[Finding.SHORT]
        unknown = new[Finding.UNKNOWN] - old[Finding.UNKNOWN]
        if short or unknown:
            found.append(Contrast(item.item, condition, stage, was.finding, will_be.finding, short, unknown))
    spreads = {each.stage: each for each in was.spreads}
    for each in will_be.spreads:
        earlier = spreads[each.stage].finding
        if earlier is not each.finding:
            found.append(Contrast(item.item, condition, each.stage, earlier, each.finding, of_spread=True))
    return found


def _tally(verdict: Verdict, condition: Condition, stage: Stage | None) -> Counter[Finding]:
    """How many units of a stage, or schools, stand how to a condition."""
    if stage is None:
        answers = (each.judged.get(condition.code) for each in verdict.schools)
    else:
        answers = (
            unit.judged.get(condition.code)
            for school in verdict.schools
            for unit in school.units
            if unit.stage is stage
        )
    return Counter(each.finding for each in answers if each is not None)
