"""Names of files and folders: whatever somebody typed is one step of a path that every system takes."""

from __future__ import annotations

import pytest

from tracker.rules.file_names import MOST_BYTES, safe_file_name, safe_name, unlike


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("R1 每百名学生拥有高于规定学历教师数", "R1 每百名学生拥有高于规定学历教师数"),
        ("../../etc/passwd", "etc passwd"),
        ("..", "未命名"),
        ("", "未命名"),
        (" \t.. ", "未命名"),
        ("C:\\Windows\\a", "C Windows a"),
        ("是否<达标>？|*", "是否 达标 ？"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1 .pdf", "_com1 .pdf"),
        ("a\x00b\u202egpj.exe", "a b gpj.exe"),
        ("名" * 200, "名" * 80),
        ("𠮷" * 80, "𠮷" * 60),
    ],
)
def test_a_name_is_one_step_that_every_system_takes(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("凭证.pdf", "凭证.pdf"),
        ("长" * 200 + ".pdf", "长" * 76 + ".pdf"),
        ("没有后缀", "没有后缀"),
        ("a." + "b" * 90, ("a." + "b" * 90)[:80]),
        (".pdf", "pdf"),
        ("照片. .jpg", "照片.jpg"),
    ],
)
def test_a_file_keeps_its_suffix(text: str, name: str) -> None:
    assert safe_file_name(text) == name


def test_no_two_names_of_a_folder_are_the_same_in_any_case() -> None:
    taken: set[str] = set()
    assert [unlike(name, taken) for name in ("A.pdf", "a.PDF", "a.pdf", "b")] == ["A.pdf", "a(2).PDF", "a(3).pdf", "b"]
    long = "长" * 76 + ".pdf"
    assert unlike(long, taken) == long
    second = unlike(long, taken)
    assert second.endswith("(2).pdf")
    assert len(second) == 80
    assert len(second.encode()) <= MOST_BYTES
