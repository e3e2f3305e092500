"""Names of files and folders that every system takes: no paths, no signs that Windows refuses, none twice."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 80
MOST_BYTES = 240  # folders take 255 bytes of UTF-8 for a name
LONGEST_SUFFIX = 10
NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Windows opens a device under these names, whatever follows the first dot.
DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
NAMELESS = "未命名"


def safe_name(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as the name of a folder: one step of a path, at most ``longest`` characters, never empty."""
    return _no_device(_cut(_plain(text), longest) or NAMELESS, longest)


def safe_file_name(text: str, longest: int = LONGEST_NAME) -> str:
    """The same for a file: what is too long is cut before its suffix."""
    name = _plain(text)
    suffix = PurePosixPath(name).suffix
    if not 1 < len(suffix) <= LONGEST_SUFFIX:
        return safe_name(text, longest)
    stem = _cut(name.removesuffix(suffix), longest - len(suffix), MOST_BYTES - len(suffix.encode()))
    return _no_device(stem + suffix, longest)


def unlike(name: str, taken: set[str], longest: int = LONGEST_NAME) -> str:
    """The name, with a number where another one of the folder is the same to a system that ignores case; notes it."""
    path, given, count = PurePosixPath(name), name, 1
    suffix = path.suffix if len(path.suffix) <= LONGEST_SUFFIX else ""
    while given.casefold() in taken:
        count += 1
        mark = f"({count}){suffix}"
        given = _cut(name.removesuffix(suffix), longest - len(mark), MOST_BYTES - len(mark.encode())) + mark
    taken.add(given.casefold())
    return given


def _cut(text: str, longest: int, most_bytes: int = MOST_BYTES) -> str:
    """The beginning of a text that is short enough in characters and in bytes."""
    return text[:longest].encode()[:most_bytes].decode(errors="ignore").rstrip(". ")


def _plain(text: str) -> str:
    """A text in one line of visible signs that may stand in a name, without dots and spaces at its ends."""
    seen = (" " if unicodedata.category(sign) in UNSEEN else sign for sign in unicodedata.normalize("NFC", text))
    return " ".join("".join(seen).translate(NOT_IN_NAMES).split()).strip(". ")


def _no_device(name: str, longest: int) -> str:
    """A name that stands for no device of Windows."""
    return f"_{name[: longest - 1]}" if name.partition(".")[0].strip().lower() in DEVICES else name
