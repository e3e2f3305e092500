"""The forms of the photographs of a project: some of one day, and the withdrawal of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField

from tracker.documents.plan_limits import longest
from tracker.forms.base import OnceForm
from tracker.forms.links import about
from tracker.forms.tasks import OfficeForm, filled
from tracker.forms.values import DayField, line
from tracker.models import ProjectPhoto, Task
from tracker.rules.photos import ACCEPT
from tracker.translations import lazy as _l


class PhotosForm(OnceForm):
    """Photographs of one day; the version is not claimed, so that two people at once are both kept.

    With a task it is the form to show, without one the form that was sent.
    """

    refusals = {
        "photos_missing": ("files", _l("请选择照片")),
        "photo_ahead": ("taken_on", _l("请填写拍摄日期，不能晚于今天")),
    }
    taken_on = DayField(_l("拍摄日期"))
    caption = line(_l("说明（如“三层支模”）"), longest(ProjectPhoto.caption))
    files = MultipleFileField(_l("照片"))
    kept = HiddenField()

    accept = ACCEPT
    takes_photos = True

    def __init__(self, task: Task | None = None, typed: Mapping[str, str] | None = None, **values: Any) -> None:
        super().__init__(**filled(task, typed, **values))


class WithdrawPhotoForm(OfficeForm):
    """Show a photograph no more."""

    about = about()
