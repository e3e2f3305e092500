"""Choosing a ladder, following the region above again, and quiet days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tracker import clock
from tracker.actions.ladders import (
    LadderRefused,
    QuietRefused,
    StaleLadder,
    remove_quiet_days,
    reset_ladder,
    save_ladder,
    set_quiet_days,
)
from tracker.actions.record import Actor
from tracker.models import Event, QuietDay, db
from tracker.queries.ladders import ladder_row, ladders, quiet_rows, regions_following, spans_of
from tracker.rules.ladders import DEFAULT, Ladder, Ladders

FRIDAY = date(2026, 3, 6)
NOW = clock.at_office(FRIDAY, 10)
COUNTY = "360732"
OWN = Ladder(days_before=(30, 10), day_after=2, repeat_every=3, head_after=None, sends_at=time(14, 5), leaders_at=None)


def events() -> list[Event]:
    """What was recorded."""
    return list(db.session.scalars(sa.select(Event).order_by(Event.id)))


def version(region: str = COUNTY) -> int:
    """The version that a page would carry."""
    row = ladder_row(region)
    return row.version if row else 0


def test_a_ladder_is_kept_as_it_was_chosen_and_says_so(app: Flask) -> None:
    save_ladder(Actor(), COUNTY, OWN, 0, NOW)
    assert ladders().of(COUNTY) == OWN
    assert ladders().of("36") is DEFAULT
    save_ladder(Actor(), COUNTY, replace(OWN, repeat_every=5), version(), NOW)
    assert ladders().of(COUNTY).repeat_every == 5
    first, second = events()
    assert (first.act, first.region_code, first.object_id) == ("change_reminders", COUNTY, COUNTY)
    assert first.before is None
    assert second.before == {**(first.after or {})}
    assert (second.before or {})["sends_at"] == "14:05"
    assert (second.after or {})["repeat_every"] == 5


def test_of_two_who_save_at_once_the_second_is_stale(app: Flask) -> None:
    save_ladder(Actor(), COUNTY, OWN, 0, NOW)
    with pytest.raises(StaleLadder):
        save_ladder(Actor(), COUNTY, DEFAULT, 0, NOW)
    before = version()
    save_ladder(Actor(), COUNTY, DEFAULT, before, NOW)
    with pytest.raises(StaleLadder):
        save_ladder(Actor(), COUNTY, OWN, before, NOW)
    assert ladders().of(COUNTY) == DEFAULT


def test_a_page_from_before_a_reset_stays_stale(app: Flask) -> None:
    save_ladder(Actor(), COUNTY, OWN, 0, NOW)
    old = version()
    reset_ladder(Actor(), COUNTY, old, NOW)
    assert ladders().of(COUNTY) is DEFAULT
    assert events()[-1].act == "reset_reminders"
    with pytest.raises(StaleLadder):
        reset_ladder(Actor(), COUNTY, old, NOW)
    save_ladder(Actor(), COUNTY, DEFAULT, 0, NOW)
    with pytest.raises(StaleLadder):
        save_ladder(Actor(), COUNTY, OWN, old, NOW)


def test_a_ladder_that_may_not_be_is_refused(app: Flask) -> None:
    with pytest.raises(LadderRefused) as refused:
        save_ladder(Actor(), COUNTY, replace(OWN, sends_at=time(3)), 0, NOW)
    assert refused.value.fields == ("sends_at",)
    assert ladders().of(COUNTY) is DEFAULT


def test_quiet_days_are_set_once_and_removed_once(app: Flask) -> None:
    last = FRIDAY + timedelta(days=4)
    assert set_quiet_days(Actor(), COUNTY, FRIDAY, last, "两会", NOW) == 5
    assert set_quiet_days(Actor(), COUNTY, FRIDAY, last, "两会", NOW) == 0
    assert set_quiet_days(Actor(), COUNTY, last, last + timedelta(days=1), "检查", NOW) == 1
    assert set_quiet_days(Actor(), "36", FRIDAY, FRIDAY, "全省", NOW) == 1
    spans = [(span.region, span.first_on, span.last_on, span.note) for span in spans_of(quiet_rows(COUNTY, FRIDAY))]
    assert spans == [
        ("36", FRIDAY, FRIDAY, "全省"),
        (COUNTY, FRIDAY, last, "两会"),
        (COUNTY, last + timedelta(days=1), last + timedelta(days=1), "检查"),
    ]
    assert remove_quiet_days(Actor(), COUNTY, FRIDAY, last, NOW) == 5
    assert remove_quiet_days(Actor(), COUNTY, FRIDAY, last, NOW) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuietDay)) == 2
    assert [event.act for event in events()] == ["set_quiet_days"] * 3 + ["remove_quiet_days"]


def test_days_that_cannot_become_quiet_are_refused(app: Flask) -> None:
    with pytest.raises(QuietRefused):
        set_quiet_days(Actor(), COUNTY, FRIDAY - timedelta(days=1), FRIDAY, "迟了", NOW)
    assert quiet_rows(COUNTY, date.min) == []


def test_those_follow_a_region_who_have_nothing_nearer(world: World) -> None:
    nobody = Ladders()
    assert regions_following(COUNTY, nobody) == [COUNTY]
    assert regions_following("36", nobody) == ["36", "3607", COUNTY]
    assert COUNTY not in regions_following("36", nobody.choosing("3607", DEFAULT))
    assert regions_following("36", nobody.choosing("", DEFAULT)) == regions_following("36", nobody)
    assert regions_following("640422", nobody) == []
