"""督办单: blue, then yellow, then red."""

from __future__ import annotations

import pytest

from tracker.rules.slips import Colour, proposed_colour


@pytest.mark.parametrize(
    ("earlier", "proposed"),
    [
        ([], Colour.BLUE),
        (["blue"], Colour.YELLOW),
        (["blue", "blue"], Colour.YELLOW),
        (["yellow", "blue"], Colour.RED),
        (["blue", "red"], Colour.RED),
        (["green"], Colour.BLUE),
    ],
)
def test_the_next_colour_follows_the_gravest_slip_so_far(earlier: list[str], proposed: Colour) -> None:
    assert proposed_colour(earlier) is proposed
