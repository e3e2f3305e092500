"""The form of one's own particulars."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import Length

from tracker.forms.accounts import as_sent, one_address, one_phone
from tracker.forms.base import VersionedForm, clean_text
from tracker.models import Account
from tracker.rules.mail_addresses import LONGEST
from tracker.rules.texts import one_name
from tracker.translations import lazy as _l


class ProfileForm(VersionedForm):
    """Phone and mail address; a new address takes the password."""

    phone = StringField(_l("电话"), filters=[one_name], validators=[one_phone])
    email = StringField(_l("邮箱"), filters=[clean_text], validators=[Length(max=LONGEST), one_address])
    password = PasswordField(_l("密码"))

    def __init__(self, account: Account, sent: bool = False) -> None:
        values = {"phone": account.phone, "email": account.email, "version": account.version}
        super().__init__(**as_sent(sent), data=values)
