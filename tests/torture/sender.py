"""A process that runs jobs when it is told to: ``python -m tests.torture.sender PORT``, built from the environment.

The parent listens on PORT of this machine and sends one line of JSON for each thing to do; time is an argument of it,
so that what takes hours takes none. The process can also be told to stop for good before a statement or a commit, which
is where the parent then kills it. SIGTERM ends it as it ends the scheduler: the mail in hand is finished.
"""

from __future__ import annotations

import json
import logging
import queue
import re
import signal
import socket
import sys
import threading
import time
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tracker import create_app
from tracker.actions.adoption import adopt
from tracker.actions.record import NOBODY
from tracker.jobs import deliver_outbox
from tracker.jobs.leadership import Leadership
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import PlanImport, db
from tracker.queries.import_rows import whole_version
from tracker.settings import from_environment

JOBS = {job.name: job for job in TIMETABLE}
LOCK_FILE = "scheduler.lock"
ASK_AGAIN_SECONDS = 0.1


class Line:
    """The conversation with the parent; the process ends where the parent has."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._turn = threading.Lock()

    def say(self, **words: Any) -> None:
        """Tell the parent something."""
        with self._turn:
            self._socket.sendall(json.dumps(words).encode() + b"\n")

    def orders(self) -> Any:
        """What the parent says, in order."""
        with self._socket.makefile("rb") as lines:
            for line in lines:
                yield json.loads(line)


class Stops:
    """Counts statements and commits, and stops for good before one of them: a number, the next, or a certain commit."""

    def __init__(self, engine: sa.Engine, line: Line) -> None:
        self.count = 0
        self.stop_at: int | None = None
        self.stop_next = False
        self._commit_of: str | None = None
        self._line = line
        sa.event.listen(engine, "before_cursor_execute", self._statement)
        sa.event.listen(engine, "commit", self._step)

    def begin(self, stop_at: int | None = None, commit_of: str | None = None) -> None:
        """Count from nought; stop before a number, or before the commit of a statement in which a pattern is found."""
        self.count, self.stop_at, self._commit_of = 0, stop_at, commit_of

    def _statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._step()
        if self._commit_of and re.search(self._commit_of, statement):
            self.stop_at = self.count + 1

    def _step(self, *_: object) -> None:
        self.count += 1
        if self.stop_next or self.count == self.stop_at:
            self._line.say(stopped=self.count)
            threading.Event().wait()


def main(port: str) -> None:
    """Do what the parent says until it goes, or until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = create_app(from_environment())
    line = Line(int(port))
    orders: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    with app.app_context():
        stops = Stops(db.engine, line)
    signal.signal(signal.SIGTERM, lambda *_: (deliver_outbox.ending.set(), orders.put(None)))
    threading.Thread(target=_listen, args=(line, orders, stops), daemon=True).start()
    line.say(ready=True)
    # In slices: a signal is heard between two of them, whatever the platform's queues do.
    while not deliver_outbox.ending.is_set():
        try:
            order = orders.get(timeout=1)
        except queue.Empty:
            continue
        if order is None:
            break
        with app.app_context():
            _do(app, line, stops, order)


def _listen(line: Line, orders: queue.SimpleQueue[dict[str, Any] | None], stops: Stops) -> None:
    """Hear the parent while a job runs: what is to be done waits for its turn, the order to stop does not."""
    for order in line.orders():
        if order["do"] == "stop":
            stops.stop_next = True
            line.say(armed=True)
        else:
            orders.put(order)
    orders.put(None)


def _do(app: Flask, line: Line, stops: Stops, order: dict[str, Any]) -> None:
    """Run one job, adopt an import, or wait until this process leads."""
    if order["do"] == "lead":
        leadership = Leadership(db.engine, app.extensions["settings"].var_dir / LOCK_FILE)
        while not leadership.holds():
            time.sleep(ASK_AGAIN_SECONDS)
        line.say(leads=True)
        return
    stops.begin(order.get("stop_at"), order.get("commit_of"))
    if order["do"] == "adopt":
        batch = db.session.get_one(PlanImport, order["batch"])
        adopt(NOBODY, batch, whole_version(batch), datetime.fromisoformat(order["now"]))
        db.session.commit()
        line.say(steps=stops.count)
        return
    if "at" in order:
        time.sleep(max(0.0, order["at"] - time.monotonic()))
    outcome = run_job(JOBS[order["do"]], datetime.fromisoformat(order["now"]))
    line.say(result=outcome.result, error=outcome.error, period=outcome.period, steps=stops.count)


if __name__ == "__main__":
    main(*sys.argv[1:])
