"""What became of every task between two issues: one reason for each, and the sums that explain every changed figure.

A task that came to a group and one that left it are counted where they belong, so that over all reasons the effects on
a group are exactly its change between the two issues, whatever the lines say (proved by a test over any lines).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

from tracker.rules.frozen_lines import FrozenLine
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, WORST_FIRST, Light
from tracker.rules.overview import has_become, shared_by_all

# Marks a text for the translators; the text itself is the Chinese sentence.
N_: Callable[[str], str] = str


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


@dataclass(frozen=True)
class Item:
    """A task that differs: its lines in both issues, None where it stood in none, and the one reason.

    ``also`` are acts that happened as well and explain no light.
    """

    was: Line | None
    now: Line | None
    reason: Reason
    also: tuple[Reason, ...] = ()

    @property
    def line(self) -> Line:
        """The task as it was seen last."""
        line = self.now or self.was
        assert line is not None
        return line

    @cached_property
    def effect(self) -> dict[Light, int]:
        """What it adds to the six groups: −1 where it left, +1 where it came."""
        lights = [(self.was, -1), (self.now, 1)]
        if self.was and self.now and self.was.light is self.now.light:
            return {}
        return {line.light: sign for line, sign in lights if line and line.light in COUNTED}

    @property
    def facets(self) -> list[Facet]:
        """What else is otherwise."""
        return [facet for facet in Facet if self.was and self.now and _differs(facet, self.was, self.now)]

    @property
    def units_changed(self) -> bool:
        """Whether other units answer for it; a new name of the same unit is no change of the task."""
        return bool(self.was and self.now) and _have_other_units(self.was, self.now)  # type: ignore[arg-type]

    @property
    def words_changed(self) -> bool:
        """Whether its unit has spoken since."""
        return bool(self.was and self.now) and _reported(self.was, self.now)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Row:
    """A reason with the number of its tasks and what they add to the six groups together."""

    reason: Reason
    count: int
    effect: Mapping[Light, int]

    @property
    def total(self) -> int:
        """What they add to the number of all tasks."""
        return sum(self.effect.values())


@dataclass(frozen=True)
class Difference:
    """Two issues by item: ``items`` change a group, ``quiet`` ones differ without changing any.

    ``lights_then`` and ``lights_now`` are the numbers of tasks by light that the items explain.
    """

    items: list[Item] = field(default_factory=list)
    quiet: list[Item] = field(default_factory=list)
    lights_then: Mapping[Light, int] = field(default_factory=dict)
    lights_now: Mapping[Light, int] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[Row]:
        """The reasons that change a group, in their order."""
        return _rows(self.items)

    @cached_property
    def quiet_rows(self) -> list[Row]:
        """The reasons of what changes no group."""
        return _rows(self.quiet)

    @cached_property
    def sums(self) -> dict[Light, int]:
        """What all reasons add to the six groups: the changes that the page of the issue shows."""
        return _sum(self.items)

    @property
    def total(self) -> int:
        """By how many tasks there are more, without suspended ones."""
        return sum(self.sums.values())

    def moved(self, light: Light) -> int:
        """How many tasks came to a group or left it; it may be as large as ever nevertheless."""
        return sum(light in item.effect for item in self.items)

    def total_of(self, lights: Mapping[Light, int]) -> int:
        """The tasks in the six groups of one side."""
        return sum(lights.get(light, 0) for light in COUNTED)

    @cached_property
    def newly_late(self) -> dict[Reason, int]:
        """The tasks that the sentence of the week calls newly late, by the reason under which they stand here."""
        late = [
            item.reason
            for item in self.items
            if item.was and item.now and has_become(Light.OVERDUE, item.now.light, item.was.light)
        ]
        return {reason: count for reason in Reason if (count := late.count(reason))}


def difference(before: Iterable[Line], after: Iterable[Line]) -> Difference:
    """Every task that differs between the lines of two issues, worst first within its reason."""
    then = {_same(line): line for line in before}
    now = {_same(line): line for line in after}
    pairs = ((then.get(key), now.get(key)) for key in {**now, **then})
    items = sorted((item for was, line in pairs if (item := compared(was, line))), key=_order)
    return Difference(
        [item for item in items if item.effect],
        [item for item in items if not item.effect],
        *(Counter(line.light for line in side.values()) for side in (then, now)),
    )


def compared(was: Line | None, now: Line | None) -> Item | None:
    """A task in two issues; None where nothing is told of it."""
    if was is None or now is None:
        return None if was is now else Item(was, now, Reason.LEFT if now is None else Reason.ADDED)
    causes = CAUSES if ACTED_ON(was) != ACTED_ON(now) else QUIET_CAUSES
    reason = next((reason for reason, holds in causes if holds(was, now)), None)
    if reason is None:
        return None
    return Item(was, now, reason, tuple(act for act, holds in ACTS if act is not reason and holds(was, now)))


def _same(line: Line) -> tuple[int, str]:
    """By what a task is known again; a database may give the id of a deleted one to another."""
    return line.task_id, line.task_key


def _order(item: Item) -> tuple[int, int, int, int]:
    line = item.line
    return REASONS.index(item.reason), WORST_FIRST.index(line.light), -line.days_late, line.position


def _rows(items: Sequence[Item]) -> list[Row]:
    by_reason: dict[Reason, list[Item]] = {}
    for item in items:
        by_reason.setdefault(item.reason, []).append(item)
    return [Row(reason, len(own), _sum(own)) for reason, own in by_reason.items()]


def _sum(items: Iterable[Item]) -> dict[Light, int]:
    found: Counter[Light] = Counter()
    for item in items:
        for light, sign in item.effect.items():
            found[light] += sign
    return {light: found[light] for light in COUNTED}


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


def _reported(was: Line, now: Line) -> bool:
    return (was.last_words, was.last_reported_at) != (now.last_words, now.last_reported_at)


def _have_other_units(was: Line, now: Line) -> bool:
    known = was.unit_ids and now.unit_ids
    return sorted(was.unit_ids) != sorted(now.unit_ids) if known else sorted(was.units) != sorted(now.units)


def _differs(facet: Facet, was: Line, now: Line) -> bool:
    if facet is Facet.PROJECT:
        return any((was.project or {}).get(name) != (now.project or {}).get(name) for name in BUILT)
    old, new = getattr(was, facet.value), getattr(now, facet.value)
    return sorted(old) != sorted(new) if isinstance(old, list) else old != new


def _changed(was: Line, now: Line) -> bool:
    if SAID(was) == SAID(now):
        return False
    other = was.state is not now.state or _have_other_units(was, now)
    return other or any(_differs(facet, was, now) for facet in Facet)


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
    (Reason.REPORTED, _reported),
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


@dataclass(frozen=True)
class Clause:
    """A part of the paragraph: its words, the number in them, its reason, and the one unit that all of them share."""

    words: str
    count: int
    reason: Reason
    unit: str = ""


CLAUSES: Mapping[Reason, str] = {
    Reason.CLOSED: N_("销号 %(count)s 项"),
    Reason.REOPENED: N_("重新打开 %(count)s 项"),
    Reason.NEWLY_LATE: N_("到期转为逾期 %(count)s 项"),
    Reason.NO_LONGER_LATE: N_("不再逾期 %(count)s 项"),
    Reason.RETURNED: N_("退回修改 %(count)s 项"),
    Reason.EXTENDED: N_("延期 %(count)s 项"),
    Reason.REDATED: N_("重定或确认时限 %(count)s 项"),
    Reason.DOUBTED: N_("转为待重定时限 %(count)s 项"),
    Reason.DUE_SOON: N_("转为临期或落后 %(count)s 项"),
    Reason.RECOVERED: N_("恢复正常 %(count)s 项"),
    Reason.SUBMITTED: N_("提交核验 %(count)s 项"),
    Reason.STARTED: N_("开始推进 %(count)s 项"),
    Reason.SUSPENDED: N_("中止 %(count)s 项"),
    Reason.RESUMED: N_("恢复推进 %(count)s 项"),
    Reason.ADDED: N_("新增任务 %(count)s 项"),
    Reason.WITHDRAWN: N_("撤销任务 %(count)s 项"),
    Reason.LEFT: N_("移出 %(count)s 项"),
    Reason.OTHER: N_("其他变化 %(count)s 项"),
}
LATE_OF_ONE = N_("到期转为逾期 %(count)s 项（均为%(unit)s）")


def clauses(found: Difference) -> list[Clause]:
    """What changed a group, in parts: one for each reason."""
    return [_clause(found, row) for row in found.rows]


def paragraph(found: Difference, number: int, day: date, today: date) -> str:
    """The difference from the issue of a number and day in one Chinese sentence, for mails and bulletins."""
    year = "" if day.year == today.year else f"{day.year}年"
    lead = f"与第{number}期（{year}{day.month}月{day.day}日）相比"
    parts = [each.words % {"count": each.count, "unit": each.unit} for each in clauses(found)]
    said = f"{lead}，{'，'.join(parts)}" if parts else f"{lead}，各组数字没有变化"
    return f"{said}；另有 {len(found.quiet)} 项变化不影响各组数字。" if found.quiet else f"{said}。"


def _clause(found: Difference, row: Row) -> Clause:
    if row.reason is Reason.NEWLY_LATE:
        late = [item.line for item in found.items if item.reason is row.reason]
        one = shared_by_all(Counter(name for line in late for name in line.units), row.count)
        if one:
            return Clause(LATE_OF_ONE, row.count, row.reason, one)
    return Clause(CLAUSES[row.reason], row.count, row.reason)
