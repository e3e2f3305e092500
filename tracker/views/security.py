"""Headers of every answer."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
# Pictures that the browser may keep for this reader alone, asking each time whether they may still be shown.
KEPT_ENDPOINTS = frozenset({"photos.photo"})
ASK_EACH_TIME = "private, no-cache"


def register(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Forbid what the pages never need; pages are not stored, static files are, photographs are asked for again."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if current_app.extensions["settings"].https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=86400"
    elif request.endpoint in KEPT_ENDPOINTS and response.status_code in {200, 304}:
        # A refusal, a way to the sign-in page or a fault of the same address is not stored.
        response.headers["Cache-Control"] = ASK_EACH_TIME
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
