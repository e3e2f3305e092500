"""Units' names in a document beside the known ones: the county's prefix says nothing, the last words say the kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.rules.names import near_names
from tracker.rules.unit_kinds import UnitKind

LEAST_LEFT = 2  # 县局 without its 县 would be any office
# What a name ends with, in the order of asking.
ENDINGS: tuple[tuple[UnitKind, tuple[str, ...]], ...] = (
    (UnitKind.GROUP, ("领导小组", "工作组", "专班", "指挥部", "委员会")),
    (UnitKind.SCHOOL, ("小学", "中学", "学校", "幼儿园", "一中", "二中", "三中", "四中", "教学点", "学院")),
    (UnitKind.COMPANY, ("公司", "集团")),
    (UnitKind.TOWNSHIP, ("镇", "乡", "街道", "街道办", "街道办事处", "管委会")),
    (UnitKind.OFFICE, ("办公室", "办", "中心")),
)
DEPARTMENTS = ("发展和改革委员会", "健康委员会", "编制委员会", "县委", "政法委员会")
SEVERAL = ("各", "有关", "相关", "全县", "全区", "全市")


def bare_name(name: str, region: str) -> str:
    """A name without what only says in which county: 兴国县财政局 and 县财政局 are 财政局 in 兴国县."""
    plain = "".join(name.split())
    level = region[-1:]
    for prefix in (region, region[:-1], level):
        if len(prefix) > (prefix != level) and plain.startswith(prefix) and len(plain) - len(prefix) >= LEAST_LEFT:
            return plain[len(prefix) :]
    return plain


def known_as(names: Iterable[str], known: Mapping[str, int], region: str) -> dict[str, int]:
    """The unit that each name means by itself: its own name, else the only one that is the same without the prefix."""
    by_bare: dict[str, set[int]] = {}
    for other, unit in known.items():
        by_bare.setdefault(bare_name(other, region), set()).add(unit)
    found = {}
    for name in names:
        units = {known[name]} if name in known else by_bare.get(bare_name(name, region), set())
        if len(units) == 1:
            found[name] = next(iter(units))
    return found


def proposals_for(name: str, known: Mapping[str, int], region: str) -> list[int]:
    """The units that an unknown name may mean, likest first."""
    bare = bare_name(name, region)
    by_bare = {bare_name(other, region): unit for other, unit in known.items()}
    return list(dict.fromkeys(by_bare[each] for each in near_names(bare, by_bare)))


def likely_kind(name: str) -> UnitKind:
    """The kind of unit that a name sounds like; a person confirms it."""
    if name.startswith(SEVERAL) or "、" in name:
        return UnitKind.COLLECTIVE
    if name.endswith(DEPARTMENTS):
        return UnitKind.DEPARTMENT
    return next((kind for kind, endings in ENDINGS if name.endswith(endings)), UnitKind.DEPARTMENT)
