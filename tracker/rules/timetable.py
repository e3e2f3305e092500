"""When a job is late, which of its periods were missed, and what several results say together."""

from __future__ import annotations

from collections.abc import Iterable


def sum_of(results: Iterable[str]) -> str:
    """Several results as one: counts are added up, words without a count are said once."""
    counts: dict[str, int | None] = {}
    for token in (token for result in results for token in result.split()):
        word, _is, count = token.partition("=")
        counts[word] = (counts.get(word) or 0) + int(count) if count.isdecimal() else None
    return " ".join(word if count is None else f"{word}={count}" for word, count in counts.items())
