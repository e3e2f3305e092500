"""Score a reading against the truth: precision and recall of tasks, units with their roles, deadlines and figures.

Tasks are paired one to one, the surest pairs first. What belongs to a task that was not found is missing, what belongs
to one that was invented is invented: nothing is scored only where the recogniser did well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.corpus.truth import Layout, Term, Unit, Wanted, amount, plain
from tracker.documents.draft_deadlines import document_of
from tracker.documents.plan_draft import DraftTask, PlanDraft
from tracker.rules.deadline_words import read_deadline
from tracker.rules.deadlines import Document

SHORTEST_OPENING = 4
Pairs = list[tuple[Wanted, DraftTask]]
ASPECTS = ("tasks", "units", "deadlines", "figures")


@dataclass
class Count:
    """How many were right, how many there should have been, how many were given."""

    right: int = 0
    wanted: int = 0
    given: int = 0

    def add(self, right: int, wanted: int, given: int) -> None:
        """Count more."""
        self.right, self.wanted, self.given = self.right + right, self.wanted + wanted, self.given + given

    @property
    def precision(self) -> float:
        """The share of what was given that is right; of nothing none, unless nothing was to be given."""
        return self.right / self.given if self.given else float(not self.wanted)

    @property
    def recall(self) -> float:
        """The share of what should be there that was given; 1 where there is nothing to give."""
        return self.right / self.wanted if self.wanted else 1.0


@dataclass
class Score:
    """The counts of a document by aspect, and in words what is wrong."""

    name: str
    counts: dict[str, Count] = field(default_factory=lambda: {aspect: Count() for aspect in (*ASPECTS, "rest")})
    faults: list[str] = field(default_factory=list)

    def plus(self, other: Score) -> None:
        """Add the counts of another document."""
        for aspect, count in other.counts.items():
            self.counts[aspect].add(count.right, count.wanted, count.given)


def score(layout: Layout, draft: PlanDraft, name: str = "") -> Score:
    """The score of a reading of a layout."""
    scored = Score(name or layout.name)
    draft = replace(draft, tasks=tuple(task for task in draft.tasks if not _may_be_either(layout, task)))
    pairs = paired(layout.tasks, draft.tasks)
    count_pairs(scored, layout.tasks, draft, pairs)
    found = {id(want): task for want, task in pairs}
    for want in layout.tasks:
        _facts(scored, want, found.get(id(want)))
    count_facts(scored, "head", layout.head, _head(draft, layout.head))
    count_facts(scored, "draft", layout.rest, _beside_tasks(draft, layout.rest))
    return scored


def _may_be_either(layout: Layout, task: DraftTask) -> bool:
    return any(plain(words) in plain(task.title) for words in layout.maybe)


def _facts(scored: Score, want: Wanted, task: DraftTask | None) -> None:
    """Count the title of a task, its kind and its number, where the truth has them; a missing task has none right."""
    given: dict[str, Any] = {"title": None, "kind": None, "number": None}
    if task:
        given = {"title": plain(task.title) in _titles(want) or task.title, "kind": task.kind.value}
        given["number"] = task.number
    wanted = {"title": True, "kind": want.kind, "number": want.number}
    count_facts(scored, want.title, {key: value for key, value in wanted.items() if value is not None}, given)


def count_pairs(scored: Score, wanted: Iterable[Wanted], draft: PlanDraft, pairs: Pairs) -> None:
    """Count the tasks, and of each pair, and of each task without one, its units, deadlines and figures."""
    found = {id(want): task for want, task in pairs}
    taken = {id(task) for _, task in pairs}
    document = document_of(draft.head)
    all_wanted = list(wanted)
    scored.counts["tasks"].add(len(pairs), len(all_wanted), len(draft.tasks))
    for want in all_wanted:
        task = found.get(id(want))
        if task is None:
            scored.faults.append(f"missing task: {want.title}")
        _task(scored, want, task, document)
    for task in draft.tasks:
        if id(task) not in taken:
            scored.faults.append(f"invented task: {task.title or task.requirement[:30]} ({task.source})")
            _task(scored, None, task, document)


def paired(wanted: Iterable[Wanted], given: Iterable[DraftTask]) -> Pairs:
    """Pairs of a task that should be there and the one that was given for it, one to one, the surest first."""
    all_wanted, all_given = list(wanted), list(given)
    texts = [(plain(task.title), plain(task.title + task.requirement + task.sentence)) for task in all_given]
    likely = [
        (-sure, abs(row - column), row, column)
        for row, want in enumerate(all_wanted)
        for column, (title, text) in enumerate(texts)
        if (sure := likeness(want, all_given[column], title, text))
    ]
    pairs: dict[int, int] = {}
    for _, _, row, column in sorted(likely):
        if row not in pairs and column not in pairs.values():
            pairs[row] = column
    return [(all_wanted[row], all_given[column]) for row, column in sorted(pairs.items())]


def likeness(want: Wanted, task: DraftTask, title: str, text: str) -> int:
    """How surely a task given is the one wanted; 0 where it is not."""
    if want.holds and plain(want.holds) not in text:
        return 0
    same_number = 1 if want.number and want.number == task.number else 0
    for name in _titles(want):
        if name == title:
            return 8 + same_number
        if title.startswith(name) or (len(title) >= SHORTEST_OPENING and name.startswith(title)):
            return 6 + same_number
        if name in title:
            return 4 + same_number
        if name in text:
            return 2 + same_number
    return 0


def _titles(want: Wanted) -> list[str]:
    return [plain(title) for title in (want.title, *want.other_titles)]


def _task(scored: Score, want: Wanted | None, task: DraftTask | None, document: Document) -> None:
    """Count what belongs to one task, wanted or given or both."""
    title = want.title if want else task.title if task else ""
    _items(scored, "units", title, want.units if want else (), units_of(task) if task else ())
    _items(scored, "figures", title, want.figures if want else (), figures_of(task) if task else ())
    _terms(scored, title, want.terms if want else (), terms_of(task, document) if task else [])


def _items(scored: Score, aspect: str, title: str, wanted: Iterable[Hashable], given: Iterable[Hashable]) -> None:
    want, got = Counter(map(_compared, wanted)), Counter(map(_compared, given))
    scored.counts[aspect].add((want & got).total(), want.total(), got.total())
    scored.faults += [f"{title}: missing {_said(item)}" for item in want - got]
    scored.faults += [f"{title}: invented {_said(item)}" for item in got - want]


def _compared(item: Any) -> Hashable:
    """Names without the spaces and widths in which they may be written; brackets stay, for they are part of names."""
    return tuple("".join(str(each).split()).replace("(", "（").replace(")", "）") for each in item)


def _said(item: Any) -> str:
    return " ".join(filter(None, item))


def _terms(scored: Score, title: str, wanted: Iterable[Term], given: list[Term]) -> None:
    """A deadline is right when it comes to the same day and its words hold those of the truth or stand in them."""
    left, missing = list(given), []
    total = right = 0
    for words, meaning in wanted:
        total += 1
        same = [term for term in left if term[1] == meaning and _same_words(words, term[0])]
        if same:
            left.remove(same[0])
            right += 1
        else:
            missing.append((words, meaning))
    scored.counts["deadlines"].add(right, total, len(given))
    scored.faults += [f"{title}: missing deadline {_said(term)}" for term in missing]
    scored.faults += [f"{title}: invented deadline {_said(term)}" for term in left]


def _same_words(one: str, other: str) -> bool:
    one, other = plain(one), plain(other)
    return bool(one and other) and (one in other or other in one)


def units_of(task: DraftTask) -> list[Unit]:
    """The units of a task as they are compared."""
    return [(unit.name, unit.role.value) for unit in task.units]


def terms_of(task: DraftTask, document: Document) -> list[Term]:
    """The deadlines of a task with what they come to."""
    read = [read_deadline(words, document) for words in (task.deadline, *task.other_deadlines) if words]
    return [(each.text, each.due_on.isoformat() if each.due_on else each.precision.value) for each in read]


def figures_of(task: DraftTask) -> list[tuple[str, str, str]]:
    """The officials, amounts, areas, seats and classes of a task."""
    figures = [("official", "", name) for name in task.officials]
    if (project := task.project) is None:
        return figures
    said = {
        "yuan": project.budget_yuan,
        "land": project.land_mu,
        "floor": project.floor_area_m2,
        "sports": project.sports_area_m2,
    }
    figures += [(key, "", amount(value)) for key, value in said.items() if value is not None]
    for school in project.schools:
        for key, value in (("seats", school.seats), ("classes", school.classes)):
            if value is not None:
                figures.append((key, school.name, amount(value)))
    return figures


def count_facts(scored: Score, where: str, wanted: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """What is right or wrong as a whole: each fact counts once."""
    for key, value in wanted.items():
        right = _same(value, given[key])
        scored.counts["rest"].add(int(right), 1, 1)
        if not right:
            scored.faults.append(f"{where}: {key} is {given[key]!r}, not {value!r}")


def _same(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, str) and isinstance(given, str):
        return plain(wanted) == plain(given)
    if isinstance(given, date):
        return bool(given.isoformat() == str(wanted))
    return bool(wanted == given)


def _head(draft: PlanDraft, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: getattr(draft.head, key) for key in wanted}


def _beside_tasks(draft: PlanDraft, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft says beside its tasks, in the shape of the truth; only what the truth asks for."""
    kinds = {doubt.kind.value for doubt in draft.doubts}
    said: dict[str, Any] = {
        "phases": [[_day(phase.starts_on), _day(phase.ends_on)] for phase in draft.phases],
        "vetoes": len(draft.vetoes),
        "indicators": len(draft.indicators),
        "grades": [item.kind for item in draft.indicators],
        "points": [str(amount(item.points)) if item.points is not None else None for item in draft.indicators],
        "floors": {item.number: {stage: amount(floor) for stage, floor in item.floors} for item in draft.indicators},
        "doubts": [kind for kind in wanted.get("doubts", ()) if kind in kinds],
        "no_doubts": [kind for kind in wanted.get("no_doubts", ()) if kind not in kinds],
    }
    return said


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
