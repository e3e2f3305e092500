"""indicators"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("indicators", __name__)
