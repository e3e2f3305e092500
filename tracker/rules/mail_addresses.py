"""Which texts are the address of one mailbox that every mail server takes."""

from __future__ import annotations

import re

LONGEST = 254
LONGEST_LOCAL = 64
# Narrower than the standards: no quotes, comments, pipes, lists or letters beyond ASCII ever reach the mail server.
ADDRESS = re.compile(
    r"(?P<local>[A-Za-z0-9_][A-Za-z0-9._%+-]*)@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def is_mail_address(text: str) -> bool:
    """Whether a text is exactly one plain address."""
    match = ADDRESS.fullmatch(text)
    if match is None or len(text) > LONGEST or len(match["local"]) > LONGEST_LOCAL:
        return False
    return ".." not in text and not match["local"].endswith(".")


def masked(address: str | None) -> str | None:
    """An address of which others may only recognise their own: the first character and the domain."""
    if not address:
        return None
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"
