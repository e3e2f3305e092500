"""Invented photographs of a building site: drawn, without words, growing from an empty site to a school."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 640, 480
LAST_STAGE = 8
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The colours of the drawing, by number: flat ones, so that a picture stays at a few kilobytes.
PALETTE = (
    (0xC9, 0xDC, 0xEA),  # sky
    (0xB8, 0xA8, 0x8A),  # bare ground
    (0x8F, 0x80, 0x66),  # the pit
    (0xA9, 0xA9, 0xA6),  # concrete
    (0x6F, 0x73, 0x78),  # columns
    (0xE4, 0xA1, 0x2B),  # the crane
    (0xE8, 0xE0, 0xD2),  # walls
    (0x6B, 0x93, 0xB5),  # windows
    (0x9C, 0x4A, 0x3C),  # the roof
    (0x7F, 0xA3, 0x6B),  # grass
)
SKY, GROUND, PIT, CONCRETE, COLUMN, CRANE, WALL, WINDOW, ROOF, GRASS = range(len(PALETTE))
HORIZON, LEFT, RIGHT, FLOOR, BAY, FLOORS = 360, 150, 510, 56, 60, 4


def drawn_site(stage: int) -> bytes:
    """A PNG of the site at a stage from 0 (cleared) to LAST_STAGE (in use); a later one looks like the last."""
    stage = max(0, min(stage, LAST_STAGE))
    canvas = [bytearray([SKY]) * WIDTH for _ in range(HEIGHT)]
    _fill(canvas, 0, HORIZON, WIDTH, HEIGHT, GRASS if stage == LAST_STAGE else GROUND)
    if stage == 1:
        _fill(canvas, LEFT, HORIZON, RIGHT, HORIZON + 46, PIT)
    if stage >= 2:
        _fill(canvas, LEFT - 10, HORIZON - 6, RIGHT + 10, HORIZON + 8, CONCRETE)
    frames, walls = min(max(stage - 2, 0), FLOORS), min(max((stage - 4) * 2, 0), FLOORS)
    for floor in range(frames):
        _draw_floor(canvas, HORIZON - 6 - (floor + 1) * FLOOR, is_walled=floor < walls)
    if stage >= 7:
        _fill(canvas, LEFT - 12, HORIZON - 20 - FLOORS * FLOOR, RIGHT + 12, HORIZON - 6 - FLOORS * FLOOR, ROOF)
    if 2 <= stage <= 6:
        _draw_crane(canvas)
    return _png(canvas)


def _draw_floor(canvas: list[bytearray], top: int, is_walled: bool) -> None:
    """A storey: columns on a slab, or a wall with windows."""
    if is_walled:
        _fill(canvas, LEFT, top, RIGHT, top + FLOOR, WALL)
    for left in range(LEFT, RIGHT, BAY):
        if is_walled:
            _fill(canvas, left + 14, top + 16, left + BAY - 14, top + FLOOR - 14, WINDOW)
        else:
            _fill(canvas, left, top, left + 8, top + FLOOR, COLUMN)
    _fill(canvas, LEFT, top, RIGHT, top + 7, CONCRETE)
    if not is_walled:
        _fill(canvas, RIGHT - 8, top, RIGHT, top + FLOOR, COLUMN)


def _draw_crane(canvas: list[bytearray]) -> None:
    _fill(canvas, 556, 56, 566, HORIZON, CRANE)
    _fill(canvas, 320, 66, 610, 74, CRANE)
    _fill(canvas, 360, 74, 362, 102, COLUMN)
    _fill(canvas, 590, 74, 610, 92, CONCRETE)


def _fill(canvas: list[bytearray], left: int, top: int, right: int, bottom: int, colour: int) -> None:
    """A rectangle; right and bottom are outside it."""
    for line in canvas[top:bottom]:
        line[left:right] = bytes([colour]) * (right - left)


def _png(canvas: list[bytearray]) -> bytes:
    """The drawing as a PNG with a palette of 8 bits."""
    lines = b"".join(b"\x00" + bytes(line) for line in canvas)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(bytes(colour) for colour in PALETTE)),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
