"""The forms of accounts: make one, change one, give a role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.forms.base import StrictForm, VersionedForm, clean_text
from tracker.forms.regions import refuse_elsewhere, region_choices
from tracker.models import Account, Region, Unit
from tracker.queries.accounts import kept_username
from tracker.rules.accounts import is_username
from tracker.rules.mail_addresses import LONGEST, is_mail_address
from tracker.rules.permissions import Role
from tracker.rules.texts import one_name
from tracker.translations import lazy as _l

LONGEST_NAME = 50
PHONE = re.compile(r"[0-9+()（） -]{0,40}")


def one_address(_form: Form, field: Field) -> None:
    """Refuse anything but one plain mail address; none is allowed."""
    if field.data and not is_mail_address(field.data):
        raise ValidationError(_l("请填写一个邮箱地址，如 zhangsan@example.cn"))


def one_phone(_form: Form, field: Field) -> None:
    """Refuse what nobody could dial; none is allowed."""
    if field.data and not PHONE.fullmatch(field.data):
        raise ValidationError(_l("电话只用数字、空格、加号、括号和连字符，最多 40 位"))


def username_or_none(text: str | None) -> str:
    """The user name as it will be kept."""
    return kept_username(clean_text(text))


class AccountForm(StrictForm):
    """A new account, as yet without a role."""

    username = StringField(_l("用户名"), filters=[username_or_none], validators=[InputRequired(_l("请填写用户名"))])
    name = StringField(
        _l("姓名"),
        filters=[clean_text],
        validators=[InputRequired(_l("请填写姓名")), Length(max=LONGEST_NAME, message=_l("姓名最多 50 字"))],
    )
    region = SelectField(_l("地区"), validate_choice=True)
    email = StringField(_l("邮箱"), filters=[clean_text], validators=[Length(max=LONGEST), one_address])
    phone = StringField(_l("电话"), filters=[one_name], validators=[one_phone])
    units = SelectMultipleField(
        _l("所属单位"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, regions: Sequence[Region], units: Sequence[Unit] = (), whole_country: str | None = None) -> None:
        super().__init__()
        self.offered = units
        self.units.choices = [(unit.id, unit.name) for unit in units]
        whole = [("", whole_country)] if whole_country else []
        self.region.choices = whole + region_choices(regions)

    def validate_units(self, field: Field) -> None:
        """An account has units of its own region."""
        refuse_elsewhere(field.data, self.offered, self.region.data)

    def validate_username(self, field: Field) -> None:
        """Refuse what cannot stand in an address or be typed on every keyboard."""
        if not is_username(field.data):
            raise ValidationError(_l("用户名为 2 至 40 位小写字母、数字、点或连字符，以字母或数字开头"))


class AccountDetailsForm(VersionedForm):
    """What an administrator sets of an account: name, mail address, units of its region."""

    name = StringField(
        _l("姓名"),
        filters=[clean_text],
        validators=[InputRequired(_l("请填写姓名")), Length(max=LONGEST_NAME, message=_l("姓名最多 50 字"))],
    )
    email = StringField(_l("邮箱"), filters=[clean_text], validators=[Length(max=LONGEST), one_address])
    phone = StringField(_l("电话"), filters=[one_name], validators=[one_phone])
    units = SelectMultipleField(
        _l("所属单位"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, account: Account, units: Sequence[Unit], sent: bool = False) -> None:
        super().__init__(**as_sent(sent), data=details_of(account))
        self.units.choices = [(unit.id, unit.name) for unit in units]


class RoleForm(VersionedForm):
    """The one role of an account, or none."""

    role = SelectField(_l("角色"), coerce=lambda text: Role(text) if text else None)

    def __init__(self, account: Account, words: Sequence[tuple[str, str]], sent: bool = False) -> None:
        super().__init__(**as_sent(sent), data={"role": account.role, "version": account.version})
        self.role.choices = list(words)


def as_sent(sent: bool) -> dict[str, Any]:
    """Whether a form reads what was sent; of several forms on one page only one was."""
    return {} if sent else {"formdata": None}


def details_of(account: Account) -> dict[str, Any]:
    """The values that a form about an account begins with."""
    return {
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "units": [unit.id for unit in account.units],
        "version": account.version,
    }
