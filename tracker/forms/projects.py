"""The figures of a building project as the office types them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import Field, FieldList, Form, FormField, SelectField, ValidationError

from tracker.documents.plan_limits import MOST_SEATS, MOST_YUAN, figures, longest
from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.documents.yaml_rows import Figures
from tracker.forms.values import AmountField, line
from tracker.models import Project, ProjectCategory, School, Stage
from tracker.translations import lazy as _l

YUAN = 10_000  # in one 万元
BLANK_SCHOOLS = 3
MOST_SCHOOLS = 40


class SchoolFields(Form):
    """One school of a project in a row; a row without a name is none."""

    name = line(_l("学校"), longest(School.name))
    stage = SelectField(_l("学段"))
    seats = AmountField(_l("学位"), Figures(Decimal(MOST_SEATS)))
    classes = AmountField(_l("班数"), Figures(Decimal(MOST_SEATS)))

    def validate_name(self, field: Field) -> None:
        """Figures belong to a school."""
        if not field.data and (self.seats.data or self.classes.data):
            raise ValidationError(_l("请填写学校名称，或清空整行"))


class ProjectFields(Form):
    """The figures of a building project; money in 万元."""

    category = SelectField(_l("项目类别"), coerce=ProjectCategory)
    site = line(_l("位置"), 400)
    town = line(_l("乡镇"), longest(Project.town))
    land_mu = AmountField(_l("用地（亩）"), figures(Project.land_mu))
    floor_area_m2 = AmountField(_l("校舍面积（㎡）"), figures(Project.floor_area_m2))
    sports_area_m2 = AmountField(_l("运动场地（㎡）"), figures(Project.sports_area_m2))
    budget = AmountField(_l("投资金额（万元）"), Figures(Decimal(MOST_YUAN // YUAN), 4))
    schools = FieldList(FormField(SchoolFields), max_entries=MOST_SCHOOLS)

    @property
    def school_seeds(self) -> list[SchoolSeed]:
        """The schools typed; blank rows are none."""
        rows = [row.form for row in self.schools]
        return [
            SchoolSeed(
                row.name.data, Stage(row.stage.data) if row.stage.data else None, row.seats.whole, row.classes.whole
            )
            for row in rows
            if row.name.data
        ]

    @property
    def seed(self) -> ProjectSeed:
        """The figures as they were typed; buildings are not asked for."""
        budget = self.budget.amount
        return ProjectSeed(
            category=self.category.data,
            site=self.site.data,
            town=self.town.data,
            land_mu=self.land_mu.amount,
            floor_area_m2=self.floor_area_m2.amount,
            sports_area_m2=self.sports_area_m2.amount,
            budget_yuan=None if budget is None else int(budget * YUAN),
            schools=self.school_seeds,
            buildings=[],
        )


def figures_of(project: Project | None) -> dict[str, Any]:
    """The values that the fields of a project begin with; money in 万元."""
    rows = [
        {"name": each.school.name, "stage": each.stage or "", "seats": each.seats, "classes": each.classes}
        for each in (project.schools if project else [])
    ]
    schools = [*rows, *({} for _ in range(BLANK_SCHOOLS))]
    if project is None:
        return {"schools": schools}
    names = ("category", "site", "town", "land_mu", "floor_area_m2", "sports_area_m2")
    budget = None if project.budget_yuan is None else Decimal(project.budget_yuan) / YUAN
    return {**{name: getattr(project, name) for name in names}, "budget": budget, "schools": schools}
