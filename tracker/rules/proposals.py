"""What a task probably brings, read from its words and its project's figures: proposed with a reason, never decided.

A figure that the plan does not divide (dormitories in the floor area, several schools in one sum) is proposed without
an amount; the office fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.rules.stages import Stage

MOST_LINKS = 4  # a task whose words speak of more says nothing of any
TEACHING_USES = ("教学", "综合楼", "实验", "功能", "专用教室", "教室", "图书", "科技楼", "科教楼")
INDOOR_SPORTS_USES = ("体育馆", "风雨操场", "室内体育", "室内运动")
OTHER_USES = ("宿舍", "食堂", "餐厅", "公寓", "周转房")
REBUILT = ("拆旧", "拆除", "改造", "改建", "改扩建", "翻新", "维修")
MOVED = ("搬迁", "迁建")
GROUNDS = ("运动", "操场", "球场", "跑道")
# The national indicators that a figure of a school serves; seats and classes relieve the largest schools and classes.
SERVES = {
    "teaching_area_m2": ("R4",),
    "indoor_sports_m2": ("R5",),
    "sports_ground_m2": ("R5",),
    "equipment_yuan": ("R6",),
    "multimedia_rooms": ("R7",),
    "seats": ("G4", "G5"),
    "classes": ("G5",),
}
CLAUSE_ENDS = re.compile(r"[，。；、\n]")
MOVED_REASON = "这是搬迁后的总数，请填写比现在净增的数"
MIXED_REASON = "其中既有教学用房，又有室内体育用房，请分别填写"
Said = tuple[Decimal | None, str] | None  # an amount, or none, with its reason; None for nothing to propose


@dataclass(frozen=True)
class ProposedLink:
    """An indicator of which the words of a task speak, by its code, and why."""

    code: str
    reason: str


@dataclass(frozen=True)
class PlannedPart:
    """A school, or one stage of it, that a project builds for."""

    school_id: int
    stage: Stage | None = None
    seats: int | None = None
    classes: int | None = None


@dataclass(frozen=True)
class PlannedBuilding:
    """A building by its use, with its floor area in m² where the plan says it."""

    use: str
    area: Decimal | None = None


@dataclass(frozen=True)
class PlannedProject:
    """The figures of a project; ``words`` are the title and the requirement of its task."""

    words: str
    parts: tuple[PlannedPart, ...] = ()
    buildings: tuple[PlannedBuilding, ...] = ()
    floor_area_m2: Decimal | None = None
    sports_area_m2: Decimal | None = None

    @property
    def schools(self) -> list[int]:
        """The schools, each once."""
        return list(dict.fromkeys(part.school_id for part in self.parts))


@dataclass(frozen=True)
class ProposedAddition:
    """An amount that a project adds to a figure of a school; None where the plan does not say it."""

    figure: str
    school_id: int
    stage: Stage | None
    amount: Decimal | None
    reason: str

    @property
    def once(self) -> str:
        """The key under which it is proposed a single time for its task."""
        return f"{self.figure}:{self.school_id}:{self.stage or ''}"


def proposed_links(text: str, words: Mapping[str, Sequence[str]]) -> list[ProposedLink]:
    """The indicators, by code, of whose words a text speaks; the longest word of each is the reason.

    Those with the longest words come first; beyond ``MOST_LINKS`` nothing is proposed.
    """
    found = {
        code: max((each for each in of if each and each in text), key=len, default="") for code, of in words.items()
    }
    spoken = sorted((code for code, word in found.items() if word), key=lambda code: -len(found[code]))
    return [ProposedLink(code, f"措施中提到“{found[code]}”") for code in spoken[:MOST_LINKS]]


def proposed_additions(project: PlannedProject) -> list[ProposedAddition]:
    """What a project adds to its schools, figure by figure; none without a school."""
    if not project.parts:
        return []
    return [
        *(each for part in project.parts for each in _of_part(project, part)),
        *_rooms(project),
        *_whole(project, "teaching_area_m2", _teaching_area(project)),
        *_whole(project, "indoor_sports_m2", _indoor_sports(project)),
        *_whole(project, "sports_ground_m2", _sports_ground(project)),
    ]


def _of_part(project: PlannedProject, part: PlannedPart) -> list[ProposedAddition]:
    """The seats and classes of one stage; those of a nine-year school wait to be divided."""
    found = []
    for figure, count, what in (("seats", part.seats, "学位{}个"), ("classes", part.classes, "班级{}个")):
        if not count:
            continue
        said = "方案列" + what.format(count)
        stage, amount = part.stage, Decimal(count)
        if stage is None or stage is Stage.NINE_YEAR:
            found.append(ProposedAddition(figure, part.school_id, None, None, f"{said}，未分学段，请分别填写"))
        elif figure == "classes" and _is_moved(project):
            found.append(ProposedAddition(figure, part.school_id, stage, None, f"{said}，{MOVED_REASON}"))
        else:
            found.append(ProposedAddition(figure, part.school_id, stage, amount, said))
    return found


def _rooms(project: PlannedProject) -> list[ProposedAddition]:
    """One multimedia room a class: assumed, and said so."""
    found = []
    for school in project.schools:
        classes = sum(part.classes or 0 for part in project.parts if part.school_id == school)
        if classes:
            said = f"假定每班1间多媒体教室，按方案所列{classes}个班推算"
            moved = _is_moved(project)
            amount = None if moved else Decimal(classes)
            reason = f"{said}；{MOVED_REASON}" if moved else f"{said}，请核对"
            found.append(ProposedAddition("multimedia_rooms", school, None, amount, reason))
    return found


def _teaching_area(project: PlannedProject) -> Said:
    """The area of the buildings for teaching; the sum of a whole campus is divided by the office."""
    teaching = [each for each in project.buildings if _serves(each.use, TEACHING_USES)]
    if not project.buildings:
        if not project.floor_area_m2:
            return None
        kept = "含宿舍、食堂等" if _speaks_of(project, OTHER_USES) else "未分用途"
        return None, f"方案只列校舍总面积{_number(project.floor_area_m2)}㎡，{kept}，请填写其中的教学及辅助用房"
    if not teaching:
        return None
    said = _named(teaching)
    if any(_is_mixed(each) for each in teaching):
        return None, f"方案列{said}，{MIXED_REASON}"
    if any(each.area is None for each in teaching):
        return None, f"方案列{said}，没有写全面积，请填写"
    title_differs = _speaks_of(project, OTHER_USES) and not any(
        _serves(each.use, OTHER_USES) for each in project.buildings
    )
    if title_differs:
        return None, f"方案列{said}，文字又写宿舍或食堂，请核对后填写"
    return _netted(project, sum((each.area or Decimal(0) for each in teaching), Decimal(0)), said)


def teaching_area_of(buildings: Sequence[PlannedBuilding]) -> Decimal | None:
    """The area of the buildings for lessons; None where the plan names none, mixes it or leaves one area out."""
    teaching = [each for each in buildings if _serves(each.use, TEACHING_USES)]
    areas = [each.area for each in teaching if each.area is not None]
    if not teaching or len(areas) < len(teaching) or any(_is_mixed(each) for each in teaching):
        return None
    return sum(areas, Decimal(0))


def _indoor_sports(project: PlannedProject) -> Said:
    halls = [each for each in project.buildings if _serves(each.use, INDOOR_SPORTS_USES)]
    if not halls:
        return None
    said = "、".join(each.use for each in halls)
    if any(_is_mixed(each) for each in halls):
        return None, f"方案列{_named(halls)}，{MIXED_REASON}"
    if any(each.area is None for each in halls):
        return None, f"方案列{said}，没有写全面积，请填写"
    return _netted(project, sum((each.area or Decimal(0) for each in halls), Decimal(0)), said)


def _sports_ground(project: PlannedProject) -> Said:
    area = project.sports_area_m2
    spoken = "，".join(each for each in CLAUSE_ENDS.split(project.words) if any(word in each for word in GROUNDS))
    return _netted(project, area, f"运动场地{_number(area)}㎡", spoken) if area else None


def _netted(project: PlannedProject, area: Decimal, said: str, words: str | None = None) -> Said:
    """An area as the plan says it.

    What replaces something older, by ``words``, is asked to be looked at; that of a school that moves to be filled in.
    """
    if _is_moved(project):
        return None, f"方案列{said}，{MOVED_REASON}"
    rebuilt = next((word for word in REBUILT if word in (project.words if words is None else words)), None)
    if rebuilt:
        return area, f"方案列{said}；文字写“{rebuilt}”，原有面积已计入的，请改为净增数"
    return area, f"方案列{said}"


def _whole(project: PlannedProject, figure: str, said: Said) -> list[ProposedAddition]:
    """A figure of the whole school; of several schools each gets a line without an amount."""
    if said is None:
        return []
    amount, reason = said
    schools = project.schools
    if len(schools) == 1:
        return [ProposedAddition(figure, schools[0], None, amount, reason)]
    shared = f"{len(schools)}所学校合计：{reason}" + ("" if amount is None else "；请填写本校的数")
    return [ProposedAddition(figure, school, None, None, shared) for school in schools]


def _serves(use: str, words: Sequence[str]) -> bool:
    return any(word in use for word in words) and (words is OTHER_USES or not any(word in use for word in OTHER_USES))


def _is_mixed(building: PlannedBuilding) -> bool:
    """Whether a building is for lessons and for sports, so that its area is neither's."""
    return _serves(building.use, TEACHING_USES) and _serves(building.use, INDOOR_SPORTS_USES)


def _named(buildings: Sequence[PlannedBuilding]) -> str:
    return "、".join(each.use + (f"{_number(each.area)}㎡" if each.area else "") for each in buildings)


def _speaks_of(project: PlannedProject, words: Sequence[str]) -> bool:
    return any(word in project.words for word in words)


def _is_moved(project: PlannedProject) -> bool:
    return _speaks_of(project, MOVED)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
