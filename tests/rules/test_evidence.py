"""Which files may stand as evidence, known by their content."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from tracker.rules.evidence import OFFICE_TYPES, FileRefused, media_type_of

WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}


def archive(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """An archive of these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return file


def is_refused(file: io.BytesIO, name: str) -> bool:
    """Whether a file is refused under this name."""
    try:
        media_type_of(file, name)
    except FileRefused:
        return True
    return False


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"%PDF-1.4\n%%EOF\n", False),
        (b"%PDF-1.4\n" + b"x" * 9_000 + b"%%EOF" + b"\n" * 2_043, False),
        (b"%PDF-1.4\n" + b"x" * 9_000 + b"%%EOF" + b"\n" * 2_044, True),
        (b"%PDF-1.4\n", True),
        (b"%PDF-", True),
    ],
)
def test_a_pdf_ends_as_a_pdf_ends(content: bytes, refused: bool) -> None:
    assert is_refused(io.BytesIO(content), "a.pdf") == refused


def test_a_word_file_is_known_by_its_parts() -> None:
    assert media_type_of(archive(WORD), "a.docx") == OFFICE_TYPES["word/document.xml"]
    assert is_refused(archive(WORD), "a.xlsx")


@pytest.mark.parametrize(
    "name", ["a.exe", "word/b.DLL", "c.js", "d.vbs", "e.bat", "f.scr", "word/vbaProject.bin", "g.exe. "]
)
def test_an_office_file_with_a_program_is_refused(name: str) -> None:
    assert is_refused(archive(WORD | {name: b"x"}), "a.docx")


def test_an_office_file_has_at_most_500_entries() -> None:
    many = {f"word/{number}.xml": b"x" for number in range(498)}
    assert not is_refused(archive(WORD | many), "a.docx")
    assert is_refused(archive(WORD | many | {"word/more.xml": b"x"}), "a.docx")


def test_an_office_file_that_bursts_is_refused() -> None:
    assert is_refused(archive(WORD | {"word/zeros.xml": bytes(2**20)}), "a.docx")
    noise = os.urandom(2**20)
    large = {f"word/{number}.png": noise for number in range(49)}
    assert not is_refused(archive(WORD | large, zipfile.ZIP_STORED), "a.docx")
    assert is_refused(archive(WORD | large | {"word/more.png": noise}, zipfile.ZIP_STORED), "a.docx")


def test_a_damaged_archive_is_refused() -> None:
    assert is_refused(io.BytesIO(b"PK\x03\x04" + bytes(100)), "a.docx")
