"""The forms of units: make or change one, say who its contacts are, choose what it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.forms.accounts import as_sent, one_address
from tracker.forms.base import StrictForm, VersionedForm, clean_text
from tracker.forms.regions import refuse_elsewhere, region_choices
from tracker.models import Region, Unit, UnitKind
from tracker.queries.units import UnitPerson
from tracker.rules.mail_addresses import LONGEST
from tracker.rules.routing import Duty
from tracker.rules.texts import one_name
from tracker.translations import lazy as _l

LONGEST_NAME = 60
MOST_ALIASES = 30


def number_or_none(text: str | None) -> int | None:
    """The id of a choice, None for the empty one."""
    return int(text) if text else None


class UnitFields(StrictForm):
    """What is known of a unit."""

    name = StringField(
        _l("名称"),
        filters=[one_name],
        validators=[InputRequired(_l("请填写名称")), Length(max=LONGEST_NAME, message=_l("名称最多 60 字"))],
    )
    full_name = StringField(
        _l("全称"), filters=[one_name], validators=[Length(max=LONGEST_NAME, message=_l("全称最多 60 字"))]
    )
    kind = SelectField(_l("类别"), coerce=UnitKind)
    mailbox = StringField(_l("单位邮箱"), filters=[clean_text], validators=[Length(max=LONGEST), one_address])
    aliases = TextAreaField(_l("别名"), filters=[clean_text])
    members = SelectMultipleField(
        _l("成员单位"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, kinds: Sequence[tuple[str, str]], others: Sequence[Unit]) -> None:
        """Fill the lists to choose from."""
        self.kind.choices = list(kinds)
        self.members.choices = [(unit.id, unit.name) for unit in others]

    def validate_aliases(self, field: Field) -> None:
        """Keep to names that can be names, and to a number that people read."""
        names = self.alias_names
        if len(names) > MOST_ALIASES or any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(_l("每行一个别名，最多 30 个，每个最多 60 字"))

    def validate_members(self, field: Field) -> None:
        """Refuse members of what is no collective unit, instead of forgetting them silently."""
        if field.data and self.kind.data is not UnitKind.COLLECTIVE:
            raise ValidationError(_l("只有集体单位有成员单位；请把类别改为集体单位，或取消勾选"))

    @property
    def alias_names(self) -> list[str]:
        """The aliases, one per line, each once."""
        return list(dict.fromkeys(filter(None, map(one_name, (self.aliases.data or "").splitlines()))))


class NewUnitForm(UnitFields):
    """A new unit of a region."""

    region = SelectField(_l("地区"))

    def __init__(self, regions: Sequence[Region], kinds: Sequence[tuple[str, str]], others: Sequence[Unit]) -> None:
        super().__init__()
        self.region.choices = region_choices(regions)
        self.others = others
        self.offer(kinds, others)

    def validate_members(self, field: Field) -> None:
        """Only a collective unit has members, and they are of its region."""
        super().validate_members(field)
        refuse_elsewhere(field.data, self.others, self.region.data)


class UnitForm(UnitFields, VersionedForm):
    """A unit as it is, to be changed."""

    def __init__(
        self, unit: Unit, kinds: Sequence[tuple[str, str]], others: Sequence[Unit], sent: bool = False
    ) -> None:
        super().__init__(**as_sent(sent), data=values_of(unit))
        self.offer(kinds, others)


class DutiesForm(VersionedForm):
    """Who in a unit is told first, who next, and who heads it."""

    contact = SelectField(_l("联系人"), coerce=number_or_none)
    deputy = SelectField(_l("副联系人"), coerce=number_or_none)
    heads = SelectMultipleField(
        _l("负责人"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, version: int, people: Sequence[UnitPerson], nobody: str, sent: bool = False) -> None:
        named = {duty: [each.account.id for each in people if each.duty is duty] for duty in Duty}
        values: dict[str, Any] = {
            "contact": next(iter(named[Duty.CONTACT]), None),
            "deputy": next(iter(named[Duty.DEPUTY]), None),
            "heads": named[Duty.HEAD],
            "version": version,
        }
        super().__init__(**as_sent(sent), data=values)
        self.name_ids("duties")
        choices = [(each.account.id, each.account.name) for each in people]
        self.contact.choices = self.deputy.choices = [("", nobody), *choices]
        self.heads.choices = choices

    def validate_deputy(self, field: Field) -> None:
        """One person cannot stand in for themselves."""
        if field.data and field.data == self.contact.data:
            raise ValidationError(_l("副联系人与联系人不能是同一人"))

    @property
    def duties(self) -> Mapping[int, Duty]:
        """What the form says each person is; who heads the unit and is its contact stays its contact."""
        said = dict.fromkeys(self.heads.data or [], Duty.HEAD)
        return said | {
            account_id: duty
            for account_id, duty in ((self.deputy.data, Duty.DEPUTY), (self.contact.data, Duty.CONTACT))
            if account_id
        }


class MergeForm(VersionedForm):
    """The unit that stays."""

    into = SelectField(_l("并入"), coerce=int)

    def __init__(self, unit: Unit, others: Sequence[Unit], into: int | None = None, sent: bool = False) -> None:
        super().__init__(**as_sent(sent), data={"version": unit.version, "into": into})
        self.into.choices = [(other.id, other.name) for other in others]


def values_of(unit: Unit) -> dict[str, Any]:
    """The values that a form about a unit begins with."""
    return {
        "name": unit.name,
        "full_name": unit.full_name,
        "kind": unit.kind,
        "mailbox": unit.mailbox,
        "aliases": "\n".join(each.alias for each in unit.aliases),
        "members": [each.id for each in unit.members],
        "version": unit.version,
    }
