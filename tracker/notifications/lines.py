"""Lines to a server: each carries one mail at a time in a thread of its own, so that a slow one stops no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from time import monotonic
from typing import Protocol

from tracker.notifications.recheck import Outgoing
from tracker.notifications.smtp import Answer, ServiceDown


class TooLate(Exception):
    """A mail was not shown to the server: its lease could end before the server has answered."""


class Carrier(Protocol):
    """What brings a mail to its recipient. ``cut`` is called from another thread and makes what hangs fail at once."""

    def open(self) -> None:
        """Be ready for a mail. Raises ServiceDown."""

    def send(self, mail: Outgoing) -> Answer:
        """Hand over one mail. Raises ServiceDown where nothing can be sent."""

    def cut(self) -> None:
        """Break off what is going on."""

    def close(self) -> None:
        """End in good order."""


class Line:
    """A carrier in its thread. It puts itself into ``ended`` when the mail in hand has met its end."""

    def __init__(self, carrier: Carrier, ended: SimpleQueue[Line], in_time: Callable[[Outgoing], bool]) -> None:
        self._carrier = carrier
        self._ended = ended
        self._in_time = in_time
        self._given: SimpleQueue[Outgoing | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="mail line", daemon=True)
        self.mail: Outgoing | None = None
        self.since = 0.0
        self.is_cut = False
        # Whether it has ever stood: one that never did is one too many for the server.
        self.has_opened = False
        self.answer: Answer | Exception | None = None
        self._thread.start()

    def give(self, mail: Outgoing) -> None:
        """Let the line carry a mail; it is then in hand until the line has ended it."""
        self.mail, self.since, self.answer, self.is_cut = mail, monotonic(), None, False
        self._given.put(mail)

    def cut(self) -> None:
        """Break off what the line is doing; it still answers."""
        self.is_cut = True
        self._carrier.cut()

    def end(self) -> None:
        """Begin to end the line in good order."""
        self._given.put(None)

    def wait(self, patience: float) -> None:
        """Wait until the line has ended, and use force when the server takes its time."""
        self._thread.join(patience)
        if self._thread.is_alive():
            self._carrier.cut()

    def _work(self) -> None:
        while (mail := self._given.get()) is not None:
            self.answer = self._answer(lambda mail=mail: self._carried(mail))  # type: ignore[misc]
            self._ended.put(self)
        self._carrier.close()

    def _carried(self, mail: Outgoing) -> Answer:
        self._carrier.open()
        self.has_opened = True
        if not self._in_time(mail):
            raise TooLate
        return self._carrier.send(mail)

    def _answer(self, act: Callable[[], Answer]) -> Answer | Exception:
        try:
            return act()
        except ServiceDown as down:
            return down
        except Exception as error:
            return error


def close_lines(lines: Sequence[Line], patience: float) -> None:
    """End lines together within so many seconds."""
    until = monotonic() + patience
    for line in lines:
        line.end()
    for line in lines:
        line.wait(max(0.0, until - monotonic()))
