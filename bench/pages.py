"""Pages by a client in the same process, beside a bare Flask page: 50 rows by the ORM in a plain table."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask, render_template
from flask.testing import FlaskClient
from jinja2 import DictLoader

from bench.clocks import Timed, side_by_side
from bench.projects import COUNTY
from bench.rows import county_code
from bench.world import People
from tests.visit import counted_queries
from tracker.models import Task, db

BARE_ROWS = 50
BARE = """<!doctype html><title>bare</title><h1>bare</h1><table>
{% for task in tasks %}
<tr><td>{{ task.number }}</td><td>{{ task.title }}</td><td>{{ task.due_on }}</td><td>{{ task.state }}</td></tr>
{% endfor %}</table>"""


@dataclass(frozen=True)
class Place:
    """A page to measure: whose session, which address, and how many times the bare page it may take, if limited."""

    name: str
    who: str
    address: str
    most: float | None = None


@dataclass(frozen=True)
class Measured:
    """A page as measured: milliseconds beside the bare page's, questions to the database, kilobytes over the wire."""

    place: Place
    timed: Timed
    queries: int
    kilobytes: float


PLACES = (
    Place("ledger, a county", "office", "/tasks", 5),
    Place("ledger, the country", "nation", "/tasks", 8),
    Place("ledger, late ones of the country", "nation", "/tasks?light=overdue", 8),
    Place("overview, a county", "office", "/overview", 5),
    Place("overview, the country", "nation", "/overview", 8),
    Place("my work, staff", "staff", "/work", 5),
    Place("my work, plan office", "office", "/work", 5),
    Place("reminders, 300 people", "office", "/reminders", 15),
    Place("jobs and outbox", "office", "/outbox", 8),
    Place("forecast, 200 school units", "office", "/forecast"),
    Place("projects, 400 of a county", "nation", f"/projects?region={COUNTY}", 40),
    Place("task page", "office", f"/tasks/plan-{county_code(0)}-002", 5),
)


def bare_client(database_url: str) -> FlaskClient:
    """A client of an application that has nothing but the bare page, on the same database."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.jinja_loader = DictLoader({"bare.html": BARE})
    db.init_app(app)

    @app.get("/bare")
    def bare() -> str:
        query = sa.select(Task).where(Task.region_code == county_code(0)).order_by(Task.position).limit(BARE_ROWS)
        return render_template("bare.html", tasks=db.session.scalars(query).all())

    return app.test_client()


def measure_bare_sql(app: Flask, bare: FlaskClient, runs: int) -> Timed:
    """Time the statement of the bare page alone, without the ORM, beside the bare page."""
    columns = Task.__table__.columns
    statement = sa.select(*columns).where(columns.region_code == county_code(0)).order_by(columns.position)
    with app.app_context(), db.engine.connect() as connection:
        return side_by_side(
            lambda: connection.execute(statement.limit(BARE_ROWS)).fetchall(), getter(bare, "/bare"), runs
        )


def client_of(app: Flask, token: str) -> FlaskClient:
    """A client with an open session."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def measure(app: Flask, bare: FlaskClient, people: People, place: Place, runs: int) -> Measured:
    """Time a page beside the bare one, count its questions, weigh it. Raises RuntimeError where it does not answer."""
    client = client_of(app, getattr(people, place.who))
    fetch = getter(client, place.address)
    timed = side_by_side(fetch, getter(bare, "/bare"), runs)
    with app.app_context(), counted_queries() as statements:
        fetch()
    return Measured(place, timed, len(statements), kilobytes(client, place.address))


def getter(client: FlaskClient, address: str) -> Callable[[], bytes]:
    """A call that fetches a page whole."""

    def fetch() -> bytes:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
        return response.get_data()

    return fetch


def measure_report(app: Flask, bare: FlaskClient, people: People, runs: int) -> Measured:
    """Time a saved report beside the bare page; fetching the form with its keys is not timed."""
    address = f"/tasks/plan-{county_code(0)}-002"
    client = client_of(app, people.office)
    values: dict[str, str] = {}

    def fill_in() -> None:
        values.clear()
        values.update(_form_values(client.get(address).text, f"{address}/report"))

    def save() -> None:
        response = client.post(f"{address}/report", data=values)
        if response.status_code != 302:
            raise RuntimeError(f"a report is answered by {response.status_code}")

    timed = side_by_side(save, getter(bare, "/bare"), runs, before_ours=fill_in)
    fill_in()
    with app.app_context(), counted_queries() as statements:
        save()
    return Measured(Place("report saved", "office", address), timed, len(statements), 0)


def _form_values(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the report form, with a sentence typed in."""
    form = BeautifulSoup(page, "html.parser").find("form", action=re.compile(rf"^{re.escape(action)}(\?|$)"))
    if form is None:
        raise RuntimeError(f"no form leads to {action}")
    values = {str(field["name"]): str(field.get("value", "")) for field in form.find_all("input", type="hidden")}
    for select in form.find_all("select"):
        values[str(select["name"])] = next(str(o["value"]) for o in select.find_all("option") if o.get("value"))
    return values | {"situation": "on_plan", "text": "按计划推进，砌体完成约七成。"}


def kilobytes(client: FlaskClient, address: str) -> float:
    """The page with its styles and scripts, each compressed as a server would send it."""
    page = client.get(address)
    tree = BeautifulSoup(page.text, "html.parser")
    parts = [link["href"] for link in tree.find_all("link", rel="stylesheet")]
    parts += [script["src"] for script in tree.find_all("script", src=True)]
    bodies = [page.data, *(client.get(part).data for part in parts)]
    return sum(len(gzip.compress(body, 6)) for body in bodies) / 1024
