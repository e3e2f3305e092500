"""The archive of an evidence binder: folders, names, sums, and an index that opens again."""

from __future__ import annotations

import errno
import hashlib
import io
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from tracker.documents import binder as archive_of
from tracker.documents.binder import MOST_BYTES, MOST_FILES, Filled, State, is_too_large, write_binder
from tracker.documents.binder_index import Cover, papers, size_words
from tracker.queries.binder import Binder, BinderFile, BinderItem, BinderTask

NOW = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
COVER = Cover("兴国县", "国家标准", "李四", NOW, date(2026, 3, 6))
TASK = BinderTask("xg-17", "17", "资金拨付", ("财政局",))


def kept(folder: Path, content: bytes, name: str = "凭证.pdf", task: BinderTask | None = TASK) -> BinderFile:
    """A file on disk as the binder knows it."""
    digest = hashlib.sha256(content).hexdigest()
    (folder / digest).write_bytes(content)
    return BinderFile(name, digest, len(content), date(2026, 2, 3), "财政局", task)


def written(folder: Path, binder: Binder) -> tuple[zipfile.ZipFile, Filled]:
    """The archive, opened again."""
    out = BytesIO()
    filled = write_binder(out, binder, lambda digest: folder / digest, lambda made: papers(COVER, made), NOW)
    archive = zipfile.ZipFile(out)
    assert archive.testzip() is None
    return archive, filled


def test_each_item_has_a_folder_with_its_files_and_the_manifest_their_sums(tmp_path: Path) -> None:
    file, other = kept(tmp_path, b"one"), kept(tmp_path, b"two", task=None)
    items = (BinderItem("R1", "教师", "资源", files=(file, other)), BinderItem("G1", "布局", "保障", tasks=(TASK,)))
    archive, filled = written(tmp_path, Binder("国家标准", items))
    assert sorted(archive.namelist()) == sorted(
        [
            *("R1 教师/17_2026-02-03_凭证.pdf", "R1 教师/县级数值_2026-02-03_凭证.pdf"),
            *("目录.docx", "目录.xlsx", "无佐证清单.xlsx", "SHA256SUMS.txt"),
        ]
    )
    assert not filled.amiss
    sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS.txt").decode().splitlines())
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS.txt"}
    for name, digest in sums.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest, name


def test_names_cannot_leave_their_folder_and_never_meet(tmp_path: Path) -> None:
    one, two = kept(tmp_path, b"1", "../../etc/passwd.pdf"), kept(tmp_path, b"2", "..\\..\\ETC\\PASSWD.PDF")
    long = kept(tmp_path, b"3", "长" * 300 + ".pdf")
    strange = BinderTask("x", "../..", "t", ())
    items = (
        BinderItem("..", "/", "g", files=(one, two, long)),
        BinderItem("..", "/", "g", files=(kept(tmp_path, b"4", "a.pdf", strange),)),
        BinderItem("R1", "长" * 300, "g", files=(one,)),
    )
    archive, _filled = written(tmp_path, Binder("国家标准", items))
    names = [name for name in archive.namelist() if "/" in name]
    assert len({name.casefold() for name in names}) == len(names) == 5
    for name in names:
        folder, file = name.split("/")
        assert folder not in {"", ".", ".."}
        assert file not in {"", ".", ".."}
        assert len(folder) <= 80
        assert len(file) <= 80
        assert "\\" not in name


def test_a_missing_and_a_changed_file_are_named_and_end_nothing(tmp_path: Path) -> None:
    gone, good = kept(tmp_path, b"gone", "丢失.pdf"), kept(tmp_path, b"good", "完好.pdf")
    changed = kept(tmp_path, b"before", "改过.pdf")
    (tmp_path / gone.sha256).unlink()
    (tmp_path / changed.sha256).write_bytes(b"after!")
    archive, filled = written(
        tmp_path, Binder("国家标准", (BinderItem("R1", "教师", "g", files=(gone, good, changed)),))
    )
    assert [(each.file.name, each.state) for each in filled.amiss] == [
        ("丢失.pdf", State.MISSING),
        ("改过.pdf", State.CHANGED),
    ]
    listed = [row for row in load_workbook(BytesIO(archive.read("无佐证清单.xlsx"))).active.values if row[0] == "R1"]
    assert [(row[1], row[2]) for row in listed] == [("丢失.pdf", "文件缺失"), ("改过.pdf", "与提交时的内容不一致")]
    assert "丢失.pdf" in in_word(archive)
    assert hashlib.sha256(b"after!").hexdigest() in archive.read("SHA256SUMS.txt").decode()


