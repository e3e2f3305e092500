"""The page of a report that came after somebody else's: what stood there, what they saved, what this person typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.tasks import KeptFile, report_sent_as
from tracker.forms.tasks import ReportForm
from tracker.models import Report, Task, db
from tracker.queries.asked import asked_from
from tracker.queries.task import reports_of
from tracker.queries.timeline import timeline
from tracker.rules.differences import Run, differences
from tracker.rules.permissions import Can
from tracker.views.access import load_task
from tracker.views.task_page import speakers_for
from tracker.views.typed import typed_now

MOST_SHOWN = 3  # reports of others beside one's own


@dataclass(frozen=True)
class Saved:
    """A report of another, in runs that differ from what stood before it."""

    report: Report
    runs: Sequence[Run]


def stale_report(key: str, form: ReportForm, files: list[KeptFile]) -> ResponseReturnValue:
    """409: three columns, and the form with everything typed and every file still in it."""
    since = form.version.data or 0
    db.session.rollback()
    task = load_task(key, Can.REPORT)
    if report_sent_as(task, form.once.data or ""):
        return redirect(url_for("tasks.task", key=key))  # the other save was this very form, sent twice at once
    reports = [each for each in reports_of(task) if each.withdrawn_at is None]
    before, saved = meanwhile(task, reports, since)
    form.show_again(task.version)
    page = render_template(
        "tasks/conflict.html",
        task=task,
        form=form,
        files=files,
        typed=typed_now(),
        before=before,
        saved=saved,
        own=differences(saved[0].report.text if saved else "", form.text.data or ""),
        asked=asked_from(task, reports, speakers_for(task)),
    )
    return page, 409


def meanwhile(task: Task, reports: Sequence[Report], since: int) -> tuple[Report | None, list[Saved]]:
    """The report that stood when a form was opened, and those saved since, newest first: those of later versions."""
    fresh = [entry.report for entry in timeline(task, reports).entries if entry.report and entry.version > since]
    earlier = reports[len(fresh)] if len(fresh) < len(reports) else None
    stood = [*fresh[1:], earlier]
    saved = [
        Saved(each, differences(old.text if old else "", each.text)) for each, old in zip(fresh, stood, strict=False)
    ]
    return earlier, saved[:MOST_SHOWN]
