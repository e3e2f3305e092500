"""What kind of file this is, by its first bytes and by what it holds: a name proves nothing."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from typing import BinaryIO

from tracker.documents.readers.refused import PaperRefusal, PaperRefused

HEAD = 2048
OLE, ZIP, XML_UTF16 = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", "<?xml".encode("utf-16-le")
# The first bytes of what cannot be read, and why.
BEGINNINGS = (
    (b"%PDF", PaperRefusal.PDF),
    (b"{\\rtf", PaperRefusal.RTF),
    (b"\x89PNG", PaperRefusal.PICTURE),
    (b"\xff\xd8\xff", PaperRefusal.PICTURE),
    (b"GIF8", PaperRefusal.PICTURE),
    (b"BM6", PaperRefusal.PICTURE),
    (b"II*\0", PaperRefusal.PICTURE),
    (b"MM\0*", PaperRefusal.PICTURE),
    (b"MZ", PaperRefusal.UNKNOWN),
    (b"\x7fELF", PaperRefusal.UNKNOWN),
    (b"%!PS", PaperRefusal.UNKNOWN),
    (b"Rar!", PaperRefusal.UNKNOWN),
    (b"7z\xbc\xaf", PaperRefusal.UNKNOWN),
    (b"\x1f\x8b", PaperRefusal.UNKNOWN),
)
# Names of streams in a file of the old kind, as such a file writes them.
STREAMS = (
    ("EncryptedPackage", PaperRefusal.ENCRYPTED),
    ("WpsDocument", PaperRefusal.WPS),
    ("WordDocument", PaperRefusal.OLD_WORD),
    ("Workbook", PaperRefusal.OLD_EXCEL),
    ("Book", PaperRefusal.OLD_EXCEL),
)
OLD_NAMES = {
    ".doc": PaperRefusal.OLD_WORD,
    ".dot": PaperRefusal.OLD_WORD,
    ".xls": PaperRefusal.OLD_EXCEL,
    ".wps": PaperRefusal.WPS,
    ".et": PaperRefusal.WPS,
}
LARGEST_OLE = 24 * 1024 * 1024


class FileKind(StrEnum):
    """What is read."""

    WORD = "word"
    EXCEL = "excel"
    TEXT = "text"


def kind_of(file: BinaryIO, name: str) -> FileKind:
    """The kind of a file. Raises PaperRefused for whatever is not read."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip():
        raise PaperRefused(PaperRefusal.EMPTY)
    if head.startswith(OLE):
        raise PaperRefused(_old(file, name))
    if head.startswith(ZIP):
        return _packed(file)
    lowered = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, refusal in BEGINNINGS:
        if head.startswith(beginning):
            raise PaperRefused(refusal)
    if lowered.startswith((b"<!doctype html", b"<html", b"mime-version:")):
        raise PaperRefused(PaperRefusal.WEB_PAGE)
    if lowered.startswith(b"<?xml") or head.startswith((XML_UTF16, b"\xff\xfe" + XML_UTF16)):
        raise PaperRefused(PaperRefusal.UNKNOWN)
    return FileKind.TEXT


def _old(file: BinaryIO, name: str) -> PaperRefusal:
    """What wrote a file of the old kind, as well as it shows."""
    content = file.read(LARGEST_OLE)
    for stream, refusal in STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in content:
            return OLD_NAMES.get(_ending(name), refusal) if refusal is PaperRefusal.OLD_WORD else refusal
    return OLD_NAMES.get(_ending(name), PaperRefusal.OLD_OFFICE)


def _ending(name: str) -> str:
    return "." + name.lower().rpartition(".")[2]


def _packed(file: BinaryIO) -> FileKind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = {each.filename.lower() for each in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise PaperRefused(PaperRefusal.DAMAGED) from error
    finally:
        file.seek(0)
    if "word/document.xml" in names:
        return FileKind.WORD
    if "xl/workbook.xml" in names:
        return FileKind.EXCEL
    if "ofd.xml" in names:
        raise PaperRefused(PaperRefusal.OFD)
    raise PaperRefused(PaperRefusal.OPEN_DOCUMENT if "content.xml" in names else PaperRefusal.UNKNOWN)
