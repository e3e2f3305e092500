"""The chain of events: what it says of a changed, a removed and an added row, and that the database refuses both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from tests.factories import COUNTY, World
from tracker.actions.record import FIRST_HASH, NOBODY, Actor, Verdict, record, verified_chain
from tracker.models import Event, db
from tracker.queries.accounts import person_of
from tracker.rules.lifecycle import State

NOW = datetime(2026, 3, 6, 1, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def chain(app: Flask, world: World) -> list[Event]:
    """Five events of a person and one of the system."""
    actor = Actor(person_of(world.staff), "财政局", "10.0.0.7")
    said = {
        "due_on": date(2026, 6, 30),
        "amount": Decimal("1.50"),
        "state": State.SUBMITTED,
        "text": "𠮷 · 已完成",
        "at": NOW,
    }
    for number in range(5):
        record(
            actor, "report", NOW + timedelta(seconds=number), obj=("task", "xg-1"), region=COUNTY, before={}, after=said
        )
    record(NOBODY, "notice_overdue", NOW)
    db.session.commit()
    return list(db.session.scalars(sa.select(Event).order_by(Event.id)))


def without_triggers(statement: str) -> None:
    """Change the table as somebody with the file or the owner's account would: the triggers are taken away first."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ALTER TABLE events DISABLE TRIGGER USER"))
    else:
        for name in ("events_keep_update", "events_keep_delete"):
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    db.session.execute(sa.text(statement))
    db.session.commit()


def test_a_sound_chain_ends_with_the_last_hash(chain: list[Event]) -> None:
    assert verified_chain() == Verdict(6, chain[-1].hash)
    assert chain[0].previous_hash == FIRST_HASH
    assert [event.previous_hash for event in chain[1:]] == [event.hash for event in chain[:-1]]


def test_no_events_are_a_sound_chain(app: Flask) -> None:
    assert verified_chain() == Verdict(0, FIRST_HASH)


@pytest.mark.parametrize(
    "change",
    [
        "act = 'verify'",
        "person_name = 'somebody else'",
        "region_code = '640422'",
        "allowed = NOT allowed",
        "address = NULL",
        "object_id = 'xg-2'",
        "after = '{}'",
        "hash = 'f'",
    ],
)
def test_a_changed_row_is_named(chain: list[Event], change: str) -> None:
    changed = chain[2].id
    without_triggers(f"UPDATE events SET {change} WHERE id = {changed}")
    verdict = verified_chain()
    assert verdict.broken
    assert (verdict.broken.id, verdict.count) == (changed, 2)


def test_the_row_after_a_removed_one_is_named(chain: list[Event]) -> None:
    removed, following = chain[0].id, chain[1].id
    without_triggers(f"DELETE FROM events WHERE id = {removed}")
    broken = verified_chain().broken
    assert broken
    assert broken.id == following


def test_a_cut_off_end_shows_in_count_and_hash(chain: list[Event]) -> None:
    noted, last = verified_chain(), chain[-1].id
    without_triggers(f"DELETE FROM events WHERE id = {last}")
    assert verified_chain() == Verdict(5, chain[-2].hash)
    assert verified_chain() != noted


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET act = 'x'", "DELETE FROM events", "DELETE FROM events WHERE id = 1"]
)
def test_the_database_itself_refuses_to_change_events(chain: list[Event], statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    assert verified_chain().count == 6


def test_postgresql_refuses_to_empty_the_table(chain: list[Event]) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(sa.text("TRUNCATE events"))


def test_an_event_is_kept_only_with_its_act(chain: list[Event]) -> None:
    record(NOBODY, "report", NOW)
    db.session.rollback()
    assert verified_chain().count == 6


def test_the_zone_in_which_an_instant_was_given_does_not_matter(app: Flask) -> None:
    record(NOBODY, "report", NOW.astimezone(timezone(timedelta(hours=8))))
    db.session.commit()
    db.session.expire_all()
    assert verified_chain().broken is None
