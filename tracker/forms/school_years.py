"""The form of a school's numbers of a year: a field for each number of each stage, and how the numbers are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from tracker.documents.yaml_rows import Figures
from tracker.forms.accounts import as_sent
from tracker.forms.base import LARGEST_VERSION, RELOAD, StrictForm, clean_text
from tracker.forms.schools import LONGEST_SOURCE, SINGLE_STAGES, amount_field
from tracker.forms.values import AmountField, DayField, line, lines
from tracker.models import SchoolYear
from tracker.queries.school_years import values_of
from tracker.rules.jumps import Numbers, figures_by_name, named
from tracker.rules.school_figures import LARGEST, STAGE_FIGURES, WHOLE_FIGURES, YUAN, FigureUnit, Number
from tracker.rules.school_years import first_day
from tracker.rules.stages import Stage, Standing
from tracker.translations import lazy as _l

IN_WAN = {"equipment_yuan"}  # what the forms of the field ask in 万元; it is kept in whole yuan
MOST_SINGLE = 12
LONGEST_REASON = 500
LONGEST_ASKED = 4000
HELD = {unit: Figures(largest, 2 if unit is FigureUnit.AREA else 0) for unit, largest in LARGEST.items()}
WAN_HELD = Figures(LARGEST[FigureUnit.MONEY] / YUAN, 4)
SAID = [Standing.REPORTED, Standing.ESTIMATED]
SINGLE = ("figure", "standing", "source", "on")


class YearFields(StrictForm):
    """How the numbers of a year are known, and which stages the school has; the numbers are added below."""

    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(RELOAD), NumberRange(0, LARGEST_VERSION, message=RELOAD)]
    )
    counted_on = DayField(_l("统计日期"))
    standing = SelectField(_l("数据状态"), coerce=Standing)
    source = line(_l("来源"), LONGEST_SOURCE, InputRequired(_l("请写明来源，如“教育事业统计报表”")))
    jumps_explained = lines(_l("情况说明"), LONGEST_REASON)
    asked = HiddenField(filters=[clean_text], validators=[Length(max=LONGEST_ASKED, message=RELOAD)])
    primary = BooleanField(_l("本学年有小学"))
    junior = BooleanField(_l("本学年有初中"))
    senior = BooleanField(_l("本学年有高中"))


class YearForm(YearFields):
    """A school's numbers of a year as they are stored, typed, or empty; an empty number is unknown, never zero."""

    def __init__(
        self,
        year: int,
        today: date,
        row: SchoolYear | None,
        words: Mapping[str, str],
        stages: Sequence[Stage],
        *,
        sent: bool = False,
        typed: Any = None,
    ) -> None:
        self.year, self.today = year, today
        given = as_sent(sent) if typed is None else {"formdata": typed}
        super().__init__(**given, data=_stored(row, year, today, stages))
        for name, text in words.items():
            self[name].label.text = text
        standings = [(each.value, text) for each, text in zip(SAID, SAID_WORDS, strict=True)]
        _offer(self.standing, standings)
        choices = [("", _l("未选择")), *words.items()]
        for place in range(MOST_SINGLE):
            _offer(self[_single(place, "figure")], choices)
            _offer(self[_single(place, "standing")], standings)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field of its own, then what fields say together."""
        is_sound = super().validate(extra_validators)
        if self.counted_on.data is None and not self.counted_on.errors:
            self.counted_on.errors = [_l("请填写统计日期")]
            is_sound = False
        for name, (_figure, stage) in figures_by_name().items():
            if stage and self[name].data and not self[stage.value].data:
                self[name].errors = [_l("请勾选该学段，或清空这一项")]
                is_sound = False
        return self._validate_singles() and is_sound

    def validate_counted_on(self, field: Field) -> None:
        """Numbers of a school year are counted within it, and not in the future."""
        if not first_day(self.year) <= field.data < first_day(self.year + 1) or field.data > self.today:
            raise ValidationError(_l("统计日期应在本学年之内（9月1日起），且不晚于今天"))

    def _validate_singles(self) -> bool:
        """A single value named once, with a source of its own."""
        names = [self[_single(place, "figure")].data for place in range(MOST_SINGLE)]
        is_sound = True
        for place, name in enumerate(names):
            if name and names.index(name) != place:
                self[_single(place, "figure")].errors = [_l("同一项数据只能单独说明一次")]
                is_sound = False
            if name and not self[_single(place, "source")].data:
                self[_single(place, "source")].errors = [_l("请写明这一项的来源")]
                is_sound = False
        return is_sound

    @property
    def numbers(self) -> Numbers:
        """The numbers typed: None where nothing was."""
        stages = {
            stage: {code: self._number(named(code, stage)) for code in STAGE_FIGURES}
            for stage in SINGLE_STAGES
            if self[stage.value].data
        }
        return Numbers(stages, {code: self._number(code) for code in WHOLE_FIGURES})

    @property
    def exceptions(self) -> dict[str, dict[str, str]]:
        """The single values that are known otherwise than the rest."""
        found: dict[str, dict[str, str]] = {}
        for place in range(MOST_SINGLE):
            name, standing, source, on = (self[_single(place, each)].data for each in SINGLE)
            if name:
                found[name] = {"standing": standing.value, "source": source or "", **({"on": f"{on}"} if on else {})}
        return found

    @property
    def singles(self) -> list[list[Field]]:
        """The rows for single values that the page shows: those filled in and two empty ones."""
        rows = [[self[_single(place, each)] for each in SINGLE] for place in range(MOST_SINGLE)]
        filled = max((place + 1 for place, row in enumerate(rows) if row[0].data or row[2].data), default=0)
        return rows[: min(filled + 2, MOST_SINGLE)]

    def _number(self, name: str) -> Number | None:
        amount = amount_field(self, name).amount
        if amount is None:
            return None
        if name in IN_WAN:
            return int(amount * YUAN)
        return amount.quantize(Decimal("0.01")) if _is_area(name) else int(amount)


SAID_WORDS = [_l("单位填报"), _l("推算")]


def _offer(field: Field, choices: Sequence[tuple[str, str]]) -> None:
    if isinstance(field, SelectField):
        field.choices = list(choices)


def _single(place: int, name: str) -> str:
    """The name of a field about a single value."""
    return f"single.{place}.{name}"


def _is_area(name: str) -> bool:
    return figures_by_name()[name][0].unit is FigureUnit.AREA


def _stored(row: SchoolYear | None, year: int, today: date, stages: Sequence[Stage]) -> dict[str, Any]:
    """The values that the form begins with; for a new year the stages that the school had."""
    values: dict[str, Any] = {
        "version": row.version if row else 0,
        "counted_on": row.counted_on if row else first_day(year),
        "standing": row.standing if row and row.standing in SAID else Standing.REPORTED,
        "source": row.source if row else None,
        "jumps_explained": row.jumps_explained if row else None,
    }
    shown = [each.stage for each in row.stages] if row else stages
    values |= {stage.value: stage in shown for stage in SINGLE_STAGES}
    for name, value in values_of(row).items():
        values[name] = Decimal(value) / YUAN if value is not None and name in IN_WAN else value
    for place, (name, each) in enumerate([*(row.exceptions if row else {}).items()][:MOST_SINGLE]):
        values[_single(place, "figure")] = name
        values[_single(place, "standing")] = _said(each.get("standing"))
        values[_single(place, "source")] = each.get("source")
        values[_single(place, "on")] = date.fromisoformat(each["on"]) if each.get("on") else None
    return values


def _said(standing: str | None) -> Standing:
    return Standing(standing) if standing in SAID else Standing.REPORTED


for _name, (_figure, _stage) in figures_by_name().items():
    _held = WAN_HELD if _name in IN_WAN else HELD[_figure.unit]
    _looks = {"inputmode": "decimal" if _held.decimals else "numeric", "autocomplete": "off", "maxlength": 20}
    setattr(YearForm, _name, AmountField(_name, _held, render_kw=_looks))
for _place in range(MOST_SINGLE):
    setattr(YearForm, _single(_place, "figure"), SelectField(_l("数据"), default=""))
    setattr(YearForm, _single(_place, "standing"), SelectField(_l("数据状态"), coerce=Standing, default=SAID[0]))
    setattr(YearForm, _single(_place, "source"), line(_l("来源"), LONGEST_SOURCE))
    setattr(YearForm, _single(_place, "on"), DayField(_l("日期")))
