"""What a played fortnight needs: a clock that it moves and pictures of every page it meets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tracker import clock
from tracker.jobs.job import Outcome
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE, is_missing
from tracker.models import db
from tracker.rules.workdays import is_workday
from tracker.settings import ROOT

PICTURES = ROOT / ".cache" / "fortnight"


def next_working_fortnight(today: date) -> date:
    """The first Monday after a day whose two weeks have no holiday: a clock never runs behind what is stored."""
    monday = today + timedelta(days=7 - today.weekday())
    while not all(is_workday(monday + timedelta(days=week * 7 + day)) for week in (0, 1) for day in range(5)):
        monday += timedelta(days=7)
    return monday


@dataclass
class Fortnight:
    """The calendar of one county as a test plays it: it sets the clock, lets jobs run and keeps pictures."""

    app: Flask
    monkeypatch: pytest.MonkeyPatch
    monday: date
    pictures: int = 0
    folder: Path = PICTURES

    def on(self, day: int) -> date:
        """A day of the story; the first Monday is 0."""
        return self.monday + timedelta(days=day)

    def words(self, day: int) -> str:
        """A day as a plan writes it."""
        value = self.on(day)
        return f"{value.year}年{value.month}月{value.day}日"

    def at(self, day: int, time: str) -> datetime:
        """Set the office's clock and run the jobs that are due by then, as the scheduler would."""
        moment = f"{self.on(day).isoformat()}T{time}"
        self.monkeypatch.setenv("TRACKER_FAKE_NOW", moment)
        now = clock.as_instant(moment)
        self.jobs(now)
        return now

    @property
    def today(self) -> date:
        """The day that the office's clock shows."""
        return clock.today()

    def jobs(self, now: datetime) -> list[Outcome]:
        """Run every daily and weekly job whose hour has come and whose work is not done."""
        done = [run_job(job, now) for job in TIMETABLE if is_missing(job, now)]
        db.session.remove()
        return done

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture of a page under the next number."""
        self.pictures += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{self.pictures:02}-{name}.png", full_page=True)
