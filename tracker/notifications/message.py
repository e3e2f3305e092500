"""The message as a mail server gets it: headers of an automatic mail, the same letter as text and as HTML."""

from __future__ import annotations

from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from tracker import clock
from tracker.notifications.letters import one_line
from tracker.notifications.recheck import Outgoing
from tracker.settings import Settings

# The older classes of the same library write a message in a third of the time, to the same effect.
WIRE = compat32.clone(linesep="\r\n")
CHARSET = "utf-8"


def message_of(mail: Outgoing, settings: Settings, sent_at: datetime) -> bytes:
    """The message in bytes. Every value is in one line: what people typed makes no header of its own."""
    message = MIMEMultipart("alternative")
    message["From"] = _named(mail.sender_name, sender_address(settings))
    if settings.mail_reply_to:
        message["Reply-To"] = settings.mail_reply_to
    message["To"] = one_line(mail.address)
    message["Subject"] = Header(one_line(mail.letter.subject), CHARSET, header_name="Subject").encode()
    message["Date"] = format_datetime(clock.office_time(sent_at))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "zh-CN"
    message.attach(MIMEText(mail.letter.text, "plain", CHARSET))
    message.attach(MIMEText(mail.letter.html, "html", CHARSET))
    return message.as_bytes(policy=WIRE)


def sender_address(settings: Settings) -> str:
    """The address that mails come from."""
    return parseaddr(settings.mail_from)[1]


@lru_cache
def _named(name: str, address: str) -> str:
    """A name with its address; all mails of a region have the same."""
    return f"{Header(name, CHARSET).encode()} <{address}>"
