"""Who gets a digest on a day and what it is about: the job queues it, the page of the reminders shows it before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from tracker.queries.ladders import ladders
from tracker.queries.node_reminders import NodeAsk, node_asks
from tracker.queries.reminders import Ask, Asking, announced, asking
from tracker.queries.routing import Recipient
from tracker.rules.ladders import Ladders
from tracker.rules.nodes import NODE_LADDER


@dataclass(frozen=True)
class Digest:
    """The digest of one person: everything that asks them, and what of it they have not been told.

    ``nodes`` are those of projects that do not ask as a whole.
    """

    asks: list[Ask]
    news: list[Ask]
    nodes: list[NodeAsk] = field(default_factory=list)
    new_nodes: list[NodeAsk] = field(default_factory=list)

    @property
    def recipient(self) -> Recipient:
        """Whom it goes to, in the name of the unit that comes first."""
        return (self.asks[0] if self.asks else self.nodes[0]).recipient


@dataclass(frozen=True)
class Round:
    """All digests of a day, and the units where a reminder reaches nobody."""

    digests: list[Digest]
    asking: Asking


def digests_on(
    day: date, *, regions: Collection[str] | None = None, by: Ladders | None = None, with_nodes: bool = True
) -> Round:
    """The digests that are due on a day: one for each person whom something asks whose step is new to them.

    A step is new that is later than the last one they were told: a ladder that was changed tells nothing again.
    Narrowed to the recipients of some regions; ``by`` other ladders than those that hold; without nodes it asks
    of tasks alone.
    """
    by = by or ladders()
    told = announced(day, max(by.longest_step, NODE_LADDER.longest_step), regions)
    found = asking(day, regions=regions, by=by)
    of_person: dict[str, list[Ask]] = defaultdict(list)
    for ask in found.asks:
        of_person[ask.recipient.who].append(ask)
    nodes_of_person: dict[str, list[NodeAsk]] = defaultdict(list)
    for node in apart_from(found.asks, node_asks(day, regions=regions)) if with_nodes else ():
        nodes_of_person[node.recipient.who].append(node)
    digests = [
        Digest(
            asks,
            [ask for ask in asks if ask.step_on > told.get(ask.matter, date.min)],
            nodes,
            [node for node in nodes if node.step_on > told.get(node.matter, date.min)],
        )
        for who in dict.fromkeys((*of_person, *nodes_of_person))
        for asks, nodes in [(of_person.get(who, []), nodes_of_person.get(who, []))]
    ]
    return Round([digest for digest in digests if digest.news or digest.new_nodes], found)


def apart_from(asks: Iterable[Ask], nodes: Iterable[NodeAsk]) -> list[NodeAsk]:
    """The nodes of projects that do not ask the same person as a whole."""
    known = {(ask.recipient.who, ask.task_id) for ask in asks}
    return [node for node in nodes if (node.recipient.who, node.task_id) not in known]
