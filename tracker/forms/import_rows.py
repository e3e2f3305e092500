"""The forms of a row of an import: mend what was understood, split it, add one that was not seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, FormField, HiddenField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from tracker.documents.plan_limits import longest
from tracker.forms.base import RELOAD, StrictForm, VersionedForm
from tracker.forms.plan_tasks import LONGEST_TEXT, section_path
from tracker.forms.projects import BLANK_SCHOOLS, YUAN, ProjectFields
from tracker.forms.values import line, lines, one_line
from tracker.models import Assignment, AssignmentRole, ProjectCategory, Stage, Task, TaskKind
from tracker.translations import lazy as _l

Word = Callable[[Any], str]
BLANK_LINES = re.compile(r"\n\s*\n")
LONGEST_LIST = 3000
AREAS = ("land_mu", "floor_area_m2", "sports_area_m2")


def names_in(text: str | None) -> list[str]:
    """The names of a field with one name a line, each once; 、 belongs to a name: 各乡（镇、街道）."""
    names = (" ".join(each.split()) for each in (text or "").splitlines())
    return list(dict.fromkeys(name for name in names if name))


class RowFields(StrictForm):
    """What a task says, as it was understood; units by the names that the document gives them, one a line."""

    number = line(_l("编号"), longest(Task.number))
    title = line(_l("任务标题"), longest(Task.title), DataRequired(_l("请填写任务标题")))
    kind = SelectField(_l("类别"), coerce=TaskKind)
    section = line(_l("所属部分"), 400)
    requirement = lines(_l("要求"), LONGEST_TEXT)
    lead = lines(_l("牵头单位"), LONGEST_LIST)
    responsible = lines(_l("责任单位"), LONGEST_LIST)
    cooperating = lines(_l("配合单位"), LONGEST_LIST)
    officials = lines(_l("责任领导"), LONGEST_LIST)
    deadline = line(_l("时限（照方案原文）"), longest(Task.deadline_text))
    other_deadlines = lines(_l("其他时限"), LONGEST_LIST)
    phase = SelectField(_l("阶段"))
    only = HiddenField(filters=[one_line], validators=[Length(max=10)])

    def __init__(self, phases: Sequence[tuple[str, str]], word: Word, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [(kind.value, word(kind)) for kind in TaskKind]
        self.phase.choices = [("", _l("不分阶段")), *phases]

    def validate_lead(self, field: Field) -> None:
        """Refuse a name that no column holds."""
        most = longest(Assignment.name_in_plan)
        for name in names_in(field.data):
            if len(name) > most:
                raise ValidationError(_l("“%(name)s…”过长，每个名称最多%(count)d字", name=name[:20], count=most))

    validate_responsible = validate_lead
    validate_cooperating = validate_lead

    @property
    def units(self) -> list[list[str]]:
        """Name and role of each unit, as a row keeps them."""
        return [[name, role.value] for role in AssignmentRole for name in names_in(self[role.value].data)]

    @property
    def words(self) -> dict[str, Any]:
        """What was typed, in the words of a row."""
        return {
            "number": self.number.data,
            "kind": self.kind.data.value,
            "section": section_path(self.section.data),
            "title": self.title.data or "",
            "requirement": self.requirement.data or "",
            "units": self.units,
            "officials": names_in(self.officials.data),
            "deadline": self.deadline.data,
            "other_deadlines": names_in(self.other_deadlines.data),
            "phase": self.phase.data or None,
        }


class EditRowForm(RowFields, VersionedForm):
    """A row that stands, with the figures of what it builds."""

    project = FormField(ProjectFields)

    def __init__(
        self, said: Mapping[str, Any], version: int, phases: Sequence[tuple[str, str]], word: Word, sent: bool
    ) -> None:
        values = {} if sent else {"formdata": None, "data": {**fields_of(said), "version": version}}
        super().__init__(phases, word, **values)
        self.said = said
        if not said["project"]:
            del self.project
            return
        self.project.form.category.choices = [(each.value, word(each)) for each in ProjectCategory]
        for row in self.project.form.schools:
            row.form.stage.choices = [("", "—"), *((stage.value, word(stage)) for stage in Stage)]

    @property
    def words(self) -> dict[str, Any]:
        """What was typed; units keep their order where none of them changed."""
        words = super().words
        if sorted(words["units"]) == sorted(self.said["units"]):
            words["units"] = self.said["units"]
        if "project" in self:
            words["project"] = {**self.said["project"], **_figures(self.project.form)}
        return words


def _figures(fields: ProjectFields) -> dict[str, Any]:
    seed = fields.seed
    return {
        "category": seed.category.value,
        "site": seed.site,
        "town": seed.town,
        **{name: _text(getattr(seed, name)) for name in AREAS},
        "budget_yuan": seed.budget_yuan,
        "schools": [[s.name, s.stage.value if s.stage else None, s.seats, s.classes] for s in seed.schools],
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def fields_of(words: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the form of a row begins with."""
    by_role = {role.value: "\n".join(n for n, part in words["units"] if part == role.value) for role in AssignmentRole}
    return {
        **{name: words[name] for name in ("number", "title", "requirement", "deadline")},
        "kind": TaskKind(words["kind"]),
        "section": " / ".join(words["section"]),
        **by_role,
        "officials": "\n".join(words["officials"]),
        "other_deadlines": "\n".join(words["other_deadlines"]),
        "phase": words["phase"] or "",
        "project": _project_fields(words["project"]) if words["project"] else None,
    }


def _project_fields(said: Mapping[str, Any]) -> dict[str, Any]:
    budget = said["budget_yuan"]
    names = ("name", "stage", "seats", "classes")
    rows = [dict(zip(names, (name, stage or "", *rest), strict=True)) for name, stage, *rest in said["schools"]]
    return {
        "category": ProjectCategory(said["category"]),
        **{name: said[name] for name in ("site", "town", *AREAS)},
        "budget": None if budget is None else Decimal(budget) / YUAN,
        "schools": [*rows, *({} for _ in range(BLANK_SCHOOLS))],
    }


class AddRowForm(RowFields):
    """A task that the reading did not see; ``at`` is its place: the block, and for a table - and its row."""

    at = HiddenField(filters=[one_line], validators=[Length(max=20)])


class SplitForm(VersionedForm):
    """A row that is several tasks: their texts between blank lines, the first line of each its title."""

    pieces = lines(_l("每段一项任务，段与段之间空一行；每段第一行作标题"), 20_000, InputRequired(RELOAD))
    only = HiddenField(filters=[one_line], validators=[Length(max=10)])

    def validate_pieces(self, field: Field) -> None:
        """Two tasks at least."""
        if len(pieces_in(field.data)) < 2:
            raise ValidationError(_l("只有一段，请在要分开的地方空一行"))

    def parts(self, said: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The words of each part: its text, and the deadline of the whole that stands in it."""
        known = [each for each in (said["deadline"], *said["other_deadlines"]) if each]
        parts = []
        for title, text in pieces_in(self.pieces.data):
            own = [each for each in known if each in text]
            deadline = own[0] if own else said["deadline"]
            parts.append({"title": title, "requirement": text, "deadline": deadline, "other_deadlines": own[1:]})
        return parts


def pieces_in(text: str | None) -> list[tuple[str, str]]:
    """(title, whole text) of each task in a text; a title that is too long is cut, its text is whole."""
    pieces = (each.strip() for each in BLANK_LINES.split((text or "").replace("\r\n", "\n")))
    return [(piece.splitlines()[0][: longest(Task.title)], piece) for piece in pieces if piece]
