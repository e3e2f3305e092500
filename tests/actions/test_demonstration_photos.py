"""The invented photographs."""

from __future__ import annotations

from tracker.actions.demonstration_photos import LAST_STAGE, drawn_site


def test_a_site_grows_by_stage_and_is_drawn_alike_each_time() -> None:
    pictures = [drawn_site(stage) for stage in range(LAST_STAGE + 1)]
    assert len(set(pictures)) == LAST_STAGE + 1
    assert pictures == [drawn_site(stage) for stage in range(LAST_STAGE + 1)]
    assert (drawn_site(-3), drawn_site(99)) == (pictures[0], pictures[-1])


def test_a_picture_is_small() -> None:
    assert max(len(drawn_site(stage)) for stage in range(LAST_STAGE + 1)) < 5_000
