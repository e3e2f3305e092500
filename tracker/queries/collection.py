"""Python's collection of cycles, held while a province is judged: what is made there all lives to the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_collection() -> Iterator[None]:
    """Collect no cycles inside the block: half a million answers would be looked through again and again in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
