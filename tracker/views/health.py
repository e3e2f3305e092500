"""Whether the tracker answers and its jobs do their work, for the machine that watches it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.jobs.standing import health as health_of_jobs
from tracker.views.access import public

place = Blueprint("health", __name__)


@place.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say ok when the database answers and no job is late, else late; nothing more is told to strangers."""
    word, status = ("ok", 200) if health_of_jobs(clock.now()).is_well else ("late", 503)
    return word, status, {"Content-Type": "text/plain"}
