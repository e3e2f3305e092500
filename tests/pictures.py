"""Photographs made byte by byte: whole ones, with a place inside, and damaged ones."""

from __future__ import annotations

import struct
import zlib

from tracker.rules.photos import PNG_BEGIN


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 4, height: int = 3, *between: bytes) -> bytes:
    """A grey PNG, with chunks between its head and its picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress((b"\x00" + b"\x80" * width) * height))
    return PNG_BEGIN + head + b"".join(between) + picture + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def exif(*tags: int, order: str = ">") -> bytes:
    """A directory of Exif with some tags, each of one short."""
    begin = b"MM\x00*" if order == ">" else b"II*\x00"
    entries = b"".join(struct.pack(f"{order}HHII", tag, 3, 1, 0) for tag in tags)
    return begin + struct.pack(f"{order}IH", 8, len(tags)) + entries + struct.pack(f"{order}I", 0)


def jpeg(width: int = 16, height: int = 8, *between: bytes) -> bytes:
    """A JPEG that is whole from outside, with segments behind its begin."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(between) + segment(0xDB, b"\x00" * 65) + frame + scan + b"\xff\xd9"


GPS = 0x8825
CAMERA = 0x010F
PLACED_JPEG = jpeg(16, 8, segment(0xE1, b"Exif\x00\x00" + exif(CAMERA, GPS)))
