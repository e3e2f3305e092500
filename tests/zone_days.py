"""What a server says at certain moments, in a process whose machine stands in another zone.

``python -m tests.zone_days FOLDER TASK MOMENT…`` prints a line of JSON: for each moment what pages, mails and the job
say, then what becomes of the 12th that somebody picks in a form.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.conftest import settings_for
from tests.views.test_ledger_export import rows_of
from tests.views.test_tasks_desk import act
from tests.visit import Visitor, client_for
from tracker import clock, create_app
from tracker.jobs import notice_overdue
from tracker.models import Account, OutboxMail, OverdueNotice, Task, db
from tracker.notifications.digest import queue_digests

PICKED = "2026-03-12"


def said_at(app: Flask, task: Task) -> dict[str, Any]:
    """What everybody says of a task now; what the jobs do is undone."""
    now = clock.now()
    office = client_for(app, account("office"))
    late = office.get("/tasks?light=overdue").text
    page = office.get(f"/tasks/{task.key}").text
    overview = client_for(app, account("leader")).get("/overview").text
    exported = rows_of(office.get("/tasks/export.xlsx?cols=due,key&light=overdue"))
    noticed = notice_overdue.run(now)
    notice = db.session.scalar(sa.select(OverdueNotice.noticed_on).where(OverdueNotice.task_id == task.id))
    queue_digests(now)
    mail = db.session.scalars(sa.select(OutboxMail.text).where(OutboxMail.kind == "digest")).first() or ""
    db.session.rollback()
    return {
        "server": now.astimezone().strftime("%Y-%m-%d %H:%M"),
        "today": clock.today().isoformat(),
        "in_ledger": task.title in late,
        "in_export": any(task.title in map(str, row) for row in exported),
        "in_overview": f"{task.title}</a>" in overview and "1 天" in overview,
        "page": "逾期 1 天" in page or "逾期1天" in page,
        "deadline": "2026年3月10日" in page,
        "noticed": noticed,
        "notice": notice.isoformat() if notice else None,
        "mail": [part for part in ("逾期1天", "今天到期", "时限3月10日") if part in mail],
    }


def picked(app: Flask, task: Task) -> dict[str, Any]:
    """What becomes of a day that is picked in a form now."""
    office = client_for(app, account("office"))
    status = act(office, task, "redate", due_on=PICKED, reason="规划调整").status_code
    db.session.expire_all()
    mail = db.session.scalars(sa.select(OutboxMail.text).where(OutboxMail.kind == "redated")).first() or ""
    page = office.get(f"/tasks/{task.key}").text
    exported = rows_of(office.get("/tasks/export.xlsx?cols=due&q=" + task.title))
    return {
        "status": status,
        "stored": str(task.due_on),
        "page": "2026年3月12日" in page,
        "day_after": "2026年3月13日" in page,
        "export": str(exported[-1][-1])[:10],
        "mail": "3月12日" in mail,
    }


def account(username: str) -> Account:
    """A person of the cast."""
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def main(folder: str, key: str, *moments: str) -> None:
    """Say everything; the last moment is the one at which the 12th is picked."""
    app = create_app(settings_for(os.environ["DATABASE_URL"], Path(folder)))
    app.test_client_class = Visitor
    said: dict[str, Any] = {}
    with app.app_context():
        for moment in moments:
            os.environ["TRACKER_FAKE_NOW"] = datetime.fromisoformat(moment).isoformat()
            task = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
            said[moment] = said_at(app, task)
        task = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
        said["picked"] = picked(app, task)
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
