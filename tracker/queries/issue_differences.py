"""Two issues of a region beside each other: what became of every task, and how the units stood then and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.models import Issue, Unit, db
from tracker.queries.issue_lines import WHOLE, Line, Part, lines_of
from tracker.queries.issues import standings_of
from tracker.queries.standings import Standing
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.issue_differences import Difference, difference
from tracker.rules.issues import counts_of, lights_in, on_time_in, total_in
from tracker.rules.lights import Light
from tracker.rules.overview import OnTime


@dataclass(frozen=True)
class Side:
    """An issue, or a part of it, in figures."""

    issue: Issue
    lights: dict[Light, int]
    total: int
    on_time: OnTime
    stale: int
    to_decide: int


@dataclass(frozen=True)
class Pair:
    """How a unit or region stood in two issues, None where it stood in none; ``merged_into`` took its tasks over."""

    then: Standing | None
    now: Standing | None
    merged_into: str | None = None

    @property
    def name(self) -> str:
        """Its name in the later issue, or the last that it had."""
        return (self.now or self.then).name  # type: ignore[union-attr]

    @property
    def name_then(self) -> str | None:
        """Its name in the earlier issue, where that was another."""
        return self.then.name if self.then and self.now and self.then.name != self.now.name else None

    @property
    def places_up(self) -> int | None:
        """By how many places it rose, None where it had none in one of the two."""
        if self.then is None or self.now is None or self.then.place is None or self.now.place is None:
            return None
        return self.then.place - self.now.place


@dataclass(frozen=True)
class Beside:
    """Two issues, the earlier one first."""

    then: Side
    now: Side
    pairs: list[Pair]
    of_units: bool
    difference: Difference


def issues_to_choose(region: str) -> list[tuple[int, datetime]]:
    """Number and cut-off of every issue of a region, newest first."""
    query = sa.select(Issue.number, Issue.cut_off_at).where(Issue.region_code == region)
    return [(number, at) for number, at in db.session.execute(query.order_by(Issue.number.desc()))]


def between(before: Issue, after: Issue, part: Part = WHOLE) -> Difference:
    """What became of every task between two issues; two questions."""
    return difference(lines_of(before, part), lines_of(after, part))


def beside(before: Issue, after: Issue, part: Part = WHOLE) -> Beside:
    """Two issues with their figures, standings and difference."""
    then, now = lines_of(before, part), lines_of(after, part)
    region = part.region or after.region_code
    of_units = len(region) >= COUNTY_DIGITS
    old, new = standings_of(before, then, region), standings_of(after, now, region)
    return Beside(
        then=_side(before, then),
        now=_side(after, now),
        pairs=_units(old, new, then, now) if of_units else _paired(old, new, [each.region for each in old + new]),
        of_units=of_units,
        difference=difference(then, now),
    )


def _side(issue: Issue, lines: Sequence[Line]) -> Side:
    counts = counts_of(lines)
    return Side(
        issue=issue,
        lights=lights_in(counts),
        total=total_in(counts),
        on_time=on_time_in(counts),
        stale=counts.get("stale", 0),
        to_decide=counts.get("to_decide", 0),
    )


def _units(old: list[Standing], new: list[Standing], then: Iterable[Line], now: Iterable[Line]) -> list[Pair]:
    """Units are known again by their ids, whatever they were called; one that was merged says into which."""
    ids_then, ids_now = _ids(then), _ids(now)
    keys = [ids_then.get(each.name, each.name) for each in old] + [ids_now.get(each.name, each.name) for each in new]
    pairs = _paired(old, new, keys)
    gone = {each.name: ids_then[each.name] for each in old if each.name in ids_then}
    merged = _merged([gone[each.name] for each in pairs if each.now is None and each.name in gone])
    return [
        Pair(each.then, each.now, merged.get(gone.get(each.name, 0)) if each.now is None else None) for each in pairs
    ]


def _ids(lines: Iterable[Line]) -> dict[str, int]:
    return {name: unit_id for line in lines for name, unit_id in zip(line.units, line.unit_ids, strict=False)}


def _paired(old: list[Standing], new: list[Standing], keys: Sequence[object]) -> list[Pair]:
    """The standings that have the same key; ``keys`` stand in the order of the old ones, then the new ones."""
    then = dict(zip(keys[: len(old)], old, strict=True))
    now = dict(zip(keys[len(old) :], new, strict=True))
    return [Pair(then.get(key), each) for key, each in now.items()] + [
        Pair(each, None) for key, each in then.items() if key not in now
    ]


def _merged(unit_ids: Sequence[int]) -> dict[int, str]:
    """The names of the units into which these were merged."""
    if not unit_ids:
        return {}
    other = aliased(Unit)
    query = sa.select(Unit.id, other.name).join(other, other.id == Unit.merged_into_id).where(Unit.id.in_(unit_ids))
    return dict(db.session.execute(query).all())
