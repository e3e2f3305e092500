"""Who gets a digest on a day and what it is about: the job queues it, the page of the reminders shows it before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker.queries.ladders import ladders
from tracker.queries.reminders import Ask, Asking, announced, asking
from tracker.queries.routing import Recipient
from tracker.rules.ladders import Ladders


@dataclass(frozen=True)
class Digest:
    """The digest of one person: everything that asks them, and what of it they have not been told."""

    asks: list[Ask]
    news: list[Ask]

    @property
    def recipient(self) -> Recipient:
        """Whom it goes to, in the name of the unit that comes first."""
        return self.asks[0].recipient


@dataclass(frozen=True)
class Round:
    """All digests of a day, and the units where a reminder reaches nobody."""

    digests: list[Digest]
    asking: Asking


def digests_on(day: date, *, regions: Collection[str] | None = None, by: Ladders | None = None) -> Round:
    """The digests that are due on a day: one for each person whom something asks whose step is new to them.

    A step is new that is later than the last one they were told: a ladder that was changed tells nothing again.
    Narrowed to the recipients of some regions; ``by`` other ladders than those that hold.
    """
    by = by or ladders()
    told = announced(day, by.longest_step, regions)
    found = asking(day, regions=regions, by=by)
    of_person: dict[str, list[Ask]] = defaultdict(list)
    for ask in found.asks:
        of_person[ask.recipient.who].append(ask)
    digests = [
        Digest(asks, [ask for ask in asks if ask.step_on > told.get(ask.matter, date.min)])
        for asks in of_person.values()
    ]
    return Round([digest for digest in digests if digest.news], found)
