"""Addresses inside the tracker."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

HOME = "/"


def safe_target(target: str | None) -> str:
    """A path of our own to go back to; anything that a browser could read as another host becomes the front door."""
    if not target or not target.startswith("/"):
        return HOME
    plain = unquote(target)
    try:
        split = urlsplit(plain)
    except ValueError:  # such as half an IPv6 address
        return HOME
    if split.scheme or split.netloc or "\\" in plain or plain.startswith("//") or any(ord(c) < 32 for c in plain):
        return HOME
    return target
