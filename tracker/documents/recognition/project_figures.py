"""Understand the figures of a building project: land, floors, sports grounds, money, schools with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.rules.reading import buildings
from tracker.rules.reading.amounts import Amount, Measure, amounts_in, in_mu, plain
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import ProjectCategory

PARTS = re.compile(r"[（(][^（）()]{0,200}[）)]")
LONGEST_TEXT = 4000  # signs; what a project builds stands in its first sentences
IN_TURN = re.compile("分别|依次")
STAGE_WORDS = (
    (Stage.PRIMARY, re.compile("小学")),
    (Stage.JUNIOR, re.compile("初中|中学")),
    (Stage.SENIOR, re.compile("高中")),
)


@dataclass(frozen=True)
class Figures:
    """A project with the words of those figures that may be read in more than one way."""

    project: ProjectSeed
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """An amount with what stands before it: in its clause, and in the sentence so far."""

    amount: Amount
    clause: str
    sentence: str
    before: str  # the clause right before

    def __str__(self) -> str:
        return self.clause[-20:]


def read_figures(title: str, requirement: str, section: Sequence[str] = (), is_project: bool = False) -> Figures | None:
    """The project with its doubts; None where the task builds nothing, unless it is known to be a project."""
    title, text, under = plain(title), plain(requirement)[:LONGEST_TEXT], plain("，".join(section))
    if text.startswith(title) and len(title) > 30:
        title = title[:60]
    said = tuple(_said(text)) or tuple(_said(title))
    if not is_project and not builds(title, text, said, under):
        return None
    budget, unsure = _budget(said)
    parts, total = _floors(said, bool(buildings.BUILDING.search(title)))
    site, town = buildings.site_and_town(text)
    project = ProjectSeed(
        category=buildings.category_of(under, title, text) or ProjectCategory.NEW,
        site=site,
        town=town,
        land_mu=_land(said),
        floor_area_m2=total,
        sports_area_m2=_sports(said),
        budget_yuan=budget,
        schools=_schools(title, text, said),
        buildings=parts,
    )
    return Figures(project, unsure)


def builds(title: str, text: str, said: Sequence[Said], under: str = "") -> bool:
    """Whether a task builds: its title is that of a project, or it states sizes or money of something built."""
    if buildings.NO_PROJECT.search(title):
        return False
    if buildings.PROJECT_TITLE.search(title) or (buildings.BUILDS.search(title) and buildings.OBJECT.search(title)):
        return True
    measures = {each.amount.measure for each in said}
    above = bool(buildings.ACT.search(title) or buildings.BUILDS.search(under) or "工程" in under)
    acts = above or bool(buildings.ACT.search(text))
    if not acts or not buildings.OBJECT.search(title + "，" + text):
        return False
    if above and buildings.OBJECT.search(title) and measures & {Measure.AREA, Measure.SEATS}:
        return True
    if Measure.MONEY in measures:
        return bool(_budget(said)[0]) and bool(measures - {Measure.MONEY})
    return len(measures & {Measure.AREA, Measure.LAND, Measure.SEATS}) > 1


def _said(text: str) -> Iterator[Said]:
    """The amounts of a text with their clauses; bracketed parts (其中…, 包含…) are left out where they only divide."""
    bare = PARTS.sub(_kept, text)
    stops = [found.end() for found in re.finditer(r"[，,。；;：\n]", bare)]
    ends = [found.end() for found in re.finditer(r"[。；;\n]", bare)]
    start = sentence = clause_at = 0
    before = ""
    position = 0
    for amount in amounts_in(bare):
        while position < len(stops) and stops[position] <= amount.start:
            if not _is_thousands(bare, stops[position]):
                before, start = bare[start : stops[position]], stops[position]
            position += 1
        while clause_at < len(ends) and ends[clause_at] <= amount.start:
            sentence = ends[clause_at]
            clause_at += 1
        head = bare[max(start, amount.start - 60) : amount.end]
        yield Said(
            amount,
            head,
            bare[max(sentence, amount.start - 160) : amount.start],
            before[-80:] if start > sentence else "",
        )


def _is_thousands(text: str, stop: int) -> bool:
    return text[stop - 1] == "," and stop >= 2 and text[stop - 2].isdigit() and text[stop : stop + 3].isdigit()


def _kept(found: re.Match[str]) -> str:
    """A bracket is kept when it holds the figures themselves: 教学楼（3000平方米）."""
    return "" if re.match(r"[（(]\s?(?:其中|含|包括|包含|不含|约占)", found[0]) else found[0]


def _of(said: Sequence[Said], *measures: Measure) -> list[Said]:
    return [each for each in said if each.amount.measure in measures]


def _budget(said: Sequence[Said]) -> tuple[int | None, tuple[str, ...]]:
    """The money of the whole: the stated total, else the only amount, else the sum of amounts that are no part."""
    sums = [
        each for each in _of(said, Measure.MONEY) if buildings.MONEY.search(each.clause) or each.amount.value >= 10000
    ]
    if not sums:
        return None, ()
    wholes = [each for each in sums if buildings.MONEY_TOTAL.search(each.clause) and "其中" not in each.clause]
    if not wholes:
        wholes = [each for each in sums if not buildings.MONEY_PART.search(each.clause)]
    if not wholes:
        if len(sums) > 1:
            return int(sum(each.amount.value for each in sums)), tuple(map(str, sums))
        wholes = sums
    if buildings.MONEY_TOTAL.search(wholes[0].clause) or len({each.amount.value for each in wholes}) == 1:
        return int(wholes[0].amount.value), ()
    return int(max(each.amount.value for each in wholes)), tuple(map(str, wholes))


def _land(said: Sequence[Said]) -> Decimal | None:
    for each in _of(said, Measure.LAND, Measure.AREA):
        if each.amount.measure is Measure.LAND or buildings.LAND_WORDS.search(each.clause):
            return in_mu(each.amount)
    return None


def _is_ground(each: Said) -> bool:
    return bool(buildings.LAND_WORDS.search(each.clause))


def _sports(said: Sequence[Said]) -> Decimal | None:
    """Sports grounds together; a stand or a fence beside them is none."""
    areas = [
        each.amount.value
        for each in _of(said, Measure.AREA)
        if not _is_ground(each) and _last_kind(each.clause) == "sports"
    ]
    return sum(areas, Decimal(0)) if areas else None


def _last_kind(clause: str) -> str:
    """What the words right before an area name last: floors, sports grounds or other grounds."""
    places = {
        "building": [m.end() for m in buildings.BUILDING.finditer(clause)],
        "sports": [m.end() for m in buildings.SPORTS.finditer(clause)],
        "other": [m.end() for m in buildings.OTHER_GROUND.finditer(clause)],
    }
    last = {kind: ends[-1] for kind, ends in places.items() if ends}
    if not last:
        return ""
    # 运动场地 is a sports ground: of two that end close together the more exact counts.
    if "sports" in last and last.get("other", 0) - last["sports"] in (0, 1):
        return "sports"
    return max(last, key=lambda kind: last[kind])


def _floors(said: Sequence[Said], is_building: bool) -> tuple[list[tuple[str, Decimal | None]], Decimal | None]:
    """The buildings by use, and the floor area of all: as stated, else their sum."""
    parts: list[tuple[str, Decimal | None]] = []
    total: Decimal | None = None
    for each in _of(said, Measure.AREA):
        kind = _last_kind(each.clause)
        if _is_ground(each) or kind in ("sports", "other"):
            continue
        if use := _use(each):
            parts.append((use, each.amount.value))
        elif total is None and (
            buildings.TOTAL_FLOOR.search(each.clause)
            or buildings.TOGETHER.search(each.clause)
            or (is_building and buildings.FINISHED.search(each.clause))
        ):
            total = each.amount.value
    if total is None and parts:
        total = sum((area for _, area in parts if area is not None), Decimal(0))
    return parts, total


def _use(each: Said) -> str | None:
    """The one building that an area is of: named in its clause, else the only one right before it."""
    named = [found[0] for found in buildings.BUILDING.finditer(each.clause)]
    if len(named) == 1:
        return named[0]
    if named:
        return None
    if "其中" in each.clause:
        return None
    near = [found[0] for found in buildings.BUILDING.finditer(each.before)]
    return near[0] if len(near) == 1 else None


def _schools(title: str, text: str, said: Sequence[Said]) -> list[SchoolSeed]:
    """The schools of a project with the places and classes that the text gives each."""
    names = buildings.schools_named(title) or buildings.schools_named(text.split("。")[0])
    whole = title if len(names) == 1 else ""
    schools = [
        SchoolSeed(
            name, Stage.NINE_YEAR if "一贯制" in whole and "九年" in whole else buildings.stage_of(name), None, None
        )
        for name in names
    ]
    if not schools:
        return []
    return _shared(_shared(schools, _of(said, Measure.SEATS), "seats"), _of(said, Measure.CLASSES), "classes")


def _shared(schools: list[SchoolSeed], said: Sequence[Said], of: str) -> list[SchoolSeed]:
    """Give each school its number: by its name or stage in the sentence, in turn only where 分别 says so."""
    if not said:
        return schools
    if len(schools) == 1:
        wholes = [each for each in said if re.search("总|共|合计", each.clause)] or list(said)
        numbers = [int(wholes[0].amount.value)] if len(wholes) < len(said) else [int(e.amount.value) for e in said]
        # 48个教学班，其中小学部24个、初中部24个: what the others come to is the whole, and not counted twice.
        whole = max(numbers) if 2 * max(numbers) == sum(numbers) else sum(numbers)
        return [replace(schools[0], **{of: whole})]  # type: ignore[arg-type]
    given: dict[int, int] = {}
    for each in said:
        owners = [
            index
            for index, school in enumerate(schools)
            if index not in given and (school.name in each.sentence or _is_of_stage(school.stage, each.sentence))
        ]
        if len(owners) == 1:
            given[owners[0]] = int(each.amount.value)
    if not given and len(said) == len(schools) and IN_TURN.search(said[0].sentence):
        given = {index: int(each.amount.value) for index, each in enumerate(said)}
    return [
        replace(school, **{of: given[index]}) if index in given else school  # type: ignore[arg-type]
        for index, school in enumerate(schools)
    ]


def _is_of_stage(stage: Stage | None, words: str) -> bool:
    return any(stage is each and pattern.search(words) for each, pattern in STAGE_WORDS)
