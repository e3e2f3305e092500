"""Wake the jobs of the timetable beside the web server or alone."""

from __future__ import annotations

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from tracker import clock
from tracker.jobs import deliver_outbox
from tracker.jobs.job import AnyJob
from tracker.jobs.leadership import Leadership
from tracker.jobs.restores import watch
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE, catch_up, trigger_of
from tracker.models import db

LOCK_FILE = "scheduler.lock"
CATCH_UP_MINUTES = 10


class Scheduler:
    """The timetable at work in a thread of this process, idle while another process leads."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self._leadership = Leadership(db.engine, app.extensions["settings"].var_dir / LOCK_FILE)
        # A missed hour is run once when the process comes to itself; what it has done, the claims know.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._wakes = BackgroundScheduler(timezone=clock.OFFICE_ZONE, job_defaults=defaults)
        for job in TIMETABLE:
            self._wakes.add_job(self._wake, trigger_of(job), args=[job], id=job.name)
        # Also finishes what a process left that was killed, and what a failed run left undone.
        self._wakes.add_job(self._catch_up, "interval", minutes=CATCH_UP_MINUTES, id="catch_up")

    def start(self) -> None:
        """Catch up in the background, then follow the timetable."""
        deliver_outbox.ending.clear()
        if self._leadership.holds():
            with self._app.app_context():
                # Before any page or job leaves a sign of life in a database that was restored.
                watch(clock.now())
        self._wakes.add_job(self._catch_up, id="catch_up_at_start")
        self._wakes.start()

    def stop(self) -> None:
        """Finish the job in hand, begin no other, and let another process lead."""
        deliver_outbox.ending.set()
        self._wakes.shutdown(wait=True)
        self._leadership.release()

    def _wake(self, job: AnyJob) -> None:
        if self._leadership.holds():
            with self._app.app_context():
                run_job(job, clock.now())

    def _catch_up(self) -> None:
        if self._leadership.holds():
            with self._app.app_context():
                catch_up(clock.now())
