"""Files that are kept on disk, given back so that a browser never runs them as a page of ours."""

from __future__ import annotations

from typing import Protocol

from flask import Response, abort, send_file

from tracker.actions.evidence import evidence_path
from tracker.views.access import settings


class StoredFile(Protocol):
    """What is known of a file: the name for people, the verified type, and the hash under which it lies."""

    name: str
    media_type: str
    sha256: str


def stored_file(file: StoredFile) -> Response:
    """A file as a download; 404 where it is gone from disk."""
    return _sent(file, as_attachment=True, conditional=False)


def stored_picture(file: StoredFile) -> Response:
    """A verified picture to be seen in a page; one that the browser has already is not sent again."""
    return _sent(file, etag=file.sha256)


def _sent(file: StoredFile, **how: bool | str) -> Response:
    path = evidence_path(settings().evidence_dir, file.sha256)
    if not path.exists():
        abort(404)
    response = send_file(path, mimetype=file.media_type, download_name=file.name, **how)  # type: ignore[arg-type]
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
