"""The forms of seats that are handed over apart; which batch one is about stands in ``about``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from tracker.documents.plan_limits import MOST_SEATS
from tracker.documents.yaml_rows import Figures
from tracker.forms.base import LARGEST_VERSION, RELOAD
from tracker.forms.links import about
from tracker.forms.tasks import OfficeForm, ReasonForm
from tracker.forms.values import AmountField, DayField, line, lines
from tracker.models import Handover, Task
from tracker.rules.handovers import Planned
from tracker.translations import lazy as _l

LONGEST_NOTE = 200
LONGEST_REASON = 500
SEATS = Figures(Decimal(MOST_SEATS))


def chosen_part(value: Any) -> int | None:
    """The number of a chosen school, None where none is chosen yet. Raises ValueError for anything else."""
    return int(value) if value else None


class HandoverForm(OfficeForm):
    """A batch as it is planned: how many seats, when planned, when expected."""

    refusals = {"expected_past": ("expected_on", _l("预计交付日期不能早于今天"))}
    seats = AmountField(_l("学位"), SEATS)
    classes = AmountField(_l("班数"), SEATS)
    planned_on = DayField(_l("计划交付"))
    expected_on = DayField(_l("预计交付"))
    note = line(_l("说明"), LONGEST_NOTE)

    def validate_seats(self, field: Field) -> None:
        """A batch has seats."""
        if not field.errors and not self.seats.whole:
            raise ValidationError(_l("请填写这一批有多少个学位"))

    @property
    def said(self) -> Planned:
        """The batch as it was typed."""
        return Planned(
            self.seats.whole or 0, self.classes.whole, self.planned_on.data, self.expected_on.data, self.note.data
        )


class AddHandoverForm(HandoverForm):
    """One more batch of one of the project's schools."""

    part = SelectField(
        _l("学校"),
        coerce=chosen_part,
        validate_choice=False,
        validators=[InputRequired(_l("请选择学校")), NumberRange(1, LARGEST_VERSION, message=RELOAD)],
    )

    def __init__(
        self,
        task: Task | None = None,
        typed: Mapping[str, str] | None = None,
        parts: Sequence[tuple[int, str]] = (),
    ) -> None:
        super().__init__(task, typed)
        self.part.choices = [*parts] if len(parts) == 1 else [("", _l("请选择学校")), *parts]


class ChangeHandoverForm(HandoverForm):
    """Another plan for a batch."""

    about: IntegerField = about()


class HandOverForm(OfficeForm):
    """On which day a batch was handed over; no day takes that back."""

    refusals = {
        "handed_ahead": ("handed_on", _l("交付日期不能晚于今天")),
        "reason_missing": ("reason", _l("撤销交付登记，请写明理由")),
    }
    about: IntegerField = about()
    handed_on = DayField(_l("交付日期"))
    reason = lines(_l("理由"), LONGEST_REASON)


class RemoveHandoverForm(ReasonForm):
    """Take a batch out."""

    about: IntegerField = about()


def values_of(row: Handover | None) -> dict[str, Any]:
    """The values that the forms of a batch begin with."""
    if row is None:
        return {}
    return {
        "about": row.id,
        **{name: getattr(row, name) for name in ("seats", "classes", "planned_on", "expected_on", "note", "handed_on")},
    }
