"""The forms of frameworks: copy one, begin one, adjust how the whole is judged, choose one for a plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.documents.yaml_rows import Figures
from tracker.forms.base import StrictForm, VersionedForm, clean_text
from tracker.forms.values import AmountField, line
from tracker.models import Framework, Plan
from tracker.rules.stages import Stage
from tracker.rules.standards import Standard
from tracker.translations import lazy as _l

LONGEST_NAME = 120
MOST_VETOES = 30
LONGEST_VETO = 300
HUNDRED = Decimal(100)
COUNTS = Figures(Decimal(10_000))
SHARES = Figures(Decimal(100), 2)
WEIGHTS = Figures(Decimal(100), 3)
POINTS = Figures(Decimal(1000), 2)
WEIGHTED = (Stage.PRIMARY.value, Stage.JUNIOR.value, Stage.SENIOR.value, "kindergarten")


class FrameworkNameForm(StrictForm):
    """The name of a new framework."""

    name = line(_l("名称"), LONGEST_NAME, InputRequired(_l("请填写名称")))


class PlanFrameworkForm(StrictForm):
    """Which plan a framework is chosen for."""

    plan = SelectField(_l("计划"))

    def __init__(self, plans: Sequence[Plan]) -> None:
        super().__init__()
        self.plan.choices = [(each.code, each.title) for each in plans]


class TermsForm(VersionedForm):
    """How the whole is judged."""

    name = line(_l("名称"), LONGEST_NAME, InputRequired(_l("请填写名称")))
    needed = AmountField(_l("学校单元至少达标项数"), COUNTS)
    floor = AmountField(_l("其余各项不低于标准的百分之几"), SHARES)
    least_students = AmountField(_l("教学点满多少名学生才计入"), COUNTS)
    weighting = SelectField(_l("差异系数的权重"), choices=[])
    primary = AmountField(_l("分摊权重：小学"), WEIGHTS)
    junior = AmountField(_l("分摊权重：初中"), WEIGHTS)
    senior = AmountField(_l("分摊权重：高中"), WEIGHTS)
    kindergarten = AmountField(_l("分摊权重：附设幼儿班"), WEIGHTS)
    pass_points = AmountField(_l("B 类通过分数（不计分的不填）"), POINTS)
    vetoes = TextAreaField(_l("一票否决事项，每行一项"), filters=[clean_text], validators=[Length(max=10_000)])

    def __init__(self, framework: Framework, standard: Standard, weightings: Sequence[tuple[str, str]]) -> None:
        unit = standard.unit
        super().__init__(
            name=framework.name,
            version=framework.version,
            needed=unit.needed if unit.conditions else None,
            floor=unit.floor * HUNDRED if unit.conditions else None,
            least_students=unit.least_students if unit.conditions else None,
            weighting=standard.weighting.value,
            pass_points=standard.pass_points,
            vetoes="\n".join(each.title for each in standard.vetoes),
            **{key: standard.weights.get(key) for key in WEIGHTED},
        )
        self.standard = standard
        self.weighting.choices = list(weightings)

    @property
    def veto_titles(self) -> list[str]:
        """The vetoes, one per line, each once."""
        lines = (" ".join(each.split()) for each in (self.vetoes.data or "").splitlines())
        return list(dict.fromkeys(each for each in lines if each))

    def validate_vetoes(self, field: Field) -> None:
        """Keep to what people read."""
        if len(self.veto_titles) > MOST_VETOES or any(len(each) > LONGEST_VETO for each in self.veto_titles):
            raise ValidationError(_l("最多 30 项，每项最多 300 字"))

    def validate_needed(self, field: Field) -> None:
        """No more can be needed than there are."""
        count = len(self.standard.unit.conditions)
        if count and self.needed.amount is None:
            raise ValidationError(_l("请填写 0 至 %(count)d 的整数", count=count))
        if self.needed.amount is not None and self.needed.amount > count:
            raise ValidationError(_l("请填写 0 至 %(count)d 的整数", count=count))

    def validate_floor(self, field: Field) -> None:
        """A floor is a share above zero."""
        if self.standard.unit.conditions and not self.floor.amount:
            raise ValidationError(_l("请填写大于 0、不超过 100 的数"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Who divides by weights weighs every stage above zero; without any weight nothing is divided."""
        is_valid = super().validate(extra_validators)
        lacking = [each for each in (self.primary, self.junior, self.senior) if not each.amount and not each.errors]
        for each in lacking if self.weights else ():
            each.errors = [_l("请填写大于 0 的数；不分摊的，四项权重都不填")]
            is_valid = False
        return bool(is_valid)

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weights that are given."""
        fields = (self.primary, self.junior, self.senior, self.kindergarten)
        amounts = {key: each.amount for key, each in zip(WEIGHTED, fields, strict=True)}
        return {key: amount for key, amount in amounts.items() if amount is not None}
