"""What is not read, told by its content: each kind with its own reason."""

from __future__ import annotations

import socket
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.documents.readers.test_plain_text import texts
from tests.documents.readers.word_files import SPACES, TYPES, packed, paragraph, word_file
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.refused import PaperRefusal, PaperRefused
from tracker.rules.reading.papers import NoteKind, PaperKind
from tracker.views.import_words import REFUSALS

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DOCUMENT = f"<w:document {SPACES}><w:body>{paragraph('正文。')}</w:body></w:document>"


def refusal(content: bytes | BytesIO, name: str = "方案.docx") -> PaperRefusal:
    """Why this file is not read."""
    with pytest.raises(PaperRefused) as refused:
        read_paper(content if isinstance(content, BytesIO) else BytesIO(content), name)
    return refused.value.refusal


def stream(name: str) -> bytes:
    """An old office file with a stream of this name."""
    return OLE + name.encode("utf-16-le") + b"\0" * 64


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.docx", PaperRefusal.EMPTY),
        (b" \n\t\n", "a.txt", PaperRefusal.EMPTY),
        (stream("WordDocument"), "a.doc", PaperRefusal.OLD_WORD),
        (stream("WordDocument"), "a.docx", PaperRefusal.OLD_WORD),
        (stream("WordDocument"), "a.wps", PaperRefusal.WPS),
        (stream("Workbook"), "a.xlsx", PaperRefusal.OLD_EXCEL),
        (stream("EncryptedPackage"), "a.docx", PaperRefusal.ENCRYPTED),
        (OLE, "a.docx", PaperRefusal.OLD_OFFICE),
        (b"%PDF-1.7\n", "a.docx", PaperRefusal.PDF),
        (b"{\\rtf1\\ansi", "a.doc", PaperRefusal.RTF),
        (b"\x89PNG\r\n\x1a\n", "a.txt", PaperRefusal.PICTURE),
        (b"<!DOCTYPE html><html>", "a.doc", PaperRefusal.WEB_PAGE),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            "a.txt",
            PaperRefusal.UNKNOWN,
        ),
        (b"MZ\x90\0", "a.docx", PaperRefusal.UNKNOWN),
        (b"PK\x03\x04 and no archive", "a.docx", PaperRefusal.DAMAGED),
        (b"\x80\x81\xff\xfe\0\1\2", "a.txt", PaperRefusal.UNKNOWN),
    ],
)
def test_what_cannot_be_read_is_told_by_its_content(content: bytes, name: str, reason: PaperRefusal) -> None:
    assert refusal(content, name) is reason


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("OFD.xml", PaperRefusal.OFD),
        ("content.xml", PaperRefusal.OPEN_DOCUMENT),
        ("a.exe", PaperRefusal.UNKNOWN),
    ],
)
def test_an_archive_that_is_no_office_file_is_told_by_its_parts(part: str, reason: PaperRefusal) -> None:
    assert refusal(packed({part: "x"})) is reason


def test_macros_are_refused_whatever_the_file_is_called() -> None:
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": DOCUMENT, "word/vbaProject.bin": b"x"}
    assert refusal(packed(parts)) is PaperRefusal.MACROS


@pytest.mark.parametrize("part", ["word/document.xml", "word/numbering.xml", "word/odd.bin", "docProps/app.xml"])
def test_a_declaration_in_any_part_is_refused(part: str) -> None:
    declares = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": DOCUMENT, part: declares}
    assert refusal(packed(parts)) is PaperRefusal.DECLARES


def test_bombs_are_refused_before_anything_is_parsed() -> None:
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": DOCUMENT}
    assert refusal(packed({**parts, "word/a.xml": b"\0" * 60 * 1024 * 1024})) is PaperRefusal.BURSTS
    assert refusal(packed({**parts, **{f"word/{count}.xml": "<a/>" for count in range(600)}})) is PaperRefusal.BURSTS
    assert refusal(b"a" * (21 * 1024 * 1024), "a.txt") is PaperRefusal.TOO_LARGE
    assert refusal(b"a" * (6 * 1024 * 1024), "a.txt") is PaperRefusal.TOO_LARGE


@pytest.mark.parametrize("broken", ["<w:document", "<a/>", f"<w:document {SPACES}/>"])
def test_a_damaged_document_is_refused(broken: str) -> None:
    assert refusal(packed({"[Content_Types].xml": TYPES, "word/document.xml": broken})) is PaperRefusal.DAMAGED


