"""The difference between two issues in one sentence: a clause for each reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.rules.issue_differences import Difference, Row
from tracker.rules.issue_reasons import Reason
from tracker.rules.overview import shared_by_all

# Marks a text for the translators; the text itself is the Chinese sentence.
N_: Callable[[str], str] = str


@dataclass(frozen=True)
class Clause:
    """A part of the paragraph: its words, the number in them, its reason, and the one unit that all of them share."""

    words: str
    count: int
    reason: Reason
    unit: str = ""


CLAUSES: Mapping[Reason, str] = {
    Reason.CLOSED: N_("销号 %(count)s 项"),
    Reason.REOPENED: N_("重新打开 %(count)s 项"),
    Reason.NEWLY_LATE: N_("到期转为逾期 %(count)s 项"),
    Reason.NO_LONGER_LATE: N_("不再逾期 %(count)s 项"),
    Reason.RETURNED: N_("退回修改 %(count)s 项"),
    Reason.EXTENDED: N_("延期 %(count)s 项"),
    Reason.REDATED: N_("重定或确认时限 %(count)s 项"),
    Reason.DOUBTED: N_("转为待重定时限 %(count)s 项"),
    Reason.DUE_SOON: N_("转为临期或落后 %(count)s 项"),
    Reason.RECOVERED: N_("恢复正常 %(count)s 项"),
    Reason.SUBMITTED: N_("提交核验 %(count)s 项"),
    Reason.STARTED: N_("开始推进 %(count)s 项"),
    Reason.SUSPENDED: N_("中止 %(count)s 项"),
    Reason.RESUMED: N_("恢复推进 %(count)s 项"),
    Reason.ADDED: N_("新增任务 %(count)s 项"),
    Reason.WITHDRAWN: N_("撤销任务 %(count)s 项"),
    Reason.LEFT: N_("移出 %(count)s 项"),
    Reason.OTHER: N_("其他变化 %(count)s 项"),
}
LATE_OF_ONE = N_("到期转为逾期 %(count)s 项（均为%(unit)s）")


def clauses(found: Difference) -> list[Clause]:
    """What changed a group, in parts: one for each reason."""
    return [_clause(found, row) for row in found.rows]


def paragraph(found: Difference, number: int, day: date, today: date) -> str:
    """The difference from the issue of a number and day in one Chinese sentence, for mails and bulletins."""
    year = "" if day.year == today.year else f"{day.year}年"
    lead = f"与第{number}期（{year}{day.month}月{day.day}日）相比"
    parts = [each.words % {"count": each.count, "unit": each.unit} for each in clauses(found)]
    said = f"{lead}，{'，'.join(parts)}" if parts else f"{lead}，各组数字没有变化"
    return f"{said}；另有 {len(found.quiet)} 项变化不影响各组数字。" if found.quiet else f"{said}。"


def _clause(found: Difference, row: Row) -> Clause:
    if row.reason is Reason.NEWLY_LATE:
        late = [item.line for item in found.items if item.reason is row.reason]
        one = shared_by_all(Counter(name for line in late for name in line.units), row.count)
        if one:
            return Clause(LATE_OF_ONE, row.count, row.reason, one)
    return Clause(CLAUSES[row.reason], row.count, row.reason)
