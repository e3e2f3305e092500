"""The list of building projects line by line, and what they come to together: shares of money, building, strip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind, MoneyQuestion, money_sums, questions_of, share_of
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.rounding import WHOLE_PERCENT, percent_shown
from tracker.rules.schedules import Invested, expected_share, invested
from tracker.rules.seats import Coming, coming
from tracker.rules.strips import Strip, TimeAxis, strips_of

MOST_DOUBTED = 30
LAST_TICK = 99.5  # a tick at the very end would stand outside its bar


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project with its strip, and what is allocated and paid of its investment in percent, None where unknown.

    ``days_late`` counts from its deadline, None for what is not overdue or has none.
    """

    project: ProjectFacts
    strip: Strip
    allocated: Decimal | None
    paid: Decimal | None
    days_late: int | None
    questions: tuple[MoneyQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectLines:
    """Projects on one axis: those that count, worst first, and the suspended ones apart."""

    axis: TimeAxis
    running: list[ProjectLine]
    suspended: list[ProjectLine]

    @property
    def doubted(self) -> list[ProjectLine]:
        """The first of those whose sums of money are to be questioned."""
        return [line for line in self.running if line.questions][:MOST_DOUBTED]


@dataclass(frozen=True, slots=True)
class SumBar:
    """A sum in whole yuan, None where nobody said; its share of the investment in percent, and its bar's length.

    The share is that of the projects that state an investment.
    """

    kind: MoneyKind
    amount: int | None
    share: Decimal | None
    length: float


@dataclass(frozen=True, slots=True)
class Together:
    """What some projects come to, suspended ones apart.

    ``usable`` and ``aim`` are the seats usable by the coming September and those planned by then, in percent of all.
    ``expected`` is how many percent of the investment the time gone asks for, of the ``timed`` projects whose dates and
    investment are known; ``tick`` its place on the bars.
    """

    projects: int
    seats: Coming
    usable: float
    aim: float
    bars: tuple[SumBar, ...]
    money: Invested
    expected: Decimal | None
    tick: float | None
    timed: int


def lines_of(projects: Sequence[ProjectFacts], today: date) -> ProjectLines:
    """The lines of some projects in their order."""
    axis, strips = strips_of(projects, today)
    lines = [_line(project, strip, today) for project, strip in zip(projects, strips, strict=True)]
    running = [line for line in lines if not line.project.suspended]
    return ProjectLines(axis, running, [line for line in lines if line.project.suspended])


def together(projects: Iterable[ProjectFacts], today: date) -> Together:
    """The seats and the money of some projects; what is closed should have all of its money.

    Suspended ones count with the seats alone that they handed over before.
    """
    every = list(projects)
    living = [project for project in every if not project.suspended]
    money = invested(living)
    planned, whole = money.sums.get(MoneyKind.PLANNED), money.held.get(MoneyKind.PLANNED)
    longest = max(money.sums.values(), default=0)
    share, timed = _expected(living, today)
    seats = coming(every, today)
    return Together(
        projects=len(living),
        seats=seats,
        usable=_length(seats.usable, seats.seats),
        aim=min(_length(seats.planned, seats.seats), LAST_TICK),
        bars=tuple(
            SumBar(
                kind,
                money.sums.get(kind),
                share_of(money.held.get(kind), whole, WHOLE_PERCENT),
                _length(money.sums.get(kind), longest),
            )
            for kind in MoneyKind
        ),
        money=money,
        expected=percent_shown(share) if share is not None else None,
        tick=min(_length(int(share * planned), longest), LAST_TICK) if share is not None and planned else None,
        timed=timed,
    )


def _line(project: ProjectFacts, strip: Strip, today: date) -> ProjectLine:
    allocated, paid = (
        share_of(project.money.get(kind), project.planned_yuan, WHOLE_PERCENT)
        for kind in (MoneyKind.ALLOCATED, MoneyKind.PAID)
    )
    is_late = project.light is Light.OVERDUE and project.due_on is not None and project.due_on < today
    days_late = (today - project.due_on).days if is_late and project.due_on else None
    questions = questions_of(money_sums(project.budget_yuan, project.money)) if project.money else ()
    return ProjectLine(project, strip, allocated, paid, days_late, questions)


def _expected(projects: Iterable[ProjectFacts], today: date) -> tuple[Decimal | None, int]:
    """The share of the investment that should be there today, and of how many projects that is known."""
    whole, due, count = 0, Decimal(0), 0
    for project in projects:
        planned = project.planned_yuan
        share = Decimal(1) if project.closed_on else expected_share(project, today)
        if planned and share is not None:
            whole, due, count = whole + planned, due + planned * share, count + 1
    return (due / whole if whole else None), count


def _length(amount: int | None, longest: int) -> float:
    return round(max(amount or 0, 0) / longest * 100, 1) if longest > 0 else 0.0