def spoilt(file: BytesIO, method: int) -> BytesIO:
    """A package whose words are damaged within their compressed bytes."""
    content = bytearray(packed_with(file, method).getvalue())
    at = content.index(b"word/document.xml") + len(b"word/document.xml") + 20
    content[at : at + 12] = b"\xff" * 12
    return BytesIO(bytes(content))


def packed_with(file: BytesIO, method: int) -> BytesIO:
    """The same package, compressed in another way."""
    out = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damaged_bytes_are_refused_however_they_are_compressed(method: int) -> None:
    whole = word_file("".join(paragraph(str(n * 7919)) for n in range(900)))
    assert refusal(spoilt(whole, method)) is PaperRefusal.DAMAGED


@pytest.mark.parametrize("encoding", ["x-foo", "rot13", "hex", "utf-7"])
def test_parts_in_an_unknown_encoding_are_refused(encoding: str) -> None:
    odd = f'<?xml version="1.0" encoding="{encoding}"?><a/>'
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": DOCUMENT, "word/media/a.xml": odd}
    assert refusal(packed(parts)) is PaperRefusal.DAMAGED


def test_documents_of_unheard_of_length_are_refused() -> None:
    assert refusal(word_file("".join(paragraph(str(n * 7919)) for n in range(20_001)))) is PaperRefusal.TOO_LONG
    assert refusal(("一、建设\n" * 60_001).encode(), "a.txt") is PaperRefusal.TOO_LONG
    assert refusal(("建设" * 750_001).encode("gb18030"), "a.txt") is PaperRefusal.TOO_LONG


def test_a_sheet_that_repeats_a_long_word_without_end_is_refused() -> None:
    book, word = Workbook(), "".join(chr(0x4E00 + count * 7919 % 20_000) for count in range(10_000))
    for _row in range(160):
        book.active.append([word])  # type: ignore[union-attr]
    file = BytesIO()
    book.save(file)
    assert refusal(file, "a.xlsx") is PaperRefusal.TOO_LONG


def test_a_row_far_below_is_refused_before_the_rows_between_are_walked() -> None:
    book = Workbook()
    book.active.cell(1_048_576, 1, "末行")  # type: ignore[union-attr]
    file = BytesIO()
    book.save(file)
    assert refusal(file, "a.xlsx") is PaperRefusal.TOO_MANY_ROWS


def test_tables_nested_without_end_are_refused() -> None:
    start, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    assert refusal(word_file(start * 40 + paragraph("深") + end * 40)) is PaperRefusal.BURSTS


def test_a_word_file_cut_short_is_refused() -> None:
    assert refusal(word_file(paragraph("正文。" * 100)).getvalue()[:400]) is PaperRefusal.DAMAGED


def test_a_nest_too_deep_to_walk_is_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
    assert refusal(word_file(deep + "".join(paragraph(str(n) * 40) for n in range(9999)))) in {
        PaperRefusal.DAMAGED,
        PaperRefusal.BURSTS,
    }


def test_an_empty_document_is_refused() -> None:
    assert refusal(word_file(paragraph(""))) is PaperRefusal.EMPTY


def test_links_to_elsewhere_are_noted_and_never_followed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/a.dotx"
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" TargetMode="External" Type="{kind}image" Target="{address}"/>'
            f'<Relationship Id="b" TargetMode="External" Type="{kind}hyperlink" Target="{address}"/></Relationships>'
        )
        parts = {"[Content_Types].xml": TYPES, "word/document.xml": DOCUMENT, "word/_rels/document.xml.rels": relations}
        paper = read_paper(packed(parts), "a.docx")
        with pytest.raises(TimeoutError):
            listener.accept()
    assert [(note.kind, note.count) for note in paper.notes] == [(NoteKind.OUTSIDE_LINK, 1)]


def test_the_content_decides_and_not_the_name() -> None:
    book, kept = Workbook(), BytesIO()
    book.active.append(["任务", "单位"])
    book.save(kept)
    assert read_paper(kept, "a.docx").kind is PaperKind.EXCEL
    assert read_paper(word_file(paragraph("正文。")), "a.txt").kind is PaperKind.WORD
    assert texts(read_paper(BytesIO("正文。".encode()), "a.docx")) == ["正文。"]


def test_every_refusal_has_its_words() -> None:
    assert set(REFUSALS) == set(PaperRefusal)
    assert zipfile.is_zipfile(word_file(""))
