"""tasks"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("tasks", __name__)
