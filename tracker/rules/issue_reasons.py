"""Why a task stands otherwise than in the issue before: the reasons in their order, and when each of them holds."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from operator import attrgetter

from tracker.rules.frozen_lines import FrozenLine
from tracker.rules.lifecycle import State
from tracker.rules.lights import WORST_FIRST, Light


class Reason(StrEnum):
    """Why a task stands otherwise than in the issue before, in the order in which they are told."""

    CLOSED = "closed"
    REOPENED = "reopened"
    NEWLY_LATE = "newly_late"
    NO_LONGER_LATE = "no_longer_late"
    RETURNED = "returned"
    EXTENDED = "extended"
    REDATED = "redated"
    DOUBTED = "doubted"
    DUE_SOON = "due_soon"
    RECOVERED = "recovered"
    SUBMITTED = "submitted"
    STARTED = "started"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    OTHER = "other"  # another light without an act that an issue keeps, such as a report taken back
    TO_DECIDE = "to_decide"  # from here on no light changes
    REPORTED = "reported"
    MISSED = "missed"
    STALE = "stale"
    CHANGED = "changed"


class Facet(StrEnum):
    """What may be otherwise about a task besides its light, state, deadline, units and words."""

    NUMBER = "number"
    TITLE = "title"
    DEADLINE_TEXT = "deadline_text"
    EXPECTED_ON = "expected_on"
    COOPERATING = "cooperating"
    WAITS_FOR = "waits_for"
    INDICATORS = "indicators"
    PROJECT = "project"


BUILT = ("category", "budget_yuan", "money", "nodes", "parts")  # of a project: what is its own and not the task's
GOOD = frozenset({Light.NORMAL, Light.NOT_DUE})
Line = FrozenLine
Holds = Callable[[Line, Line], bool]


def _became(light: Light) -> Holds:
    return lambda was, now: now.light is light and was.light is not light


def _ceased(light: Light) -> Holds:
    return lambda was, now: was.light is light and now.light is not light


def _grew(name: str) -> Holds:
    return lambda was, now: getattr(now, name) > getattr(was, name)


def _withdrawn(was: Line, now: Line) -> bool:
    return now.withdrawn_on is not None and was.withdrawn_on is None


def _reopened(was: Line, now: Line) -> bool:
    """Also what has been closed anew since."""
    return was.light is Light.CLOSED and (now.light is not Light.CLOSED or was.closed_on != now.closed_on)


def _returned_late(was: Line, now: Line) -> bool:
    """Late because it came back after its deadline; what came back before had days left."""
    came_back = now.returns > was.returns and now.returned_on is not None and now.due_on is not None
    return came_back and now.light is Light.OVERDUE is not was.light and now.returned_on > now.due_on  # type: ignore[operator]


def _dated_worse(was: Line, now: Line) -> bool:
    """Late, or soon due, by a deadline that is earlier than the one before."""
    earlier = now.due_on is not None and (was.due_on is None or now.due_on < was.due_on)
    return earlier and WORST_FIRST.index(now.light) < WORST_FIRST.index(was.light) and now.light not in GOOD


def _redated(was: Line, now: Line) -> bool:
    return now.redates > was.redates or now.due_on != was.due_on


def _due_soon(was: Line, now: Line) -> bool:
    return now.light is Light.SOON and was.light in GOOD


def _submitted(was: Line, now: Line) -> bool:
    return now.state is State.SUBMITTED is not was.state


def _started(was: Line, now: Line) -> bool:
    spoken = was.state is State.NOT_STARTED is not now.state
    return spoken or (was.light is Light.NOT_DUE and now.light is Light.NORMAL)


def _another_light(was: Line, now: Line) -> bool:
    return was.light is not now.light


def _newly(name: str) -> Holds:
    return lambda was, now: getattr(now, name) and not getattr(was, name)


def has_reported(was: Line, now: Line) -> bool:
    """Whether its unit has spoken since."""
    return (was.last_words, was.last_reported_at) != (now.last_words, now.last_reported_at)


def have_other_units(was: Line, now: Line) -> bool:
    """Whether other units answer for it."""
    known = was.unit_ids and now.unit_ids
    return sorted(was.unit_ids) != sorted(now.unit_ids) if known else sorted(was.units) != sorted(now.units)


def differs(facet: Facet, was: Line, now: Line) -> bool:
    """Whether a facet is otherwise."""
    if facet is Facet.PROJECT:
        return any((was.project or {}).get(name) != (now.project or {}).get(name) for name in BUILT)
    old, new = getattr(was, facet.value), getattr(now, facet.value)
    return sorted(old) != sorted(new) if isinstance(old, list) else old != new


def _changed(was: Line, now: Line) -> bool:
    if SAID(was) == SAID(now):
        return False
    other = was.state is not now.state or have_other_units(was, now)
    return other or any(differs(facet, was, now) for facet in Facet)


REASONS = tuple(Reason)
# Most tasks of a week stood still: where these are the same, no cause but a quiet one can hold, and none is asked.
ACTED_ON = attrgetter("light", "state", "returns", "extensions", "redates", "due_on", "withdrawn_on", "closed_on")
SAID = attrgetter("state", "units", "unit_ids", *(facet.value for facet in Facet))
ACTS: tuple[tuple[Reason, Holds], ...] = (
    (Reason.RETURNED, _grew("returns")),
    (Reason.EXTENDED, _grew("extensions")),
    (Reason.REDATED, _grew("redates")),
)
QUIET_CAUSES: tuple[tuple[Reason, Holds], ...] = (
    (Reason.TO_DECIDE, _newly("to_decide")),
    (Reason.REPORTED, has_reported),
    (Reason.MISSED, _grew("periods_missed")),
    (Reason.STALE, _newly("stale")),
    (Reason.CHANGED, _changed),
)
# The first that holds is the reason: ends and stops before all, then what made the light worse, then who acted.
CAUSES: tuple[tuple[Reason, Holds], ...] = (
    (Reason.WITHDRAWN, _withdrawn),
    (Reason.CLOSED, _became(Light.CLOSED)),
    (Reason.SUSPENDED, _became(Light.SUSPENDED)),
    (Reason.RESUMED, _ceased(Light.SUSPENDED)),
    (Reason.REOPENED, _reopened),
    (Reason.DOUBTED, _became(Light.REDATE)),
    (Reason.REDATED, _ceased(Light.REDATE)),
    (Reason.RETURNED, _returned_late),
    (Reason.REDATED, _dated_worse),
    (Reason.NEWLY_LATE, _became(Light.OVERDUE)),
    (Reason.RETURNED, _grew("returns")),
    (Reason.DUE_SOON, _due_soon),
    (Reason.EXTENDED, _grew("extensions")),
    (Reason.REDATED, _redated),
    (Reason.NO_LONGER_LATE, _ceased(Light.OVERDUE)),
    (Reason.SUBMITTED, _submitted),
    (Reason.RECOVERED, _ceased(Light.SOON)),
    (Reason.STARTED, _started),
    (Reason.OTHER, _another_light),
    *QUIET_CAUSES,
)
