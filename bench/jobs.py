"""The nightly job beside the bare UPDATE of as many rows."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from bench.clocks import Timed, side_by_side
from tracker import clock
from tracker.jobs import notice_overdue
from tracker.models import OverdueNotice, Task, db


def measure_nightly_job(app: Flask, runs: int) -> tuple[Timed, int]:
    """Time the job that notices what is late on a night on which nothing was noticed yet; with the number of rows."""
    today = clock.today()

    def forget() -> None:
        db.session.execute(sa.delete(OverdueNotice))
        db.session.commit()

    def job() -> None:
        notice_overdue.run(clock.now())
        db.session.commit()

    def bare() -> None:
        late = sa.and_(Task.light_fixed.is_(None), Task.late_from <= today)
        db.session.execute(sa.update(Task).where(late).values(held_days=Task.held_days))
        db.session.commit()

    with app.app_context():
        timed = side_by_side(job, bare, runs, before_ours=forget)
        noticed = db.session.scalar(sa.select(sa.func.count()).select_from(OverdueNotice)) or 0
        forget()
    return timed, noticed
