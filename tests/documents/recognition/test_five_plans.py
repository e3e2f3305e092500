"""The five real plans, read from their own documents: what was keyed in by hand must come out, and nothing else.

The seeds were made by people from the same documents; their titles and summaries are their own words, all else is
what the documents say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tracker.documents.paper import Paragraph, words_of
from tracker.documents.plan_draft import DraftTask, PlanDraft
from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.plan_shape import PlanSeed, ProjectSeed, TaskSeed
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.recognition.recogniser import recognise
from tracker.rules.texts import same_words
from tracker.settings import ROOT

DOCUMENTS = ROOT.parent / "shared" / "plans"
NAMES = ["akqi", "fushun", "urumqi", "xiji", "xingguo"]
FORMS = ["docx", "txt"]


def document(name: str, form: str) -> Path:
    """The file of a plan; skips the test where it is not there."""
    path = DOCUMENTS / f"{name}.{form}"
    if not path.exists():
        pytest.skip(f"{path} is not there: nothing to read")
    return path


@cache
def draft(name: str, form: str) -> PlanDraft:
    """A plan as it was understood from its document."""
    with document(name, form).open("rb") as file:
        return recognise(read_paper(file, f"{name}.{form}"))


@cache
def seed(name: str) -> PlanSeed:
    """A plan as people keyed it in."""
    return read_plan_seed(ROOT / "seeds" / "plans" / f"{name}.yaml")


def compared(name: str, form: str, of_draft: Callable[[DraftTask], Any], of_seed: Callable[[TaskSeed], Any]) -> None:
    """Fail with what is missing and what is invented, counted."""
    read = Counter(map(of_draft, draft(name, form).tasks))
    keyed = Counter(map(of_seed, seed(name).tasks))
    assert {"missing": keyed - read, "invented": read - keyed} == {"missing": Counter(), "invented": Counter()}


def units_read(task: DraftTask) -> tuple[tuple[str, str], ...]:
    """Its units with their roles, without the spaces of the document."""
    return tuple(sorted((each.role.value, same_words(each.name)) for each in task.units))


def units_keyed(task: TaskSeed) -> tuple[tuple[str, str], ...]:
    """The same of a seed."""
    return tuple(sorted((role.value, same_words(name)) for role, names in task.units.items() for name in names))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_task_with_its_units_and_roles_is_read_and_none_invented(name: str, form: str) -> None:
    compared(name, form, lambda t: (t.kind.value, units_read(t)), lambda t: (t.kind.value, units_keyed(t)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_deadline_is_read_in_its_words(name: str, form: str) -> None:
    compared(
        name,
        form,
        lambda t: (units_read(t), same_words(t.deadline)),
        lambda t: (units_keyed(t), same_words(t.deadline)),
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_officials_are_those_of_the_document(name: str, form: str) -> None:
    compared(name, form, lambda t: (t.number, tuple(t.officials)), lambda t: (t.number, tuple(t.officials)))


def figures(project: ProjectSeed | None) -> tuple[Any, ...] | None:
    """The figures of a project, to be held against another's."""
    if project is None:
        return None
    return (
        project.category.value,
        project.budget_yuan,
        project.land_mu,
        project.floor_area_m2,
        project.sports_area_m2,
        tuple((s.name, s.stage, s.seats, s.classes) for s in project.schools),
        tuple(project.buildings),
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_amount_area_and_seat_of_a_project_is_read(name: str, form: str) -> None:
    compared(name, form, lambda t: figures(t.project), lambda t: figures(t.project))


@pytest.mark.parametrize("form", FORMS)
def test_the_sums_of_the_county_with_schools_to_build_are_those_of_its_plan(form: str) -> None:
    projects = [task.project for task in draft("xingguo", form).tasks if task.project]
    assert sum(each.budget_yuan or 0 for each in projects) == 1_287_587_000
    assert sum(school.seats or 0 for each in projects for school in each.schools) == 21_600


def titled(title: str | None) -> str:
    """A title without the sorts of dashes in its years: a notice writes one, the plan under it another."""
    return re.sub("[-—―–]", "-", same_words(title))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_head_of_the_document_is_read(name: str, form: str) -> None:
    head, keyed = draft(name, form).head, seed(name)
    read = (titled(head.title), head.document_number, head.issuer, head.issued_on, head.target_on)
    assert read == (
        titled(keyed.title),
        keyed.document_number,
        keyed.issuer,
        keyed.issued_on,
        keyed.target_on,
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_stages_of_a_plan_are_read_with_their_days(form: str) -> None:
    read = [(each.number, each.starts_on, each.ends_on) for each in draft("fushun", form).phases]
    assert read == [(each.number, each.starts_on, each.ends_on) for each in seed("fushun").phases]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_task_keeps_its_place_and_sentence(name: str, form: str) -> None:
    with document(name, form).open("rb") as file:
        paper = read_paper(file, f"{name}.{form}")
    for task in draft(name, form).tasks:
        block = paper.blocks[task.place.block]
        assert task.source
        if isinstance(block, Paragraph):
            assert same_words(task.sentence.split("\n")[0])[:20] in same_words(words_of(block))
        else:
            assert task.place.row is not None
            assert all(same_words(cell) in same_words(paper.text) for cell in task.sentence.split("\t"))
    assert len({task.key for task in draft(name, form).tasks}) == len(draft(name, form).tasks)
