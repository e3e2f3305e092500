"""Store the indicators by which a plan judges: the national standard, and a plan's own list with its vetoes."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.documents.plan_shape import IndicatorSeed, PlanSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import Framework, Indicator, IndicatorPart, Veto, db


def store_framework(code: str, name: str, name_en: str | None, items: list[dict[str, str]]) -> bool:
    """Store the items of a framework by its code; False where it stands already."""
    if db.session.scalar(sa.select(Framework.id).where(Framework.code == code)):
        return False
    framework = Framework(code=code, name=name, name_en=name_en)
    framework.indicators = [
        Indicator(
            code=item["code"],
            number=item["code"],
            position=position,
            title=item["title"],
            title_en=item.get("title_en"),
            group=item["group"],
            group_en=item.get("group_en"),
            requirement=item.get("requirement"),
            requirement_en=item.get("requirement_en"),
        )
        for position, item in enumerate(items, start=1)
    ]
    db.session.add(framework)
    db.session.flush()
    return True


def named(items: dict[str, Indicator], code: str | None, place: str) -> Indicator | None:
    """The national item of a code; None for none. Raises SeedError for a code that no item has."""
    if code is None:
        return None
    if code not in items:
        raise SeedError(f"{place}: {code!r} is unknown: use a national code such as R1, G5, Q9 or S1")
    return items[code]


def own_framework(seed: PlanSeed, national: dict[str, Indicator]) -> Framework | None:
    """The plan's own list with its vetoes; None where the plan has none."""
    if not seed.indicators:
        return None
    framework = Framework(code=seed.code, name=seed.title)
    framework.indicators = [
        _item(position, item, national, seed.file) for position, item in enumerate(seed.indicators, start=1)
    ]
    db.session.add(framework)
    db.session.flush()
    db.session.add_all(Veto(framework_id=framework.id, number=number, title=title) for number, title in seed.vetoes)
    return framework


def _item(position: int, seed: IndicatorSeed, national: dict[str, Indicator], file: str) -> Indicator:
    return Indicator(
        code=seed.code,
        number=seed.number,
        position=position,
        title=seed.title,
        group=seed.group,
        grade=seed.grade,
        points=seed.points,
        national=named(national, seed.national, f"{file}, indicators ({seed.code}), national"),
        parts=[
            IndicatorPart(position=place, number=part.number, text=part.text, points=part.points)
            for place, part in enumerate(seed.parts, start=1)
        ],
    )
