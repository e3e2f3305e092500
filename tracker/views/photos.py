"""工地照片 of a building project: add some, withdraw one, show one."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import photos as acts
from tracker.forms.photos import PhotosForm, WithdrawPhotoForm
from tracker.models import Project, Task, db
from tracker.queries.photos import photo_by_id
from tracker.rules.permissions import Can
from tracker.rules.photos import PhotoRefused
from tracker.translations import ngettext
from tracker.views.access import actor, load_task, needs, refuse, settings
from tracker.views.photo_board import may_withdraw
from tracker.views.project_page import act_on_project
from tracker.views.stored_files import stored_picture
from tracker.views.uploads import carried_files

place = Blueprint("photos", __name__)
PART = "photos"


@place.post("/projects/<key>/photos")
@needs(Can.KEEP_PROJECT)
def add(key: str) -> ResponseReturnValue:
    """Add photographs of one day; two people at once are both kept."""

    def do(project: Project, form: PhotosForm, now: datetime) -> str:
        photos, folder = carried_files(form), settings().evidence_dir
        said = (form.taken_on.data, form.caption.data, photos, folder, form.once.data or "")
        try:
            added = acts.add_photos(actor(), project, *said, now)
        except (PhotoRefused, FileNotFoundError):
            abort(400)  # what the form carried on was kept for another form, not as a photograph
        return ngettext("已保存 %(num)d 张照片", "已保存 %(num)d 张照片", added)

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: PhotosForm(), do, PART)


@place.post("/projects/<key>/photos/withdraw")
@needs(Can.KEEP_PROJECT)
def withdraw(key: str) -> ResponseReturnValue:
    """Show a photograph no more: one's own, or for the office any."""

    def do(project: Project, form: WithdrawPhotoForm, now: datetime) -> str:
        photo = photo_by_id(form.about.data or 0)
        if photo is None or photo.task_id != project.task_id:
            abort(404)
        if not may_withdraw(photo):
            refuse(Can.KEEP_PROJECT, project.task.key, project.task.region_code)
        acts.withdraw_photo(actor(), photo, now)
        return _("已撤下照片“%(name)s”", name=photo.name)

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: WithdrawPhotoForm(), do, PART)


@place.get("/projects/photos/<int(max=2147483647):photo_id>")
@needs(Can.READ_TASK)
def photo(photo_id: int) -> ResponseReturnValue:
    """A photograph to be seen in a page: a verified picture, and never anything else; one that is known is not sent."""
    found = photo_by_id(photo_id)
    if found is None:
        abort(404)
    load_task(db.session.get_one(Task, found.task_id).key, Can.READ_TASK)
    return stored_picture(found)
