"""Queueing the digests of a morning beside the bare statements, and sending them beside a bare smtplib loop.

Both work on counties in which every task is open: ten people each, who are asked about two thirds of their tasks. The
statements are one SELECT of all that asks them and INSERTs of finished rows; the loop builds a message per mail of the
same size and sends it over one connection.
"""

from __future__ import annotations

import multiprocessing
import resource
import smtplib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench.rows import TASKS, UNITS, Row, county_code, open_state
from bench.sink import HOST, sink
from bench.world import CROWD, first_of_crowd, insert
from tracker import clock, create_app
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import Account, AccountUnit, JobRun, OutboxItem, OutboxMail, Task, db
from tracker.notifications import mailer
from tracker.queries.outbox import waiting_count
from tracker.queries.reminders import on_the_ladder
from tracker.queries.routing import not_yet_done, recipient_columns, with_asked_units
from tracker.rules.ladders import DEFAULT
from tracker.rules.permissions import Role
from tracker.rules.workdays import is_workday
from tracker.settings import Settings

PEOPLE = 9  # of a county, beside the one whom it has already
SENDER = "duban@bench.example"
TURNS = 3
JOB = next(job for job in TIMETABLE if job.name == "queue_digests")


@dataclass(frozen=True)
class Queued:
    """A morning's digests as measured: seconds beside those of the bare statements, how many, and megabytes at most."""

    ours: float
    bare_select: float
    bare_insert: float
    mails: int
    items: int
    megabytes: float

    @property
    def bare(self) -> float:
        """The seconds of both bare statements."""
        return self.bare_select + self.bare_insert

    @property
    def ratio(self) -> float:
        """How often they fit into ours."""
        return self.ours / self.bare


@dataclass(frozen=True)
class Sent:
    """A queue sent: how many mails and seconds of ours, and seconds of the bare loop for as many of the same size."""

    mails: int
    ours: float
    bare: float

    @property
    def share(self) -> float:
        """Our rate as a part of the bare one."""
        return self.bare / self.ours


def morning() -> datetime:
    """Ten o'clock of the next working day, when every digest is due."""
    day = clock.today()
    while not is_workday(day):
        day += timedelta(days=1)
    return clock.at_office(day, 10)


def open_all(app: Flask, counties: int, now: datetime) -> None:
    """Open every task and give each county ten people who look after its units."""
    with app.app_context(), db.engine.begin() as connection:
        for turn in range(TASKS):
            of_turn = sa.update(Task).where(Task.position == turn + 1)
            connection.execute(of_turn.values(**open_state(turn, clock.office_day(now))))
        crowd = first_of_crowd(counties)
        first = crowd + CROWD
        connection.execute(sa.delete(AccountUnit).where(AccountUnit.account_id.between(crowd, first - 1)))
        numbers = range(counties * PEOPLE)
        insert(connection, Account, (_person(first, number, now) for number in numbers))
        # The first unit has its staff; the last ones share people with those before them.
        looked_after = [(place, (place - 1) % PEOPLE) for place in range(1, UNITS)]
        insert(
            connection,
            AccountUnit,
            (
                {"account_id": first + county * PEOPLE + person, "unit_id": county * UNITS + 1 + place}
                for county in range(counties)
                for place, person in looked_after
            ),
        )


def _person(first: int, number: int, now: datetime) -> Row:
    county, place = divmod(number, PEOPLE)
    name = f"person-{county_code(county)}-{place}"
    return {
        "id": first + number,
        "username": name,
        "name": name,
        "role": Role.UNIT_STAFF,
        "region_code": county_code(county),
        "email": f"{name}@bench.example",
        "password_hash": "!",
        "must_change_password": False,
        "password_changed_at": now,
        "created_at": now,
    }


def measure_queueing(app: Flask, now: datetime, turns: int) -> Queued:
    """Time the job of the morning in a process of its own beside its statements alone; its mails stay queued."""
    settings = app.extensions["settings"]
    in_process(queue, settings, now)  # says which rows the bare statements write
    times: list[tuple[float, float, float]] = []
    with app.app_context():
        mails, items = (
            [dict(row) for row in db.session.execute(sa.select(model.__table__)).mappings()]
            for model in (OutboxMail, OutboxItem)
        )
        db.session.commit()
        for _ in range(turns):
            forget()
            selected = seconds(lambda: select_asks(now))
            inserted = seconds(lambda: insert_mails(mails, items))
            forget()
            ours, megabytes = in_process(queue, settings, now)
            times.append((ours, selected, inserted))
    ours, selected, inserted = (statistics.median(each) for each in zip(*times, strict=True))
    return Queued(ours, selected, inserted, len(mails), len(items), megabytes)


