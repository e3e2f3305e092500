"""The real Chromium that browser tests and tools/pictures.py drive through Playwright."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tools.test_browser import browser_to_start, node_for_playwright

CHROMIUM_OPTIONS = (
    # Chromium's sandbox does not start as root or in most containers; only our own pages are opened in it.
    "--no-sandbox",
    "--disable-gpu",
    # Containers often give /dev/shm too little room for a page.
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium, or the one `make browser` fetched, and close it in the end."""
    found = browser_to_start()
    node = node_for_playwright()
    if node:
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.executable,
            env={**os.environ, **found.environment},
            args=list(CHROMIUM_OPTIONS),
        )
        try:
            yield browser
        finally:
            browser.close()
