"""Seconds and memory of reading and recognising large documents, each in a process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import large
from tests.corpus.real import document_path
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.recognition.recogniser import recognise

MOST_SECONDS = 10.0
MOST_SECONDS_OF_REAL = 1.0
MOST_MEGABYTES = 300
LARGEST_OF_REAL = "xingguo.docx"


@dataclass(frozen=True)
class Measured:
    """What a document took: seconds without the start of its process, the peak in MB, tasks found of those there."""

    name: str
    seconds: float
    megabytes: float
    tasks: int
    wanted: int | None
    most_seconds: float = MOST_SECONDS

    @property
    def verdict(self) -> str:
        """Which limits are kept or broken."""
        faults = [
            f"over {self.most_seconds:g} s" if self.seconds > self.most_seconds else "",
            f"over {MOST_MEGABYTES} MB" if self.megabytes > MOST_MEGABYTES else "",
            f"{self.wanted} tasks are there" if self.wanted not in (None, self.tasks) else "",
        ]
        return "; ".join(filter(None, faults)) or f"≤ {self.most_seconds:g} s and {MOST_MEGABYTES} MB kept"


def measure_documents(home: Path) -> Iterator[Measured]:
    """Measure each large document, written into a folder first so that making it costs the reading nothing."""
    made = {
        f"Word, {large.PAGES} pages": ("pages.docx", *large.pages()),
        f"Word, table of {large.ROWS} rows": ("table.docx", *large.word_table()),
        f"Excel, {large.ROWS} rows": ("sheet.xlsx", *large.sheet()),
    }
    for name, (file, content, tasks) in made.items():
        (home / file).write_bytes(content)
        yield measure(name, home / file, len(tasks))
    (home / "hostile.txt").write_text(large.hostile(), "utf-8")
    yield measure("text, 1 MB of open brackets", home / "hostile.txt", None)
    if real := document_path(LARGEST_OF_REAL):
        yield measure(f"largest real plan, {LARGEST_OF_REAL}", real, None, MOST_SECONDS_OF_REAL)


def measure(name: str, path: Path, wanted: int | None, most: float = MOST_SECONDS) -> Measured:
    """Read one document in a fresh process."""
    command = [sys.executable, "-m", "bench.documents", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Measured(name, float(said[0]), float(said[1]), int(said[2]), wanted, most)


def read(path: Path) -> str:
    """Read and recognise a document: seconds, peak MB of this process, tasks found."""
    began = time.perf_counter()
    draft = recognise(read_paper(io.BytesIO(path.read_bytes()), path.name))
    seconds = time.perf_counter() - began
    return f"{seconds:.3f} {peak():.1f} {len(draft.tasks)}"


def peak() -> float:
    """The most memory of this program in MB; what rusage tells is at least what its parent had when it forked."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(read(Path(sys.argv[1])))
