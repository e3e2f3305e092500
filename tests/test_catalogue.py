"""The compiled translation: made whole by whichever process comes first, and never in the way of a start."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.support import Translations

from tracker.settings import ROOT
from tracker.translations import ENGLISH, HERE, compile_translations


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of translations that nobody has compiled."""
    target = tmp_path / ENGLISH / "LC_MESSAGES"
    target.mkdir(parents=True)
    shutil.copy(HERE / ENGLISH / "LC_MESSAGES" / "messages.po", target)
    return tmp_path


def files(folder: Path) -> list[str]:
    """What lies beside the catalogue."""
    return sorted(path.name for path in (folder / ENGLISH / "LC_MESSAGES").iterdir())


def test_processes_that_start_at_once_leave_one_whole_catalogue(folder: Path) -> None:
    code = f"from pathlib import Path; from tracker.translations import *; compile_translations(Path({str(folder)!r}))"
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert files(folder) == ["messages.mo", "messages.po"]
    assert Translations.load(str(folder), [ENGLISH]).gettext("逾期") != "逾期"
    kept, source = (folder / ENGLISH / "LC_MESSAGES" / f"messages.{end}" for end in ("mo", "po"))
    assert kept.stat().st_mode == source.stat().st_mode


def test_where_nothing_can_be_written_the_start_goes_on(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    # Nobody, root included, can put a file where a folder stands.
    taken = folder / ENGLISH / "LC_MESSAGES" / "messages.mo"
    taken.mkdir()
    os.utime(taken, (0, 0))
    with caplog.at_level(logging.WARNING):
        compile_translations(folder)
    assert "messages.mo cannot be written" in caplog.text
    assert files(folder) == ["messages.mo", "messages.po"]
