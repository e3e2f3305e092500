"""The five real plans as part of the corpus: their documents against the seeds that were made from them by hand.

The documents are not part of this code base; where ``../shared/plans`` is absent they are named as not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from tests.corpus.score import Score, count_facts, count_pairs
from tests.corpus.truth import Wanted, amount, plain
from tracker.documents.paper import Paper
from tracker.documents.plan_draft import DraftTask, DraftUnit, PlanDraft
from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.plan_shape import PlanSeed, TaskSeed
from tracker.documents.readers.paper_reader import read_paper
from tracker.rules.deadline_words import read_deadline
from tracker.rules.deadlines import Document, document_named

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "plans"
PLANS = ("akqi", "fushun", "urumqi", "xiji", "xingguo")
FILES = tuple(f"{plan}.{ending}" for plan in PLANS for ending in ("txt", "docx"))
HEAD = ("title", "document_number", "issued_on", "target_on")
LEAST_LIKENESS = 0.4


def document_path(file: str) -> Path | None:
    """Where a document stands; None where it is not here."""
    places = (parent / "shared" / "plans" / file for parent in ROOT.parents)
    return next(filter(Path.exists, places), None)


def read_real(path: Path) -> Paper:
    """A document as it is read."""
    with path.open("rb") as file:
        return read_paper(file, path.name)


def score_real(file: str, draft: PlanDraft) -> Score:
    """The score of a reading against the seed of its plan."""
    seed = read_plan_seed(SEEDS / f"{file.partition('.')[0]}.yaml")
    known = _names(seed)
    document = document_named(seed.issued_on, seed.document_number, seed.title)
    wanted = [_wanted(task, document, known) for task in seed.tasks]
    tasks = tuple(replace(task, units=_known_units(task, known)) for task in draft.tasks)
    scored = Score(f"real:{file}")
    count_pairs(scored, wanted, replace(draft, tasks=tasks), paired_by_likeness(wanted, list(tasks)))
    given = {key: getattr(draft.head, key) for key in HEAD}
    count_facts(scored, "head", {key: getattr(seed, key) for key in HEAD}, given)
    return scored


def _wanted(task: TaskSeed, document: Document, known: Mapping[str, str]) -> Wanted:
    units = [(known.get(plain(name), name), role.value) for role, names in task.units.items() for name in names]
    terms = []
    if task.deadline:
        read = read_deadline(task.deadline, document)
        terms.append((task.deadline, read.due_on.isoformat() if read.due_on else read.precision.value))
    figures = [("official", "", name) for name in task.officials]
    if project := task.project:
        amounts = {
            "yuan": project.budget_yuan,
            "land": project.land_mu,
            "floor": project.floor_area_m2,
            "sports": project.sports_area_m2,
        }
        figures += [(key, "", amount(value)) for key, value in amounts.items() if value is not None]
        for school in project.schools:
            both = (("seats", school.seats), ("classes", school.classes))
            figures += [(key, school.name, amount(value)) for key, value in both if value is not None]
    return Wanted(task.title, task.number, task.requirement, tuple(units), tuple(terms), tuple(figures))


def _names(seed: PlanSeed) -> dict[str, str]:
    """Each way of writing a unit's name to the name that the seed uses."""
    return {plain(name): unit.name for unit in seed.units for name in (*unit.aliases, unit.full_name or "", unit.name)}


def _known_units(task: DraftTask, known: Mapping[str, str]) -> tuple[DraftUnit, ...]:
    """The units by the names of the seed; those that become one count once."""
    units = [replace(unit, name=known.get(plain(unit.name), unit.name)) for unit in task.units]
    return tuple(dict.fromkeys(units))


def paired_by_likeness(wanted: list[Wanted], given: list[DraftTask]) -> list[tuple[Wanted, DraftTask]]:
    """Pairs by the words: seeds are summaries, so that a task is told by its words and number, not by its title."""
    texts = [frozenset(_pairs_of_letters(task.title + task.requirement + task.sentence)) for task in given]
    titles = [frozenset(_pairs_of_letters(task.title)) for task in given]
    likely = []
    for row, want in enumerate(wanted):
        name, words = _pairs_of_letters(want.title), _pairs_of_letters(want.title + want.holds)
        for column, text in enumerate(texts):
            sure = _share(name, titles[column]) + _share(words, text)
            sure += 0.3 if want.number and want.number == given[column].number else 0
            if sure >= LEAST_LIKENESS:
                likely.append((-sure, abs(row - column), row, column))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, row, column in sorted(likely):
        if row not in pairs and column not in taken:
            pairs[row] = column
            taken.add(column)
    return [(wanted[row], given[column]) for row, column in sorted(pairs.items())]


def _share(words: frozenset[str], text: frozenset[str]) -> float:
    return len(words & text) / len(words) if words else 0.0


@cache
def _pairs_of_letters(text: str) -> frozenset[str]:
    letters = plain(text)
    return frozenset(letters[n : n + 2] for n in range(len(letters) - 1))
