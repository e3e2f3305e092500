"""序时进度: the share of a project's time that is gone, and whether its nodes, money and building keep up with it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from tracker.rules.completion import NodeFacts
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import ProjectFacts

# By how much of the whole a figure may stay behind the time gone before it counts as a lag: ten points.
TOLERANCE = Decimal("0.10")
NOTHING, WHOLE = Decimal(0), Decimal(1)
MOVED = {MoneyKind.ALLOCATED, MoneyKind.PAID}


class StartBasis(StrEnum):
    """What the first day rests on: the first node, the task, the issue of the plan."""

    FIRST_NODE = "first_node"
    TASK = "task"
    PLAN = "plan"


class EndBasis(StrEnum):
    """What the last day rests on: the last node, the deadline."""

    LAST_NODE = "last_node"
    DEADLINE = "deadline"


class NoShare(StrEnum):
    """Why no share of time can be given."""

    NO_START = "no_start"
    NO_END = "no_end"
    REDATE = "redate"
    END_BEFORE_START = "end_before_start"


class Figure(StrEnum):
    """What is held against the time gone."""

    NODES = "nodes"
    PAID = "paid"
    ALLOCATED = "allocated"
    PROGRESS = "progress"


class NodesAsked(StrEnum):
    """Which open nodes a list asks for: those planned for the running month, those whose planned day has passed."""

    MONTH = "month"
    MISSED = "missed"


class Standing(StrEnum):
    """How a project stands against its time; closed and suspended ones stand apart."""

    BEHIND = "behind"
    ON_SCHEDULE = "on_schedule"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class TimeGone:
    """The time of a project with what its ends rest on; ``share`` is 0 to 1, None with the reason in ``missing``."""

    start: date | None = None
    start_basis: StartBasis | None = None
    end: date | None = None
    end_basis: EndBasis | None = None
    share: Decimal | None = None
    missing: NoShare | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a project is behind: missed nodes, or a share reached against the share of time gone."""

    figure: Figure
    reached: Decimal | None = None
    gone: Decimal | None = None
    missed: tuple[NodeFacts, ...] = ()
    due: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A project held against its time; the shares are None where nobody has said a figure."""

    project: ProjectFacts
    standing: Standing
    time: TimeGone
    due: int
    due_done: int
    allocated: Decimal | None
    paid: Decimal | None
    progress: Decimal | None
    reasons: tuple[Reason, ...] = ()

    @property
    def lag(self) -> Decimal:
        """The largest lag behind the time gone, for the order of a list."""
        lags = (reason.gone - reason.reached for reason in self.reasons if reason.gone and reason.reached is not None)
        return max(lags, default=NOTHING)

    @property
    def has_said(self) -> bool:
        """Whether there is any figure to hold against the time gone."""
        return any(share is not None for share in (self.allocated, self.paid, self.progress))


@dataclass(frozen=True, slots=True)
class YearMoney:
    """The investment of a calendar year in yuan, of the ``saying`` projects of ``projects`` that planned one.

    ``allocated`` and ``paid`` are None where none of these has an entry; ``apart`` is what the others paid.
    """

    year: int
    projects: int
    saying: int
    planned: int | None = None
    allocated: int | None = None
    paid: int | None = None
    expected: int | None = None
    apart: int | None = None

    def share(self, yuan: int | None) -> Decimal | None:
        """A sum as a share of what was planned for the year."""
        return Decimal(yuan) / self.planned if yuan is not None and self.planned else None


@dataclass(frozen=True, slots=True)
class Invested:
    """The money of all projects in yuan, and how many of them say each sum; None where nobody does.

    ``held`` are the sums of the projects that state an investment, which alone are held against it; ``apart`` those of
    the ``unplanned`` projects that state none and have money.
    """

    projects: int
    sums: Mapping[MoneyKind, int]
    saying: Mapping[MoneyKind, int]
    held: Mapping[MoneyKind, int]
    apart: Mapping[MoneyKind, int]
    unplanned: int

    def share(self, kind: MoneyKind) -> Decimal | None:
        """A sum as a share of the planned investment, of the projects that state one."""
        planned, yuan = self.held.get(MoneyKind.PLANNED), self.held.get(kind)
        return Decimal(yuan) / planned if planned and yuan is not None else None


def time_gone(project: ProjectFacts, today: date) -> TimeGone:
    """The share of time gone from the start to the end of a project, with what both rest on."""
    start, start_basis = _start(project)
    end, end_basis = _end(project)
    known = (start, start_basis, end, end_basis)
    if end is None:
        return TimeGone(*known, missing=NoShare.REDATE if project.needs_redate else NoShare.NO_END)
    if start is None:
        return TimeGone(*known, missing=NoShare.NO_START)
    if end <= start:
        return TimeGone(*known, missing=NoShare.END_BEFORE_START)
    share = Decimal((today - start).days) / (end - start).days
    return TimeGone(*known, share=min(WHOLE, max(NOTHING, share)))


def expected_share(project: ProjectFacts, today: date) -> Decimal | None:
    """How much of a project should be there today, 0 to 1; None where nothing says it, or nobody asks any more."""
    if project.suspended or project.closed_on:
        return None
    return time_gone(project, today).share


def expected_yuan(project: ProjectFacts, today: date) -> int | None:
    """How much of its investment should be there today, in whole yuan."""
    share = expected_share(project, today)
    return round(project.planned_yuan * share) if share is not None and project.planned_yuan is not None else None


def schedule_of(project: ProjectFacts, today: date) -> Schedule:
    """A project held against its time, with every reason why it is behind, one for each figure."""
    time = time_gone(project, today)
    due = [node for node in project.nodes if node.planned_on is not None and node.planned_on < today]
    due_done = sum(node.done_on is not None for node in due)
    allocated, paid = (_share_of_money(project, kind) for kind in (MoneyKind.ALLOCATED, MoneyKind.PAID))
    progress = Decimal(project.progress) / 100 if project.progress is not None else None
    said = ((Figure.PAID, paid), (Figure.ALLOCATED, allocated), (Figure.PROGRESS, progress))
    reasons = [*_missed(due, due_done), *(lag for figure, share in said for lag in _lag(figure, share, time.share))]
    is_judged = any(node.planned_on for node in project.nodes) or (
        time.share is not None and any(share is not None for _, share in said)
    )
    standing = _standing(project, bool(reasons), is_judged)
    stated = tuple(reasons) if standing is Standing.BEHIND else ()
    return Schedule(project, standing, time, len(due), due_done, allocated, paid, progress, stated)


def schedules_of(projects: Iterable[ProjectFacts], today: date) -> dict[Standing, list[Schedule]]:
    """All projects by how they stand; those behind with the most missed nodes first, then by their lag."""
    found: dict[Standing, list[Schedule]] = {standing: [] for standing in Standing}
    for project in projects:
        schedule = schedule_of(project, today)
        found[schedule.standing].append(schedule)
    found[Standing.BEHIND].sort(key=lambda each: (each.due_done - each.due, -each.lag))
    return found


def nodes_asked(project: ProjectFacts, asked: NodesAsked, today: date) -> list[NodeFacts]:
    """The nodes of a project that are not done and planned in some days; none of a closed or suspended one.

    What waits at the office has missed none: nobody can be asked for it, and its light is silent as well.
    """
    if project.light in (Light.CLOSED, Light.SUSPENDED) or (asked is NodesAsked.MISSED and project.submitted):
        return []
    first, last = asked_days(asked, today)
    return [
        each for each in project.nodes if each.done_on is None and each.planned_on and first <= each.planned_on <= last
    ]


def asked_days(asked: NodesAsked, today: date) -> tuple[date, date]:
    """The first and the last planned day that a list asks for."""
    if asked is NodesAsked.MISSED:
        return date.min, today - timedelta(days=1)
    return today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])


def year_money(projects: Sequence[ProjectFacts], today: date) -> YearMoney:
    """The investment of the running calendar year; suspended projects stand apart.

    Only projects that planned money for the year are held against their plan. The days of the year that are gone,
    today among them, say how much is expected.
    """
    asked = [project for project in projects if not project.suspended]
    saying = [project for project in asked if MoneyKind.PLANNED in project.of_year]
    apart = _sum((project for project in asked if MoneyKind.PLANNED not in project.of_year), MoneyKind.PAID)
    planned = _sum(saying, MoneyKind.PLANNED)
    if planned is None:
        return YearMoney(today.year, len(asked), 0, apart=apart)
    days = (date(today.year, 12, 31) - date(today.year, 1, 1)).days + 1
    expected = round(Decimal(planned) * today.timetuple().tm_yday / days)
    allocated, paid = _sum(saying, MoneyKind.ALLOCATED), _sum(saying, MoneyKind.PAID)
    return YearMoney(today.year, len(asked), len(saying), planned, allocated, paid, expected, apart)


def invested(projects: Sequence[ProjectFacts]) -> Invested:
    """What is planned, allocated and paid of all projects; suspended ones stand apart."""
    asked = [project for project in projects if not project.suspended]
    held = [project for project in asked if (project.planned_yuan or 0) > 0]
    rest = [project for project in asked if (project.planned_yuan or 0) <= 0]
    apart = [project for project in rest if project.money.keys() & MOVED]
    return Invested(
        len(asked),
        _sums(asked),
        {kind: len(_amounts(asked, kind)) for kind in MoneyKind},
        held=_sums(held),
        apart=_sums(apart),
        unplanned=len(apart),
    )


def _start(project: ProjectFacts) -> tuple[date | None, StartBasis | None]:
    """The first day; a node that stands alone is the end and begins nothing."""
    if len(project.nodes) > 1 and project.nodes[0].first_planned_on:
        return project.nodes[0].first_planned_on, StartBasis.FIRST_NODE
    if project.starts_on:
        return project.starts_on, StartBasis.TASK
    return (project.issued_on, StartBasis.PLAN) if project.issued_on else (None, None)


def _end(project: ProjectFacts) -> tuple[date | None, EndBasis | None]:
    if project.nodes and project.nodes[-1].planned_on:
        return project.nodes[-1].planned_on, EndBasis.LAST_NODE
    return (project.deadline, EndBasis.DEADLINE) if project.deadline else (None, None)


def _share_of_money(project: ProjectFacts, kind: MoneyKind) -> Decimal | None:
    yuan = project.money.get(kind)
    return Decimal(yuan) / project.planned_yuan if yuan is not None and project.planned_yuan else None


def _missed(due: Sequence[NodeFacts], done: int) -> list[Reason]:
    missed = tuple(node for node in due if node.done_on is None)
    return [Reason(Figure.NODES, missed=missed, due=len(due), done=done)] if missed else []


def _lag(figure: Figure, reached: Decimal | None, gone: Decimal | None) -> list[Reason]:
    if reached is None or gone is None or gone - reached <= TOLERANCE:
        return []
    return [Reason(figure, reached, gone)]


def _standing(project: ProjectFacts, is_behind: bool, is_judged: bool) -> Standing:
    if project.suspended:
        return Standing.SUSPENDED
    if project.closed_on:
        return Standing.CLOSED
    if is_behind:
        return Standing.BEHIND
    return Standing.ON_SCHEDULE if is_judged else Standing.UNKNOWN


def _amounts(projects: Iterable[ProjectFacts], kind: MoneyKind) -> list[int]:
    """What those who say anything say of a kind of money."""
    said = (each.planned_yuan if kind is MoneyKind.PLANNED else each.money.get(kind) for each in projects)
    return [yuan for yuan in said if yuan is not None]


def _sums(projects: Sequence[ProjectFacts]) -> dict[MoneyKind, int]:
    said = {kind: _amounts(projects, kind) for kind in MoneyKind}
    return {kind: sum(amounts) for kind, amounts in said.items() if amounts}


def _sum(projects: Iterable[ProjectFacts], kind: MoneyKind) -> int | None:
    said = [project.of_year[kind] for project in projects if kind in project.of_year]
    return sum(said) if said else None
