"""What was read from a file, kept on disk between its preview and its confirmation: under its hash, for a day."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from tracker.actions.evidence import write_whole

KEPT = timedelta(days=1)
MOST_KEPT = 200  # the oldest give way, so that previews never fill the disk


def carry(content: bytes, folder: Path, now: datetime) -> str:
    """Keep a content for a day and give the hash by which it is found; what is older goes."""
    _clean_up(folder, now)
    digest = hashlib.sha256(content).hexdigest()
    write_whole(BytesIO(content), folder / digest)
    return digest


def carried(digest: str, folder: Path) -> bytes | None:
    """The content of a hash; None where it is gone or not what was kept."""
    try:
        content = (folder / digest).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _clean_up(folder: Path, now: datetime) -> None:
    """Take away what is older than a day, and the oldest of too many."""
    aged: list[tuple[float, Path]] = []
    for path in folder.glob("*"):
        with suppress(OSError):  # another import has just taken it away
            aged.append((path.stat().st_mtime, path))
    aged.sort(reverse=True)
    for place, (at, path) in enumerate(aged):
        if place >= MOST_KEPT - 1 or at < (now - KEPT).timestamp():
            with suppress(OSError):
                path.unlink()
