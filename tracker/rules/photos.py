"""Photographs: what a whole JPEG or PNG looks like from outside, and whether it tells where it was taken.

Nothing is unpacked here. The structures are those of ISO/IEC 10918-1 (JPEG), of the PNG specification and of Exif 2.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

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
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
EXIF = b"Exif\x00\x00"
PLACE_WORD = b"GPSL"  # GPSLatitude and GPSLongitude in XMP, however their names are spelt around it
GPS_TAG = 0x8825
ENTRY = 12  # bytes of an entry of a TIFF directory


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
    """Width, height and whether a place is told, of a JPEG that ends with its last marker."""
    sides, has_scan, has_place, at = (0, 0), False, False, 2
    while True:
        marker, at = _marker(content, at)
        if marker == END_OF_IMAGE:
            break
        if marker in ALONE:
            continue
        length = struct.unpack_from(">H", content, at)[0]
        segment = content[at + 2 : at + length]
        if length < 2 or len(segment) != length - 2:
            raise PhotoRefused(PhotoFault.DAMAGED)
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", segment, 1)
            sides = (width, height)
        has_place = has_place or (0xE0 <= marker <= 0xEF and _tells_place(segment))
        at += length
        if marker == START_OF_SCAN:
            has_scan, at = True, _after_scan(content, at)
    # What follows the end belongs to no photograph.
    if not has_scan or at != len(content):
        raise PhotoRefused(PhotoFault.DAMAGED)
    return *sides, has_place


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker at a place and the place behind it; any number of FF may stand before it."""
    if content[at] != 0xFF:
        raise PhotoRefused(PhotoFault.DAMAGED)
    while content[at] == 0xFF:
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
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _png(content: bytes) -> tuple[int, int, bool]:
    """Width, height and whether a place is told, of a PNG whose chunks are whole and whose last one ends it."""
    chunks = list(_chunks(content))
    kinds = [kind for kind, _data in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds or len(chunks[0][1]) != 13:
        raise PhotoRefused(PhotoFault.DAMAGED)
    if b"acTL" in kinds:
        raise PhotoRefused(PhotoFault.WRONG_TYPE)  # a film
    width, height = struct.unpack_from(">II", chunks[0][1])
    texts = b"".join(data for kind, data in chunks if kind in TEXT_CHUNKS)
    # Packed XMP is not unpacked here: it may tell a place.
    packed = any(b"XML:com.adobe.xmp\x00\x01" in data for kind, data in chunks if kind == b"iTXt")
    exif = any(_tiff_tells_place(data) for kind, data in chunks if kind == b"eXIf")
    return width, height, exif or packed or PLACE_WORD in texts


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


def _tells_place(segment: bytes) -> bool:
    """Whether a segment of an application tells where a photograph was taken, in Exif or in XMP."""
    if segment.startswith(EXIF):
        return _tiff_tells_place(segment[len(EXIF) :])
    return PLACE_WORD in segment


def _tiff_tells_place(data: bytes) -> bool:
    """Whether the first directory of a TIFF points to one of the place; what cannot be read may."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        return bool(data)
    try:
        (start,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, start)
        tags = [struct.unpack_from(f"{order}H", data, start + 2 + ENTRY * place)[0] for place in range(count)]
    except struct.error:
        return True
    return GPS_TAG in tags
