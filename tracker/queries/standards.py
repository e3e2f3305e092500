"""Frameworks as standards: which one a region is judged by, and what each asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import NATIONAL, Framework, Indicator, IndicatorPart, Plan, PlanState, Veto, db
from tracker.rules.standard_reading import FrameworkContent, ItemContent, PartContent, read_standard
from tracker.rules.standards import Standard

# An active plan speaks before a draft, a draft before a closed one.
FIRST_STATES = (PlanState.ACTIVE, PlanState.DRAFT)
# A server meets a handful of lists; what a standard was read from is compared whole, so nothing outdated is given.
MOST_KEPT = 32


def framework_for(region: str) -> Framework:
    """The list that a region is judged by: its latest plan's own, or the national standard; one question.

    Raises NoResultFound before the seeds are loaded.
    """
    return db.session.scalars(sa.select(Framework).where(Framework.id == _chosen(region))).one()


def standard_in(region: str) -> Standard | None:
    """What is asked of a region, without vetoes, in one question, one more for a copy; an empty list is the national.

    None before the seeds are loaded. Raises FaultyStandard.
    """
    items = _items(Framework.id == _chosen(region))
    # What a region has of its own comes before the national list.
    lists = sorted({each.framework for each in items}, key=lambda each: each.code == NATIONAL)
    return _standard(lists[0], items, []) if lists else None


def _chosen(region: str) -> sa.ScalarSelect[int]:
    """The list that a region is judged by; the national one stands behind those of its plans."""
    places = sa.case({state: place for place, state in enumerate(FIRST_STATES)}, value=Plan.state, else_=2)
    latest = (places, Plan.issued_on.is_(None), Plan.issued_on.desc(), Plan.id.desc())
    chosen = aliased(Framework)
    query = sa.select(chosen.id).outerjoin(Plan, sa.and_(Plan.framework_id == chosen.id, Plan.region_code == region))
    query = query.where(sa.or_(Plan.id.is_not(None), chosen.code == NATIONAL))
    return query.order_by(Plan.id.is_(None), *latest).limit(1).scalar_subquery()


def framework_by_code(code: str) -> Framework | None:
    """A framework by its code."""
    return db.session.scalar(sa.select(Framework).where(Framework.code == code))


def national_framework() -> Framework:
    """The national standard as it is stored. Raises NoResultFound before the seeds are loaded."""
    return db.session.scalars(sa.select(Framework).where(Framework.code == NATIONAL)).one()


def national_standard() -> Standard:
    """The national standard."""
    return standard_of(national_framework())


def standard_of(framework: Framework, *, vetoed: bool = True) -> Standard:
    """What a framework asks, in two questions, one more for a copy, one less without vetoes. Raises FaultyStandard."""
    return _standard(framework, _items(Framework.id == framework.id), _vetoes(framework) if vetoed else [])


def _standard(framework: Framework, items: list[Indicator], vetoes: list[Veto]) -> Standard:
    national = next((each.framework for each in items if each.framework.code == NATIONAL), None)
    stored = [_content(framework, items, vetoes)]
    if framework.code != NATIONAL and national is not None:
        stored.append(_content(national, items, vetoes))
    return _read(_Stored(tuple(stored), repr(stored)))


@dataclass(frozen=True)
class _Stored:
    """A framework as it is stored, behind it the national one that it builds on; ``said`` is all that they say."""

    contents: tuple[FrameworkContent, ...] = field(compare=False)
    said: str


@lru_cache(MOST_KEPT)
def _read(stored: _Stored) -> Standard:
    """The standard, which nobody changes: to read it takes longer than to fetch it. Raises FaultyStandard."""
    first, *behind = stored.contents
    return read_standard(first, read_standard(behind[0]) if behind else None)


def _content(framework: Framework, items: list[Indicator], vetoes: list[Veto]) -> FrameworkContent:
    return FrameworkContent(
        code=framework.code,
        name=framework.name,
        name_en=framework.name_en or "",
        terms=framework.terms,
        figures=framework.figures,
        items=tuple(_item(each) for each in items if each.framework_id == framework.id),
        vetoes=tuple((each.number, each.title) for each in vetoes if each.framework_id == framework.id),
        answers=_origin(framework),
    )


def items_with_national(framework_id: int | None) -> list[Indicator]:
    """The items of a framework and the national ones in their order, with their parts; one question."""
    return _items(Framework.id == framework_id)


def _items(is_meant: sa.ColumnElement[bool]) -> list[Indicator]:
    """The items of a framework and, beside them, the national ones, from which it takes what it does not say."""
    query = sa.select(Indicator).join(Indicator.framework)
    query = query.where(sa.or_(is_meant, Framework.code == NATIONAL))
    parts, national = joinedload(Indicator.parts), joinedload(Indicator.national)
    query = query.order_by(Indicator.position).options(contains_eager(Indicator.framework), national, parts)
    found = list(db.session.scalars(query).unique())
    # Each framework knows its indicators from here on, without another question.
    for known in {each.framework for each in found}:
        set_committed_value(known, "indicators", [each for each in found if each.framework is known])
    return found


def _vetoes(framework: Framework) -> list[Veto]:
    query = sa.select(Veto).join(Framework, Framework.id == Veto.framework_id)
    query = query.where(sa.or_(Framework.id == framework.id, Framework.code == NATIONAL))
    return list(db.session.scalars(query.order_by(Veto.id)))


def _item(item: Indicator) -> ItemContent:
    conditions: Any = item.conditions
    return ItemContent(
        code=item.code,
        number=item.number,
        title=item.title,
        title_en=item.title_en or "",
        group=item.group,
        group_en=item.group_en or "",
        national=item.national.code if item.national else None,
        grade=item.grade,
        points=item.points,
        conditions=conditions,
        parts=tuple(_part(each) for each in item.parts),
    )


def _part(part: IndicatorPart) -> PartContent:
    return PartContent(part.number, part.text, part.points, part.condition, part.code or "")


def origins() -> dict[int, str]:
    """By the id of each framework the code of the one of which it is a copy, or a copy of a copy; else its own."""
    query = sa.select(Framework.id, Framework.code, Framework.copied_from_id).order_by(Framework.id)
    known = {key: (code, copied_from) for key, code, copied_from in db.session.execute(query)}
    return {key: _origin_in(dict(known), key) for key in known}


def _origin(framework: Framework) -> str:
    """The code under which answers to a framework are kept: that of its origin."""
    seen, origin = {framework.id}, framework
    # Each framework is passed once, so that even a circle, which no act makes, would end.
    while origin.copied_from_id is not None and origin.copied_from_id not in seen:
        seen.add(origin.copied_from_id)
        origin = db.session.get_one(Framework, origin.copied_from_id)
    return origin.code


def _origin_in(known: dict[int, tuple[str, int | None]], key: int) -> str:
    code, copied_from = known.pop(key)
    # Each framework is passed once, so that even a circle, which no act makes, would end.
    while copied_from in known:
        code, copied_from = known.pop(copied_from)
    return code
