"""Whether what stands beside a picture tells where it was taken: Exif 2.3, IPTC-IIM and XMP, in a JPEG or a PNG.

Nothing is unpacked here: what is packed, or cannot be read, may tell a place and counts as if it did.
"""

from __future__ import annotations

import struct

APPLICATIONS = range(0xE0, 0xF0)  # the segments of a JPEG that belong to programs
PHOTOSHOP = 0xED  # the one that carries IPTC
EXIF = b"Exif\x00\x00"
GPS_TAG = 0x8825
ENTRY = 12  # bytes of an entry of a TIFF directory
MOST_TAGS = 500
IPTC_RECORD = b"\x1c\x02"
# Fields of IPTC: codes and names of the content's location, city, sublocation, state, code and name of the country.
IPTC_PLACES = frozenset({26, 27, 90, 92, 95, 100, 101})
# Names of XMP, in small letters and without what a program puts around them.
XMP_PLACES = (
    *(b"gpslatitude", b"gpslongitude", b"gpsdest", b"geo:lat", b"geo:long"),
    *(b"locationcreated", b"locationshown", b"iptc4xmpcore:location", b"iptc4xmpcore:countrycode"),
    *(b"photoshop:city", b"photoshop:state", b"photoshop:country"),
)
RAW_PROFILE = b"raw profile type"  # Exif or IPTC as hexadecimal digits in a text
UNPACKED = b"\x00"


def segment_tells_place(marker: int, segment: bytes) -> bool:
    """Whether a segment of a JPEG tells a place."""
    if marker not in APPLICATIONS:
        return False
    if segment.startswith(EXIF) and _tiff_tells_place(segment[len(EXIF) :]):
        return True
    return _xmp_tells_place(segment) or (marker == PHOTOSHOP and _iptc_tells_place(segment))


def chunk_tells_place(kind: bytes, content: bytes) -> bool:
    """Whether a chunk of a PNG tells a place."""
    if kind == b"eXIf":
        return _tiff_tells_place(content)
    if kind == b"zTXt":
        return True
    if kind == b"iTXt":
        _keyword, _end, rest = content.partition(b"\x00")
        return rest[:1] != UNPACKED or _xmp_tells_place(content)
    return kind == b"tEXt" and (content.lower().startswith(RAW_PROFILE) or _xmp_tells_place(content))


def _tiff_tells_place(content: bytes) -> bool:
    """Whether one of the directories of a TIFF points to one of the place."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(content[:4])
    if order is None:
        return bool(content)
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(f"{order}I", content, 4)
        while at:
            (count,) = struct.unpack_from(f"{order}H", content, at)
            if at in seen or count > MOST_TAGS:
                return True
            seen.add(at)
            begin, end = at + 2, at + 2 + ENTRY * count
            (after,) = struct.unpack_from(f"{order}I", content, end)
            if any(struct.unpack_from(f"{order}H", content, each)[0] == GPS_TAG for each in range(begin, end, ENTRY)):
                return True
            at = after
    except struct.error:
        return True
    return False


def _xmp_tells_place(content: bytes) -> bool:
    """Whether a text names a place; it may be written in two bytes a letter."""
    plain = content.replace(b"\x00", b"").lower()
    return any(name in plain for name in XMP_PLACES)


def _iptc_tells_place(segment: bytes) -> bool:
    """Whether a dataset of IPTC holds a place: its record, the number of its field, a length that is not 0."""
    at = segment.find(IPTC_RECORD)
    while at >= 0:
        field, length = segment[at + 2 : at + 3], segment[at + 3 : at + 5]
        if field and field[0] in IPTC_PLACES and any(length):
            return True
        at = segment.find(IPTC_RECORD, at + 1)
    return False
