"""Enter the holidays and worked weekends of a region's calendar, and take them out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import CalendarDay, db
from tracker.models.once import insert_once
from tracker.queries.calendar import days_of_region
from tracker.rules.workdays import NamedDay, ranges


class DaysTaken(Exception):
    """Some days were entered otherwise before; nothing was stored. ``days`` are those that stand."""

    def __init__(self, days: Sequence[NamedDay]) -> None:
        super().__init__(len(days))
        self.days = days


def enter_days(actor: Actor, region: str, days: Sequence[NamedDay], now: datetime, replace: bool = False) -> int:
    """Enter days for a region and all below it; how many that changed. Repeated, it changes nothing.

    Raises DaysTaken where a day was entered otherwise and is not to be replaced.
    """
    known = days_of_region(region, [each.day for each in days])
    new = [each for each in days if known.get(each.day) != each]
    taken = [known[each.day] for each in new if each.day in known]
    if taken and not replace:
        raise DaysTaken(taken)
    if not new:
        return 0
    days_replaced = [each.day for each in taken]
    db.session.execute(
        sa.delete(CalendarDay).where(CalendarDay.region_code == region, CalendarDay.day.in_(days_replaced))
    )
    rows = [{"region_code": region, **vars(each)} for each in new]
    stored = db.session.execute(insert_once(CalendarDay).returning(CalendarDay.id), rows).all()
    if len(stored) < len(rows):
        # Somebody entered one of them meanwhile.
        raise DaysTaken(list(days_of_region(region, [each.day for each in new]).values()))
    after = _written(new) | {"note": list(dict.fromkeys(each.note for each in new))}
    record(actor, "enter_calendar_days", now, obj=_year(new), region=region, before=_written(taken), after=after)
    return len(new)


def remove_days(actor: Actor, region: str, days: Collection[date], now: datetime) -> int:
    """Take out what a region itself entered for some days; how many there were."""
    known = list(days_of_region(region, days).values())
    gone = sa.delete(CalendarDay).where(CalendarDay.region_code == region, CalendarDay.day.in_(days))
    if not known or not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        return 0
    record(actor, "remove_calendar_days", now, obj=_year(known), region=region, before=_written(known))
    return len(known)


def _written(days: Iterable[NamedDay]) -> dict[str, list[str]]:
    """The days as an event keeps them: ranges of days off and of days worked."""
    off_and_worked: dict[str, list[date]] = {"days_off": [], "days_worked": []}
    for each in days:
        off_and_worked["days_worked" if each.is_workday else "days_off"].append(each.day)
    return {
        name: [str(each.first) if each.count == 1 else f"{each.first}—{each.last}" for each in ranges(found)]
        for name, found in off_and_worked.items()
        if found
    }


def _year(days: Sequence[NamedDay]) -> tuple[str, str]:
    return "calendar", str(min(each.day for each in days).year)
