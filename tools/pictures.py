"""Take the pictures in docs/pictures/ of the demonstration, in a real browser: ``make pictures``."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
TASK = "xingguo-2023-a1-06"
DESK, PHONE = (1366, 768), (375, 812)
# name, who signs in, address, size
WANTED = (
    ("overview", "leader", "/overview", DESK),
    ("ledger", "office", "/tasks", DESK),
    ("task", "office", f"/tasks/{TASK}", DESK),
    ("my-work", "staff", "/work", PHONE),
    ("projects", "leader", "/projects", DESK),
    ("indicators", "leader", "/indicators", DESK),
    ("outbox", "office", "/outbox", DESK),
)


def main() -> None:
    """Serve a fresh demonstration, sign in as each role and take each picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as address, chromium() as browser:
        password = (Path(folder) / "demonstration_password").read_text(encoding="utf-8").strip()
        for name, username, path, size in WANTED:
            page = signed_in(browser, address, username, password, size)
            page.goto(address + path)
            page.screenshot(path=PICTURES / f"{name}.png", full_page=False)
            page.context.close()
            print(PICTURES.relative_to(ROOT) / f"{name}.png")


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """The address of a demonstration served from an empty folder until the block ends."""
    port = free_port()
    environment = {**os.environ, "TRACKER_VAR": str(folder), "PORT": str(port), "DATABASE_URL": ""}
    server = subprocess.Popen(
        [sys.executable, "-m", "tracker.serve", "--demo"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: int = 120) -> None:
    """Wait until the server answers. Raises RuntimeError when it ended or took too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("the demonstration did not start")


def signed_in(browser: Browser, address: str, username: str, password: str, size: tuple[int, int]) -> Page:
    """A page of a new window in which a person has signed in by the form."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto(f"{address}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main button")
    page.wait_for_load_state()
    return page


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
