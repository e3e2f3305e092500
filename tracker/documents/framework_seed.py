"""Read a framework from a seed file (seeds/frameworks/*.yaml), with every fault named by place and mend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.documents.plan_limits import figures, longest
from tracker.documents.plan_shape import FrameworkSeed, IndicatorSeed, PartSeed
from tracker.documents.yaml_rows import Row, SeedError, read_yaml
from tracker.models import Framework, Indicator, IndicatorPart, Veto
from tracker.rules.standard_entries import FaultyStandard
from tracker.rules.standard_reading import FrameworkContent, ItemContent, PartContent, read_standard
from tracker.rules.standards import Standard

GRADES = ("A", "B")
QUESTIONS = {"question", "divided", "all_stages", "none_asked", "while_shrinking", "on"}
COUNTS = {"needed", "least_students"}


def read_framework_seed(path: Path) -> FrameworkSeed:
    """The framework in a seed file. Raises SeedError with every fault of its form."""
    faults: list[str] = []
    row = Row(path.name, read_yaml(path), faults)
    row.only("framework", "terms", "figures", "indicators", "vetoes")
    head = row.below("framework")
    head.only("code", "name", "name_en")
    seed = FrameworkSeed(
        file=path.name,
        code=head.code("code", longest(Framework.code)),
        name=head.needed("name", longest(Framework.name)),
        name_en=head.text("name_en", longest(Framework.name_en)),
        terms=as_json(row.content.get("terms") or {}),
        figures=as_json(row.content.get("figures") or []),
        indicators=[indicator_from(each) for each in row.rows("indicators", "code")],
        vetoes=vetoes_from(row),
    )
    faults += [f"{path.name}, {fault}" for fault in _contradictions(seed)]
    if faults:
        raise SeedError("\n".join(faults))
    return seed


def indicator_from(row: Row) -> IndicatorSeed:
    """An item of a list."""
    row.only(
        "code", "number", "title", "title_en", "group", "group_en", "requirement", "requirement_en", "national",
        "kind", "points", "parts", "words", "conditions",
    )  # fmt: skip
    return IndicatorSeed(
        code=row.needed("code", longest(Indicator.code)),
        number=row.text("number", longest(Indicator.number)) or "",
        title=row.needed("title"),
        title_en=row.text("title_en"),
        group=row.needed("group", longest(Indicator.group)),
        group_en=row.text("group_en", longest(Indicator.group_en)),
        requirement=row.text("requirement"),
        requirement_en=row.text("requirement_en"),
        national=row.text("national", longest(Indicator.code)),
        grade=row.member("kind", GRADES),
        points=row.amount("points", figures(Indicator.points)),
        parts=[_part(each) for each in row.rows("parts", "number")],
        words=row.names("words"),
        conditions=as_json(row.content.get("conditions")),
    )


def _part(row: Row) -> PartSeed:
    row.only("number", "text", "points", "condition")
    return PartSeed(
        row.text("number", longest(IndicatorPart.number)) or "",
        row.needed("text"),
        row.amount("points", figures(IndicatorPart.points)),
        row.text("condition", longest(IndicatorPart.condition)),
    )


def vetoes_from(row: Row) -> list[tuple[str, str]]:
    """The number and title of each reason to refuse."""
    return [
        (veto.needed("number", longest(Veto.number)), veto.needed("title")) for veto in row.rows("vetoes", "number")
    ]


def as_json(value: Any, name: str = "") -> Any:
    """A piece of a file, whose scalars are all texts, as JSON: answers are booleans, counts whole numbers."""
    if isinstance(value, dict):
        return {key: as_json(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if name in QUESTIONS and value in {"true", "false"}:
        return value == "true"
    return int(value) if name in COUNTS and value.isascii() and value.isdigit() else value


def standard_from(seed: FrameworkSeed, national: Standard | None) -> Standard:
    """What a framework asks. Raises SeedError with every fault of its conditions, figures and terms."""
    try:
        return read_standard(_content(seed), national, seed.file)
    except FaultyStandard as error:
        raise SeedError(str(error)) from error


def _content(seed: FrameworkSeed) -> FrameworkContent:
    return FrameworkContent(
        code=seed.code,
        name=seed.name,
        name_en=seed.name_en or "",
        terms=seed.terms,
        figures=seed.figures,
        items=tuple(_item(each) for each in seed.indicators),
        vetoes=tuple(seed.vetoes),
    )


def _item(seed: IndicatorSeed) -> ItemContent:
    return ItemContent(
        code=seed.code,
        number=seed.number,
        title=seed.title,
        title_en=seed.title_en or "",
        group=seed.group,
        group_en=seed.group_en or "",
        national=seed.national,
        grade=seed.grade,
        points=seed.points,
        conditions=seed.conditions,
        parts=tuple(PartContent(each.number, each.text, each.points, each.condition) for each in seed.parts),
    )


def _contradictions(seed: FrameworkSeed) -> Iterator[str]:
    if not seed.indicators:
        yield "indicators: the framework has none: add what it asks for"
    for place, codes in (
        ("indicators, code", [each.code for each in seed.indicators]),
        ("vetoes, number", [number for number, _title in seed.vetoes]),
    ):
        yield from (
            f"{place}: {code!r} stands twice: give each its own" for code in sorted(set(codes)) if codes.count(code) > 1
        )
