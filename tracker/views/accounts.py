"""accounts"""

from __future__ import annotations

from flask import Blueprint

place = Blueprint("accounts", __name__)
