"""What a document says of itself: its own title (not that of its notice), number, issuer, day, period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import dropwhile, islice, takewhile

from tracker.documents.paper import Paper, Paragraph, Place
from tracker.documents.plan_draft import DraftDoubt, DraftHead
from tracker.documents.recognition.outline import Annex, Line, Outline
from tracker.documents.recognition.targets import target_of
from tracker.rules.deadline_words import read_deadline
from tracker.rules.reading.document_heads import (
    document_number,
    ends_as_title,
    goes_on_with_title,
    is_addressee,
    is_issuer,
    issuer_head,
    issuer_of_notice,
    lone_day,
    notice_of,
    period_of,
    region_of,
)
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.texts import one_name

MOST_LINES = 40  # the head stands before the first heading; a document without headings is looked at no further
LONGEST_LINE = 60
MOST_TITLE_LINES = 4
MOST_SIGNERS = 6
# Several bodies issue together: a space between whole names.
JOINT_ISSUERS = re.compile(r"[一-鿿]{3,}[ 　]+[一-鿿]{3,}")


def head_of(paper: Paper, outline: Outline) -> tuple[DraftHead, tuple[DraftDoubt, ...]]:
    """The head of a document and what is doubtful in it; what it does not say is None."""
    opening = _opening(outline)
    texts = [line.text for line in opening]
    issuer = next(filter(None, map(issuer_head, texts)), None)
    title = _title(texts, issuer)
    days = _days(paper)
    issued_on = days[0][1] if days else None
    issuer = issuer or _issuer(texts, days, paper)
    period = period_of(title or "")
    words, on = target_of(outline)
    head = DraftHead(
        title=title,
        document_number=next(filter(None, map(document_number, texts)), None),
        issuer=issuer,
        issued_on=issued_on,
        region=region_of(title or "") or region_of(issuer or ""),
        starts_on=date(period[0], 1, 1) if period else None,
        ends_on=date(period[1], 12, 31) if period else None,
        target_text=words,
        target_on=on,
    )
    return head, tuple(_doubts(head, days))


def _opening(outline: Outline) -> list[Line]:
    """The paragraphs before the first heading."""
    lines: list[Line] = []
    alone: Annex | None = None
    for line in outline.lines:
        if not lines and line.annex and line.place == line.annex.place:
            # A plan that was cut out of its notice begins with 附件.
            alone = line.annex
            continue
        if line.rank or (line.annex and not (alone and line.annex.place == alone.place)) or len(lines) == MOST_LINES:
            break
        lines.append(line)
    return lines


def _title(texts: Sequence[str], issuer: str | None) -> str | None:
    """The plan's own title; else that which the notice names; else the first title there is."""
    joined = list(_titles(texts))
    own = [title for title in joined if not notice_of(title)]
    named = next(filter(None, map(notice_of, joined)), None)
    if named:
        like = [title for title in own if _likeness(title, named) > 0.6]
        return like[-1] if like else one_name(named)
    own = [title for title in own if title != issuer]
    return own[0] if own else joined[0] if joined else None


def _titles(texts: Sequence[str]) -> list[str]:
    """Runs of short lines without a stop that end as titles end, each as one line."""
    titles: list[str] = []
    run: list[str] = []
    last = ""
    for text in [*texts, ""]:
        bare = text.strip()
        if last and not run and goes_on_with_title(bare) and not _is_apart(bare):
            titles[-1] += _one_line([bare])
            last = titles[-1]
            continue
        if titles and not run and period_of(bare) and bare[0] in "（(" and last == titles[-1]:
            titles[-1] += _one_line([bare])
            continue
        last = ""
        is_part = bool(bare) and len(bare) <= LONGEST_LINE and bare[-1] not in "。：:；;，," and not _is_apart(bare)
        if is_part and len(run) < MOST_TITLE_LINES:
            run.append(bare)
            if ends_as_title("".join(run).replace(" ", "")) and not _goes_on(bare):
                titles.append(_one_line(run))
                run, last = [], titles[-1]
        else:
            run = [bare] if is_part else []
    return titles


def _goes_on(line: str) -> bool:
    """A title that stops inside the name of another, or announces a notice that has not come yet."""
    return line.count("《") > line.count("》")


def _is_apart(line: str) -> bool:
    """What stands between titles and is none: a number, a day, a red head, an issuer, a note in brackets."""
    return bool(
        document_number(line)
        or lone_day(line)
        or issuer_head(line)
        or is_addressee(line)
        or is_issuer(line)
        or line.replace(" ", "") == "文件"
        or (line[0] in "（(" and line[-1] in "）)" and not period_of(line))
    )


def _one_line(run: Sequence[str]) -> str:
    text = "".join(run)
    return "".join(text.split()) if any("一" <= char <= "鿿" for char in text) else one_name(text)


def _likeness(title: str, other: str) -> float:
    """The share of the shorter title's characters that the longer has as well."""
    mine, its = set(title), set(other)
    return len(mine & its) / max(1, min(len(mine), len(its)))


def _days(paper: Paper) -> list[tuple[int, date]]:
    """The paragraphs that are nothing but a day, outside annexes and tables: the day of issue stands so."""
    return [
        (index, day)
        for index, block in enumerate(paper.blocks)
        if isinstance(block, Paragraph) and (day := lone_day(block.text))
    ]


def _issuer(texts: Sequence[str], days: Sequence[tuple[int, date]], paper: Paper) -> str | None:
    """The bodies in the red head, or those that sign right above the day."""
    heads = list(dropwhile(lambda text: not is_issuer(text), texts[:4]))
    signers = [text for index, _day in days for text in [_signed_above(paper, index)] if text]
    for bodies in (list(takewhile(is_issuer, heads)), *signers):
        if bodies:
            return " ".join(one_name(body) if JOINT_ISSUERS.search(body) else "".join(body.split()) for body in bodies)
    return next(filter(None, map(issuer_of_notice, texts[:4])), None)


def _signed_above(paper: Paper, index: int) -> list[str]:
    """The lines right above a day that are names of bodies."""
    above = (block.text if isinstance(block, Paragraph) else "" for block in reversed(paper.blocks[:index]))
    return [*reversed(list(takewhile(is_issuer, islice(above, MOST_SIGNERS))))]


def _doubts(head: DraftHead, days: Sequence[tuple[int, date]]) -> list[DraftDoubt]:
    doubts = [] if head.title else [DraftDoubt(ReadingDoubt.NO_TITLE, None)]
    if not days:
        doubts.append(DraftDoubt(ReadingDoubt.NO_ISSUE_DATE, None))
    if head.target_text and (on := read_deadline(head.target_text).alternative_on):
        doubts.append(DraftDoubt(ReadingDoubt.UNSURE_TARGET, None, f"{head.target_text}：{head.target_on} / {on}"))
    if len({day for _index, day in days}) > 1:
        words = "、".join(day.isoformat() for _index, day in days)
        doubts.append(DraftDoubt(ReadingDoubt.UNSURE_ISSUE_DATE, Place(days[0][0]), words))
    return doubts
