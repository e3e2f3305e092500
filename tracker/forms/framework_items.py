"""The forms of a framework's items: one with its parts and the limits of its conditions, or a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from tracker.actions.framework_items import ConditionSaid, ItemSaid, PartSaid, QuotientSaid
from tracker.actions.frameworks import part_codes
from tracker.documents.yaml_rows import Figures
from tracker.forms.base import VersionedForm, clean_text
from tracker.forms.values import AmountField, DayField, line, lines, one_line
from tracker.models import Indicator
from tracker.rules.standards import Condition, Item, Relaxation, Sense, Subject
from tracker.translations import lazy as _l

BOUNDS = Figures(Decimal(10) ** 9, 6)
LIMITS = Figures(Decimal(100), 6)
SHARES = Figures(Decimal(1000), 2)
POINTS = Figures(Decimal(1000), 2)
HUNDRED = Decimal(100)
EMPTY_PARTS, MOST_PARTS = 3, 40
LONGEST_NUMBER, LONGEST_UNIT, LONGEST_PART = 20, 20, 500
GRADES = [("", _l("不分等级")), ("A", "A"), ("B", "B")]


class PartForm(Form):
    """A part: its number, its text, its points; ``condition`` decides it, under ``code`` it is answered."""

    number = StringField(_l("编号"), filters=[one_line], validators=[Length(max=LONGEST_NUMBER)])
    text = StringField(_l("要求"), filters=[one_line], validators=[Length(max=LONGEST_PART, message=_l("最多 500 字"))])
    points = AmountField(_l("分值"), POINTS)
    condition = HiddenField(filters=[clean_text], validators=[Length(max=40)])
    code = HiddenField(filters=[clean_text], validators=[Length(max=40)])


class ItemFields(VersionedForm):
    """What every item has."""

    number = line(_l("编号"), LONGEST_NUMBER, InputRequired(_l("请填写编号")))
    title = line(_l("名称"), 200, InputRequired(_l("请填写名称")))
    group = line(_l("类别"), 60, InputRequired(_l("请填写类别")))
    requirement = lines(_l("要求（原文）"), 1000)
    grade = SelectField(_l("等级"), choices=[])
    points = AmountField(_l("分值"), POINTS)
    parts = FieldList(FormField(PartForm), max_entries=MOST_PARTS)

    def __init__(self, **stored: Any) -> None:
        super().__init__(**stored)
        self.grade.choices = GRADES

    def validate_parts(self, field: Field) -> None:
        """Parts with points make the points of their item, and no number stands twice."""
        said = self.said_parts
        numbers = [each.number for each in said if each.number]
        if len(set(numbers)) < len(numbers):
            raise ValidationError(_l("要求的编号不能重复"))
        scored = [each.points for each in said if each.points is not None]
        if self.points.amount is not None and (len(scored) < len(said) or sum(scored) != self.points.amount):
            raise ValidationError(_l("计分指标的每条要求都要有分值，合计等于指标分值"))

    def validate_points(self, field: Field) -> None:
        """Points are given part by part."""
        if self.points.amount is not None and not self.said_parts:
            raise ValidationError(_l("计分指标至少要有一条要求"))

    @property
    def said_parts(self) -> list[PartSaid]:
        """The parts that have a text."""
        rows = [entry.form for entry in self.parts.entries]
        return [
            PartSaid(
                row.number.data or "",
                row.text.data,
                row.points.amount,
                row.condition.data or None,
                row.code.data or None,
            )
            for row in rows
            if row.text.data
        ]

    def said(self, conditions: Mapping[str, ConditionSaid]) -> ItemSaid:
        """What the form says of the item."""
        return ItemSaid(
            number=self.number.data or "",
            title=self.title.data or "",
            group=self.group.data or "",
            requirement=self.requirement.data,
            grade=self.grade.data or None,
            points=self.points.amount,
            parts=self.said_parts,
            conditions=conditions,
        )


class NewItemForm(ItemFields):
    """A new item: a question, parts that the county answers, or a quotient with a bound."""

    kind = SelectField(_l("怎样评"), choices=[])
    above = line(_l("分子：数据名称"), 100)
    above_unit = line(_l("分子的单位"), LONGEST_UNIT)
    below = line(_l("分母：数据名称（没有分母的不填）"), 100)
    below_unit = line(_l("分母的单位"), LONGEST_UNIT)
    in_percent = BooleanField(_l("按百分比"))
    sense = SelectField(_l("方向"), choices=[])
    bound = AmountField(_l("标准值"), BOUNDS)

    def __init__(self, version: int, senses: Sequence[tuple[str, str]]) -> None:
        super().__init__(version=version, parts=[{} for _ in range(EMPTY_PARTS)])
        self.kind.choices = [("question", _l("县里回答是或否")), ("quotient", _l("两个数据相除，与标准值比"))]
        self.sense.choices = list(senses)

    def validate_above(self, field: Field) -> None:
        """A quotient has a numerator."""
        if self.kind.data == "quotient" and not self.above.data:
            raise ValidationError(_l("请填写数据名称"))

    def validate_bound(self, field: Field) -> None:
        """A quotient has a bound."""
        if self.kind.data == "quotient" and self.bound.amount is None:
            raise ValidationError(_l("请填写标准值"))

    @property
    def quotient(self) -> QuotientSaid | None:
        """The quotient; None for a question."""
        if self.kind.data != "quotient" or self.bound.amount is None:
            return None
        return QuotientSaid(
            above=self.above.data or "",
            above_unit=self.above_unit.data or "",
            below=self.below.data or "",
            below_unit=self.below_unit.data or "",
            in_percent=bool(self.in_percent.data),
            sense=Sense(self.sense.data),
            bound=self.bound.amount,
        )


class ItemForm(ItemFields):
    """An item that stands; made by ``item_form`` with fields for the limits of its conditions."""

    conditions: Sequence[Condition] = ()

    @property
    def said_conditions(self) -> dict[str, ConditionSaid]:
        """The limits by condition."""
        return {each.code: self._condition(each) for each in self.conditions}

    def _amount(self, name: str) -> Decimal | None:
        field = self[name]
        return field.amount if isinstance(field, AmountField) else None

    def _condition(self, each: Condition) -> ConditionSaid:
        bounds = {key: self._amount(bound_name(each, key)) for key in each.bounds}
        spread = {key: self._amount(spread_name(each, key)) for key in each.spread}
        return ConditionSaid(
            {key: amount for key, amount in bounds.items() if amount is not None},
            {key: amount for key, amount in spread.items() if amount is not None},
            self._relaxation(each) if may_relax(each) else None,
        )

    def _relaxation(self, each: Condition) -> dict[str, Any] | None:
        """What is said of a relaxation; None where there was none and none is wanted."""
        wanted = bool(self[relaxed_name(each, "on")].data)
        if each.relaxation is None and not wanted:
            return None
        share = self._amount(relaxed_name(each, "share")) or HUNDRED
        said: dict[str, Any] = {"share": f"{(share / HUNDRED).normalize():f}"}
        opened: date | None = self[relaxed_name(each, "opened_before")].data
        if opened:
            said["opened_before"] = opened.isoformat()
        said["while_shrinking"] = bool(self[relaxed_name(each, "while_shrinking")].data)
        return said | {"on": wanted}


def bound_name(each: Condition, key: str) -> str:
    """The name of the field of a bound."""
    return f"bound-{each.code}-{key}"


def spread_name(each: Condition, key: str) -> str:
    """The name of the field of a limit of the coefficient."""
    return f"spread-{each.code}-{key}"


def relaxed_name(each: Condition, part: str) -> str:
    """The name of a field of a relaxation."""
    return f"relaxed-{each.code}-{part}"


def item_form(item: Indicator, read: Item, version: int, key_words: Mapping[str, str]) -> ItemForm:
    """The form of an item with a field for every bound and limit that its conditions have."""
    needed = InputRequired(_l("请填写数字"))
    fields: dict[str, Any] = {"conditions": read.conditions}
    stored: dict[str, Any] = {}
    for each in read.conditions:
        for key, bound in each.bounds.items():
            name = bound_name(each, key)
            fields[name] = NeededAmount(_l("标准值 %(key)s", key=key_words.get(key, "")), BOUNDS, needed)
            stored[name] = bound
        for key, limit in each.spread.items():
            name = spread_name(each, key)
            fields[name] = NeededAmount(_l("差异系数上限 %(key)s", key=key_words.get(key, "")), LIMITS, needed)
            stored[name] = limit
        if may_relax(each):
            _offer_relaxation(each, fields, stored)
    same = ("number", "text", "points", "condition")
    parts = [{name: getattr(part, name) for name in same} | {"code": code} for code, part in part_codes(item).items()]
    made = type("ItemFormOf", (ItemForm,), fields)
    kept = {name: getattr(item, name) for name in ("number", "title", "group", "requirement", "points")}
    empty: list[dict[str, Any]] = [{} for _ in range(EMPTY_PARTS)]
    form: ItemForm = made(**kept, grade=item.grade or "", version=version, parts=[*parts, *empty], **stored)
    return form


class NeededAmount(AmountField):
    """A number that must be there."""

    def __init__(self, label: str, held: Figures, needed: InputRequired, **kept: Any) -> None:
        super().__init__(label, held, **kept)
        self.validators = [needed, *self.validators]


def may_relax(each: Condition) -> bool:
    """Whether a bound may be stretched: a limit of schools, or one that a framework stretches already."""
    limits = each.of in {Subject.UNIT, Subject.SCHOOL} and each.sense is Sense.AT_MOST and bool(each.bounds)
    return limits or each.relaxation is not None


def _offer_relaxation(each: Condition, fields: dict[str, Any], stored: dict[str, Any]) -> None:
    found = each.relaxation or Relaxation(Decimal("1.2"))
    offered: dict[str, tuple[Any, Any]] = {
        "on": (BooleanField(_l("启用放宽规定")), found.on),
        "share": (AmountField(_l("可放宽到标准的百分之几"), SHARES), found.share * HUNDRED),
        "opened_before": (DayField(_l("只限这一天前建校的学校")), found.opened_before),
        "while_shrinking": (BooleanField(_l("只限学生没有增加的学校")), found.while_shrinking),
    }
    for part, (made, value) in offered.items():
        fields[relaxed_name(each, part)] = made
        stored[relaxed_name(each, part)] = value
