"""Read a framework's JSON as a standard, strictly: all faults together, each with its place and mend.

What a local framework does not say itself comes from the national standard: the conditions of an item that is a
national one, the figures that those ask for, and how school units are judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tracker.rules.measures import KINDERGARTEN
from tracker.rules.school_figures import SCHOOL_FIGURES
from tracker.rules.stages import Stage
from tracker.rules.standard_conditions import CountyCodes, read_condition
from tracker.rules.standard_entries import Entry, Fault, FaultKind, FaultyStandard, entries
from tracker.rules.standards import (
    Condition,
    FigureSpec,
    Item,
    Part,
    Sense,
    Standard,
    Subject,
    UnitTerms,
    VetoRule,
    Weighting,
)

SPREAD = "spread"
POINTS = "分"
TERMS = ("unit", "weighting", "weights", "pass_points")


@dataclass(frozen=True)
class PartContent:
    """A part as it is stored; it is answered under its code, else its number, else its place."""

    number: str
    text: str
    points: Decimal | None = None
    condition: str | None = None
    code: str = ""


@dataclass(frozen=True)
class ItemContent:
    """An item as it is stored; ``conditions`` are JSON, None takes those of the national item."""

    code: str
    number: str
    title: str
    title_en: str = ""
    group: str = ""
    group_en: str = ""
    national: str | None = None
    grade: str | None = None
    points: Decimal | None = None
    conditions: Any = None
    parts: tuple[PartContent, ...] = ()


@dataclass(frozen=True)
class FrameworkContent:
    """A framework as it is stored; ``terms`` and ``figures`` are JSON.

    ``answers`` is the code under which the county answers its parts and vetoes: that of the framework, or, for an
    adjusted copy, of the one that it was copied from, so that nothing need be said twice.
    """

    code: str
    name: str
    name_en: str = ""
    terms: Any = field(default_factory=dict)
    figures: Any = field(default_factory=list)
    items: tuple[ItemContent, ...] = ()
    vetoes: tuple[tuple[str, str], ...] = ()
    answers: str = ""


def read_standard(content: FrameworkContent, national: Standard | None = None, place: str = "") -> Standard:
    """The standard of a framework. Raises FaultyStandard with every fault."""
    faults: list[Fault] = []
    head = (place or content.code,)
    figures = _figures((*head, "figures"), content.figures, faults)
    county = _county_codes([*figures, *(national.figures if national else ())])
    items = tuple(_item(content, item, national, head, county, faults) for item in content.items)
    _one_meaning(items, head, faults)
    terms = Entry((*head, "terms"), content.terms, faults)
    terms.only(*TERMS)
    follows = national if any(item.national for item in items) else None
    vetoes = tuple(VetoRule(number, title, f"{_root(content)}/veto.{number}") for number, title in content.vetoes)
    standard = Standard(
        code=content.code,
        name=content.name,
        name_en=content.name_en,
        items=items,
        vetoes=vetoes,
        figures=(*figures, *_inherited_figures(items, figures, national), *_answers(content, items, vetoes)),
        unit=_unit(terms, items, follows, faults),
        weighting=_weighting(terms, follows),
        weights=_weights(terms, follows),
        pass_points=terms.not_negative("pass_points"),
    )
    _parts_have_conditions(standard, head, faults)
    _points_add_up(standard, head, faults)
    _terms_fit(standard, terms, faults)
    if faults:
        raise FaultyStandard(faults)
    return standard


def _root(content: FrameworkContent) -> str:
    return content.answers or content.code


def _figures(place: tuple[str, ...], content: Any, faults: list[Fault]) -> tuple[FigureSpec, ...]:
    found: dict[str, FigureSpec] = {}
    for row in entries(place, content, "code", faults):
        row.only("code", "name", "name_en", "unit", "question")
        code = row.code("code")
        if code in SCHOOL_FIGURES:
            row.fault("code", FaultKind.SCHOOL_FIGURE, code)
        if code in found:
            row.fault("code", FaultKind.TWICE, code)
        found[code] = FigureSpec(
            code, row.needed("name"), row.text("name_en"), row.text("unit"), row.yes_or_no("question")
        )
    return tuple(found.values())


def _county_codes(figures: list[FigureSpec]) -> CountyCodes:
    return CountyCodes(
        frozenset(each.code for each in figures if not each.is_question),
        frozenset(each.code for each in figures if each.is_question),
    )


def _item(
    content: FrameworkContent,
    item: ItemContent,
    national: Standard | None,
    head: tuple[str, ...],
    county: CountyCodes,
    faults: list[Fault],
) -> Item:
    parts = tuple(_part(content, item, place, part) for place, part in enumerate(item.parts, start=1))
    found = Item(
        code=item.code,
        number=item.number,
        title=item.title,
        title_en=item.title_en,
        group=item.group,
        group_en=item.group_en,
        national=item.national,
        conditions=(),
        parts=parts,
        grade=item.grade,
        points=item.points,
    )
    if item.conditions is None:
        conditions = _national_conditions(item, national)
    else:
        place = (*head, f"indicators ({item.code})", "conditions")
        read = [read_condition(row, county) for row in entries(place, item.conditions, "code", faults)]
        conditions = tuple(_named(each, item) for each in read if each)
    if not conditions and not parts and not item.conditions:
        conditions = (_question(content, item),)
    return replace(found, conditions=conditions)


def _part(content: FrameworkContent, item: ItemContent, place: int, part: PartContent) -> Part:
    figure = f"{_root(content)}/{item.code}.{part.code or part.number or place}"
    return Part(part.number, part.text, part.points, figure, part.condition)


def _national_conditions(item: ItemContent, national: Standard | None) -> tuple[Condition, ...]:
    return next((each.conditions for each in national.items if each.code == item.national), ()) if national else ()


def _named(condition: Condition, item: ItemContent) -> Condition:
    """A condition without a name bears that of its item."""
    if condition.name:
        return condition
    return replace(condition, name=item.title, name_en=item.title_en)


def _question(content: FrameworkContent, item: ItemContent) -> Condition:
    """Where nothing is computed of an item, the county says whether it is met."""
    figure = f"{_root(content)}/{item.code}"
    return Condition(item.code, Subject.COUNTY, name=item.title, name_en=item.title_en, asks=figure)


def _one_meaning(items: tuple[Item, ...], head: tuple[str, ...], faults: list[Fault]) -> None:
    """One code means one condition; two items may ask the same."""
    found: dict[str, Condition] = {}
    for item in items:
        for each in item.conditions:
            unnamed = replace(each, name="", name_en="")
            if found.setdefault(each.code, unnamed) != unnamed:
                faults.append(Fault((*head, f"indicators ({item.code})", "conditions"), FaultKind.TWICE, each.code))


def _inherited_figures(
    items: tuple[Item, ...], own: tuple[FigureSpec, ...], national: Standard | None
) -> list[FigureSpec]:
    """The national figures that the conditions ask for and the framework does not name itself."""
    asked = {code for item in items for each in item.conditions for code in each.figures} - {each.code for each in own}
    return [each for each in national.figures if each.code in asked] if national else []


def _answers(content: FrameworkContent, items: tuple[Item, ...], vetoes: tuple[VetoRule, ...]) -> list[FigureSpec]:
    """What only the county can say: of items and parts that nothing computes, and of the vetoes."""
    questions = [
        FigureSpec(each.asks, each.name, each.name_en, "", True)
        for item in items
        for each in item.conditions
        if each.asks == f"{_root(content)}/{item.code}"
    ]
    parts = [
        FigureSpec(part.figure, f"{item.title}：{part.text}", "", POINTS if part.points else "", part.points is None)
        for item in items
        for part in item.parts
        if not part.condition
    ]
    return [*questions, *parts, *(FigureSpec(each.figure, each.title, "", "", True) for each in vetoes)]


def _unit(terms: Entry, items: tuple[Item, ...], national: Standard | None, faults: list[Fault]) -> UnitTerms:
    codes = [each.code for item in items for each in item.conditions]
    if not terms.has("unit"):
        return _unit_as(national.unit, codes) if national else UnitTerms()
    row = terms.below("unit")
    row.only("conditions", "needed", "floor", "least_students")
    wanted = row.names("conditions")
    for code in wanted:
        if code not in codes:
            row.fault("conditions", FaultKind.UNKNOWN_CONDITION, code)
    needed, least, floor = row.whole("needed"), row.whole("least_students"), row.positive("floor")
    return UnitTerms(
        conditions=wanted,
        needed=len(wanted) if needed is None else min(needed, len(wanted)),
        floor=Decimal(1) if floor is None else floor,
        least_students=UnitTerms.least_students if least is None else least,
    )


def _unit_as(national: UnitTerms, codes: list[str]) -> UnitTerms:
    """The national terms over those of their conditions that a local list asks."""
    kept = tuple(code for code in national.conditions if code in codes)
    return replace(national, conditions=kept, needed=min(national.needed, len(kept)))


def _weighting(terms: Entry, national: Standard | None) -> Weighting:
    if not terms.has("weighting"):
        return national.weighting if national else Weighting.STUDENTS
    return terms.choice("weighting", Weighting) or Weighting.STUDENTS


def _weights(terms: Entry, national: Standard | None) -> dict[str, Decimal]:
    # Weights that are said to be none divide nothing; those of which nothing is said are national.
    if not terms.has("weights") and terms.content.get("weights") != {}:
        return dict(national.weights) if national else {}
    row = terms.below("weights")
    for stage in (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR):
        row.positive(stage)  # rooms are divided by it
    return terms.numbers("weights", (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR, KINDERGARTEN))


def _parts_have_conditions(standard: Standard, head: tuple[str, ...], faults: list[Fault]) -> None:
    """A part names conditions of the framework, and a side only of those that are asked of school units."""
    conditions = standard.conditions
    for item in standard.items:
        for part in item.parts:
            place = (*head, f"indicators ({item.code})", f"parts ({part.number})", "condition")
            for code, side in part.asked:
                if code not in conditions:
                    faults.append(Fault(place, FaultKind.UNKNOWN_CONDITION, code))
                elif side and (side not in {*Stage, SPREAD} or conditions[code].of is not Subject.UNIT):
                    faults.append(Fault(place, FaultKind.NO_ASPECT, f"{code}/{side}"))


def _points_add_up(standard: Standard, head: tuple[str, ...], faults: list[Fault]) -> None:
    """Parts have numbers of their own; where points decide, an item has parts whose points are its points."""
    for item in standard.items:
        place = (*head, f"indicators ({item.code})")
        figures = [each.figure for each in item.parts]
        twice = dict.fromkeys(each for each in figures if figures.count(each) > 1)
        faults += [Fault((*place, "parts"), FaultKind.TWICE, each.rpartition(".")[2]) for each in twice]
        if item.points is None or standard.pass_points is None:
            continue
        if not item.parts:
            faults.append(Fault((*place, "points"), FaultKind.NO_PARTS, item.number or item.code))
        elif sum((each.points or Decimal(0) for each in item.parts), Decimal(0)) != item.points:
            faults.append(Fault((*place, "points"), FaultKind.WRONG_SUM, str(item.points)))


def _terms_fit(standard: Standard, terms: Entry, faults: list[Fault]) -> None:
    """The floor is a share of what is to be reached, and divided rooms need weights."""
    conditions = standard.conditions
    for code in standard.unit.conditions:
        if code in conditions and conditions[code].sense is not Sense.AT_LEAST:
            faults.append(Fault((*terms.place, "unit", "conditions"), FaultKind.LIMIT_IN_TERMS, code))
    if not standard.weights and any(each.divided for each in conditions.values()):
        faults.append(Fault((*terms.place, "weights"), FaultKind.NO_WEIGHTS))
