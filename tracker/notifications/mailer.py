"""Send what waits in the outbox: lease, ask whether it is still true, send, mark.

Each step is a transaction of its own and nothing is open while the server is spoken to. A sender that dies in between
leaves a lease behind; when it has passed, the mail is sent with the same Message-ID. So nothing is lost, and what may
come twice can be recognised.

In good order there is one mail at a time between the server's answer and its mark, however many mails a batch has: so
a sender that is killed doubles one mail at most. Only while a mail takes longer than ``PATIENCE`` another line goes on.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from time import monotonic

import sqlalchemy as sa

from tracker import clock
from tracker.models import UNREADABLE, MailState, OutboxMail, db
from tracker.notifications.leases import (
    Lease,
    Marks,
    expire,
    give_back,
    lease,
    pause_after,
    reclaim,
    still_wanted,
    unreadable_again,
)
from tracker.notifications.letters import settings
from tracker.notifications.lines import Carrier, Line, TooLate, close_lines
from tracker.notifications.message import message_of, sender_address
from tracker.notifications.recheck import Outgoing, check
from tracker.notifications.refused import forgive, refuse
from tracker.notifications.smtp import Answer, MailServer, Outcome, ServiceDown
from tracker.queries.holds import not_held
from tracker.queries.outbox import is_due, sendable
from tracker.settings import Settings

BATCH = 50
MOST_UNREADABLE = 3
# Seconds.
PATIENCE = 2.0  # for a mail in hand before another line goes on with the next one
GLANCE = 1.0  # after which it is asked whether the mails of a batch were held or given up meanwhile
FRESH = 10.0  # after which what was asked about a batch is asked again
LONGEST_MAIL = 120.0  # for a whole mail, however lively the server is meanwhile; well within a lease
LONGEST_RUN = 180.0
# When the process is to end, the system leaves it half a minute, of which the scheduler waits 25 (PATIENCE_SECONDS): at
# most PATIENCE until it is noticed here, LONGEST_END for the mails in hand, which are then cut off and marked at once,
# and GOODBYE for all lines together.
LONGEST_END = 15.0
GOODBYE = 5.0

logger = logging.getLogger(__name__)


def deliver(now: datetime, stopping: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send what is due; how many met which end. Raises ServiceDown when nothing can be sent."""
    own, known = OutboxMail.robot_id.is_(None), settings()
    return run(now, own, lambda present: ByMail(known, present), known.smtp_connections, stopping)


class ByMail:
    """Carries mails by SMTP."""

    def __init__(self, settings: Settings, present: Callable[[], datetime]) -> None:
        self._settings = settings
        self._present = present
        self._server = MailServer(settings)
        self.open, self.cut, self.close = self._server.open, self._server.cut, self._server.close

    def send(self, mail: Outgoing) -> Answer:
        """Hand a mail to the server. Raises ServiceDown."""
        message = message_of(mail, self._settings, self._present())
        return self._server.send(sender_address(self._settings), mail.address, message)


def run(
    now: datetime,
    own: sa.ColumnElement[bool],
    carrier: Callable[[Callable[[], datetime]], Carrier],
    most_lines: int,
    stopping: Callable[[], bool],
) -> Counter[str]:
    """Send what is due of its ``own`` mails over carriers made for it; how many met which end. Raises ServiceDown."""
    # As far as this run has come: leases are not measured from its beginning.
    present = clock.going_on_from(now)
    tally: Counter[str] = Counter(expired=expire(now, [own, not_held()]))
    reclaim(now)
    wanted = [own, *sendable(clock.office_day(now))]
    due = is_due(now, wanted)
    # Ends the transaction of the question.
    db.session.commit()
    try:
        if due:
            Run(wanted, lambda: carrier(present), most_lines, present, stopping, tally).go()
    finally:
        if +tally:
            logger.info("mails: %s", ", ".join(f"{word} {count}" for word, count in sorted((+tally).items())))
    return +tally