def in_process(call: Callable[..., Any], *arguments: object) -> Any:
    """Call a function in a fresh process, whose memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(call, arguments)


def queue(settings: Settings, now: datetime) -> tuple[float, float]:
    """Run the job of the morning; the seconds it took, and the most memory that the process ever held, in megabytes."""
    app = create_app(settings)
    with app.app_context():
        db.session.execute(sa.select(1))
        db.session.commit()
        taken = seconds(lambda: run_morning(now))
        db.engine.dispose()
    return taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_morning(now: datetime) -> None:
    """Queue the digests as the timetable does. Raises RuntimeError where that fails."""
    outcome = run_job(JOB, now, chosen=True)
    if outcome.error or not outcome.result:
        raise RuntimeError(f"the digests are not queued: {outcome}")


def select_asks(now: datetime) -> None:
    """Fetch what asks whom on a day, as rows."""
    day = clock.office_day(now)
    columns = [Task.id, Task.key, Task.number, Task.title, Task.requirement, Task.state, Task.due_on, Task.late_from]
    query = with_asked_units(recipient_columns(), columns).where(*on_the_ladder(day, DEFAULT.reach), not_yet_done())
    with db.engine.connect() as connection:
        connection.execute(query).fetchall()


def insert_mails(mails: list[Row], items: list[Row]) -> None:
    """Store finished mails and what they mention."""
    with db.engine.begin() as connection:
        connection.execute(sa.insert(OutboxMail.__table__), mails)  # type: ignore[arg-type]
        connection.execute(sa.insert(OutboxItem.__table__), items)  # type: ignore[arg-type]


def forget() -> None:
    """Empty the outbox and let the job run again."""
    with db.engine.begin() as connection:
        connection.execute(sa.delete(OutboxItem))
        connection.execute(sa.delete(OutboxMail))
        connection.execute(sa.delete(JobRun).where(JobRun.job == JOB.name))


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def measure_sending(app: Flask, now: datetime) -> Sent:
    """Send what is queued to a sink; half of the bare loop runs before it, half after, as a busy machine demands."""
    with app.app_context():
        letters = list(
            db.session.execute(sa.select(OutboxMail.address, OutboxMail.subject, OutboxMail.text, OutboxMail.html))
        )
        db.session.commit()
        middle = len(letters) // 2
        with sink() as server:
            bare = seconds(lambda: bare_loop(server.port, letters[:middle]))
            with sending_to(app, server.port):
                ours = seconds(lambda: deliver_all(now))
            bare += seconds(lambda: bare_loop(server.port, letters[middle:]))
    if server.taken != 2 * len(letters):
        raise RuntimeError(f"{len(letters)} mails were sent twice, but the sink took {server.taken}")
    return Sent(len(letters), ours, bare)


@contextmanager
def sending_to(app: Flask, port: int) -> Iterator[None]:
    """Let the application send to a port of this machine."""
    plain = app.extensions["settings"]
    app.extensions["settings"] = replace(plain, smtp_host=HOST, smtp_port=port, mail_from=SENDER)
    yield
    app.extensions["settings"] = plain


def deliver_all(now: datetime) -> None:
    """Deliver until nothing waits. Raises RuntimeError where a mail is not sent."""
    while waiting_count():
        db.session.commit()
        tally = mailer.deliver(now)
        if not tally or set(tally) != {"sent"}:
            raise RuntimeError(f"not all mails are sent: {tally}")


def bare_loop(port: int, letters: Sequence[sa.Row[Any]]) -> None:
    """What anybody would write: one connection, one message built and sent after the other."""
    with smtplib.SMTP(HOST, port) as server:
        for address, subject, text, html in letters:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = SENDER, address, subject
            message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="bench.example")
            message.set_content(text, cte="base64")
            message.add_alternative(html, subtype="html", cte="base64")
            server.send_message(message)
