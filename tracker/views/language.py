"""The choice of language, kept in a cookie of its own."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from tracker.translations import CHINESE, ENGLISH, LANGUAGE_COOKIE
from tracker.views.access import public, settings
from tracker.views.addresses import safe_target

place = Blueprint("language", __name__)
ONE_YEAR = 365 * 24 * 3600


@place.post("/language")
@public
def choose() -> ResponseReturnValue:
    """Remember the language and go back to where the reader was."""
    language = ENGLISH if request.form.get("language") == "en" else CHINESE
    response = redirect(safe_target(request.form.get("next")))
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=settings().https
    )
    return response
