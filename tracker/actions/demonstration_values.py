"""The values that the demonstration's county says of itself: said by one person, most of them checked by another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from tracker.actions.county_values import ValueSaid, check_value, say_value
from tracker.actions.demonstration import Calendar, Scene
from tracker.actions.demonstration_talks import INVENTED
from tracker.actions.record import Actor
from tracker.models import Account
from tracker.queries.accounts import person_of
from tracker.rules.stages import Standing

Row = Mapping[str, Any]


def value_scenes(seed: Row, accounts: Mapping[str, Account], calendar: Calendar) -> Iterator[Scene]:
    """Every value as somebody says it on its day, and has it checked where the seed says so."""
    says, checks = (Actor(person_of(accounts[seed[name]])) for name in ("said_by", "checked_by"))
    for place, row in enumerate(seed["values"]):
        said = _said(row, seed["source"], calendar)
        checker = checks if row.get("checked") else None
        yield Scene(calendar.at(row["day"], place), partial(_say, says, checker, seed["region"], said))


def _said(row: Row, source: str, calendar: Calendar) -> ValueSaid:
    on = calendar.on(row.get("on", row["day"]))
    return ValueSaid(
        figure=row["figure"],
        on=on,
        number=Decimal(str(row["number"])) if "number" in row else None,
        yes=row.get("yes"),
        standing=Standing.REPORTED,
        source=source,
        note=INVENTED + row["note"] if "note" in row else None,
        unit_id=None,
        once=f"demonstration-{row['figure']}-{row['day']}",
    )


def _say(says: Actor, checks: Actor | None, region: str, said: ValueSaid, at: datetime) -> None:
    value = say_value(says, region, said, at)
    if checks:
        check_value(checks, value, at)
