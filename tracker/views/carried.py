"""What was read from a file between its preview and its confirmation: kept on disk, and found by a signed word.

The word names the person and the hash of what was kept, so that nobody confirms what they were not shown.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker import clock
from tracker.actions.carried_files import carried, carry
from tracker.views.access import person, settings

CARRIED_SECONDS = 24 * 3600


def keep(kind: str, content: list[Any]) -> str:
    """Keep what was read and shown; returns the signed word that the same person's form carries on."""
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode())
    return str(_signer(kind).dumps(carry(packed, _folder(), clock.now())))


def kept(kind: str, word: str) -> Any:
    """What a word stands for; one that is not ours is 400, content that is gone 409."""
    try:
        content = carried(_signer(kind).loads(word, max_age=CARRIED_SECONDS), _folder())
    except BadSignature:
        abort(400)
    if content is None:
        abort(409, description=_("读取的内容只保留一天，已经清除。请重新选择文件。"))
    return json.loads(zlib.decompress(content))


def _folder() -> Path:
    """Where the contents of files lie until they are confirmed."""
    return settings().var_dir / "carried"


def _signer(kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"kept-{kind}-{person().id}")
