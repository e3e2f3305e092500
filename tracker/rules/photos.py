"""Photographs: what a whole JPEG or PNG looks like from outside.

Nothing is unpacked here. The structures are those of ISO/IEC 10918-1 (JPEG) and of the PNG specification.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.photo_places import chunk_tells_place, segment_tells_place

LARGEST_PHOTO = 5 * 1024 * 1024
LONGEST_SIDE = 8000  # pixels
MOST_PIXELS = 40_000_000
JPEG, PNG = "image/jpeg", "image/png"
SUFFIXES = {JPEG: (".jpg", ".jpeg"), PNG: (".png",)}
ACCEPT = f"{JPEG},{PNG}"
PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
JPEG_BEGIN = b"\xff\xd8\xff"
# Frames: all of C0 to CF but the tables DHT, JPG and DAC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SHOWN_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # what browsers show: baseline, extended and progressive
START_OF_IMAGE, START_OF_SCAN, END_OF_IMAGE = 0xD8, 0xDA, 0xD9
RESTARTS = range(0xD0, 0xD8)
FILL = 0xFF  # any number of them may stand before a marker
FILM_CHUNKS = frozenset({b"acTL", b"fcTL", b"fdAT"})


class PhotoFault(StrEnum):
    """Why a photograph is refused."""

    EMPTY = "empty"
    TOO_LARGE = "photo_too_large"
    WRONG_TYPE = "photo_wrong_type"
    DAMAGED = "photo_damaged"
    TOO_WIDE = "photo_too_wide"
    HAS_PLACE = "photo_has_place"


class PhotoRefused(Exception):
    """A photograph may not be kept."""

    def __init__(self, fault: PhotoFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Photo:
    """What a photograph says of itself: its media type, and its sides in pixels."""

    media_type: str
    width: int
    height: int


def photo_of(content: bytes, name: str) -> Photo:
    """What the bytes of a whole photograph say; the name must agree. Raises PhotoRefused."""
    if not content:
        raise PhotoRefused(PhotoFault.EMPTY)
    if len(content) > LARGEST_PHOTO:
        raise PhotoRefused(PhotoFault.TOO_LARGE)
    media_type = JPEG if content.startswith(JPEG_BEGIN) else PNG if content.startswith(PNG_BEGIN) else None
    if media_type is None or not name.lower().endswith(SUFFIXES[media_type]):
        raise PhotoRefused(PhotoFault.WRONG_TYPE)
    try:
        width, height, has_place = _jpeg(content) if media_type == JPEG else _png(content)
    except (struct.error, IndexError):
        raise PhotoRefused(PhotoFault.DAMAGED) from None
    if not width or not height:
        raise PhotoRefused(PhotoFault.DAMAGED)
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise PhotoRefused(PhotoFault.TOO_WIDE)
    if has_place:
        raise PhotoRefused(PhotoFault.HAS_PLACE)
    return Photo(media_type, width, height)


def _jpeg(content: bytes) -> tuple[int, int, bool]:
    """Width, height and whether a place is told, of a JPEG with one frame that ends with its last marker."""
    sides, has_scan, has_place = None, False, False
    for marker, segment in _segments(content):
        if marker in FRAMES:
            if sides is not None:
                raise PhotoRefused(PhotoFault.DAMAGED)
            if marker not in SHOWN_FRAMES:
                raise PhotoRefused(PhotoFault.WRONG_TYPE)
            height, width = struct.unpack_from(">HH", segment, 1)
            sides = (width, height)
        elif marker == START_OF_SCAN:
            if sides is None:
                raise PhotoRefused(PhotoFault.DAMAGED)
            has_scan = True
        has_place = has_place or segment_tells_place(marker, segment)
    if sides is None or not has_scan:
        raise PhotoRefused(PhotoFault.DAMAGED)
    return *sides, has_place


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG up to its end; the data of scans are passed over."""
    at = 2
    while True:
        marker, at = _marker(content, at)
        if marker == END_OF_IMAGE:
            break
        if marker == START_OF_IMAGE or marker in RESTARTS:
            raise PhotoRefused(PhotoFault.DAMAGED)
        length = struct.unpack_from(">H", content, at)[0]
        segment = content[at + 2 : at + length]
        if length < 2 or len(segment) != length - 2:
            raise PhotoRefused(PhotoFault.DAMAGED)
        yield marker, segment
        at += length
        if marker == START_OF_SCAN:
            begin, at = at, _after_scan(content, at)
            if at == begin:
                raise PhotoRefused(PhotoFault.DAMAGED)
    # What follows the end belongs to no photograph.
    if at != len(content):
        raise PhotoRefused(PhotoFault.DAMAGED)


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker at a place and the place behind it."""
    if content[at] != FILL:
        raise PhotoRefused(PhotoFault.DAMAGED)
    while content[at] == FILL:
        at += 1
    if content[at] == 0:
        raise PhotoRefused(PhotoFault.DAMAGED)
    return content[at], at + 1


def _after_scan(content: bytes, at: int) -> int:
    """Where the data of a scan end: at the next marker that is no restart and no stuffed zero."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise PhotoRefused(PhotoFault.DAMAGED)
        if content[at + 1] == FILL:
            at += 1
        elif content[at + 1] == 0 or content[at + 1] in RESTARTS:
            at += 2
        else:
            return at


def _png(content: bytes) -> tuple[int, int, bool]:
    """Width, height and whether a place is told, of a PNG whose chunks are whole and whose last one ends it."""
    chunks = list(_chunks(content))
    kinds = [kind for kind, _data in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds or len(chunks[0][1]) != 13:
        raise PhotoRefused(PhotoFault.DAMAGED)
    if kinds.count(b"IHDR") > 1 or chunks[-1][1]:
        raise PhotoRefused(PhotoFault.DAMAGED)
    if FILM_CHUNKS.intersection(kinds):
        raise PhotoRefused(PhotoFault.WRONG_TYPE)
    width, height = struct.unpack_from(">II", chunks[0][1])
    return width, height, any(chunk_tells_place(kind, data) for kind, data in chunks)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with a right checksum, up to its end."""
    at = len(PNG_BEGIN)
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        data = content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + data) != checksum or not kind.isalpha():
            raise PhotoRefused(PhotoFault.DAMAGED)
        yield kind, data
        at += 12 + length
        if kind == b"IEND" and at != len(content):
            raise PhotoRefused(PhotoFault.DAMAGED)