class Run:
    """One run of sending: its batch, its lines, and what came of the mails so far."""

    def __init__(
        self,
        wanted: Sequence[sa.ColumnElement[bool]],
        carrier: Callable[[], Carrier],
        most_lines: int,
        present: Callable[[], datetime],
        stopping: Callable[[], bool],
        tally: Counter[str],
    ) -> None:
        self._wanted = wanted
        self._carrier = carrier
        self._most_lines = most_lines
        self._present = present
        self._stopping = stopping
        self._tally = tally
        self._marks = Marks()
        self._ended: SimpleQueue[Line] = SimpleQueue()
        self._lines: list[Line] = []
        self._free: list[Line] = []
        self._batch: deque[Outgoing] = deque()
        self._checked_at = self._seen_at = 0.0
        self._down: ServiceDown | None = None
        self._is_late = False
        self._ends_at = monotonic() + LONGEST_RUN

    def go(self) -> None:
        """Send until nothing is due, or the time is over. Raises ServiceDown."""
        try:
            while self._may_go_on() and (line := self._free_line()) and (mail := self._next()):
                self._free.remove(line)
                line.give(mail)
                self._settle(monotonic() + PATIENCE, line)
        finally:
            self._end()
        if self._down is not None:
            raise self._down

    def _may_go_on(self) -> bool:
        ended = self._down is not None or self._is_late or self._stopping()
        return not ended and monotonic() < self._ends_at

    def _is_in_time(self, mail: Outgoing) -> bool:
        """Whether a mail's lease outlasts it, however long it takes; where not, another sender may come to have it.

        Time may have passed unseen: the machine was suspended, or its clock was set.
        """
        return mail.lease.until - self._present() > timedelta(seconds=LONGEST_MAIL + GOODBYE)

    def _next(self) -> Outgoing | None:
        """The next mail of which it was asked just now whether it is still true; None where no more is due."""
        if self._batch and not self._is_in_time(self._batch[0]):
            self._end_late()
        elif self._batch and monotonic() - self._checked_at > FRESH:
            self._give_back()
        elif self._batch and monotonic() - self._seen_at > GLANCE:
            self._give_back_unwanted()
        while not self._batch and self._may_go_on():
            leases = lease(self._present(), self._wanted, BATCH)
            if not leases:
                return None
            checked = check(leases, self._present())
            self._checked_at = self._seen_at = monotonic()
            self._tally.update(state.value for state in checked.withdrawn)
            for each in checked.unreadable:
                self._put_off_unreadable(each)
            self._batch.extend(checked.outgoing)
        return self._batch.popleft() if self._batch and self._may_go_on() else None

    def _free_line(self) -> Line | None:
        """A line without a mail in hand, a new one where there may be more; waits for one where all are busy."""
        while not self._free and self._may_go_on():
            if len(self._lines) < self._most_lines:
                line = Line(self._carrier(), self._ended, self._is_in_time)
                self._lines.append(line)
                self._free.append(line)
            else:
                self._settle(monotonic() + PATIENCE)
        return self._free[0] if self._free else None

    def _settle(self, until: float, line: Line | None = None) -> None:
        """Mark the mails that have met their end, until ``line`` is free, any line without one, or patience ends."""
        while True:
            try:
                ended = self._ended.get(timeout=max(0.0, min(until, self._cut_overdue()) - monotonic()))
            except Empty:
                if monotonic() >= until:
                    return
                continue
            self._keep(ended)
            if line is None or ended is line:
                return

    def _cut_overdue(self) -> float:
        """Break off what takes too long in all; the next instant at which something will."""
        now = monotonic()
        self._cut([line for line in self._busy() if line.since + LONGEST_MAIL <= now])
        return min((line.since + LONGEST_MAIL for line in self._busy() if not line.is_cut), default=now + LONGEST_MAIL)

    def _cut(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if not line.is_cut:
                line.cut()

    def _busy(self) -> list[Line]:
        return [line for line in self._lines if line.mail is not None]

    def _keep(self, line: Line) -> None:
        """Mark what the answer to a mail in hand means for it, and free its line."""
        mail, answer = line.mail, line.answer
        assert mail is not None
        line.mail = None
        self._free.append(line)
        match answer:
            case Answer(outcome=Outcome.SENT):
                now = self._present()
                self._marks.write(mail.lease, state=MailState.SENT, sent_at=now, last_answer=answer.words)
                self._tally["sent"] += 1
                if mail.was_refused:
                    forgive(mail.address)
                    db.session.commit()
            case Answer(outcome=Outcome.REFUSED):
                if answer.of_address:
                    # Before the mark: a sender that is killed in between asks the server once more.
                    refuse(mail.address, answer.words, self._present())
                    db.session.commit()
                self._give_up(mail.lease, answer.words)
            case Answer():
                self._put_off(mail.lease, answer.words)
            case ServiceDown():
                self._keep_down(line, mail, answer)
            case TooLate():
                self._batch.appendleft(mail)
                self._end_late()
            case _:
                logger.error("mail %s cannot be written", mail.lease.mail_id, exc_info=answer)
                self._put_off_unreadable(mail.lease)

    def _keep_down(self, line: Line, mail: Outgoing, down: ServiceDown) -> None:
        """Nothing can be sent over a line: one more than the server takes is done without, else the run ends."""
        if down.tried:
            self._put_off(mail.lease, down.reason)
        else:
            # It was not shown to the server, which costs it no try.
            self._batch.appendleft(mail)
        others = [each for each in self._lines if each.has_opened]
        if line.has_opened or not others:
            self._down = down
            return
        self._free.remove(line)
        self._lines.remove(line)
        self._most_lines = len(self._lines)
        close_lines([line], 0)

    def _end_late(self) -> None:
        """Begin no mail of leases that may be over; the next run takes them anew, by a clock that was asked anew."""
        logger.warning("time has passed unseen: %s mails are left to the next run", len(self._batch))
        self._is_late = True

    def _give_up(self, lease: Lease, why: str) -> None:
        self._marks.write(lease, state=MailState.DEAD, last_answer=why)
        self._tally["dead"] += 1

    def _put_off_unreadable(self, lease: Lease) -> None:
        """Let a mail wait that cannot be written; what no try has changed is given up."""
        if lease.unreadable + 1 >= MOST_UNREADABLE:
            self._give_up(lease, UNREADABLE)
        else:
            self._put_off(lease, unreadable_again(lease))

    def _put_off(self, lease: Lease, why: str) -> None:
        """Let a mail wait for its next try, longer each time."""
        not_before = self._present() + pause_after(lease.attempts)
        self._marks.write(lease, state=MailState.QUEUED, not_before=not_before, last_answer=why)
        self._tally["later"] += 1

    def _give_back(self) -> None:
        give_back([mail.lease for mail in self._batch])
        self._batch.clear()

    def _give_back_unwanted(self) -> None:
        """Keep of the batch what may still be sent: a hold does not wait until a slow server has taken all of it."""
        left = still_wanted([mail.lease for mail in self._batch], self._wanted)
        give_back([mail.lease for mail in self._batch if mail.lease not in left])
        self._batch = deque(mail for mail in self._batch if mail.lease in left)
        self._seen_at = monotonic()

    def _end(self) -> None:
        """Give back what was not begun, wait for the mails in hand, and close the lines."""
        try:
            self._give_back()
            latest = monotonic() + LONGEST_MAIL
            while self._busy() and monotonic() < latest + GOODBYE:
                if self._stopping():
                    latest = min(latest, monotonic() + LONGEST_END)
                self._settle(min(monotonic() + PATIENCE, latest + GOODBYE))
                if monotonic() >= latest:
                    self._cut(self._busy())
            self._give_back()
        finally:
            self._marks.close()
            close_lines(self._lines, GOODBYE)
