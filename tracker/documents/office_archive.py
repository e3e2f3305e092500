"""Whether an Office file may be opened at all: size, shape and XML are looked at before anything parses it."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from enum import StrEnum
from io import SEEK_END
from typing import BinaryIO
from xml.parsers import expat

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_DOCUMENT = 20 * 1024 * 1024  # with its pictures
MOST_ENTRIES = 500
LARGEST_UNPACKED = 50 * 1024 * 1024
LARGEST_RATIO = 100
CHUNK = 256 * 1024
XML_NAMES = (".xml", ".rels")
# What a damaged archive raises, or one whose XML is in no encoding that is known.
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, LookupError),
    *(NotImplementedError, EOFError, OSError, ValueError, RuntimeError),
)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Refusal(StrEnum):
    """Why a file is not opened, or holds nothing to read."""

    TOO_LARGE = "too_large"
    NOT_EXCEL = "not_excel"
    NOT_WORD = "not_word"
    MACROS = "macros"
    BURSTS = "bursts"
    DECLARES = "declares"
    DAMAGED = "damaged"
    NO_SHEET = "no_sheet"
    TOO_MANY_ROWS = "too_many_rows"


class SheetRefused(Exception):
    """A file that is not read; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def check_archive(file: BinaryIO, name: str) -> None:
    """Refuse what is no plain .xlsx of sane size without document type declarations. Raises SheetRefused.

    Every entry is looked at, whatever it is called: a workbook may point at any of them.
    """
    if file.seek(0, SEEK_END) > LARGEST_FILE:
        raise SheetRefused(Refusal.TOO_LARGE)
    file.seek(0)
    head = file.read(4)
    if head == OLD_EXCEL or name.lower().endswith((".xls", ".xlsm", ".xlsb", ".xltm")):
        raise SheetRefused(Refusal.MACROS)
    if not name.lower().endswith(".xlsx") or head != b"PK\x03\x04":
        raise SheetRefused(Refusal.NOT_EXCEL)
    _check_package(file, "xl/workbook.xml", Refusal.NOT_EXCEL)


def check_document(file: BinaryIO) -> None:
    """Refuse what is no plain .docx of sane size without document type declarations. Raises SheetRefused."""
    if file.seek(0, SEEK_END) > LARGEST_DOCUMENT:
        raise SheetRefused(Refusal.TOO_LARGE)
    file.seek(0)
    _check_package(file, "word/document.xml", Refusal.NOT_WORD)


def _check_package(file: BinaryIO, main_part: str, otherwise: Refusal) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive.infolist(), main_part, otherwise)
            for entry in archive.infolist():
                _check_entry(archive, entry)
    except UNREADABLE as error:
        raise SheetRefused(Refusal.DAMAGED) from error
    file.seek(0)


def _check_entries(entries: list[zipfile.ZipInfo], main_part: str, otherwise: Refusal) -> None:
    unpacked, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(1, packed):
        raise SheetRefused(Refusal.BURSTS)
    names = {each.filename.rstrip(". ").lower() for each in entries}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise SheetRefused(Refusal.MACROS)
    if main_part not in names:
        raise SheetRefused(otherwise)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a document type declaration, in whatever encoding it is written: entities begin with one."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declaration
    try:
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        if entry.filename.lower().endswith(XML_NAMES):
            raise SheetRefused(Refusal.DAMAGED) from error


def _refuse_declaration(*_declared: object) -> None:
    raise SheetRefused(Refusal.DECLARES)
