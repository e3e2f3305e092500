"""The forms of signing in and of one's own password."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from tracker.forms.base import StrictForm, clean_text
from tracker.rules.mail_addresses import LONGEST as LONGEST_ADDRESS
from tracker.rules.passwords import LONGEST, REMEMBERED, SHORTEST, PasswordFault
from tracker.translations import lazy as _l

LONGEST_USERNAME = 40
LONGEST_CODE = 60
FAULTS = {
    PasswordFault.TOO_SHORT: _l("密码至少 12 位；空格和汉字也可以使用"),
    PasswordFault.TOO_LONG: _l("密码最多 128 位"),
    PasswordFault.NAMES_ITS_OWNER: _l("密码不能包含用户名或姓名"),
    PasswordFault.COMMON: _l("这是常见密码，容易被猜中；可以换成几个不相关的词"),
    PasswordFault.SIMPLE: _l("密码过于简单：地名或姓名拼音加数字、连续或重复的字符容易被猜中"),
    PasswordFault.UNCHANGED: _l("新密码不能与原密码相同"),
    PasswordFault.USED_BEFORE: _l("不能使用最近 %(count)d 次用过的密码", count=REMEMBERED),
}


class SignInForm(StrictForm):
    """User name and password; ``next`` is where the person wanted to go, ``typed`` what they had written there."""

    username = StringField(
        _l("用户名"), filters=[clean_text], validators=[InputRequired(), Length(max=LONGEST_USERNAME)]
    )
    password = PasswordField(_l("密码"), validators=[InputRequired()])
    next = HiddenField()
    typed = HiddenField()


class PasswordForm(StrictForm):
    """The old password, and the new one twice. Nothing is trimmed: spaces count."""

    old = PasswordField(_l("原密码"), validators=[InputRequired(_l("请填写原密码"))])
    new = PasswordField(
        _l("新密码"),
        validators=[InputRequired(_l("请填写新密码"))],
        render_kw={"minlength": SHORTEST, "maxlength": LONGEST},
    )
    again = PasswordField(
        _l("再填一次新密码"),
        validators=[InputRequired(_l("请再填一次新密码")), EqualTo("new", _l("两次填写的新密码不一致"))],
    )


class AskResetForm(StrictForm):
    """Whose password is to be chosen anew."""

    name = StringField(
        _l("用户名或邮箱"),
        filters=[clean_text],
        validators=[
            InputRequired(_l("请填写用户名或邮箱")),
            Length(max=LONGEST_ADDRESS, message=_l("请填写用户名或邮箱")),
        ],
    )


class ResetForm(StrictForm):
    """The code of a mailed link and the new password twice."""

    code = StringField(
        _l("邮件中的验证码"),
        filters=[clean_text],
        validators=[
            InputRequired(_l("请填写邮件中的验证码")),
            Length(max=LONGEST_CODE, message=_l("请填写邮件中的验证码")),
        ],
    )
    new = PasswordField(
        _l("新密码"),
        validators=[InputRequired(_l("请填写新密码"))],
        render_kw={"minlength": SHORTEST, "maxlength": LONGEST},
    )
    again = PasswordField(
        _l("再填一次新密码"),
        validators=[InputRequired(_l("请再填一次新密码")), EqualTo("new", _l("两次填写的新密码不一致"))],
    )


class EndSessionForm(StrictForm):
    """A button that ends one session."""
