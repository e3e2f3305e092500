"""Unpack WOFF 1.0 fonts: Chromium takes TrueType as a system font, but no WOFF."""

import struct
import zlib

WOFF_HEADER_SIZE = 44
WOFF_ENTRY_SIZE = 20
SFNT_HEADER_SIZE = 12
SFNT_ENTRY_SIZE = 16


def to_truetype(woff: bytes) -> bytes:
    """Return the TrueType or OpenType font packed in `woff`; ValueError when it is not a WOFF 1.0 file.

    The layout is that of the W3C recommendation "WOFF File Format 1.0": a header, a table directory, and
    tables each packed by zlib unless that would not make them smaller.
    """
    signature, flavor, _length, count = struct.unpack_from(">4sIIH", woff)
    if signature != b"wOFF":
        raise ValueError("not a WOFF 1.0 font")
    entries = sorted(
        struct.unpack_from(">4sIIII", woff, WOFF_HEADER_SIZE + WOFF_ENTRY_SIZE * index) for index in range(count)
    )
    directory = _sfnt_header(flavor, count)
    start = SFNT_HEADER_SIZE + SFNT_ENTRY_SIZE * count
    body = bytearray()
    for tag, offset, packed_size, size, checksum in entries:
        table = woff[offset : offset + packed_size]
        if packed_size < size:
            table = zlib.decompress(table)
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), size)
        # Every table begins at a multiple of four bytes.
        body += table + bytes(-size % 4)
    return directory + bytes(body)


def _sfnt_header(flavor: int, count: int) -> bytes:
    """Return the 12 bytes before the table directory; its three search fields all follow from the count."""
    power = count.bit_length() - 1
    search_range = SFNT_ENTRY_SIZE << power
    return struct.pack(">IHHHH", flavor, count, search_range, power, SFNT_ENTRY_SIZE * count - search_range)
