"""What of an Excel file is hidden: its sheets, rows and columns, which are read like any other and said."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from typing import BinaryIO
from xml.parsers import expat

from openpyxl import load_workbook

from tracker.documents.paper import Note
from tracker.rules.reading.papers import NoteKind

CHUNK = 256 * 1024


class _Hidden:
    """Counts the hidden rows and columns of a sheet while its XML goes by."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.first = ""

    def meet(self, name: str, said: dict[str, str]) -> None:
        """Look at the beginning of an element."""
        if said.get("hidden") not in {"1", "true"}:
            return
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.rows += 1
            self.first = self.first or said.get("r", "")
        elif kind == "col":
            begin, end = (int(said[each]) if said.get(each, "").isdigit() else 1 for each in ("min", "max"))
            self.columns += max(1, end - begin + 1)


def hidden_in(file: BinaryIO, titles: Collection[str]) -> list[Note]:
    """What is hidden in the sheets of these titles; the file has been looked at by ``check_archive`` before."""
    notes = []
    file.seek(0)
    book = load_workbook(file, read_only=True, keep_links=False)
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        for sheet in (each for each in book.worksheets if each.title in titles):
            if sheet.sheet_state != "visible":
                notes.append(Note(NoteKind.HIDDEN_SHEET, 1, sheet.title))
            found = _hidden(archive, sheet._worksheet_path)  # type: ignore[attr-defined]
            if found.rows:
                notes.append(Note(NoteKind.HIDDEN_ROWS, found.rows, f"{sheet.title} {found.first}"))
            if found.columns:
                notes.append(Note(NoteKind.HIDDEN_COLUMNS, found.columns, sheet.title))
    return notes


def _hidden(archive: zipfile.ZipFile, path: str) -> _Hidden:
    found, parser = _Hidden(), expat.ParserCreate()
    parser.StartElementHandler = found.meet
    with archive.open(path) as part:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk)
    return found
