"""What a table is about: which of its columns names each row, and whether its rows are tasks, indicators or neither."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.documents.recognition.grid import Heads, Row
from tracker.documents.recognition.table_figures import has_figures
from tracker.documents.recognition.table_rows import Layout
from tracker.rules.reading.columns import FIGURES, TEXTS, UNITS, Column
from tracker.rules.reading.indicator_figures import INDICATOR

NAMES_TASKS = re.compile(r"任务|分工|清单|分解|台账|推进表|项目表|一览表|责任|工作表|计划表|安排表|事项")
OWN_SHARE = 0.7  # of the rows, from which on a column of titles is held to name each row


def layout_of(heads: Heads, rows: Sequence[Row], measured_in: str) -> Layout:
    """Which column names each row, which group it, which say more."""
    names = [*heads.at(Column.ITEM), *heads.at(Column.SUBITEM)]
    contents = heads.at(Column.CONTENT)
    title = _title_column(names, rows)
    if title is None and len(contents) > 1 and _is_shorter(contents[0], contents[1], rows):
        title = contents.pop(0)
    groups = [*heads.at(Column.GROUP)]
    if title in names:
        groups += names[: names.index(title)]
        contents = [*names[names.index(title) + 1 :], *contents]
    else:
        groups += names
    if title is not None:
        spanning = [at for at in contents if at < title and _spans_titles(at, title, rows)]
        groups, contents = [*groups, *spanning], [at for at in contents if at not in spanning]
    if title is not None and contents and _groups_tasks(title, contents, heads, rows):
        groups, title = [*groups, title], None
    more = heads.at(Column.PRIMARY, Column.JUNIOR)
    number = next(iter(heads.at(Column.NUMBER)), None)
    return Layout(heads, title, tuple(sorted(groups)), (*contents, *more), number, measured_in)


def _title_column(names: Sequence[int], rows: Sequence[Row]) -> int | None:
    """The first column of names that names nearly each row; else the last, whose cells then span rows."""
    for column in names:
        own = sum(1 for row in rows if row.own(column))
        if own >= OWN_SHARE * len(rows):
            return column
    return names[-1] if names else None


def _spans_titles(column: int, title: int, rows: Sequence[Row]) -> bool:
    """Whether cells of a column span several rows with titles of their own: 评估内容 over several 指标."""
    return any(row.is_covered(column) and row.own(title) for row in rows)


def _groups_tasks(title: int, contents: Sequence[int], heads: Heads, rows: Sequence[Row]) -> bool:
    """Whether cells of the column of titles span rows that are tasks of their own: 重点任务 over several 具体措施."""
    own = [*heads.at(*UNITS), *heads.at(Column.NUMBER, Column.DEADLINE)]
    spanned = [row for row in rows if row.is_covered(title) and any(row.own(at) for at in contents)]
    tasks = [row for row in spanned if any(row.own(at) for at in own)]
    return 2 * len(tasks) > len(spanned) > 0


def _is_shorter(first: int, second: int, rows: Sequence[Row]) -> bool:
    sample = rows[:100]
    return sum(len(row.text(first)) for row in sample) < sum(len(row.text(second)) for row in sample)


def is_of_indicators(layout: Layout, caption: str) -> bool:
    """Whether the rows are indicators: by thresholds, points, kinds, or the words of heads and caption."""
    heads = layout.heads
    if heads.has(*FIGURES):
        return False
    if heads.has(Column.PRIMARY, Column.JUNIOR, Column.GRADE):
        return True
    names = [head.words for head in heads.columns if head.column in (*TEXTS, Column.GROUP)]
    named = any(INDICATOR.search(words) for words in names)
    return named and (heads.has(Column.POINTS) or any("指标" in words for words in names) or "指标" in caption)


def gives_tasks(layout: Layout, caption: str) -> bool:
    """Whether a table gives tasks: it names what is to be done, and who does it, by when or at what size."""
    heads = layout.heads
    if layout.title is None and not layout.contents:
        return False
    if heads.has(Column.PERSON) and not (heads.has(Column.CONTENT, Column.ITEM) and heads.has(Column.DEADLINE, *UNITS)):
        return False
    words = [head.words for head in heads.columns if head.column in (*TEXTS, Column.GROUP)]
    if len(heads.at(Column.PERSON)) > 1 and not heads.has(Column.DEADLINE):
        return False
    is_list_of_schools = all(re.search("学校|校名", word) for word in words) and bool(words)
    if heads.has(*UNITS, Column.DEADLINE, Column.OFFICIAL):
        return not is_list_of_schools or heads.has(Column.DEADLINE, Column.BUDGET)
    if is_list_of_schools:
        return heads.has(Column.BUDGET)
    return has_figures(layout) or heads.has(Column.BUDGET) or (bool(words) and bool(NAMES_TASKS.search(caption)))
