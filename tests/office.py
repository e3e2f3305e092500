"""Word files as the pages that an office program makes of them: text, size and pictures of each."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest
from PIL.Image import Image

from tools.test_office import OFFICE_DIR, office_to_start, why_missing

MM = 25.4 / 72
TOO_LONG = 180
WANTS_ANOTHER_START = 81


@dataclass(frozen=True)
class Sheet:
    """A page as it is printed: its size in mm, its text, and where each line of it begins, in mm from the top left.

    ``signs`` are all visible signs in their order, each with the font that draws it.
    """

    width: int
    height: int
    text: str
    lines: tuple[tuple[float, float, str], ...]
    signs: tuple[tuple[str, str], ...]
    picture: Image

    def fonts_of(self, words: str) -> set[str]:
        """The fonts that draw the first place where these words stand."""
        at = "".join(sign for sign, _font in self.signs).index(words)
        return {font for _sign, font in self.signs[at : at + len(words)]}


@contextmanager
def printed(file: bytes, folder: Path) -> Iterator[list[Sheet]]:
    """The pages of a Word file; the test is skipped, with the reason, where there is no office program."""
    office = office_to_start()
    if office is None:
        pytest.skip(why_missing())
    source = folder / "paper.docx"
    source.write_bytes(file)
    # Two at once never share a profile; the first start with a new one only writes it.
    profile = OFFICE_DIR / f"profile-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    command = [
        *(office.executable, "--headless", "--norestore", f"-env:UserInstallation=file://{profile}"),
        *("--convert-to", "pdf", "--outdir", str(folder), str(source)),
    ]
    environment = {**os.environ, **office.environment}
    for _start in range(2):
        done = subprocess.run(command, env=environment, check=False, capture_output=True, timeout=TOO_LONG)
        if done.returncode != WANTS_ANOTHER_START:
            break
    assert done.returncode == 0, done.stderr
    document = pypdfium2.PdfDocument(folder / "paper.pdf")
    try:
        yield [_sheet(page) for page in document]
    finally:
        document.close()


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    text = page.get_textpage()
    lines = []
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        words = text.get_text_bounded(left, bottom, right, top).strip()
        if words:
            lines.append((round((height - top) * MM, 1), round(left * MM, 1), words))
    picture = page.render(scale=1).to_pil()
    size = round(width * MM), round(height * MM)
    return Sheet(*size, text.get_text_range(), tuple(sorted(lines)), tuple(_signs(text)), picture)


def _signs(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, str]]:
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    for place in range(text.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(text, place))
        if not sign.isspace():
            raw.FPDFText_GetFontInfo(text, place, name, len(name), flags)
            # A font of which only some signs are in the file has six letters and a plus before its name.
            yield sign, name.value.decode().rpartition("+")[2]
