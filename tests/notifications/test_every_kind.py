"""What holds for every mail, whatever it is about and whatever people typed: checked as a real server got it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import World
from tests.notifications.kinds import DIRECTIONS, FOR_GROUPS, KINDS, NOW, SHOWN, make_cast, queue_kind
from tests.notifications.test_mailer import use_server
from tests.smtp import Mailbox, Received, smtp_server
from tests.visit import client_for
from tracker.models import Account, MailState, OutboxMail, db
from tracker.notifications.mailer import deliver
from tracker.notifications.recheck import RECOMPOSE

BASE = "https://duban.example.test"
# Each once and nothing else: no Cc, no Bcc, no second recipient, nothing that somebody typed.
HEADERS = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
]
PAGES = re.compile(
    re.escape(BASE)
    + r"/(?:work|receipts|overview|appraisals/units/\d+|tasks/[\w-]+)(?:\?(?:report|answer|instruct)=1)?(?:#[a-z]+)?"
)
RESET_PAGE = re.compile(re.escape(BASE) + r"/password/reset#[A-Z0-9-]{8,}", re.IGNORECASE)
ACTIVE = [
    "script",
    "img",
    "link",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "style",
    "base",
    "video",
    "audio",
    "svg",
]
OUTSIDE = {"src", "srcset", "background", "poster", "action", "data", "formaction", "ping"}
LONGEST_SUBJECT = 40


@pytest.fixture
def box(app: Flask) -> Iterator[Mailbox]:
    """A mail server of an application that has an address of its own."""
    with smtp_server() as box:
        use_server(app, box.port)
        app.extensions["settings"] = replace(app.extensions["settings"], base_url=BASE)
        yield box


def test_every_kind_of_mail_is_looked_at() -> None:
    assert set(KINDS) | FOR_GROUPS == set(RECOMPOSE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_keeps_what_all_mails_promise(app: Flask, world: World, box: Mailbox, kind: str) -> None:
    queue_kind(kind, make_cast(world))
    deliver(NOW)
    rows = db.session.execute(sa.select(OutboxMail.kind, OutboxMail.state, OutboxMail.address)).all()
    db.session.commit()
    assert {(row.kind, row.state) for row in rows} == {(kind, MailState.SENT)}
    assert sorted(row.address for row in rows) == sorted(each.recipients[0] for each in box.messages)
    assert len({each.message["Message-ID"] for each in box.messages}) == len(box.messages)
    for received in box.messages:
        reader = db.session.scalars(sa.select(Account).where(Account.email == received.recipients[0])).one()
        has_the_headers_of_an_automatic_mail_and_one_recipient(received)
        says_the_facts_first_in_a_short_subject(received)
        links_lead_here_and_carry_no_secret_and_nobody(received, RESET_PAGE if kind == "password_reset" else PAGES)
        links_ask_for_a_login_and_then_show_the_page(app, received, reader)
        fetches_and_runs_nothing(received)
        both_parts_say_the_same(received)


def has_the_headers_of_an_automatic_mail_and_one_recipient(received: Received) -> None:
    """As the server got them; nothing that somebody typed became one."""
    sender, recipients, message = received
    assert sorted(message.keys()) == HEADERS
    assert sender == "duban@example.test"
    assert recipients == [message["To"]]
    assert [each.addr_spec for each in message["From"].addresses] == [sender]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh-CN"
    assert re.fullmatch(r"<[0-9a-f]{32}@duban\.example\.test>", message["Message-ID"].strip())
    assert abs(parsedate_to_datetime(message["Date"]) - NOW) < timedelta(minutes=1)
    assert message.get_content_type() == "multipart/alternative"
    parts = [(part.get_content_type(), part.get_content_charset()) for part in message.iter_parts()]
    assert parts == [("text/plain", "utf-8"), ("text/html", "utf-8")]


def says_the_facts_first_in_a_short_subject(received: Received) -> None:
    """In one line, whose names are shortened where they are long."""
    subject = str(received.message["Subject"])
    assert re.fullmatch(r"【(督办|周览)】[^｜]+｜[^｜]{1,12}｜3月9日（周一）", subject), subject
    assert len(subject) <= LONGEST_SUBJECT
    assert subject.isprintable()


def links_lead_here_and_carry_no_secret_and_nobody(received: Received, allowed: re.Pattern[str]) -> None:
    """Both parts have the same ones, and each is what it says."""
    text, page = text_of(received), page_of(received)
    links = [str(link["href"]) for link in page.find_all("a")]
    assert [link for link in links if not allowed.fullmatch(link)] == []
    assert [link.get_text() for link in page.find_all("a")] == links
    assert set(re.findall(r"[a-z]+://[^\s，。（）]+", text)) - {f"{BASE}/password/reset"} == set(links)


def links_ask_for_a_login_and_then_show_the_page(app: Flask, received: Received, reader: Account) -> None:
    """To whoever the mail is for; only a new password is chosen without a login."""
    stranger, client = client_for(app, None), client_for(app, reader)
    for link in page_of(received).find_all("a"):
        path = str(link["href"]).removeprefix(BASE).partition("#")[0]
        answer = stranger.get(path)
        assert path == "/password/reset" or answer.location.startswith("/sign-in?next=")
        assert client.get(path).status_code == 200, path


def fetches_and_runs_nothing(received: Received) -> None:
    """What people typed is text, and nothing is asked of another computer."""
    page = page_of(received)
    assert page.find_all(ACTIVE) == []
    for tag in page.find_all(True):
        assert not OUTSIDE & set(tag.attrs), tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        assert not re.search(r"url|import|expression", str(tag.get("style", ""))), tag
    assert page.find_all(href=True) == page.find_all("a")


def both_parts_say_the_same(received: Received) -> None:
    """Line by line, and what was typed stands in both as it was typed, in one line."""
    text, page = text_of(received), page_of(received)
    assert page.body
    for mark in page.body.find_all(["br", "p"]):
        mark.insert_before("\n")
    read = page.body.get_text()
    assert [line for line in text.splitlines() if squeezed(line) not in squeezed(read)] == []
    assert [line for line in read.splitlines() if squeezed(line) not in squeezed(text)] == []
    assert squeezed(SHOWN) in squeezed(text)
    assert not [line for line in text.splitlines() if line.startswith(("Bcc", ".", '"a"'))]
    assert not [each for each in DIRECTIONS if each in text + read]


def text_of(received: Received) -> str:
    """The part for programmes without HTML."""
    part = received.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page_of(received: Received) -> BeautifulSoup:
    """The other part."""
    part = received.message.get_body(("html",))
    assert part is not None
    return BeautifulSoup(part.get_content(), "html.parser")


def squeezed(text: str) -> str:
    """A text without its spaces and line ends: the two parts set them differently."""
    return "".join(text.split())
