"""Deliver the outbox: mails by SMTP, messages to group robots by https.

Without a mail server the mails stay on the outbox page; robots need none.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from tracker import clock
from tracker.jobs.claims import keep
from tracker.jobs.job import JobFailed
from tracker.jobs.restores import watch
from tracker.models import LATEST, db
from tracker.notifications.letters import settings
from tracker.notifications.mailer import deliver
from tracker.notifications.robot_mailer import deliver_robots
from tracker.notifications.smtp import ServiceDown
from tracker.queries.outbox import waiting_count

# Set when the process ends: the mail in hand is finished, no other is begun.
ending = threading.Event()


def run(now: datetime) -> str:
    """Send what is due. Raises JobFailed when the server takes nothing, and what else stops the mails: robots go on."""
    # The robots' leases are not measured from the beginning of the mails.
    present = clock.going_on_from(now)
    watch(now)
    # A long first delivery after a gap is at work, which its end would say too late.
    keep("deliver_outbox", LATEST, now)
    db.session.commit()
    has_server = bool(settings().smtp_host)
    failure: Exception | None = None
    tally: Counter[str] = Counter()
    try:
        tally += deliver(present(), ending.is_set) if has_server else Counter()
    except Exception as error:
        db.session.rollback()
        failure = error
    tally += deliver_robots(present(), ending.is_set)
    if isinstance(failure, ServiceDown):
        raise JobFailed(f"service_down {failure.reason}") from failure
    if failure is not None:
        raise failure
    counts = [f"{word}={count}" for word, count in sorted(tally.items())]
    return " ".join([*([] if has_server else ["no_server"]), *counts, f"waiting={waiting_count()}"])
