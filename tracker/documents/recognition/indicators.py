"""The indicators that the text of a document states one by one, with their thresholds by stage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tracker.documents.plan_draft import DraftIndicator
from tracker.documents.recognition.found import Found
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.table_rows import short_title
from tracker.rules.reading.indicator_figures import (
    LISTS_INDICATORS,
    LONGEST,
    THRESHOLD,
    floors_in,
    grade_in,
    points_in,
)
from tracker.rules.reading.indicator_words import national_of
from tracker.rules.reading.labels import opens_with_label

FEWEST = 4  # two or three sentences with a threshold are no list of indicators
LONGEST_GROUP = 10
LONGEST_INDICATOR = 400  # signs; what is longer tells of work


def indicators_in(outline: Outline) -> Found:
    """The indicators of the text: numbered lines that state one, below a heading that announces them.

    Lists that are numbered anew get the number of their list first; a list that is told twice counts once.
    """
    found: list[tuple[tuple[str, ...], DraftIndicator]] = []
    known: set[str] = set()
    for line in outline.lines:
        item = _indicator(line)
        if item is None or (item.national and item.national in known):
            continue
        known.update({item.national} if item.national else ())
        found.append((line.section, item))
    if len(found) < FEWEST:
        return Found()
    counts = Counter(item.number for _list, item in found)
    lists = {each: place for place, each in enumerate(dict.fromkeys(each for each, _item in found), start=1)}
    if any(count > 1 for count in counts.values()):
        found = [(each, replace(item, number=f"{lists[each]}.{item.number}")) for each, item in found]
    return Found(indicators=tuple(item for _list, item in found))


def _indicator(line: Line) -> DraftIndicator | None:
    """The indicator that a line states, if it states one."""
    if (line.is_heading and len(line.text) < 10) or len(line.text) > LONGEST_INDICATOR or opens_with_label(line.text):
        return None
    if not any(LISTS_INDICATORS.search(title) for title in line.section):
        return None
    words = "".join(_without_number(line))
    above = line.section[-1]
    # 四、社会认可度方面 has but one indicator, which needs no number.
    stands_alone = not line.number and len(above) <= LONGEST_GROUP
    national = national_of(words) or (national_of(above) if stands_alone else None)
    if not (national or (line.number and THRESHOLD.search(words[:LONGEST]))):
        return None
    if not line.number and not (national and THRESHOLD.search(words)):
        return None
    kind, points = grade_in(words[-12:])
    return DraftIndicator(
        number=line.number or "1",
        title=short_title(words) if line.number else above,
        place=line.place,
        group=line.section[-1] if line.section else "",
        kind=kind,
        points=points or points_in(words),
        floors=floors_in(words),
        national=national,
    )


def _without_number(line: Line) -> Iterator[str]:
    """The words of a line behind its number."""
    if line.title:
        yield line.title
    if line.rest:
        yield ("，" if line.title and not re.match(r"[，。；]", line.rest) else "") + line.rest
