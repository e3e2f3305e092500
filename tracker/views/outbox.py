"""outbox"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("outbox", __name__)
