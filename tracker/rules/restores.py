"""Whether a database is an old copy: its count of signs of life lies behind the one kept outside of it."""

from __future__ import annotations

from datetime import datetime, timedelta

# Without a count outside, a database that showed no life for so long was lying somewhere.
LONGEST_SILENCE = timedelta(hours=12)


def is_restored(kept_inside: int, kept_outside: int | None, last_life: datetime | None, now: datetime) -> bool:
    """Whether a backup was put in the place of the database.

    ``kept_inside`` and ``kept_outside`` count the runs of the sender in the database and in a file beside it, None
    where there is no file; ``last_life`` is the latest instant at which anything happened in the database.
    """
    if last_life is None:
        return False  # a fresh database
    if kept_outside is not None:
        return kept_inside < kept_outside
    return now - last_life > LONGEST_SILENCE
