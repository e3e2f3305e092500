"""Files under the money and the nodes of building projects: each again, for those who may read the task."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from tracker.models import Task, db
from tracker.queries.project_files import project_file
from tracker.rules.permissions import Can
from tracker.views.access import load_task, needs
from tracker.views.stored_files import stored_file

place = Blueprint("project_files", __name__)


@place.get("/projects/files/<int(max=2147483647):file_id>")
@needs(Can.READ_TASK)
def download(file_id: int) -> ResponseReturnValue:
    """A file as a download, never shown by the browser as a page of ours."""
    found = project_file(file_id)
    if found is None:
        abort(404)
    load_task(db.session.get_one(Task, found.task_id).key, Can.READ_TASK)
    return stored_file(found)
