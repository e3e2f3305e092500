"""Whether the tracker answers, for the machine that watches it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.models import db
from tracker.views.access import public

place = Blueprint("health", __name__)


@place.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say ok when the database answers; nothing else is told to strangers."""
    db.session.execute(sa.select(1))
    return "ok", {"Content-Type": "text/plain"}
