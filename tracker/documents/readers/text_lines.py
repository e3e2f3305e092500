"""Characters as people see them: odd spaces become plain, invisible marks and control characters go."""

from __future__ import annotations

import re
import unicodedata

SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v\f]")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
# A PDF often holds look-alikes (⼀ for 一), which no word list would know.
LOOK_ALIKES = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
# A dash or star that only says that an item follows, which has its number all the same.
LIST_MARK = re.compile(r"^[-*+]\s+(?=附\s*件|\d+\s*[.．、]|[（(]?[一二三四五六七八九十]+[）)、])")


def seen(text: str) -> str:
    """A line as it is seen, without spaces around it."""
    text = SPACES.sub(" ", INVISIBLE.sub("", text))
    text = LOOK_ALIKES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).strip()
    return LIST_MARK.sub("", text)


def seen_lines(text: str) -> str:
    """A text of several lines, each as it is seen, without empty ones."""
    return "\n".join(filter(None, map(seen, text.split("\n"))))
