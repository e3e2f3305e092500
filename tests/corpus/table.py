"""The table of the corpus: a line for each document, its floors, and what the whole comes to."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.score import ASPECTS, Count, Score

FLOORS = Path(__file__).parent / "floors.yaml"
NAME_WIDTH = 46
HEAD = "precision/recall %".ljust(NAME_WIDTH) + "".join(f"{aspect:>12}" for aspect in ASPECTS) + f"{'rest':>10}"


def lines_of(scores: Iterable[Score], absent: Iterable[str] = ()) -> list[str]:
    """The table as lines, with totals of the corpus and of the real documents."""
    known = sorted(scores, key=lambda each: (each.name.startswith("real:"), each.name))
    lines = [HEAD, *map(line, known)]
    for title, is_real in (("TOTAL of the corpus", False), ("TOTAL of the real documents", True)):
        total = Score(title)
        parts = [each for each in known if each.name.startswith("real:") == is_real]
        for each in parts:
            total.plus(each)
        if parts:
            lines.append(line(total))
    return [*lines, *(f"{name}: not read, the document is not here" for name in sorted(absent))]


def reported(said: Iterable[Mapping[str, Any]]) -> list[str]:
    """The table from what tests recorded: the counts of each document, or its name alone where it was not read."""
    scores, absent = [], []
    for each in said:
        if "counts" not in each:
            absent.append(each["name"])
            continue
        scores.append(Score(each["name"], {aspect: Count(*counts) for aspect, counts in each["counts"].items()}))
    return lines_of(scores, absent)


def line(scored: Score) -> str:
    """A line of the table."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in scored.name)
    cells = "".join(f"{_share(scored.counts[aspect]):>12}" for aspect in ASPECTS)
    rest = scored.counts["rest"]
    return f"{scored.name:<{NAME_WIDTH - wide}}{cells}{f'{rest.right}/{rest.wanted}':>10}"


def _share(count: Count) -> str:
    if not count.wanted and not count.given:
        return "–"
    return f"{percent(count.precision)}/{percent(count.recall)}"


def percent(share: float) -> int:
    """A share in whole per cent; 100 only where nothing is wrong."""
    return math.floor(share * 100 + 1e-9)


def shares(scored: Score) -> list[int]:
    """Precision and recall of each aspect in turn, and of the rest: what is compared with the floors."""
    counts = [scored.counts[aspect] for aspect in ASPECTS]
    both = [percent(share) for count in counts for share in (count.precision, count.recall)]
    return [*both, percent(scored.counts["rest"].recall)]


def worth_keeping(scored: Score) -> list[int]:
    """What may become a floor: precision only as far as recall, for to give little is no merit."""
    *both, rest = shares(scored)
    pairs = zip(both[::2], both[1::2], strict=True)
    return [*(share for precision, recall in pairs for share in (min(precision, recall), recall)), rest]


def floors() -> dict[str, list[int]]:
    """The floor of each document."""
    return dict(yaml.safe_load(FLOORS.read_text("utf-8")) or {}) if FLOORS.exists() else {}


def below(scored: Score, floor: list[int]) -> list[str]:
    """What fell below the floor, in words."""
    names = [f"{word} of {aspect}" for aspect in ASPECTS for word in ("precision", "recall")] + ["the rest"]
    return [
        f"{name} {now} % under {least} %"
        for name, now, least in zip(names, shares(scored), floor, strict=True)
        if now < least
    ]


def raised(old: Mapping[str, list[int]], scores: Iterable[Score]) -> dict[str, list[int]]:
    """The floors with what is reached now where it is higher; none ever falls."""
    reached = {each.name: worth_keeping(each) for each in scores}
    both = {
        name: [max(a, b) for a, b in zip(now, old.get(name, [0] * len(now)), strict=True)]
        for name, now in reached.items()
    }
    return {**old, **both}


def write_floors(values: Mapping[str, list[int]]) -> None:
    """Write the floors, a line for each document."""
    head = (
        "# The least that each document must reach, in per cent: precision and recall of tasks, units, deadlines and\n"
        "# figures, then the rest. `python -m tests.corpus --raise` lifts them to what is reached; they never fall.\n"
    )
    body = "".join(f'"{name}": {floor}\n' for name, floor in sorted(values.items()))
    FLOORS.write_text(head + body, "utf-8")
