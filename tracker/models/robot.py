"""Group robots: other channels through which a unit is told what its mails say."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key
from tracker.models.unit import Unit


class RobotKind(StrEnum):
    """The services whose group robots are known: 企业微信, 钉钉, 飞书."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class Robot(Base):
    """The robot of a unit's group. Its token lets anybody post there, so it is kept sealed and shown to nobody."""

    __tablename__ = "robots"
    __table_args__ = (sa.UniqueConstraint("unit_id", "kind"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    kind: Mapped[RobotKind]
    sealed_token: Mapped[str]
    sealed_secret: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
