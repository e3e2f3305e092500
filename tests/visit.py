"""Open a page as a person would, and refuse one that breaks a promise of the house."""

from __future__ import annotations

import re
from collections import Counter
from contextvars import Context
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.factories import sign_in
from tracker.models import Account, db

MOST_QUERIES = 15
TOKEN_FIELD = re.compile(r'<input\b[^>]*\bname="csrf_token"[^>]*>')
TOKEN = re.compile(r'\bvalue="([\w.-]+)"')


class Visitor(FlaskClient):
    """A client whose every request has a context and a database session of its own, as on a server.

    What the test has done so far is committed first: others see only that, and SQLite has one writer at a time.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        db.session.commit()
        return Context().run(super().open, *args, **kwargs)


def client_for(app: Flask, account: Account | None) -> FlaskClient:
    """A client signed in as an account, or nobody's."""
    client = app.test_client()
    if account:
        sign_in(client, account)
    return client


def visit(client: FlaskClient, address: str, status: int = 200, most_queries: int = MOST_QUERIES) -> BeautifulSoup:
    """The parsed page at an address; fails where the page breaks a promise."""
    with counted_queries() as statements:
        response = client.get(address)
    assert response.status_code == status, f"{address}: {response.status_code}\n{response.text[:2000]}"
    assert len(statements) <= most_queries, f"{address} asks {len(statements)} questions:\n" + "\n".join(statements)
    return checked(response, address)


def checked(response: TestResponse, address: str = "") -> BeautifulSoup:
    """A page that keeps the promises of the house."""
    page = BeautifulSoup(response.text, "html.parser")
    elements = page.find_all(True)
    assert page.title, f"{address}: no title"
    assert page.title.get_text(strip=True), f"{address}: an empty title"
    names = Counter(element.name for element in elements)
    assert names["h1"] == 1, f"{address}: {names['h1']} h1"
    ids = Counter(element["id"] for element in elements if "id" in element.attrs)
    assert not [name for name, count in ids.items() if count > 1], f"{address}: ids twice: {ids.most_common(3)}"
    labelled = {label.get("for") for label in elements if label.name == "label"}
    for field in elements:
        if field.name not in {"input", "select", "textarea"} or field.get("type") in {"hidden", "submit"}:
            continue
        named = (
            field.get("aria-label")
            or field.get("aria-labelledby")
            or field.get("id") in labelled
            or field.find_parent("label")
        )
        assert named, f"{address}: a field without a label: {field}"
    for form in elements:
        if form.name == "form" and str(form.get("method", "get")).lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), (
                f"{address}: a form without a token: {form.get('action')}"
            )
    assert not names["style"], f"{address}: inline style"
    for element in elements:
        assert element.name != "script" or element.get("src"), f"{address}: inline script"
        bad = [name for name in element.attrs if name == "style" or name.startswith("on")]
        assert not bad, f"{address}: {element.name} carries {bad}"
    return page


class counted_queries:
    """Collect the statements sent to the database inside a block."""

    def __enter__(self) -> list[str]:
        self.statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            self.statements.append(statement)


def token_of(client: FlaskClient, address: str) -> str:
    """The CSRF token of the page at an address."""
    # A page is sent far more often than it is looked at: to read it all for this one field takes as long as to make it.
    field = TOKEN_FIELD.search(client.get(address).text)
    assert field, f"{address}: no token"
    [token] = TOKEN.findall(field.group())
    return str(token)


def send(client: FlaskClient, address: str, values: dict[str, Any], token_from: str = "") -> TestResponse:
    """POST a form with the token of the page it stands on."""
    return client.post(address, data={"csrf_token": token_of(client, token_from or address), **values})
