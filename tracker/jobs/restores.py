"""Notice that a backup was put in the place of the database, before anything of it is sent once more.

The runs of the sender are counted in the database and in a file beside it, in this order: so the file never runs ahead
of the database that it belongs to, and one that lags behind the file is an older copy.
"""

from __future__ import annotations

import logging
import os
import secrets
from datetime import datetime
from pathlib import Path

from tracker.actions.holds import hold_restored
from tracker.models import SENDER_RAN_AT, SENDER_RUNS, Mark, db
from tracker.models.once import insert_once
from tracker.notifications.letters import settings
from tracker.queries.jobs import newest_instant
from tracker.rules.restores import is_restored

SEEN_FILE = "outbox.seen"
MOST_DIGITS = 18  # more were never counted

logger = logging.getLogger(__name__)


def watch(now: datetime) -> bool:
    """Count a run in the database and in the file; whether the database was restored, which then sends nothing.

    Commits. Called before anything is sent.
    """
    path = settings().var_dir / SEEN_FILE
    # Of two first runs at once the second waits here for the row of the first.
    db.session.execute(insert_once(Mark).values(name=SENDER_RUNS, value="0"))
    mark = db.session.get_one(Mark, SENDER_RUNS, with_for_update=True)
    inside, outside = int(mark.value), _read(path)
    ran = db.session.get(Mark, SENDER_RAN_AT)
    # A database in which no sender wrote when it ran is of an earlier version: there any sign of life must do.
    last_life = datetime.fromisoformat(ran.value) if ran else newest_instant()
    restored = is_restored(inside, outside, last_life, now)
    if restored:
        logger.error("the database is older than its last sender: nothing is sent until an administrator lets it go on")
        hold_restored(now)
    mark.value = str(max(inside, outside or 0) + 1)
    db.session.merge(Mark(name=SENDER_RAN_AT, value=now.isoformat()))
    db.session.commit()
    _write(path, mark.value)
    # Reading what was written ends no transaction by itself.
    db.session.commit()
    return restored


def _read(path: Path) -> int | None:
    """The count of a file; None where there is none that can be read."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return int(text) if text.isdigit() and len(text) <= MOST_DIGITS else None


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone; a disk that takes nothing stops no mail."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        logger.exception("%s cannot be written: a restored database would not be noticed", path)
    finally:
        draft.unlink(missing_ok=True)
