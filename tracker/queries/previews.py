"""Who would get what on the next day on which reminders are sent: the question of the job, asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.clock import office_day, office_time
from tracker.models import QuietDay
from tracker.queries.calendar import calendar_of
from tracker.queries.digests import Digest, digests_on
from tracker.queries.jobs import runs_of
from tracker.queries.ladders import regions_following
from tracker.queries.quiet import sending_days
from tracker.rules.ladders import Ladder, Ladders
from tracker.rules.quiet import SendingDay, sending_day
from tracker.rules.workdays import Calendar

SEARCHED = 2 * 366  # days ahead
DIGEST_JOB = "queue_digests"


@dataclass(frozen=True)
class Preview:
    """The digests of the next day on which a region sends, and what the days from tomorrow to it are.

    Without such a day there are no digests. ``is_due`` says that their hour has struck and they are only to be made.

    ``sending`` has the days on which the region sends; ``unreached`` names units that no mail reaches, ``headless``
    those without a head to whom something would go up.
    """

    day: date | None
    before: list[SendingDay]
    is_due: bool
    ladder: Ladder
    sending: Calendar
    digests: list[Digest]
    unreached: list[str]
    headless: list[str]


def preview(
    region: str, now: datetime, stored: Ladders, quiet: Sequence[QuietDay], typed: Ladder | None = None
) -> Preview:
    """What the people who follow a region's ladder would get, by the stored ladder or by one that is only typed.

    ``stored`` are the ladders of all regions, ``quiet`` the quiet days that hold in this one.
    """
    by = stored.choosing(region, typed) if typed else stored
    calendar = calendar_of(region)
    day, before = _next_day(region, now, quiet, calendar)
    sending = calendar.resting_on(row.day for row in quiet)
    if day is None:
        return Preview(None, before, False, by.of(region), sending, [], [], [])
    standing = sending_days(regions_following(region, stored), day)
    sends = [code for code, kind in standing.items() if kind is SendingDay.SENDS]
    found = digests_on(day, regions=sends, by=by, with_nodes=False)
    return Preview(
        day=day,
        before=before,
        is_due=day == office_day(now) and office_time(now).time() >= by.of(region).sends_at,
        ladder=by.of(region),
        sending=sending,
        digests=sorted(found.digests, key=lambda each: (each.recipient.unit_name, each.recipient.name)),
        unreached=sorted(found.asking.unreached.values()),
        headless=sorted(found.asking.headless.values()),
    )


def _next_day(
    region: str, now: datetime, quiet: Sequence[QuietDay], calendar: Calendar
) -> tuple[date | None, list[SendingDay]]:
    """The next day on which a region sends, None within reach, and what the days from tomorrow to it are.

    It is today as long as the digests of today were not made: where their hour has passed, the job makes them within a
    minute of a ladder's being saved.
    """
    silent, today = {row.day: row.region_code for row in quiet}, office_day(now)

    def kind_of(day: date) -> SendingDay:
        return sending_day(region, calendar.is_workday(day), [silent[day]] if day in silent else [])

    if kind_of(today) is SendingDay.SENDS and not _was_sent(region, today):
        return today, []
    before: list[SendingDay] = []
    for ahead in range(1, SEARCHED):
        kind = kind_of(today + timedelta(days=ahead))
        if kind is SendingDay.SENDS:
            return today + timedelta(days=ahead), before
        before.append(kind)
    return None, before


def _was_sent(region: str, day: date) -> bool:
    """Whether the digests of a day were queued in a region."""
    return any(run.region_code == region and run.finished_at for run in runs_of(DIGEST_JOB, day.isoformat()))
