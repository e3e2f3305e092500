"""One scheduler leads."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from tracker.jobs.leadership import Leadership
from tracker.models import db


def test_one_leads_until_it_lets_go(app: Flask, tmp_path: Path) -> None:
    first, second = (Leadership(db.engine, tmp_path / "scheduler.lock") for _ in range(2))
    assert first.holds()
    assert first.holds()
    assert not second.holds()
    first.release()
    assert second.holds()
    assert not first.holds()
    second.release()


def test_a_leader_whose_connection_broke_asks_anew(app: Flask, tmp_path: Path) -> None:
    leader = Leadership(db.engine, tmp_path / "scheduler.lock")
    assert leader.holds()
    if db.engine.dialect.name == "postgresql":
        others = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        db.session.execute(sa.text(others))
        db.session.commit()
        assert not leader.holds()
    assert leader.holds()
    leader.release()
