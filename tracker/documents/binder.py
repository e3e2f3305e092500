"""迎检材料 as one archive: a folder for each item with its files, an index in Word and Excel, and a manifest.

Files are copied in pieces and their SHA-256 computed on the way, so that neither the archive nor a file stands in
memory, and the manifest says what the archive holds and not what the database expects. A file that is missing on disk
is named in the index and ends nothing.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from tracker.queries.binder import Binder, BinderFile, BinderItem
from tracker.rules.file_names import safe_file_name, safe_name, unlike

CHUNK = 1024 * 1024
MOST_FILES = 5_000
MOST_BYTES = 2 * 1024**3
FIRST_YEAR = 1980  # the first that an archive can write
LONGEST_FOLDER = 60
MANIFEST = "SHA256SUMS.txt"


class State(StrEnum):
    """How a file came into the archive."""

    KEPT = "kept"
    MISSING = "missing"
    CHANGED = "changed"  # on disk it is another one than was handed in


@dataclass(frozen=True)
class Entry:
    """A file of an item at its place in the archive; one that is missing has none."""

    item: BinderItem
    file: BinderFile
    path: str
    state: State


@dataclass(frozen=True)
class Filled:
    """What an archive holds in the end."""

    binder: Binder
    entries: tuple[Entry, ...]

    @property
    def amiss(self) -> list[Entry]:
        """The files that are missing or not what was handed in."""
        return [each for each in self.entries if each.state is not State.KEPT]


PathOf = Callable[[str], Path]
Papers = Callable[[Filled], Iterator[tuple[str, bytes]]]


def is_too_large(binder: Binder) -> bool:
    """Whether an archive of it would be more than somebody can carry away."""
    return binder.files > MOST_FILES or binder.size > MOST_BYTES


def write_binder(out: IO[bytes], binder: Binder, path_of: PathOf, papers: Papers, now: datetime) -> Filled:
    """Write the archive; ``path_of`` finds a file by its SHA-256, ``papers`` are the index by name, made at the end."""
    sums: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        filled = Filled(binder, tuple(_fill(archive, binder, path_of, sums)))
        for name, content in papers(filled):
            _write_text(archive, name, content, now)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
        _write_text(archive, MANIFEST, "".join(f"{line}\n" for line in sums).encode(), now)
    return filled


def _fill(archive: zipfile.ZipFile, binder: Binder, path_of: PathOf, sums: list[str]) -> Iterator[Entry]:
    folders: set[str] = set()
    for item in binder.items:
        if not item.files:
            continue
        folder = unlike(safe_name(f"{item.code} {item.title}", LONGEST_FOLDER), folders)
        taken: set[str] = set()
        for file in item.files:
            path = f"{folder}/{unlike(safe_file_name(named(file)), taken)}"
            digest = _copy(archive, path_of(file.sha256), path, file.on)
            if digest is None:
                yield Entry(item, file, "", State.MISSING)
                continue
            sums.append(f"{digest}  {path}")
            yield Entry(item, file, path, State.KEPT if digest == file.sha256 else State.CHANGED)


def named(file: BinderFile) -> str:
    """The name of a file in its folder: the number of its task, the day, and what it is called."""
    begins = (file.task.number or file.task.key) if file.task else "县级数值"
    return f"{begins}_{file.on.isoformat()}_{file.name}"


def _copy(archive: zipfile.ZipFile, source: Path, path: str, on: date) -> str | None:
    """Copy a file piece by piece and give its SHA-256; None where it cannot be read to its end."""
    digest, entry = hashlib.sha256(), _entry(path, on)
    try:
        begin = source.open("rb")
    except OSError:
        return None
    try:
        with begin as file, archive.open(entry, "w", force_zip64=True) as into:
            for chunk in _pieces(file):
                digest.update(chunk)
                into.write(chunk)
    except _Unreadable:
        _take_back(archive, entry)
        return None
    return digest.hexdigest()


class _Unreadable(Exception):
    """A file ends in an error of the disk."""


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces. Raises _Unreadable, which nobody takes for an error of writing."""
    while True:
        try:
            chunk = file.read(CHUNK)
        except OSError as error:
            raise _Unreadable from error
        if not chunk:
            return
        yield chunk


def _take_back(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Take the last entry out of an archive again, so that no half of a file stays in it."""
    archive.filelist.remove(entry)
    del archive.NameToInfo[entry.filename]
    archive.start_dir = entry.header_offset  # the next entry is written here
    if archive.fp:
        archive.fp.truncate(entry.header_offset)


def _write_text(archive: zipfile.ZipFile, path: str, content: bytes, now: datetime) -> None:
    entry = _entry(path, now.date())
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _entry(path: str, on: date) -> zipfile.ZipInfo:
    """An entry whose day is that of its file, with rights to read."""
    entry = zipfile.ZipInfo(path, (max(on.year, FIRST_YEAR), on.month, on.day, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    return entry
