"""What closes a document and is of nobody's task: who signs, the day, the list of annexes, to whom copies go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from tracker.documents.paper import Paper, Paragraph
from tracker.rules.reading.document_heads import begins_annex_list, is_footer, is_in_annex_list, is_issuer, lone_day

MOST_SIGNERS = 6


def closing_blocks(paper: Paper, annex_starts: frozenset[int]) -> frozenset[int]:
    """The blocks that close the document or one of its parts; ``annex_starts`` are those with which annexes begin."""
    texts = [
        (index, block.text.strip())
        for index, block in enumerate(paper.blocks)
        if isinstance(block, Paragraph) and block.text.strip()
    ]
    return frozenset(_closing(texts, annex_starts))


def _closing(texts: Sequence[tuple[int, str]], annex_starts: frozenset[int]) -> Iterator[int]:
    for at, (index, text) in enumerate(texts):
        if is_footer(text):
            yield index
        elif lone_day(text):
            yield index
            before = reversed(texts[max(0, at - MOST_SIGNERS) : at])
            yield from (signer for signer, _text in takewhile(lambda each: is_issuer(each[1]), before))
        elif begins_annex_list(text) and index not in annex_starts:
            yield index
            yield from (other for other, _text in takewhile(lambda each: is_in_annex_list(each[1]), texts[at + 1 :]))
