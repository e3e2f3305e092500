"""events"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("events", __name__)
