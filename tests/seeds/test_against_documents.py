"""The seeds against the documents themselves, where these lie beside the project.

What a seed quotes (units, deadlines, figures, numbers of documents) must stand in the document; what it says in its own
words must not be copied from it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from tracker.documents.framework_seed import read_framework_seed
from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.plan_shape import FrameworkSeed, PlanSeed, ProjectSeed, TaskSeed
from tracker.settings import ROOT

DOCUMENTS = ROOT.parent / "shared" / "plans"
NAMES = ["akqi", "fushun", "urumqi", "xiji", "xingguo"]
LONGEST_RUN = 30


@cache
def document(name: str) -> str:
    """The text of a document, half-width and without spaces; skips the test where it is not there."""
    path = DOCUMENTS / f"{name}.txt"
    if not path.exists():
        pytest.skip(f"{path} is not there: nothing to compare the seed with")
    return plain(path.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Text without what typing may change: widths and spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@cache
def seed(name: str) -> PlanSeed:
    """A plan as its seed has it."""
    return read_plan_seed(ROOT / "seeds" / "plans" / f"{name}.yaml")


@cache
def own_list(name: str) -> FrameworkSeed | None:
    """The list of indicators that a plan judges by; None for the national one."""
    code = seed(name).framework
    return None if code in {None, "national"} else read_framework_seed(ROOT / "seeds" / "frameworks" / f"{code}.yaml")


def stands(words: str, name: str) -> bool:
    """Whether words stand in a document."""
    return plain(words) in document(name)


def stands_as_number(number: str, name: str) -> bool:
    """Whether a number with its unit stands in a document, and not as the end of a longer one."""
    return re.search(rf"(?<![\d.]){re.escape(number)}", document(name)) is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_unit_is_written_as_in_the_document(name: str) -> None:
    written = {unit for task in seed(name).tasks for units in task.units.values() for unit in units}
    assert {unit for unit in written if not stands(unit, name)} == set()
    assert written


@pytest.mark.parametrize("name", NAMES)
def test_every_other_name_of_a_unit_and_every_official_stands_in_the_document(name: str) -> None:
    names = {member for unit in seed(name).units for member in unit.members}
    names |= {official for task in seed(name).tasks for official in task.officials}
    assert {each for each in names if not stands(each, name)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_deadline_stands_in_the_document(name: str) -> None:
    plan = seed(name)
    words = {task.deadline for task in plan.tasks} | {goal.deadline for goal in plan.goals} | {plan.target_text}
    assert {each for each in words if each and not stands(each, name)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_head_of_the_document_is_its_own(name: str) -> None:
    plan = seed(name)
    day = plan.issued_on
    said = [plan.document_number, plan.issuer, f"{day.year}年{day.month}月{day.day}日" if day else None]
    assert [each for each in said if each and not stands(each, name)] == []


def in_words(project: ProjectSeed) -> Iterator[tuple[str, ...]]:
    """The figures of a project, each in the ways in which a document writes it."""
    if project.budget_yuan:
        ten_thousands = Decimal(project.budget_yuan) / 10_000
        yield f"{ten_thousands:f}万元", f"{ten_thousands / 10_000:f}亿元", f"{project.budget_yuan}元"
    if project.land_mu:
        yield f"{project.land_mu}亩", f"{project.land_mu}余亩"
    for area in (project.floor_area_m2, project.sports_area_m2, *(area for _use, area in project.buildings)):
        if area:
            yield f"{area}平方米", f"{area}m2", f"{area}㎡"
    for school in project.schools:
        if school.seats:
            yield f"{school.seats}个", f"学位{school.seats}"
        if school.classes:
            yield f"{school.classes}个", f"{school.classes}班"


def is_sum(way: str, task: TaskSeed, name: str) -> bool:
    """Whether an area is the sum of areas that the requirement repeats from the document one by one."""
    numbers = [each for each in re.findall(r"\d+(?:\.\d+)?", task.requirement) if stands_as_number(each, name)]
    sums = (sum(map(Decimal, some)) for count in (2, 3) for some in combinations(numbers, count))
    return way.endswith("平方米") and Decimal(way.removesuffix("平方米")) in sums


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_project_stands_in_the_document(name: str) -> None:
    missing = []
    for task in seed(name).tasks:
        for ways in in_words(task.project) if task.project else ():
            if not any(stands_as_number(plain(way), name) for way in ways) and not is_sum(ways[0], task, name):
                missing.append((task.key, ways))
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_reported_value_stands_in_the_document(name: str) -> None:
    values = [each.value for each in seed(name).reported if each.value is not None]
    assert [value for value in values if not stands_as_number(str(value), name)] == []


def longest_run(words: str, text: str) -> str:
    """The longest piece of these words that stands in a text, as far as it passes the limit; empty otherwise."""
    for start in range(len(words) - LONGEST_RUN):
        end = start + LONGEST_RUN + 1
        if words[start:end] in text:
            while end < len(words) and words[start : end + 1] in text:
                end += 1
            return words[start:end]
    return ""


def own_words(plan: PlanSeed, items: FrameworkSeed | None) -> Iterator[tuple[str, str]]:
    """Everything that a seed says in its own words, with its place."""
    yield from ((f"task {task.key}", task.requirement) for task in plan.tasks)
    yield from ((f"goal {number}", goal.text) for number, goal in enumerate(plan.goals, start=1))
    yield from ((f"phase {phase.number}", phase.summary or "") for phase in plan.phases)
    for item in items.indicators if items else ():
        yield f"indicator {item.code}", item.title
        yield f"indicator {item.code}", item.requirement or ""
        yield from ((f"indicator {item.code}.{part.number}", part.text) for part in item.parts)


@pytest.mark.parametrize("name", NAMES)
def test_our_words_are_our_own(name: str) -> None:
    text = document(name)
    copied = {
        place: run for place, words in own_words(seed(name), own_list(name)) if (run := longest_run(plain(words), text))
    }
    assert copied == {}


def test_a_copied_sentence_would_be_found() -> None:
    text = plain("".join(chr(0x4E00 + number) for number in range(200)))
    assert longest_run(f"甲{text[50:80]}乙", text) == ""
    assert longest_run(f"甲{text[50:90]}乙", text) == text[50:90]


def test_documents_lie_where_they_are_looked_for() -> None:
    if not Path(DOCUMENTS).is_dir():
        pytest.skip(f"{DOCUMENTS} is not there: the seeds are compared with nothing")
    assert {path.stem for path in DOCUMENTS.glob("*.txt")} >= set(NAMES)
