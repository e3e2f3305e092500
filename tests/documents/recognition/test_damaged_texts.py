"""Whatever is done to a document, the recognition answers: it never raises, and each task keeps its place and words."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.corpus.paper_maker import paper_of
from tests.corpus.truth import layouts
from tracker.documents.paper import Table, sentence_at
from tracker.documents.readers.plain_text import read_text
from tracker.documents.recognition.recogniser import recognise

TEXTS = [(layout.name, layout.content["text"]) for layout in layouts() if "text" in layout.content]
FORMS = [(layout, form) for layout in layouts() for form in layout.forms]
TURNS = 12
FULL_WIDTH = str.maketrans("0123456789().,:;", "０１２３４５６７８９（）．，：；")


def shuffled(text: str, chance: random.Random) -> str:
    """Its lines in another order."""
    lines = text.splitlines()
    chance.shuffle(lines)
    return "\n".join(lines)


def gnawed(text: str, chance: random.Random) -> str:
    """One character in twenty gone."""
    return "".join(letter for letter in text if chance.random() > 0.05)


def doubled(text: str, chance: random.Random) -> str:
    """One character in twenty said twice: 十十日, （（, 一一、."""
    return "".join(letter * (2 if chance.random() < 0.05 else 1) for letter in text)


def cut(text: str, chance: random.Random) -> str:
    """What stands between two places."""
    first, last = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    return text[first:last]


def wide(text: str, chance: random.Random) -> str:
    """In full-width digits and signs."""
    return text.translate(FULL_WIDTH)


@pytest.mark.parametrize("harm", [shuffled, gnawed, doubled, cut, wide])
@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_no_damage_to_a_text_makes_the_recognition_raise(
    name: str, text: str, harm: Callable[[str, random.Random], str]
) -> None:
    for turn in range(TURNS):
        recognise(read_text(harm(text, random.Random(f"{name}{turn}"))))


@pytest.mark.parametrize(("layout", "form"), FORMS, ids=[f"{layout.name}-{form}" for layout, form in FORMS])
def test_every_task_keeps_its_place_and_its_words(layout: object, form: str) -> None:
    paper = paper_of(layout, form)  # type: ignore[arg-type]
    draft = recognise(paper)
    for task in draft.tasks:
        block = paper.blocks[task.place.block]
        assert isinstance(block, Table) == (task.place.row is not None)
        assert sentence_at(paper, task.place).strip()
        assert task.sentence.strip()
        assert task.source.strip()
    assert len({task.key for task in draft.tasks}) == len(draft.tasks)
