"""Time things side by side: what is compared runs turn by turn, so that a busy machine slows both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Two things timed in one run: the median of each in milliseconds, and of how often the bare one fits into ours."""

    ours: float
    bare: float
    ratio: float


def side_by_side(
    ours: Callable[[], object],
    bare: Callable[[], object],
    runs: int,
    *,
    before_ours: Callable[[], object] = lambda: None,
    before_bare: Callable[[], object] = lambda: None,
) -> Timed:
    """The medians of both over a number of turns after three to warm up; what makes ready is not timed."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 3):
        for place, (prepare, call) in enumerate(((before_ours, ours), (before_bare, bare))):
            prepare()
            begin = time.perf_counter()
            call()
            if turn >= 3:
                times[place].append((time.perf_counter() - begin) * 1000)
    # Each turn is compared with itself: what else the machine does meanwhile slows both halves of it.
    ratios = [mine / plain for mine, plain in zip(*times, strict=True)]
    return Timed(statistics.median(times[0]), statistics.median(times[1]), statistics.median(ratios))
