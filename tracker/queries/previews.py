"""Who would get what on the next day on which reminders are sent: the question of the job, asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.models import QuietDay
from tracker.queries.calendar import calendar_of
from tracker.queries.digests import Digest, digests_on
from tracker.queries.ladders import regions_following
from tracker.queries.quiet import sending_days
from tracker.rules.ladders import Ladder, Ladders
from tracker.rules.quiet import SendingDay, sending_day

SEARCHED = 2 * 366  # days ahead


@dataclass(frozen=True)
class Preview:
    """The digests of the next day on which a region sends, and why it does not send before; no day, no digests.

    ``unreached`` names units that no mail reaches, ``headless`` those without a head to whom something would go up.
    """

    day: date | None
    before: list[SendingDay]
    ladder: Ladder
    digests: list[Digest]
    unreached: list[str]
    headless: list[str]


def preview(
    region: str, today: date, stored: Ladders, quiet: Sequence[QuietDay], typed: Ladder | None = None
) -> Preview:
    """What the people who follow a region's ladder would get, by the stored ladder or by one that is only typed.

    ``stored`` are the ladders of all regions, ``quiet`` the quiet days that hold in this one.
    """
    by = stored.choosing(region, typed) if typed else stored
    day, before = _next_day(region, today, quiet)
    if day is None:
        return Preview(None, before, by.of(region), [], [], [])
    standing = sending_days(regions_following(region, stored), day)
    sends = [code for code, kind in standing.items() if kind is SendingDay.SENDS]
    found = digests_on(day, regions=sends, by=by)
    return Preview(
        day=day,
        before=before,
        ladder=by.of(region),
        digests=sorted(found.digests, key=lambda each: (each.recipient.unit_name, each.recipient.name)),
        unreached=sorted(found.asking.unreached.values()),
        headless=sorted(found.asking.headless.values()),
    )


def _next_day(region: str, today: date, quiet: Sequence[QuietDay]) -> tuple[date | None, list[SendingDay]]:
    """The first day after today on which a region sends, None within reach, and what the days before it are."""
    calendar, silent = calendar_of(region), {row.day: row.region_code for row in quiet}
    before: list[SendingDay] = []
    for ahead in range(1, SEARCHED):
        day = today + timedelta(days=ahead)
        kind = sending_day(region, calendar.is_workday(day), [silent[day]] if day in silent else [])
        if kind is SendingDay.SENDS:
            return day, before
        before.append(kind)
    return None, before
