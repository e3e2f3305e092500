"""overview"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("overview", __name__)