class Torn(io.BytesIO):
    """A file that can be read up to its middle."""

    def read(self, size: int | None = -1) -> bytes:
        """The first piece, then an error of the disk."""
        if self.tell():
            raise OSError(errno.EIO, "Input/output error")
        return super().read(3)


class TornPath(type(Path())):  # type: ignore[misc]
    """The path of such a file."""

    def open(self, *_args: object, **_kept: object) -> Torn:
        """The file."""
        return Torn(b"torn in two")


def test_a_file_that_breaks_off_is_missing_and_no_half_of_it_stays(tmp_path: Path) -> None:
    torn, good = kept(tmp_path, b"torn", "断.pdf"), kept(tmp_path, b"good", "完好.pdf")
    items = (BinderItem("R1", "a", "g", files=(good, torn)), BinderItem("R2", "b", "g", files=(good,)))
    out = BytesIO()
    filled = write_binder(
        out,
        Binder("国家标准", items),
        lambda digest: TornPath(digest) if digest == torn.sha256 else tmp_path / digest,
        lambda made: papers(COVER, made),
        NOW,
    )
    archive = zipfile.ZipFile(out)
    assert archive.testzip() is None
    assert [(each.file.name, each.state) for each in filled.amiss] == [("断.pdf", State.MISSING)]
    assert not [name for name in archive.namelist() if "断" in name]
    assert archive.read("R2 b/17_2026-02-03_完好.pdf") == b"good"
    assert b"tor" not in out.getvalue()


def in_word(archive: zipfile.ZipFile) -> str:
    """What the index in Word says."""
    paper = Document(BytesIO(archive.read("目录.docx")))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def test_the_index_says_item_task_unit_day_and_size(tmp_path: Path) -> None:
    file = kept(tmp_path, b"x" * 3000, "=1+1\ufffe.pdf")
    serving = BinderItem("R1", "教师", "资源", "R1", (TASK,), (file,))
    archive, _filled = written(tmp_path, Binder("国家标准", (serving, BinderItem("G1", "布局", "保障"))))
    said = in_word(archive)
    for words in ("兴国县迎检材料目录", "R1 教师", "17 资金拨付", "财政局", "2026-02-03", "3 KB", "无佐证清单", "布局"):
        assert words in said
    assert (
        'w:eastAsia="仿宋_GB2312"'
        in zipfile.ZipFile(BytesIO(archive.read("目录.docx"))).read("word/document.xml").decode()
    )
    sheet = load_workbook(BytesIO(archive.read("目录.xlsx"))).active
    row = next(each for each in sheet.values if each[0] == "R1")
    assert row[3:7] == ("17", "资金拨付", "已确认", "财政局")
    assert row[9] == 3000
    assert not [cell for each in sheet.iter_rows() for cell in each if cell.data_type == "f"]


def test_what_nobody_can_carry_away_is_too_large() -> None:
    small = BinderFile("a", "0", 1, date(2026, 1, 1), "")
    assert not is_too_large(Binder("f", (BinderItem("a", "a", "g", files=(small,) * MOST_FILES),)))
    assert is_too_large(Binder("f", (BinderItem("a", "a", "g", files=(small,) * (MOST_FILES + 1)),)))
    half = BinderFile("a", "0", MOST_BYTES // 2, date(2026, 1, 1), "")
    assert not is_too_large(Binder("f", (BinderItem("a", "a", "g", files=(half, half)),)))
    assert is_too_large(Binder("f", (BinderItem("a", "a", "g", files=(half, half, small)),)))


def test_files_are_copied_in_pieces(tmp_path: Path) -> None:
    file = kept(tmp_path, b"ab" * (archive_of.CHUNK + 7))
    archive, filled = written(tmp_path, Binder("国家标准", (BinderItem("R1", "教师", "g", files=(file,)),)))
    assert not filled.amiss
    assert archive.getinfo(filled.entries[0].path).file_size == file.size


def test_sizes_are_read_at_a_glance() -> None:
    assert [size_words(size) for size in (0, 1, 1024, 1025, 1024**2, 5 * 1024**3)] == [
        *("0 KB", "1 KB", "1 KB", "2 KB", "1.0 MB", "5120.0 MB")
    ]
