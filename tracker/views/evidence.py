"""Evidence: a file again, for those who may read its task."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from tracker.models import Task, db
from tracker.queries.task import evidence_file
from tracker.rules.permissions import Can
from tracker.views.access import load_task, needs
from tracker.views.stored_files import stored_file

place = Blueprint("evidence", __name__)


@place.get("/evidence/<int(max=2147483647):evidence_id>")
@needs(Can.READ_TASK)
def download(evidence_id: int) -> ResponseReturnValue:
    """A file as a download, never shown by the browser as a page of ours."""
    found = evidence_file(evidence_id)
    if found is None:
        abort(404)
    owner = db.session.get_one(Task, found.report.task_id)
    load_task(owner.key, Can.READ_TASK)
    return stored_file(found)
