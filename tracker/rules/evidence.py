"""Evidence: which files may stand under a report, known by their content and never by their name alone."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from io import SEEK_END
from typing import BinaryIO

LARGEST_FILE = 20 * 1024 * 1024
MOST_FILES = 10
LONGEST_NAME = 120
# What an Office file may hold; beyond that it is an archive that bursts whoever opens it.
MOST_ENTRIES = 500
LARGEST_UNPACKED = 50 * 1024 * 1024
LARGEST_RATIO = 100
ACTIVE_ENTRIES = (".exe", ".dll", ".js", ".vbs", ".bat", ".scr", "vbaproject.bin")
PDF_END = b"%%EOF"
PDF_TAIL = 2 * 1024
OFFICE_TYPES = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SUFFIXES = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    OFFICE_TYPES["word/document.xml"]: (".docx",),
    OFFICE_TYPES["xl/workbook.xml"]: (".xlsx",),
}
ACCEPT = ",".join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


class Fault(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"


class FileRefused(Exception):
    """A file may not stand as evidence."""

    def __init__(self, name: str, fault: Fault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


def media_type_of(file: BinaryIO, name: str) -> str:
    """The media type by content; the name must agree. Raises FileRefused."""
    file.seek(0)
    head = file.read(8)
    media_type = _by_magic(head) or (_office_type(file) if head.startswith(b"PK\x03\x04") else None)
    if media_type == "application/pdf" and PDF_END not in _tail(file):
        media_type = None
    if media_type is None or not name.lower().endswith(SUFFIXES[media_type]):
        raise FileRefused(name, Fault.WRONG_TYPE)
    return media_type


def clean_name(name: str) -> str:
    """A name to show and to save under: no folders, no control or direction characters, at most 120 characters."""
    name = re.sub(
        r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", name.replace("\\", "/").rsplit("/", 1)[-1]
    ).strip(" .-")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(suffix) - 1] or 'file'}.{suffix}"


def _by_magic(head: bytes) -> str | None:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return None


def _tail(file: BinaryIO) -> bytes:
    """The end of a file, where a whole PDF says that it ends."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - PDF_TAIL))
    return file.read()


def _office_type(file: BinaryIO) -> str | None:
    """Word or Excel without macros and programs; an archive of any other kind, damaged or of absurd size is none."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return None
    names = {entry.filename for entry in entries}
    if _absurd(entries) or "[Content_Types].xml" not in names or any(_active(name) for name in names):
        return None
    return next((media_type for part, media_type in OFFICE_TYPES.items() if part in names), None)


def _absurd(entries: list[zipfile.ZipInfo]) -> bool:
    unpacked, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
    return len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * packed


def _active(name: str) -> bool:
    """Whether a program or a macro stands behind the name; Windows ignores case, and dots and spaces at the end."""
    return name.rstrip(". ").lower().endswith(ACTIVE_ENTRIES)
