"""Documents as large as any that an office has: 200 pages of measures, tables of 3,000 rows; each with its truth."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from typing import Any

from tests.corpus.paper_maker import word, workbook
from tests.corpus.truth import Wanted

PAGES = 200
CHARACTERS_OF_A_PAGE = 28 * 22  # 党政机关公文格式 (GB/T 9704-2012, 5.2.3): 22 lines of 28 characters
ROWS = 3000
BUREAUS = (
    "县教育局",
    "县财政局",
    "县住房和城乡建设局",
    "县人力资源和社会保障局",
    "县文化和旅游局",
    "县水利局",
    "县农业农村局",
)
WORKS = (
    "改造通村公路",
    "整治黑臭水体",
    "建设高标准农田",
    "更新供水管网",
    "培训基层干部",
    "修缮历史建筑",
    "安装智能电表",
)
HAN = "〇一二三四五六七八九"
COLUMNS = ["序号", "工作任务", "目标要求", "牵头单位", "配合单位", "完成时限"]
FILLER = (
    "坚持问题导向和目标导向相统一，逐项建立台账，明确时间表和路线图，按月调度、按季通报，"
    "对进展缓慢的约谈提醒，确保各项要求落到实处、见到成效。"
)


def wanted(number: int) -> Wanted:
    """The task of a number; no two have the same words."""
    lead, other = BUREAUS[number % len(BUREAUS)], BUREAUS[(number + 3) % len(BUREAUS)]
    year, month = 2026 + number % 4, 1 + number % 12
    last = calendar.monthrange(year, month)[1]
    units = ((lead, "lead"), (other, "cooperating"))
    return Wanted(
        f"{WORKS[number % len(WORKS)]}第{number}处",
        units=units,
        terms=((f"{year}年{month}月底前", f"{year}-{month:02d}-{last}"),),
    )


def pages(count: int = PAGES) -> tuple[bytes, list[Wanted]]:
    """A Word document of so many pages, a task in each paragraph under headings of two ranks."""
    tasks: list[Wanted] = []
    blocks: list[str] = ["广宁县国民经济和社会发展重点任务实施方案", "广政发〔2026〕1号", "2026年1月5日"]
    letters = 0
    while letters < count * CHARACTERS_OF_A_PAGE:
        number = len(tasks) + 1
        if number % 90 == 1:
            blocks.append(f"{_han(number // 90 + 1)}、推进第{_han(number // 90 + 1)}类重点工作")
        if number % 9 == 1:
            blocks.append(f"（{_han(number % 90 // 9 + 1)}）落实第{_han(number % 90 // 9 + 1)}组任务")
        task = wanted(number)
        tasks.append(task)
        blocks.append(_paragraph(task, (number - 1) % 9 + 1))
        letters += sum(map(len, blocks[-1:]))
    return word(blocks), tasks


def _paragraph(task: Wanted, number: int) -> str:
    lead, other = (name for name, _ in task.units)
    bracket = f"（牵头单位：{lead}；配合单位：{other}；完成时限：{task.terms[0][0]}）"
    return f"{number}.{task.title}。{FILLER * 2}{bracket}"


def _han(number: int) -> str:
    """The numerals of headings up to ninety-nine."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{HAN[tens]}十") + (HAN[ones] if ones or not tens else "")


def rows(count: int = ROWS) -> Iterator[list[Any]]:
    """The rows of a table of so many tasks, its heads repeated now and then."""
    for number in range(1, count + 1):
        if number % 40 == 1:
            yield list(COLUMNS)
        task = wanted(number)
        lead, other = (name for name, _ in task.units)
        yield [number, task.title, FILLER, lead, other, task.terms[0][0]]


def word_table(count: int = ROWS) -> tuple[bytes, list[Wanted]]:
    """A Word document with a table of so many rows."""
    table = list(rows(count))
    return word(["广宁县重点任务分解表", {"table": table}]), [wanted(number) for number in range(1, count + 1)]


def sheet(count: int = ROWS) -> tuple[bytes, list[Wanted]]:
    """An Excel file with so many rows."""
    return workbook({"任务": list(rows(count))}), [wanted(number) for number in range(1, count + 1)]


def hostile(characters: int = 1_000_000) -> str:
    """A text that goes on with what readers look for and never ends it: open brackets, labels, numbers, dates."""
    pieces = (
        "（责任单位：",
        "（",
        "一、",
        "2026年",
        "、县",
        "牵头单位：",
        "1.",
        "(",
        "至2027年",
        "：",
        "责任单位",
        "万元",
        "和",
    )
    return "".join(pieces * (characters // len("".join(pieces)) + 1))[:characters]
