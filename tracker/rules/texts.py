"""Texts as they are kept: what cannot be seen and makes one name look like another is taken out."""

from __future__ import annotations

import re
import unicodedata

# Direction marks, joiners, tags and fillers: they show nothing, and make one name look like another.
INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x115F, 0x1160, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
        # Noncharacters say nothing in any text, and XML has no way to write some of them.
        *range(0xFDD0, 0xFDF0),
        *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
    ]
)
LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
KEPT_CONTROLS = {"\n", "\t"}
# Letters, digits and the space of the full-width block: what a Chinese keyboard makes of plain ones.
FULL_WIDTH = {chr(code) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0x3000)}
# Control characters and lone surrogates: no database keeps all of them.
UNKEPT = {"Cc", "Cs"}


def clean_text(text: str | None) -> str:
    """Text as it is kept: NFC, without control, direction and zero-width characters; line ends are \\n."""
    text = unicodedata.normalize("NFC", LINE_END.sub("\n", text or "").translate(INVISIBLE))
    return "".join(c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in UNKEPT).strip()


def one_name(text: str | None) -> str:
    """A name on one line: full-width letters, digits and spaces become plain ones, Chinese punctuation stays."""
    plain = "".join(unicodedata.normalize("NFKC", c) if c in FULL_WIDTH else c for c in clean_text(text))
    return " ".join(plain.split())


def same_words(text: str | None) -> str:
    """A text without spaces and widths, to be held against another: 长冈大道 １号 and 长冈大道1号 are one place."""
    return "".join(unicodedata.normalize("NFKC", clean_text(text)).split())
