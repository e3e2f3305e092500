"""work"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("work", __name__)
