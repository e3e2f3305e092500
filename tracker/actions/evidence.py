"""Keep a file of evidence on disk under its SHA-256."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from tracker.actions.tasks import KeptFile
from tracker.rules.evidence import LARGEST_FILE, Fault, FileRefused, clean_name, media_type_of

CHUNK = 1024 * 1024


def keep_file(file: BinaryIO, name: str, folder: Path) -> KeptFile:
    """Store a file under its hash, once however often it comes. Raises FileRefused; nothing half-written stays."""
    name = clean_name(name)
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise FileRefused(name, Fault.EMPTY)
    if size > LARGEST_FILE:
        raise FileRefused(name, Fault.TOO_LARGE)
    media_type = media_type_of(file, name)
    digest = _digest(file)
    target = evidence_path(folder, digest)
    if not target.exists():
        write_whole(file, target)
    return KeptFile(name, media_type, size, digest)


def evidence_path(folder: Path, sha256: str) -> Path:
    """Where a file lies; the first two digits spread the folders."""
    return folder / sha256[:2] / sha256


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def write_whole(file: BinaryIO, target: Path) -> None:
    """Write beside the target and move into place, so that a name never stands for half a file."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{secrets.token_hex(8)}")
    file.seek(0)
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            while chunk := file.read(CHUNK):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
