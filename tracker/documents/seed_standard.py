"""The national standard from its seed file: for what is read where no database stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracker.documents.framework_seed import read_framework_seed
from tracker.documents.plan_shape import IndicatorSeed
from tracker.rules.capacity import Limits, limits_of
from tracker.rules.standard_reading import FrameworkContent, ItemContent, PartContent, read_standard


@dataclass(frozen=True)
class National:
    """The titles of the national indicators by code, and the bounds that planned schools meet."""

    titles: dict[str, str]
    limits: Limits


def national_from(path: Path) -> National:
    """The national standard of a seed file. Raises SeedError and FaultyStandard."""
    seed = read_framework_seed(path)
    content = FrameworkContent(
        code=seed.code,
        name=seed.name,
        terms=seed.terms,
        figures=seed.figures,
        items=tuple(map(_item, seed.indicators)),
        vetoes=tuple(seed.vetoes),
    )
    return National({item.code: item.title for item in seed.indicators}, limits_of(read_standard(content)))


def _item(seed: IndicatorSeed) -> ItemContent:
    return ItemContent(
        code=seed.code,
        number=seed.number,
        title=seed.title,
        group=seed.group,
        national=seed.national,
        grade=seed.grade,
        points=seed.points,
        conditions=seed.conditions,
        parts=tuple(PartContent(part.number, part.text, part.points, part.condition) for part in seed.parts),
    )
