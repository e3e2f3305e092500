"""evidence"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("evidence", __name__)
LARGEST_REQUEST = 61 * 1024 * 1024
