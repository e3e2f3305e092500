"""Which tasks of a plan that stands the tasks of a re-issued document are: one to one, renumbered or not.

What is surest is tried first; what stays over is new on the one side and missing on the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

SURE, LIKELY, IN_PLACE = 0.55, 0.6, 0.4
MOST_BEARING = 200  # a pair of characters that more titles share than this tells nothing
LONGEST_COMPARED = 200
FEWEST_PAIRS = 10


@dataclass(frozen=True)
class Matched:
    """What a task is known by: its key without that of its plan, its number and section, its words."""

    key: str
    number: str | None
    section: tuple[str, ...]
    title: str
    requirement: str = ""

    @property
    def words(self) -> str:
        """All that it says."""
        return f"{self.title}\n{self.requirement}"


Pairs = dict[int, int]


def matches(new: Sequence[Matched], standing: Sequence[Matched], keyed: bool = False) -> Pairs:
    """The place of the standing task for the place of each new one that is the same.

    ``keyed``: the keys were written by the tracker itself, so that one key means one task whatever its words are now.
    """
    found: Pairs = {}
    if keyed:
        _same(new, standing, found, lambda each: each.key)
    _same(new, standing, found, lambda each: (each.title, each.requirement, each.section, each.number))
    _same(new, standing, found, lambda each: (each.title, each.requirement))
    _same(new, standing, found, lambda each: (each.title, each.section))
    _same(new, standing, found, lambda each: each.title)
    _same(new, standing, found, lambda each: each.key, SURE)
    _same(new, standing, found, lambda each: (each.number, each.section) if each.number else None, SURE)
    _likeliest(new, standing, found)
    _in_place(new, standing, found)
    return found


def likeness(one: Matched, other: Matched) -> float:
    """How much two tasks say the same, from 0 to 1: by their titles, by all their words, or one as a summary."""
    titles = _ratio(one.title, other.title)
    return max(titles, _ratio(one.words, other.words), _summarised(one, other))


def _summarised(one: Matched, other: Matched) -> float:
    """How much of the shorter of two texts stands in the longer one, in any order."""
    short, long = sorted((_pairs(one.words), _pairs(other.words)), key=len)
    return len(short & long) / len(short) if len(short) >= FEWEST_PAIRS else 0.0


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:LONGEST_COMPARED], other[:LONGEST_COMPARED], autojunk=False).ratio()


def _same(
    new: Sequence[Matched],
    standing: Sequence[Matched],
    found: Pairs,
    known_by: Callable[[Matched], Hashable],
    least: float = 0.0,
) -> None:
    """Pair in their order what is known by the same, each once, where the words are like enough."""
    taken = set(found.values())
    by: dict[Hashable, list[int]] = defaultdict(list)
    for place, each in enumerate(standing):
        if place not in taken and known_by(each) is not None:
            by[known_by(each)].append(place)
    for place, each in enumerate(new):
        left = by.get(known_by(each), []) if place not in found else []
        if left and (not least or likeness(each, standing[left[0]]) >= least):
            found[place] = left.pop(0)


def _likeliest(new: Sequence[Matched], standing: Sequence[Matched], found: Pairs) -> None:
    """Pair what is left by the likeness of its words, the likest first."""
    taken = set(found.values())
    left = [place for place in range(len(standing)) if place not in taken]
    bearing: dict[str, list[int]] = defaultdict(list)
    for place in left:
        for pair in _pairs(standing[place].words[:LONGEST_COMPARED]):
            bearing[pair].append(place)
    scored = []
    for place in (place for place in range(len(new)) if place not in found):
        for other in _candidates(new[place], standing, bearing):
            if (score := likeness(new[place], standing[other])) >= LIKELY:
                scored.append((-score, abs(place - other), place, other))
    for _score, _apart, place, other in sorted(scored):
        if place not in found and other not in taken:
            found[place] = other
            taken.add(other)


def _in_place(new: Sequence[Matched], standing: Sequence[Matched], found: Pairs) -> None:
    """Pair what stands between the same neighbours, as many on the one side as on the other, and is somewhat alike."""
    taken = set(found.values())
    ends = [(-1, -1), *sorted(found.items()), (len(new), len(standing))]
    for (before, old_before), (after, old_after) in pairwise(ends):
        if after - before == old_after - old_before:
            for step in range(1, after - before):
                place, other = before + step, old_before + step
                if other not in taken and likeness(new[place], standing[other]) >= IN_PLACE:
                    found[place] = other


def _candidates(each: Matched, standing: Sequence[Matched], bearing: dict[str, list[int]]) -> Iterator[int]:
    """The few standing tasks whose words share most with those of one."""
    shared: dict[int, int] = defaultdict(int)
    for pair in _pairs(each.words[:LONGEST_COMPARED]):
        for place in bearing[pair][:MOST_BEARING] if pair in bearing else ():
            shared[place] += 1
    ranked = sorted(shared, key=lambda place: (-shared[place] / len(standing[place].words[:LONGEST_COMPARED]), place))
    yield from ranked[:5]


def _pairs(title: str) -> set[str]:
    return {title[place : place + 2] for place in range(len(title) - 1)} or {title}
