"""The forms of what is known of a project beside its plan: who builds it, by which contract, and its new site."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import ValidationError
from wtforms.validators import DataRequired

from tracker.documents.plan_limits import longest
from tracker.forms.money import YuanField
from tracker.forms.tasks import OfficeForm, ReasonForm
from tracker.forms.values import DayField, line
from tracker.models import Project
from tracker.translations import lazy as _l

LONGEST_SITE = 400
CONTRACT = ("owner", "contractor", "supervisor", "contract_yuan", "contract_from", "contract_until")


class ContractForm(OfficeForm):
    """Who builds a project and by which contract; an empty field is not known.

    With a project it is the form to show, without one the form that was sent.
    """

    owner = line(_l("建设单位"), longest(Project.owner))
    contractor = line(_l("施工单位"), longest(Project.contractor))
    supervisor = line(_l("监理单位"), longest(Project.supervisor))
    contract_yuan = YuanField(_l("合同金额（万元）"))
    contract_from = DayField(_l("合同开工日期"))
    contract_until = DayField(_l("合同竣工日期"))

    def __init__(self, project: Project | None = None, typed: Mapping[str, str] | None = None) -> None:
        stored = {name: getattr(project, name) for name in CONTRACT} if project else {}
        super().__init__(project.task if project else None, typed, **stored)

    def validate_contract_yuan(self, field: YuanField) -> None:
        """A contract is for money."""
        if field.yuan is not None and field.yuan <= 0:
            raise ValidationError(_l("合同金额须大于零；不知道的请留空"))

    def validate_contract_until(self, field: DayField) -> None:
        """It ends after it begins."""
        begins = self.contract_from.data
        if field.data and begins and field.data < begins:
            raise ValidationError(_l("竣工日期不能早于开工日期"))


class SiteForm(ReasonForm):
    """Where a project stands now, and why no longer where the plan wanted it."""

    refusals = {"site_same": ("site", _l("与现在的位置相同，没有改动"))}
    site = line(_l("现在的位置"), LONGEST_SITE, DataRequired(_l("请填写现在的位置")))
    town = line(_l("乡镇"), longest(Project.town))
