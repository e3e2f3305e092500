"""The forms of a unit's group robots: an address to paste with its secret, and the wish for a test message."""

from __future__ import annotations

from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.forms.accounts import as_sent
from tracker.forms.base import OnceForm, VersionedForm, clean_text
from tracker.models import RobotKind
from tracker.rules.robots import LONGEST_ADDRESS, SERVICES, Credentials, Fault, NotARobot, secret_in, token_in
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

LONGEST_SECRET = 120


class RobotForm(VersionedForm):
    """The address of a group robot as its service shows it; of it only the token is kept."""

    address = StringField(
        _l("机器人地址"),
        filters=[clean_text],
        validators=[
            InputRequired(_l("请粘贴机器人地址")),
            Length(max=LONGEST_ADDRESS, message=_l("机器人地址最多 300 个字符")),
        ],
    )
    secret = StringField(
        _l("加签密钥"), filters=[clean_text], validators=[Length(max=LONGEST_SECRET, message=_l("加签密钥过长"))]
    )

    def __init__(self, kind: RobotKind, version: int, sent: bool = False) -> None:
        super().__init__(**as_sent(sent), data={"version": version})
        self.kind = kind
        if SERVICES[kind].secret is None:
            del self.secret
        self.name_ids(kind.value)

    def validate_address(self, field: Field) -> None:
        """Take nothing but an address of this very service."""
        try:
            token_in(self.kind, field.data or "")
        except NotARobot as wrong:
            raise ValidationError(fault_words(self.kind, wrong.fault)) from None

    def validate_secret(self, field: Field) -> None:
        """Take nothing but a secret as the service gives them out."""
        try:
            secret_in(self.kind, field.data or "")
        except NotARobot as wrong:
            raise ValidationError(fault_words(self.kind, wrong.fault)) from None

    @property
    def credentials(self) -> Credentials:
        """What the valid form says."""
        secret = secret_in(self.kind, self.secret.data or "") if "secret" in self else None
        return Credentials(self.kind, token_in(self.kind, self.address.data or ""), secret)


class TestForm(OnceForm):
    """The wish for a test message; sent twice it makes one."""

    __test__ = False  # the runner of the tests takes it for one of its own by its name


def fault_words(kind: RobotKind, fault: Fault) -> str:
    """What is wrong with an address or a secret, and its mend."""
    host, start = SERVICES[kind].host, SERVICES[kind].start
    match fault:
        case Fault.CHARACTERS:
            return _("地址里有空格、中文或其他多余的字符，请从群机器人的设置里重新复制整个地址")
        case Fault.HOST:
            return _("地址须以 https://%(host)s/ 开头，不带端口和用户名；请从群机器人的设置里重新复制", host=host)
        case Fault.PATH:
            return _("地址须以 %(start)s 开头，后面只有机器人自己的密钥，不带其他参数", start=start)
        case Fault.TOKEN:
            return _("地址末尾的密钥不完整，请从群机器人的设置里重新复制整个地址")
        case _:
            return _("加签密钥不是该服务给出的样子，请从群机器人的安全设置里重新复制；没有启用加签的请留空")
