"""Evidence: a file again, for those who may read its task."""

from __future__ import annotations

from flask import Blueprint, abort, send_file
from flask.typing import ResponseReturnValue

from tracker.actions.evidence import evidence_path
from tracker.models import Task, db
from tracker.queries.task import evidence_file
from tracker.rules.permissions import Can
from tracker.views.access import load_task, needs, settings

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
    path = evidence_path(settings().evidence_dir, found.sha256)
    if not path.exists():
        abort(404)
    response = send_file(
        path, mimetype=found.media_type, as_attachment=True, download_name=found.name, conditional=False
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
