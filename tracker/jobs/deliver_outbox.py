"""Deliver the outbox by SMTP; without a server the mails stay on the outbox page."""

from __future__ import annotations

import threading
from datetime import datetime

from tracker.jobs.job import JobFailed
from tracker.notifications.letters import settings
from tracker.notifications.mailer import deliver
from tracker.notifications.smtp import ServiceDown
from tracker.queries.outbox import waiting_count

# Set when the process ends: the mail in hand is finished, no other is begun.
ending = threading.Event()


def run(now: datetime) -> str:
    """Send what is due. Raises JobFailed when the server takes nothing."""
    if not settings().smtp_host:
        return f"no_server waiting={waiting_count()}"
    try:
        tally = deliver(now, ending.is_set)
    except ServiceDown as down:
        raise JobFailed(f"service_down {down.reason}") from down
    counts = " ".join(f"{word}={count}" for word, count in sorted(tally.items()))
    return f"{counts} waiting={waiting_count()}".strip()
