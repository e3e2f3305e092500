"""What a mail server says in the middle of a conversation, and what it means for the mails after that."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MORNING, mail_of, queue_for, states, use_server
from tests.torture.server import Manner, Server, rude_server
from tracker.models import MailState
from tracker.notifications.mailer import deliver
from tracker.notifications.smtp import MailServer, ServiceDown


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """A strict mail server that the application uses."""
    with rude_server() as server:
        use_server(app, server.port)
        yield server


@pytest.mark.parametrize(("reply", "state"), [("450 later", MailState.QUEUED), ("554 never", MailState.DEAD)])
def test_a_mail_that_is_refused_before_its_words_costs_the_next_one_nothing(
    world: World, server: Server, reply: str, state: MailState
) -> None:
    first, *others = queue_for(world, 3)
    server.manners = {str(first.email): Manner(start=reply)}
    deliver(MORNING)
    assert mail_of(first).state is state
    assert [mail_of(each).state for each in others] == [MailState.SENT] * 2


def test_a_server_that_has_enough_of_a_connection_gets_another(world: World, server: Server) -> None:
    queue_for(world, 6)
    server.most_mails = 2
    assert deliver(MORNING) == Counter(sent=6)
    assert states() == Counter({MailState.SENT: 6})


def test_a_mail_that_cannot_be_handed_over_leaves_nothing_of_itself_behind(app: Flask, server: Server) -> None:
    gateway = MailServer(app.extensions["settings"])
    with pytest.raises(UnicodeEncodeError):
        gateway.send("duban@example.test", "局长@example.test", b"x")
    assert gateway.send("duban@example.test", "staff@example.test", b"x").words == "250"
    gateway.close()


def test_a_line_that_is_cut_while_it_connects_sends_nothing(
    app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = MailServer(app.extensions["settings"])
    connecting, is_cut, ends = threading.Event(), threading.Event(), []
    connect = socket.create_connection

    def slowly(*args: Any, **kwargs: Any) -> socket.socket:
        connecting.set()
        is_cut.wait(10)
        return connect(*args, **kwargs)

    def send() -> None:
        try:
            ends.append(gateway.send("duban@example.test", "staff@example.test", b"x").words)
        except ServiceDown as down:
            ends.append(down.reason)

    monkeypatch.setattr(socket, "create_connection", slowly)
    sending = threading.Thread(target=send)
    sending.start()
    assert connecting.wait(10)
    gateway.cut()
    is_cut.set()
    sending.join(10)
    assert ends == ["timed_out"]
    assert server.kept == []
