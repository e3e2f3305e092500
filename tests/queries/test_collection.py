"""The collection of cycles is held while anybody needs it held, and goes on whatever happens."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tracker.queries.collection import held_collection


def test_the_collection_goes_on_after_a_fault() -> None:
    with pytest.raises(ValueError, match="odd"), held_collection():
        raise ValueError("odd")
    assert gc.isenabled()


def test_the_first_thread_to_end_does_not_let_it_go_on_for_the_others() -> None:
    inside, between, seen = Barrier(2), Barrier(2), []

    def short() -> None:
        with held_collection():
            inside.wait()
        between.wait()

    def long() -> None:
        with held_collection():
            inside.wait()
            between.wait()
            seen.append(gc.isenabled())

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(short), pool.submit(long)]:
            done.result()
    assert seen == [False]
    assert gc.isenabled()


def test_a_collection_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with held_collection(), held_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
