"""Photographs seen from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures import CAMERA, GPS, PLACED_JPEG, chunk, exif, jpeg, png, segment
from tracker.actions.demonstration_photos import LAST_STAGE, drawn_site
from tracker.rules.photos import JPEG, LARGEST_PHOTO, PNG, Photo, PhotoFault, PhotoRefused, photo_of

XMP = b"http://ns.adobe.com/xap/1.0/\x00"


def fault_of(content: bytes, name: str) -> PhotoFault | None:
    try:
        photo_of(content, name)
    except PhotoRefused as refused:
        return refused.fault
    return None


def test_a_whole_photograph_says_its_type_and_its_sides() -> None:
    assert photo_of(jpeg(1600, 1200), "工地.JPG") == Photo(JPEG, 1600, 1200)
    assert photo_of(jpeg(16, 8, segment(0xE1, b"Exif\x00\x00" + exif(CAMERA))), "a.jpeg") == Photo(JPEG, 16, 8)
    assert photo_of(png(640, 480), "a.png") == Photo(PNG, 640, 480)
    assert photo_of(png(2, 1, chunk(b"eXIf", exif(CAMERA, order="<"))), "a.png") == Photo(PNG, 2, 1)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (jpeg(16, 8, segment(0xFE, b"<script>alert(1)</script>")), "a.jpg"),
        (jpeg(16, 8, segment(0xED, b"Photoshop 3.0\x00\x1c\x02\x69\x00\x03abc")), "a.jpg"),
        (jpeg(16, 8, segment(0xED, b"Photoshop 3.0\x00\x1c\x02\x5a\x00\x00")), "a.jpg"),
        (jpeg()[:-2] + b"\xff\xff\xff\xd9", "a.jpg"),
        (jpeg()[:-2] + b"\xff\xff\xd1\x03\xff\xff\xd9", "a.jpg"),
        (png(4, 3, chunk(b"tEXt", b"Software\x00camera")), "a.png"),
        (png(4, 3, chunk(b"iTXt", "Title\x00\x00\x00\x00\x00工地".encode())), "a.png"),
        (drawn_site(LAST_STAGE), "a.png"),
    ],
    ids=[
        *("a comment", "a headline of iptc", "an empty city", "fill before the end", "fill before a restart"),
        *("a program", "a title", "drawn"),
    ],
)
def test_what_tells_no_place_is_taken(content: bytes, name: str) -> None:
    assert fault_of(content, name) is None


@pytest.mark.parametrize(
    "content",
    [
        PLACED_JPEG,
        jpeg(16, 8, segment(0xE1, b"Exif\x00\x00" + exif(GPS, order="<"))),
        jpeg(16, 8, segment(0xE1, b"Exif\x00\x00MM\x00*\x00\x00\xff\xff")),
        jpeg(16, 8, segment(0xE1, b"Exif\x00\x00II*\x00")),
        jpeg(16, 8, segment(0xE1, b"Exif\x00\x00" + exif(CAMERA)[:-4] + b"\x00\x00\x00\x08")),
        jpeg(16, 8, segment(0xE1, b"Exif\x00\x00" + exif(CAMERA)[:-4] + b"\x00\x00\x00\x1a" + exif(GPS)[8:])),
        jpeg(16, 8, segment(0xE1, XMP + b"<x exif:GPSLatitude='26,20N'/>")),
        jpeg(16, 8, segment(0xE1, XMP + b"<geo:lat>26.3</geo:lat>")),
        jpeg(16, 8, segment(0xE1, XMP + b"<Iptc4xmpExt:LocationCreated>")),
        jpeg(16, 8, segment(0xE1, XMP + "<x exif:GPSLatitude='26,20N'/>".encode("utf-16"))),
        jpeg(16, 8, segment(0xED, b"Photoshop 3.0\x00\x1c\x02\x69\x00\x01a\x1c\x02\x5a\x00\x06abcdef")),
    ],
    ids=[
        *("big end first", "little end first", "a directory that cannot be read", "a head alone", "a circle"),
        *("the second directory", "xmp", "geo:lat", "LocationCreated", "two bytes a letter", "a city of iptc"),
    ],
)
def test_a_jpeg_that_tells_its_place_is_refused(content: bytes) -> None:
    assert fault_of(content, "a.jpg") is PhotoFault.HAS_PLACE


@pytest.mark.parametrize(
    "between",
    [
        chunk(b"eXIf", exif(GPS)),
        chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00<x exif:GPSLongitude='115'/>"),
        chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00packed"),
        chunk(b"tEXt", b"Raw profile\x00GPSLatitude"),
        chunk(b"tEXt", b"Raw profile type iptc\x00\n iptc\n 11\n1c025a0006"),
        chunk(b"zTXt", b"Raw profile type exif\x00\x00x"),
        chunk(b"zTXt", b"Comment\x00\x00x"),
    ],
)
def test_a_png_that_tells_its_place_is_refused(between: bytes) -> None:
    assert fault_of(png(4, 3, between), "a.png") is PhotoFault.HAS_PLACE


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"", "a.jpg", PhotoFault.EMPTY),
        (b"MZ\x90\x00", "a.jpg", PhotoFault.WRONG_TYPE),
        (b"<html>", "a.png", PhotoFault.WRONG_TYPE),
        (jpeg(), "a.png", PhotoFault.WRONG_TYPE),
        (png(), "a.jpg", PhotoFault.WRONG_TYPE),
        (png(), "a.svg", PhotoFault.WRONG_TYPE),
        (png(4, 3, chunk(b"acTL", b"\x00" * 8)), "a.png", PhotoFault.WRONG_TYPE),
        (jpeg()[:-2], "a.jpg", PhotoFault.DAMAGED),
        (jpeg()[:30], "a.jpg", PhotoFault.DAMAGED),
        (jpeg() + b"PK\x03\x04", "a.jpg", PhotoFault.DAMAGED),
        (b"\xff\xd8\xff\xd9", "a.jpg", PhotoFault.DAMAGED),
        (jpeg(0, 8), "a.jpg", PhotoFault.DAMAGED),
        (png() + b"<script>", "a.png", PhotoFault.DAMAGED),
        (png()[:-12], "a.png", PhotoFault.DAMAGED),
        (png().replace(b"IDAT", b"IDAX"), "a.png", PhotoFault.DAMAGED),
        (png(4, 3, chunk(b"fdAT", b"\x00" * 8)), "a.png", PhotoFault.WRONG_TYPE),
        (png()[:33] + chunk(b"IEND", b""), "a.png", PhotoFault.DAMAGED),
        (jpeg(16, 8, segment(0xC3, bytes(9))), "a.jpg", PhotoFault.WRONG_TYPE),
        (jpeg(16, 8, segment(0xC9, bytes(9))), "a.jpg", PhotoFault.WRONG_TYPE),
        (jpeg(16, 8, segment(0xC0, b"\x08\x00\x01\x00\x01\x01")), "a.jpg", PhotoFault.DAMAGED),
        (jpeg(16, 8, segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12"), "a.jpg", PhotoFault.DAMAGED),
        (jpeg(16, 8, b"\xff\xd8"), "a.jpg", PhotoFault.DAMAGED),
        (jpeg()[:-9] + b"\xff\xd9", "a.jpg", PhotoFault.DAMAGED),
        (jpeg(8001, 10), "a.jpg", PhotoFault.TOO_WIDE),
        (jpeg(7000, 7000), "a.jpg", PhotoFault.TOO_WIDE),
        (jpeg() + b"\x00" * LARGEST_PHOTO, "a.jpg", PhotoFault.TOO_LARGE),
    ],
)
def test_what_is_no_whole_photograph_is_refused(content: bytes, name: str, fault: PhotoFault) -> None:
    assert fault_of(content, name) is fault


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]))
def test_no_bytes_break_the_reading(content: bytes, begin: bytes) -> None:
    fault_of(begin + content, "a.jpg")
    fault_of(begin + content, "a.png")


@given(st.sampled_from([PLACED_JPEG, jpeg(), png()]), st.data())
def test_no_damage_breaks_the_reading(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:place] + data.draw(st.binary(max_size=4)) + content[place + data.draw(st.integers(0, 9)) :]
    fault_of(damaged, "a.jpg")
    fault_of(damaged, "a.png")
