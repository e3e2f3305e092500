"""Send what waits for group robots, service by service, in the same way as mails; it needs no mail server."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from time import monotonic

import sqlalchemy as sa

from tracker import clock
from tracker.models import OutboxMail, Robot, RobotKind
from tracker.notifications.letters import settings
from tracker.notifications.mailer import run
from tracker.notifications.recheck import Outgoing
from tracker.notifications.robots import RobotGateway
from tracker.notifications.smtp import Answer, ServiceDown

# Seconds after which a service that takes its time leaves the turn to the others and to the mails.
LONGEST_TURN = 30.0

logger = logging.getLogger(__name__)


class ByRobot:
    """Carries messages to group robots."""

    def __init__(self, link: str, present: Callable[[], datetime]) -> None:
        self._gateway = RobotGateway(link)
        self._present = present
        # What hangs ends by itself: the gateway waits for seconds.
        self.cut = self.close = self._gateway.close

    def open(self) -> None:
        """Nothing to be ready for: a service is spoken to with the message."""

    def send(self, mail: Outgoing) -> Answer:
        """Hand over one message. Raises ServiceDown."""
        return self._gateway.send(mail.way, mail.letter.subject, mail.letter.text, self._present())


def deliver_robots(now: datetime, stopping: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send what is due to each service; how many met which end. A service that is down waits for the next run."""
    link, tally = f"{settings().base_url}/work", Counter[str]()
    # The turn of a service begins when those before it are over.
    present = clock.going_on_from(now)
    for kind in RobotKind:
        own = OutboxMail.robot_id.in_(sa.select(Robot.id).where(Robot.kind == kind))
        until = monotonic() + LONGEST_TURN
        try:
            tally += run(
                present(),
                own,
                lambda present: ByRobot(link, present),
                1,
                lambda until=until: stopping() or monotonic() > until,  # type: ignore[misc]
            )
        except ServiceDown as down:
            logger.warning("robots of %s: %s", kind.value, down.reason)
    return tally
