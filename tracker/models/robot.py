"""Group robots: other channels through which a unit is told what its mails say."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key
from tracker.models.unit import Unit
from tracker.rules.robots import RobotKind as RobotKind


class Robot(Base):
    """The robot of a unit's group. Its token lets anybody post there, so it is kept sealed and shown to nobody.

    A robot that was removed keeps its row, without a token, as long as messages name it.
    """

    __tablename__ = "robots"
    __table_args__ = (sa.UniqueConstraint("unit_id", "kind"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    kind: Mapped[RobotKind]
    sealed_token: Mapped[str]
    sealed_secret: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
