"""A real browser on a real server with the five plans."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.browser import chromium
from tests.conftest import Templates, running
from tests.factories import sign_in
from tracker.models import Account, db

DESK, PHONE = (1366, 768), (375, 812)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the process."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def county(templates: Templates, tmp_path: Path) -> Iterator[Flask]:
    """The five plans on SQLite; what these journeys ask of the database the other tests ask of both."""
    with running(templates, "sqlite", "plans", tmp_path / "var") as app:
        yield app


@pytest.fixture
def address(county: Flask) -> Iterator[str]:
    """The address of the application, served."""
    server = make_server("127.0.0.1", 0, county, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


Opener = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, county: Flask, address: str) -> Iterator[Opener]:
    """Open a window as an account; at the end every window must have stayed without complaints of the browser."""
    complaints: list[str] = []
    windows = []

    def opener(
        account_id: int | None, size: tuple[int, int] = DESK, language: str = "zh_Hans_CN", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, base_url=address
        )
        context.add_cookies([{"name": "language", "value": language, "url": address}])
        if account_id:
            client = county.test_client()
            sign_in(client, db.session.get_one(Account, account_id))
            db.session.remove()  # an open transaction of the test would keep the server from writing
            cookie = client.get_cookie(county.config["SESSION_COOKIE_NAME"])
            assert cookie
            context.add_cookies([{"name": county.config["SESSION_COOKIE_NAME"], "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        windows.append(context)
        return page

    yield opener
    for window in windows:
        window.close()
    assert not complaints
