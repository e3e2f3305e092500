"""Files that come with a form: kept at once, carried on by a signed word, refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from flask import abort, current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from tracker.actions.evidence import keep_file
from tracker.actions.photos import keep_photo
from tracker.actions.tasks import KeptFile
from tracker.forms.base import StrictForm
from tracker.rules.evidence import LARGEST_FILE, MOST_FILES, Fault, FileRefused, clean_name
from tracker.rules.photos import PhotoFault, PhotoRefused
from tracker.views.access import person, settings

LARGEST_REQUEST = 3 * LARGEST_FILE + 1024 * 1024
PACK_SECONDS = 24 * 3600


class FilesForm(Protocol):
    """A form that takes files; ``kept`` carries on those of its earlier tries."""

    files: Any
    kept: Any


class FilesRefused(Exception):
    """Files that may not stand as evidence, each with its message; ``kept`` are the good ones beside them."""

    def __init__(self, messages: list[str], kept: list[KeptFile]) -> None:
        super().__init__("；".join(messages))
        self.messages = messages
        self.kept = kept


def takes_files(form: StrictForm) -> bool:
    """Keep what comes with a validated form that takes files; whether every file was taken."""
    if "files" not in form or "kept" not in form:
        return True
    files_of(form)  # type: ignore[arg-type]
    return not form["files"].errors


def carried_files(form: StrictForm) -> list[KeptFile]:
    """The files that a form carries, once they are kept."""
    return unpack(form["kept"].data) if "kept" in form else []


def files_of(form: FilesForm) -> list[KeptFile]:
    """The files of a form with those of earlier tries: kept before the form decides, and carried on by the form.

    Refused files become errors of the form's field.
    """
    takes_photos = getattr(form, "takes_photos", False)
    try:
        files = kept_files(form.files.data, unpack(form.kept.data), keep_photo if takes_photos else keep_file)
    except FilesRefused as refused:
        files, form.files.errors = refused.kept, refused.messages
    form.kept.data = pack(files)
    return files


def kept_files(
    uploads: list[FileStorage] | None, earlier: Sequence[KeptFile] = (), keep: Callable[..., KeptFile] = keep_file
) -> list[KeptFile]:
    """Keep the files of a form beside earlier ones. Raises FilesRefused with a message for each that is refused."""
    kept, messages = list(earlier), []
    for upload in (upload for upload in uploads or [] if upload and upload.filename):
        if len(kept) == MOST_FILES:
            messages.append(_("一次最多上传 %(count)d 个文件", count=MOST_FILES))
            break
        try:
            file = keep(upload.stream, upload.filename or "", settings().evidence_dir)
        except FileRefused as refused:
            messages.append(fault_text(refused))
            continue
        except PhotoRefused as refused:
            messages.append(photo_fault_text(refused.fault, clean_name(upload.filename or "")))
            continue
        if file not in kept:
            kept.append(file)
    if messages:
        raise FilesRefused(messages, kept)
    return kept


def fault_text(refused: FileRefused) -> str:
    """Why a file was refused and what to do, in the reader's words."""
    words = {
        Fault.EMPTY: _("“%(name)s”是空文件，请重新选择", name=refused.name),
        Fault.TOO_LARGE: _("“%(name)s”超过 20 MB，请压缩后再上传", name=refused.name),
        Fault.WRONG_TYPE: _(
            "“%(name)s”不是可接受的类型，请上传 PDF、JPG、PNG、Word（.docx）或 Excel（.xlsx）", name=refused.name
        ),
    }
    return words[refused.fault]


def photo_fault_text(fault: PhotoFault, name: str) -> str:
    """Why a photograph was refused and what to do, in the reader's words."""
    words = {
        PhotoFault.EMPTY: _("“%(name)s”是空文件，请重新选择", name=name),
        PhotoFault.TOO_LARGE: _("“%(name)s”超过 5 MB，请缩小后再上传", name=name),
        PhotoFault.WRONG_TYPE: _("“%(name)s”不是照片，请上传 JPG 或 PNG", name=name),
        PhotoFault.DAMAGED: _("“%(name)s”不完整，或文件末尾附有其他内容，请重新导出后再上传", name=name),
        PhotoFault.TOO_WIDE: _("“%(name)s”尺寸过大（最长边 8000 像素），请缩小后再上传", name=name),
        PhotoFault.HAS_PLACE: _(
            "“%(name)s”带有拍摄地点，没有保存。请用普通浏览器上传（会自动去除），或关闭相机的定位后重拍", name=name
        ),
    }
    return words[fault]


def pack(files: list[KeptFile]) -> str:
    """Files that are kept already, as a signed word that the same person's form carries on."""
    return _signer().dumps([[file.name, file.media_type, file.size, file.sha256] for file in files]) if files else ""


def unpack(packed: str | None) -> list[KeptFile]:
    """The files that a form carries on; a word that is not ours or too old is 400."""
    if not packed:
        return []
    try:
        rows = _signer().loads(packed, max_age=PACK_SECONDS)
    except BadSignature:
        abort(400)
    return [KeptFile(*row) for row in rows]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"kept-files-{person().id}")
