"""Make an office program ready for the tests that look at Word files as pages: LibreOffice, unpacked into .cache.

`make office` runs this as `python -m tools.test_office`; tests/office.py asks it what to start. The packages come from
the Debian sources that the machine knows, checked by apt against their signatures, and nothing is installed: no root
is needed. Where they cannot be had, this says why and the tests that need them are skipped, visibly.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tools.test_browser import CACHE

OFFICE_DIR = CACHE / "office"
DONE = OFFICE_DIR / "done"
REASON = OFFICE_DIR / "missing.txt"
ROOT_DIR = OFFICE_DIR / "root"
PROGRAM = ROOT_DIR / "usr" / "lib" / "libreoffice" / "program"
FONTS = OFFICE_DIR / "fonts.conf"
PACKAGES = ("libreoffice-writer-nogui", "fonts-arphic-gbsn00lp", "fonts-arphic-gkai00mp", "fonts-wqy-zenhei")
# The fonts of official papers are not free; these draw the same signs in the same width.
DRAWN_AS = {
    "仿宋_GB2312": "AR PL SungtiL GB",
    "方正小标宋简体": "AR PL SungtiL GB",
    "宋体": "AR PL SungtiL GB",
    "楷体_GB2312": "AR PL KaitiM GB",
    "黑体": "WenQuanYi Zen Hei",
}
# Where Debian's build looks for its own files, and where they lie unpacked.
MOVED = {
    "file:///usr/lib/libreoffice": "${ORIGIN}/..",
    "file:///etc/libreoffice/registry": "${BRAND_BASE_DIR}/share/.registry",
}
STATUS = Path("/var/lib/dpkg/status")
TOO_LONG = 900


class Office(NamedTuple):
    """An office program to start, and the environment variables it needs besides those that are set."""

    executable: str
    environment: dict[str, str]


def office_to_start() -> Office | None:
    """Return the office program for the tests, None where there is none."""
    if not DONE.exists():
        return None
    libraries = [PROGRAM, *sorted((ROOT_DIR / "usr" / "lib").glob("*-linux-gnu*"))]
    environment = {
        "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
        "FONTCONFIG_FILE": str(FONTS),
        "HOME": str(OFFICE_DIR / "home"),
    }
    return Office(str(PROGRAM / "soffice.bin"), environment)


def why_missing() -> str:
    """Return the reason for which there is no office program."""
    return REASON.read_text(encoding="utf-8") if REASON.exists() else "run `make office`"


def make_ready() -> None:
    """Unpack what is missing; do nothing where it stands already."""
    if DONE.exists():
        return
    shutil.rmtree(OFFICE_DIR, ignore_errors=True)
    ROOT_DIR.mkdir(parents=True)
    (OFFICE_DIR / "home").mkdir()
    try:
        unpack(download())
        write_fonts()
        start_once()
    except (OSError, subprocess.SubprocessError, RuntimeError) as problem:
        said = getattr(problem, "stderr", None) or str(problem)
        REASON.write_text(f"LibreOffice could not be made ready: {said.strip()[-300:]}", encoding="utf-8")
        print(f"{REASON.read_text(encoding='utf-8')}; tests that look at Word files as pages are skipped.")
        return
    DONE.touch()


def download() -> list[Path]:
    """Fetch the packages, and what they need besides what this machine has, into a folder of their own."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise RuntimeError("this machine has no apt")
    lists, archives = OFFICE_DIR / "lists", OFFICE_DIR / "archives"
    for folder in (lists / "partial", archives / "partial"):
        folder.mkdir(parents=True)
    status = OFFICE_DIR / "status"
    status.write_text(without_office(STATUS.read_text(encoding="utf-8")), encoding="utf-8")
    options = (
        f"Dir::State::status={status}",
        f"Dir::State::Lists={lists}",
        f"Dir::Cache={OFFICE_DIR}",
        f"Dir::Cache::Archives={archives}",
        "Debug::NoLocking=1",
        "APT::Sandbox::User=",
        "Acquire::Languages=none",
    )
    apt = ["apt-get", "-qq", *(part for option in options for part in ("-o", option))]
    run([*apt, "update"])
    # Nothing is installed: without root apt may only say what it would fetch, and fetch it.
    run([*apt, "--yes", "--no-install-recommends", "--download-only", "install", *PACKAGES])
    return sorted(archives.glob("*.deb"))


def without_office(status: str) -> str:
    """Return what dpkg says is installed without LibreOffice and our fonts.

    What a desktop has of them would not be fetched, and the unpacked program must have all its parts beside it.
    """
    entries = status.split("\n\n")
    ours = re.compile(rf"^(Source: libreoffice\b.*|Package: ({'|'.join(map(re.escape, PACKAGES))}))$", re.MULTILINE)
    return "\n\n".join(entry for entry in entries if not ours.search(entry))


def unpack(packages: list[Path]) -> None:
    """Unpack the packages side by side into one folder, and drop them."""
    for package in packages:
        run(["dpkg-deb", "--extract", str(package), str(ROOT_DIR)])
    if not (PROGRAM / "soffice.bin").exists():
        raise RuntimeError("the packages hold no soffice.bin")
    settings = PROGRAM / "fundamentalrc"
    said = settings.read_text(encoding="utf-8")
    for installed, unpacked in MOVED.items():
        said = said.replace(installed, unpacked)
    settings.write_text(said, encoding="utf-8")
    for name in ("archives", "lists"):
        shutil.rmtree(OFFICE_DIR / name)
    (OFFICE_DIR / "status").unlink()


def write_fonts() -> None:
    """Name the unpacked fonts, and which of them draws each font of official papers."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{drawn}</family></prefer></alias>'
        for name, drawn in DRAWN_AS.items()
    )
    folders = f"<dir>{ROOT_DIR / 'usr' / 'share' / 'fonts'}</dir><cachedir>{OFFICE_DIR / 'fontconfig'}</cachedir>"
    FONTS.write_text(f'<?xml version="1.0"?>\n<fontconfig>{folders}{aliases}</fontconfig>\n', encoding="utf-8")


def start_once() -> None:
    """Start it as the tests will: libraries that a small machine lacks are noticed here."""
    DONE.touch()
    office = office_to_start()
    DONE.unlink()
    if office is None:
        raise RuntimeError("there is no office program")
    asked = [office.executable, "--headless", f"-env:UserInstallation=file://{OFFICE_DIR / 'profile'}", "--version"]
    run(asked, {**os.environ, **office.environment})


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command quietly. Raises CalledProcessError with what it said."""
    subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=TOO_LONG)


if __name__ == "__main__":
    make_ready()
    sys.exit(0)
