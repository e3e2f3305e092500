"""projects"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("projects", __name__)
