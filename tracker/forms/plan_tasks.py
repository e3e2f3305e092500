"""The forms of a plan's tasks: one at a time, many at once, one that stands already."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wtforms import Field, FormField, HiddenField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from tracker.actions.task_words import FIXED, NewNames
from tracker.documents.plan_limits import figures, longest
from tracker.documents.plan_shape import ProjectSeed, TaskSeed
from tracker.forms.base import LONGEST_KEY, RELOAD, StrictForm, VersionedForm, clean_text
from tracker.forms.plan_names import phase_choices, unit_faults, unknown, unknown_text
from tracker.forms.plans import reason_field
from tracker.forms.projects import ProjectFields, figures_of
from tracker.forms.values import AmountField, ChosenNames, NamesField, line, lines
from tracker.models import (
    AssignmentRole,
    Plan,
    PlanState,
    Project,
    ProjectCategory,
    Stage,
    Task,
    TaskKind,
    TaskOfficial,
    Unit,
    UnitKind,
)
from tracker.queries.plan_names import PlanNames
from tracker.translations import lazy as _l

LONGEST_TEXT = 5000
SECTION = re.compile(r"\s*[/／]\s*")
INDICATOR_LINE = re.compile(r"([A-Za-z][0-9]+)[\s:：,，、]+(.+)")
Words = Callable[[Any], str]


def section_path(text: str | None) -> list[str]:
    """The parts of a path, from the outermost: 工程 / 学校新建."""
    return [part for part in SECTION.split(text or "") if part]


class TaskFields(StrictForm):
    """What a task says, as the office types it."""

    number = line(_l("编号"), longest(Task.number))
    section = line(_l("所属部分"), 400)
    title = line(_l("任务标题"), longest(Task.title), DataRequired(_l("请填写任务标题")))
    requirement = lines(_l("要求"), LONGEST_TEXT, DataRequired(_l("请填写要求")))
    kind = SelectField(_l("类别"), coerce=TaskKind)
    deadline = line(_l("时限（照方案原文）"), longest(Task.deadline_text))
    lead = NamesField(_l("牵头单位"), longest(Unit.name))
    responsible = NamesField(_l("责任单位"), longest(Unit.name))
    cooperating = NamesField(_l("配合单位"), longest(Unit.name))
    create = ChosenNames(_l("新建单位"))
    unit_kind = SelectField(_l("新单位的类别"), coerce=UnitKind, default=UnitKind.DEPARTMENT)
    officials = NamesField(_l("责任领导"), longest(TaskOfficial.name))
    phase = SelectField(_l("阶段"))
    indicators = lines(_l("对应指标"), 2000)
    no_indicator = line(_l("不对应指标的原因"), 500)
    evidence = lines(_l("要交的佐证"), 2000)
    quantity = AmountField(_l("数量"), figures(Task.quantity_total))
    quantity_unit = line(_l("计量单位"), longest(Task.quantity_unit))
    read_as = HiddenField(validators=[Length(max=400)])
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
    def unknown_units(self) -> list[str]:
        """The names typed that no unit of the region bears."""
        parts = (self.lead, self.responsible, self.cooperating)
        return unknown((name for part in parts for name in part.names), self.known.units)

    @property
    def new_names(self) -> NewNames:
        """What the office has confirmed to be new."""
        return NewNames(self.unknown_units, UnitKind(self.unit_kind.data or UnitKind.DEPARTMENT))

    def validate_section(self, field: Field) -> None:
        """Refuse a part of the path that is too long to be read."""
        if any(len(part) > 200 for part in self.section_path):
            raise ValidationError(_l("每一级最多200字"))

    def validate_lead(self, field: NamesField) -> None:
        """Only units that exist, or that are to be made, have a part."""
        faults = [str(fault) for fault in unit_faults(field.names, self.known.units, self.create.data or [])]
        if faults:
            raise ValidationError(" ".join(faults))

    validate_responsible = validate_lead
    validate_cooperating = validate_lead

    def validate_indicators(self, field: Field) -> None:
        """Each line: a code and how the task serves it."""
        for written in (field.data or "").splitlines():
            found = INDICATOR_LINE.fullmatch(written.strip())
            if written.strip() and not found:
                raise ValidationError(
                    _l("每行一个：代码、空格、怎样对应，如 R5 新增学位；不认识“%(written)s”", written=written[:40])
                )
            if found and found[1].upper() not in self.known.national:
                raise ValidationError(_l("没有代码为 %(code)s 的国家指标", code=found[1][:20]))

    @property
    def section_path(self) -> list[str]:
        """The parts of the plan that the task stands in, from the outermost."""
        return section_path(self.section.data)

    @property
    def served(self) -> dict[str, str]:
        """How the task serves each indicator, by code."""
        found = (INDICATOR_LINE.fullmatch(each.strip()) for each in (self.indicators.data or "").splitlines())
        return {each[1].upper(): each[2].strip() for each in found if each}

    @property
    def project_seed(self) -> ProjectSeed | None:
        """The figures of the project, where the form asks for them."""
        return None

    @property
    def seed(self) -> TaskSeed:
        """The task as it was typed."""
        return TaskSeed(
            key="",
            number=self.number.data,
            kind=self.kind.data,
            section=self.section_path,
            title=self.title.data or "",
            requirement=self.requirement.data or "",
            units={
                AssignmentRole.LEAD: self.lead.names,
                AssignmentRole.RESPONSIBLE: self.responsible.names,
                AssignmentRole.COOPERATING: self.cooperating.names,
            },
            officials=self.officials.names,
            phase=self.phase.data or None,
            deadline=self.deadline.data,
            duty_of=None,
            project=self.project_seed,
            indicators=self.served,
            no_indicator=self.no_indicator.data,
            evidence=self.evidence.data,
            quantity_total=self.quantity.amount,
            quantity_unit=self.quantity_unit.data,
        )


class NewTaskForm(TaskFields):
    """One more task of a plan; it comes back empty for the next one, on the same part, kind and phase."""

    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])


class TaskForm(TaskFields, VersionedForm):
    """A task that stands already, with the figures of what it builds."""

    project = FormField(ProjectFields)
    create_schools = ChosenNames(_l("新建学校"))

    def __init__(self, task: Task, project: Project | None, names: PlanNames, word: Words, sent: bool) -> None:
        values = {} if sent else {"formdata": None, "data": _values_of(task, project)}
        super().__init__(task.plan, names, word, **values)
        self.task = task
        if task.kind is not TaskKind.PROJECT:
            del self.project, self.create_schools
            return
        self.project.form.category.choices = [(each.value, word(each)) for each in ProjectCategory]
        for row in self.project.form.schools:
            row.form.stage.choices = [("", "—"), *((stage.value, word(stage)) for stage in Stage)]
        self.create_schools.offer(self.unknown_schools)

    @property
    def unknown_schools(self) -> list[str]:
        """The schools typed that the region does not know."""
        rows: list[Any] = list(self.project.form.schools) if "project" in self else []
        return unknown((row.form.name.data for row in rows if row.form.name.data), self.known.schools)

    @property
    def new_names(self) -> NewNames:
        """What the office has confirmed to be new."""
        return NewNames(self.unknown_units, UnitKind(self.unit_kind.data), self.unknown_schools)

    def validate_deadline(self, field: Field) -> None:
        """The deadline of what is closed or suspended stays."""
        if field.data != self.task.deadline_text and self.task.state in FIXED:
            raise ValidationError(_l("任务已销号或已中止，不能调整时限。"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Besides the fields: only schools that exist, or that are to be made, each once per stage."""
        sound = super().validate(extra_validators)
        return self._schools_are_known() and sound if "project" in self else sound

    def _schools_are_known(self) -> bool:
        confirmed, seen, sound = set(self.create_schools.data or []), set(), True
        for row in self.project.form.schools:
            name, place = row.form.name.data, (row.form.name.data, row.form.stage.data)
            if name and name not in self.known.schools and name not in confirmed:
                _fault(row.form.name, unknown_text(name, self.known.schools))
                sound = False
            if name and place in seen:
                _fault(row.form.name, _l("“%(name)s”写了两次", name=name))
                sound = False
            seen.add(place)
        if not sound:
            _fault(self.create_schools, _l("请看学校各行"))
        return sound

    @property
    def project_seed(self) -> ProjectSeed | None:
        """The figures, while the task builds."""
        is_project = "project" in self and self.kind.data is TaskKind.PROJECT
        return self.project.form.seed if is_project else None


def _fault(field: Field, text: str) -> None:
    field.errors = [*field.errors, text]


def _values_of(task: Task, project: Project | None) -> dict[str, Any]:
    """The values that the form of a stored task begins with."""
    return {
        "version": task.version,
        "number": task.number,
        "section": " / ".join(task.section),
        "title": task.title,
        "requirement": task.requirement,
        "kind": task.kind,
        "deadline": task.deadline_text,
        **{role.value: [each.unit.name for each in task.assignments if each.role is role] for role in AssignmentRole},
        "officials": [each.name for each in task.officials],
        "phase": task.phase.number if task.phase else "",
        "indicators": "\n".join(f"{each.indicator.code} {each.reason}" for each in task.contributions),
        "no_indicator": task.no_indicator_reason,
        "evidence": task.evidence_wanted,
        "quantity": task.quantity_total,
        "quantity_unit": task.quantity_unit,
        "project": figures_of(project),
    }
