"""Wake the jobs of the timetable beside the web server or alone."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.jobs import deliver_outbox
from tracker.jobs.job import AnyJob
from tracker.jobs.leadership import Leadership
from tracker.jobs.restores import watch
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import EACH_MINUTE, TIMETABLE, catch_up, trigger_of
from tracker.models import db

LOCK_FILE = "scheduler.lock"
CATCH_UP = "catch_up"
CATCH_UP_SECONDS = 600
# With the silence after which the server drops a dead leader (leadership.py) well within a minute.
LOOK_SECONDS = 15
MINUTE = timedelta(minutes=1)
# SIGTERM leaves half a minute; what is not finished by then is begun anew by the next process.
PATIENCE_SECONDS = 25

logger = logging.getLogger(__name__)


class Scheduler:
    """The timetable at work in threads of this process, idle while another process leads.

    Each job has a thread of its own, so that a long delivery delays no other. A thread of its own also looks whether
    this process has come to lead, which it begins by catching up, and whether the clock was set back: the wakings
    would then lie in a future that may be days away.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self._leadership = Leadership(db.engine, app.extensions["settings"].var_dir / LOCK_FILE)
        # A missed hour is run once when the process comes to itself; what it has done, the claims know.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        threads = {"default": ThreadPoolExecutor(len(TIMETABLE))}
        self._wakes = BackgroundScheduler(timezone=clock.OFFICE_ZONE, job_defaults=defaults, executors=threads)
        for job in TIMETABLE:
            self._wakes.add_job(self._wake, trigger_of(job), args=[job], id=job.name)
        self._busy: Counter[str] = Counter()
        self._turn = threading.Condition()
        self._ending = threading.Event()
        self._looks = threading.Thread(target=self._look_again, name="scheduler looks", daemon=True)
        self._led = False
        self._caught_up = 0.0
        self._seen = clock.now()

    def start(self) -> None:
        """Catch up in the background, then follow the timetable."""
        deliver_outbox.ending.clear()
        if self._leadership.holds():
            with self._app.app_context():
                # Before any page or job leaves a sign of life in a database that was restored.
                try:
                    watch(clock.now())
                except SQLAlchemyError:
                    # The sender asks again before it sends anything.
                    logger.exception("whether the database was restored cannot be asked yet")
        self._wakes.start()
        self._looks.start()

    def stop(self) -> bool:
        """Begin no job, wait for those in hand, and let another process lead; whether all of them were finished."""
        deliver_outbox.ending.set()
        self._ending.set()
        self._wakes.shutdown(wait=False)
        with self._turn:
            finished = self._turn.wait_for(lambda: not +self._busy, PATIENCE_SECONDS)
            left = sorted(+self._busy)
        if not finished:
            logger.warning("left unfinished: %s; the next process does it anew", ", ".join(left))
        self._leadership.release()
        return finished

    def look(self) -> None:
        """Ask whether this process leads; catch up when it has just come to, when it was long ago, or time ran back."""
        now = clock.now()
        ran_back = now < self._seen
        self._seen = now
        if ran_back:
            for job in TIMETABLE:
                self._wakes.reschedule_job(job.name, trigger=trigger_of(job))
        led, self._led = self._led, self._leadership.holds()
        if self._led and not led:
            self._wake_now()
        if self._led and (not led or ran_back or monotonic() - self._caught_up >= CATCH_UP_SECONDS):
            self._caught_up = monotonic()
            # Also finishes what a process left that was killed, and what a failed run left undone.
            threading.Thread(target=self._catch_up, name=CATCH_UP, daemon=True).start()

    def _wake_now(self) -> None:
        """Wake at once what wakes every minute: until it has, a silence that is over would be told as going on."""
        for job in TIMETABLE:
            if job.cron == EACH_MINUTE:
                # A waking that lies a little back is made up for by the next look of the scheduler's thread.
                wake = self._wakes.get_job(job.name)
                self._wakes.modify_job(job.name, next_run_time=wake.next_run_time - MINUTE)

    def _look_again(self) -> None:
        """Look again and again until the process ends."""
        while not self._ending.is_set():
            try:
                self.look()
            except Exception:
                logger.exception("the scheduler cannot look whether it leads")
            self._ending.wait(LOOK_SECONDS)

    def _wake(self, job: AnyJob) -> None:
        if self._leadership.holds():
            self._at_work(job.name, lambda: run_job(job, clock.now(), patient=True))

    def _catch_up(self) -> None:
        if not self._busy[CATCH_UP] and self._leadership.holds():
            self._at_work(CATCH_UP, lambda: catch_up(clock.now(), self._ending.is_set))

    def _at_work(self, name: str, work: Callable[[], object]) -> None:
        """Do a piece of work for which the end of the process waits; none is begun once it ends."""
        with self._turn:
            if self._ending.is_set():
                return
            self._busy[name] += 1
        try:
            with self._app.app_context():
                work()
        finally:
            with self._turn:
                self._busy[name] -= 1
                self._turn.notify_all()
