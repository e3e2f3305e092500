"""Python's collection of cycles, held for moments while a county is judged: what is made there all lives on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Hold:
    """How many blocks hold the collection; the first stops it, the last lets it go on, in whatever threads they run."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.blocks = 0
        self.was_on = True

    def begin(self) -> None:
        """Stop the collection unless it is stopped."""
        with self.lock:
            if not self.blocks:
                self.was_on = gc.isenabled()
                gc.disable()
            self.blocks += 1

    def end(self) -> None:
        """Let it go on when nobody needs it held any more."""
        with self.lock:
            self.blocks -= 1
            if not self.blocks and self.was_on:
                gc.enable()


HOLD = Hold()


@contextmanager
def held_collection() -> Iterator[None]:
    """Collect no cycles inside the block: thousands of answers would be looked through again and again in vain.

    The collection is the whole process's: the block must be short, and must not yield to others.
    """
    HOLD.begin()
    try:
        yield
    finally:
        HOLD.end()
