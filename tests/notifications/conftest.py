"""A mail server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.notifications.test_mailer import use_server
from tests.smtp import Mailbox, smtp_server


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A mail server that the application uses."""
    with smtp_server() as box:
        use_server(app, box.port)
        yield box
