"""Whether a database is an old copy: its count of the sender's runs lies behind the one kept outside of it."""

from __future__ import annotations

from datetime import datetime, timedelta

# A power cut takes the last transactions of SQLite with it and leaves the file: so few runs less are no old copy.
LOST_RUNS = 2
# Where the count outside proves nothing, a database in which no sender ran for so long was lying somewhere.
LONGEST_SILENCE = timedelta(hours=1)
# The same for one of an earlier version, which did not count: it may have been switched off over night for this one.
FIRST_SILENCE = timedelta(hours=12)


def is_restored(kept_inside: int, kept_outside: int | None, last_life: datetime | None, now: datetime) -> bool:
    """Whether a backup was put in the place of the database.

    ``kept_inside`` and ``kept_outside`` count the runs of the sender in the database and in a file beside it, None
    where there is no file; ``last_life`` is the instant at which the sender ran last, as the database has it.

    A file far behind the database is that of a machine which did not lead for a while: an old copy may be ahead of it
    too, so it is asked no more than a missing one.
    """
    if last_life is None:
        return False  # a fresh database
    if kept_outside is not None and abs(kept_outside - kept_inside) <= LOST_RUNS:
        return False
    if kept_outside is not None and kept_inside < kept_outside:
        return True
    return now - last_life > (LONGEST_SILENCE if kept_inside else FIRST_SILENCE)
