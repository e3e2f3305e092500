"""A person at a page: each tap and each text is an interaction, and they are counted."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator


@dataclass
class Hands:
    """Counts what a person does with a page."""

    count: int = 0

    def tap(self, what: Locator) -> None:
        """Tap or click something."""
        what.click()
        self.count += 1

    def write(self, where: Locator, text: str) -> None:
        """Type a text into a field."""
        where.fill(text)
        self.count += 1
