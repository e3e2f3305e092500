"""What the office changed of a task, in words: each field by its name, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask

from tracker.models import ProjectCategory, TaskKind
from tracker.queries.timeline import Entry
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.words import day, money, word

LABELS = {
    "number": _l("编号"),
    "title": _l("任务标题"),
    "section": _l("所属部分"),
    "requirement": _l("要求"),
    "kind": _l("类别"),
    "phase": _l("阶段"),
    "deadline": _l("时限（照方案原文）"),
    "due_on": _l("时限"),
    "lead": _l("牵头单位"),
    "responsible": _l("责任单位"),
    "cooperating": _l("配合单位"),
    "officials": _l("责任领导"),
    "indicators": _l("对应指标"),
    "no_indicator": _l("不对应指标的原因"),
    "evidence": _l("要交的佐证"),
    "quantity": _l("数量"),
    "quantity_unit": _l("计量单位"),
    "category": _l("项目类别"),
    "site": _l("位置"),
    "town": _l("乡镇"),
    "land_mu": _l("用地（亩）"),
    "floor_area_m2": _l("校舍面积（㎡）"),
    "sports_area_m2": _l("运动场地（㎡）"),
    "budget_yuan": _l("投资金额（万元）"),
    "schools": _l("学校"),
}


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, changes=changes)


def changes(entry: Entry) -> list[tuple[str, str, str]]:
    """(field, before, after) of what an event keeps, in the order of the form; the day stands in its headline."""
    return [
        (str(label), shown(name, entry.before.get(name)), shown(name, entry.said.get(name)))
        for name, label in LABELS.items()
        if name != "due_on" and entry.before.get(name) != entry.said.get(name)
    ]


def words_in_force(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, text) of what a task says now, without what is empty."""
    pairs = ((str(label), shown(name, words.get(name))) for name, label in LABELS.items())
    return [(label, text) for label, text in pairs if text]


def shown(name: str, value: Any) -> str:
    """A value as it is read; what no word stands for is shown as it is kept."""
    if not value:
        return ""
    if name == "due_on":
        return day(value if isinstance(value, date) else date.fromisoformat(value))
    if name == "kind" and value in set(TaskKind):
        return word(TaskKind(value))
    if name == "category" and value in set(ProjectCategory):
        return word(ProjectCategory(value))
    if name == "budget_yuan":
        return money(int(value))
    return str(value)
