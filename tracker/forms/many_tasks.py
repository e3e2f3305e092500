"""Many tasks of a plan in one text, a row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wtforms import Field, HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from tracker.actions.task_words import NewNames
from tracker.documents.pasted_rows import PastedRow, pasted_rows
from tracker.documents.plan_limits import longest
from tracker.documents.plan_shape import TaskSeed
from tracker.forms.base import LONGEST_KEY, RELOAD, StrictForm, clean_text
from tracker.forms.plan_names import phase_choices, unit_faults, unknown
from tracker.forms.plan_tasks import LONGEST_TEXT, section_path
from tracker.forms.plans import reason_field
from tracker.forms.values import ChosenNames, line, one_line
from tracker.models import AssignmentRole, Plan, PlanState, Task, TaskKind, UnitKind
from tracker.queries.plan_names import PlanNames
from tracker.rules.names import split_names
from tracker.translations import lazy as _l

Words = Callable[[Any], str]
MOST_ROWS, MOST_FAULTS = 200, 30
LONGEST_PASTED = 200_000
# The columns of a pasted row, in their order.
COLUMNS = (_l("编号"), _l("任务标题"), _l("牵头单位"), _l("配合单位"), _l("时限（照方案原文）"), _l("要求"))
LIMITS = (longest(Task.number), longest(Task.title), 2000, 2000, longest(Task.deadline_text), LONGEST_TEXT)


def _rows_text(text: str | None) -> str:
    """Pasted rows as they are kept: cleaned, with the tabs at both ends."""
    return clean_text(f"|{text[:LONGEST_PASTED]}|")[1:-1] if text else ""


class ManyTasksForm(StrictForm):
    """Many tasks in one text, a row each, as copied from a spreadsheet: all or none."""

    rows = TextAreaField(_l("任务行"), filters=[_rows_text], validators=[DataRequired(_l("请粘贴任务行"))])
    section = line(_l("所属部分"), 400)
    kind = SelectField(_l("类别"), coerce=TaskKind)
    phase = SelectField(_l("阶段"))
    create = ChosenNames(_l("新建单位"))
    unit_kind = SelectField(_l("新单位的类别"), coerce=UnitKind, default=UnitKind.DEPARTMENT)
    read_as = HiddenField(validators=[Length(max=20_000)])
    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])
    reason = reason_field()

    def __init__(self, plan: Plan, names: PlanNames, word: Words, **values: Any) -> None:
        super().__init__(**values)
        self.known = names
        self.kind.choices = [(kind.value, word(kind)) for kind in TaskKind]
        self.unit_kind.choices = [(kind.value, word(kind)) for kind in UnitKind]
        self.phase.choices = phase_choices(names)
        self.create.offer(self.unknown_units)
        if plan.state is not PlanState.ACTIVE:
            del self.reason

    @property
    def pasted(self) -> list[PastedRow]:
        """The rows of the text."""
        return pasted_rows(self.rows.data or "")

    @property
    def unknown_units(self) -> list[str]:
        """The names typed that no unit of the region bears."""
        cells = (cell for row in self.pasted for cell in _cells(row)[2:4])
        return unknown((name for cell in cells for name in split_names(cell)), self.known.units)

    @property
    def new_names(self) -> NewNames:
        """What the office has confirmed to be new."""
        return NewNames(self.unknown_units, UnitKind(self.unit_kind.data or UnitKind.DEPARTMENT))

    def validate_rows(self, field: Field) -> None:
        """Name every fault with its row and column."""
        if len(self.pasted) > MOST_ROWS:
            raise ValidationError(_l("一次最多%(count)d行，请分几次粘贴", count=MOST_ROWS))
        faults = [fault for row in self.pasted for fault in self._faults_of(row)]
        if faults:
            field.errors = [*field.errors, *faults[:MOST_FAULTS]]
            raise StopValidation

    def _faults_of(self, row: PastedRow) -> Iterator[str]:
        cells = _cells(row)
        if len(row.cells) > len(COLUMNS) and any(cell.strip() for cell in row.cells[len(COLUMNS) :]):
            yield str(_l("第%(line)d行：多于%(count)d列", line=row.line, count=len(COLUMNS)))
        for label, limit, cell in zip(COLUMNS, LIMITS, cells, strict=True):
            if len(cell) > limit:
                said = _l("最多%(count)d字", count=limit)
                yield str(_l("第%(line)d行 %(column)s：%(fault)s", line=row.line, column=label, fault=said))
        if not cells[1]:
            yield str(
                _l("第%(line)d行 %(column)s：%(fault)s", line=row.line, column=COLUMNS[1], fault=_l("请填写任务标题"))
            )
        for label, cell in zip(COLUMNS[2:4], cells[2:4], strict=True):
            for fault in unit_faults(split_names(cell), self.known.units, self.create.data or []):
                yield str(_l("第%(line)d行 %(column)s：%(fault)s", line=row.line, column=label, fault=fault))

    @property
    def seeds(self) -> list[TaskSeed]:
        """The tasks as they were typed; one without a requirement asks for what its title says."""
        section = section_path(self.section.data)
        return [self._seed(_cells(row), section) for row in self.pasted]

    def _seed(self, cells: list[str], section: list[str]) -> TaskSeed:
        number, title, lead, cooperating, deadline, requirement = cells
        return TaskSeed(
            key="",
            number=number or None,
            kind=self.kind.data,
            section=section,
            title=title,
            requirement=requirement or title,
            units={AssignmentRole.LEAD: split_names(lead), AssignmentRole.COOPERATING: split_names(cooperating)},
            officials=[],
            phase=self.phase.data or None,
            deadline=deadline or None,
            duty_of=None,
            project=None,
            indicators={},
            no_indicator=None,
        )


def _cells(row: PastedRow) -> list[str]:
    """The cells of a row as they are kept: one line each but the last, missing ones empty."""
    cells = [*row.cells, *("" for _ in COLUMNS)][: len(COLUMNS)]
    return [*(one_line(cell) or "" for cell in cells[:-1]), clean_text(cells[-1])]
