"""A web process that is killed while it saves leaves an act whole or not at all: state, history and mail together."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from random import Random

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import World, make_task
from tests.torture.conftest import FULL, Keep
from tests.torture.counts import Count
from tests.torture.processes import Place, Process, until
from tests.torture.web import free_port, post, wait_for_web
from tests.visit import client_for
from tracker.actions.record import verified_chain
from tracker.models import Task, db
from tracker.models.engine import reading_only
from tracker.rules.lifecycle import State

KILLS = 200 if FULL else 8
SUBMITTED_ON = date(2026, 3, 2)
SAVED, TOO_LATE = 302, 409
# State, reports, history and mails of a task, read in one statement so that they are of one moment.
STANDING = sa.text(
    """
    SELECT tasks.version,
      (SELECT count(*) FROM reports WHERE reports.task_id = tasks.id),
      (SELECT count(*) FROM events WHERE events.object_id = tasks.key AND events.allowed),
      (SELECT count(*) FROM outbox_items WHERE outbox_items.task_id = tasks.id)
    FROM tasks WHERE tasks.id = :task_id
    """
)
UNTOUCHED = (1, 0, 0, 0)
# One version on, and what each act leaves: a report of 财政局, or two mails to its people.
DONE = {"report": (2, 1, 1, 0), "return": (2, 0, 1, 2)}


@dataclass
class Act:
    """A form that was filled in, and how its sending went."""

    task_id: int
    name: str
    address: str
    values: dict[str, str]
    cookie: str
    status: int | None = None

    def send(self, port: int) -> None:
        """Send it, whatever becomes of the process meanwhile."""
        with suppress(OSError, http.client.HTTPException):
            self.status = post(port, self.address, self.values, self.cookie)

    @property
    def done(self) -> tuple[int, ...]:
        """What stands once it was done."""
        return DONE[self.name]

    def standing(self) -> tuple[int, ...]:
        """What stands now; the database is left free for others."""
        with reading_only():
            found = tuple(db.session.execute(STANDING, {"task_id": self.task_id}).one())
            db.session.rollback()
        return found


def test_a_killed_web_process_leaves_state_history_and_mail_together_or_none(
    app: Flask, place: Place, world: World, chance: Random, keep: Keep
) -> None:
    acts = filled_forms(app, world, KILLS)
    met: Counter[str] = Counter()
    sent: Act | None = None
    for act in acts:
        with served(place) as (port, process):
            pause = sent_again(sent, port) if sent else 0.1
            met[killed_while_saving(act, port, process, chance, pause)] += 1
        sent = act
    with served(place) as (port, _):
        sent_again(acts[-1], port)
    assert [act.standing() for act in acts] == [act.done for act in acts]
    assert verified_chain().broken is None
    db.session.rollback()
    note = ", ".join(f"{count} {when}" for when, count in sorted(met.items()))
    mails = sum(act.done[3] for act in acts)
    keep("T086 killed while saving", Count(mails, 0, 0, 0), kills=len(acts), note=f"killed {note}")


@contextmanager
def served(place: Place) -> Iterator[tuple[int, Process]]:
    """A web process that answers."""
    port = free_port()
    with place.server("--no-scheduler", PORT=str(port)) as process:
        wait_for_web(port, process)
        yield port, process


def sent_again(act: Act, port: int) -> float:
    """Send an act again as a browser does; it was done or is done now, once. The seconds that it took."""
    begun = time.monotonic()
    act.send(port)
    assert act.status in {SAVED, TOO_LATE}, act
    assert act.standing() == act.done, act
    return time.monotonic() - begun


def killed_while_saving(act: Act, port: int, process: Process, chance: Random, usual: float) -> str:
    """Kill the process while it saves, at random or as soon as the act is seen; when that was."""
    sending = threading.Thread(target=act.send, args=(port,))
    sending.start()
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, usual))
    else:
        until(lambda: act.standing() != UNTOUCHED, said=f"{act.name} is saved")
    process.kill()
    found = act.standing()
    sending.join()
    assert found in {UNTOUCHED, act.done}, f"{act.name} half done: {found}"
    if found == UNTOUCHED:
        return "before the save"
    return "after the answer" if act.status else "before the answer"


def filled_forms(app: Flask, world: World, count: int) -> list[Act]:
    """Reports of a unit and returns of the office by turns, each of a task of its own, ready to be sent."""
    tasks = [make_task(world.plan, lead=[world.finance], **standing_before(number)) for number in range(count)]
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    report = {"situation": "done", "text": "已办结", "no_evidence_reason": "材料随后补交", "version": "1"}
    returned = {"reason": "缺第二笔拨款凭证", "version": "1"}
    as_staff, as_office = signed(staff, tasks[0]), signed(office, tasks[1])
    acts = []
    for number, task in enumerate(tasks):
        if number % 2:
            token, cookie = as_office
            acts.append(Act(task.id, "return", f"/tasks/{task.key}/return", {"csrf_token": token, **returned}, cookie))
        else:
            token, cookie = as_staff
            values = {"csrf_token": token, "once": f"once-{number}", **report}
            acts.append(Act(task.id, "report", f"/tasks/{task.key}/report", values, cookie))
    db.session.rollback()
    return acts


def standing_before(number: int) -> dict[str, object]:
    """A task to report on, or one that was submitted."""
    return {"state": State.SUBMITTED, "submitted_on": SUBMITTED_ON} if number % 2 else {"due_on": date(2099, 6, 30)}


def signed(client: FlaskClient, task: Task) -> tuple[str, str]:
    """The token of the forms on a page, and the cookie that goes with it."""
    page = BeautifulSoup(client.get(f"/tasks/{task.key}").text, "html.parser")
    field = page.find("input", attrs={"name": "csrf_token"})
    cookie = client.get_cookie("tracker")
    assert field is not None
    assert cookie is not None
    return str(field["value"]), f"{cookie.key}={cookie.value}"
