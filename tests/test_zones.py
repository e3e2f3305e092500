"""Wherever the server stands, a day of the plan begins and ends on the clock of the office, for everybody at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.factories import World, make_task
from tracker.models import db
from tracker.rules.lifecycle import State
from tracker.settings import ROOT

DUE = date(2026, 3, 10)
# The last moments of the deadline's day in Shanghai, and the first ones of the day after it.
IN_TIME = ("2026-03-10T00:30:00+08:00", "2026-03-10T23:30:00+08:00", "2026-03-10T23:59:59+08:00")
LATE = ("2026-03-11T00:00:00+08:00", "2026-03-11T00:30:00+08:00", "2026-03-11T23:30:00+08:00")
# What the clock of the machine shows at the first moment of the day after the deadline, and when a day is picked.
SHOWS = {
    "UTC": ("2026-03-10 16:00", LATE[1]),
    "Asia/Urumqi": ("2026-03-10 22:00", LATE[2]),
    "America/New_York": ("2026-03-10 12:00", LATE[2]),
}


def said_in(zone: str, app: Flask, key: str, folder: Path, *moments: str) -> dict[str, Any]:
    """What a process says whose machine stands in a zone."""
    url = app.extensions["settings"].database_url
    answer = subprocess.run(
        [sys.executable, "-m", "tests.zone_days", str(folder), key, *moments],
        env={**os.environ, "TZ": zone, "DATABASE_URL": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    return dict(json.loads(answer.stdout.splitlines()[-1]))


@pytest.mark.parametrize("zone", SHOWS)
def test_a_day_is_the_same_on_page_in_mail_in_the_job_and_in_a_form(
    app: Flask, world: World, tmp_path: Path, zone: str
) -> None:
    task = make_task(world.plan, lead=[world.finance], title="界限上的任务", due_on=DUE, state=State.IN_PROGRESS)
    key = task.key
    db.session.commit()
    shown, last = SHOWS[zone]
    said = said_in(zone, app, key, tmp_path / "var", *IN_TIME, *LATE, last)
    assert said[LATE[0]]["server"] == shown
    for moment in IN_TIME:
        assert without_clock(said[moment]) == {
            "today": "2026-03-10",
            **dict.fromkeys(("in_ledger", "in_export", "in_overview", "page"), False),
            "deadline": True,
            "noticed": "noticed=0",
            "notice": None,
            "mail": ["今天到期", "时限3月10日"],
        }
    for moment in LATE:
        assert without_clock(said[moment]) == {
            "today": "2026-03-11",
            **dict.fromkeys(("in_ledger", "in_export", "in_overview", "page"), True),
            "deadline": True,
            "noticed": "noticed=1",
            "notice": "2026-03-11",
            "mail": ["逾期1天", "时限3月10日"],
        }
    # The 12th that is picked in a form is the 12th everywhere.
    assert said["picked"] == {
        "status": 302,
        "stored": "2026-03-12",
        "page": True,
        "day_after": False,
        "export": "2026-03-12",
        "mail": True,
    }


def without_clock(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, without what the clock of the machine showed."""
    return {name: value for name, value in said.items() if name != "server"}
