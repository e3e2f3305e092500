"""节点: the usual steps of a building project, what their days say, and which acts on them are possible."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from tracker.rules.completion import NodeFacts, expected_behind
from tracker.rules.deadline_words import UNKNOWN, plain_words, read_deadline
from tracker.rules.deadlines import LAST_YEAR, Precision
from tracker.rules.ladders import Ladder
from tracker.rules.school_years import FIRST_MONTH, first_day
from tracker.rules.texts import clean_text, one_name

# The steps that lead a public building in China from its approval to its use.
USUAL_NODES = ("立项", "可研", "用地", "规划许可", "招标", "开工", "主体封顶", "竣工验收·投用")
MOST_NODES = 30
# A node is named a week before its planned day, on the day after it and every week while missed; it never goes up.
NODE_LADDER = Ladder(days_before=(7,), day_after=1, repeat_every=7, head_after=None, decide_after=None)
DAY = timedelta(days=1)
LONGEST_NODE = 60
# Reading tries the end of a line as a day in several ways, so that a line and a list have an end before it begins.
LONGEST_LINE = 200
MOST_LINES = 2 * MOST_NODES
DAY_CELLS = 6  # 2024 年 3 月 底 前
# A table is copied with its head, and with words or strokes where it has no day.
HEADINGS = {"节点", "节点名称", "名称", "工程节点", "序号"}
NO_DAY = {"", "—", "——", "-", "/", "无", "待定", "未定", "未列", "暂无"}
DATED = {Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.HALF, Precision.YEAR}
ORDINAL = re.compile(r"[(（]?\d{1,2}[)）.、．]?")
LEADING_ORDINAL = re.compile(r"^\s*(?:[(（]\d{1,2}[)）]|\d{1,2}[.、．)）](?!\d))\s*")
# Excel writes a midnight behind a day.
HOUR = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2})?\s*$")
# The day may follow the name at once: 立项2024年3月.
DAY_AT_END = re.compile(r"\s*(?P<day>[12]\d{3}\s*(?:年|[-./]\s*\d).*)$")

# What may stand between a name and its day; a day follows some names at once.
BEHIND_NAME = re.compile(r"[\s,，;；:：|]+|(?=[12]\d{3}\s*(?:年|[-./]))")


class LineFault(StrEnum):
    """Why a line of a pasted list cannot be read."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    LONG_LINE = "long_line"
    BAD_DAY = "bad_day"
    TWICE = "twice"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """A node of a list: its name, and its planned day where the list has one."""

    name: str
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be read: its number from 1, its text, and why."""

    number: int
    text: str
    fault: LineFault


@dataclass(frozen=True, slots=True)
class NodeListing:
    """A pasted list as read: its nodes in their order, and the lines that are wrong."""

    nodes: tuple[PlannedNode, ...] = ()
    wrong: tuple[WrongLine, ...] = ()


class Question(StrEnum):
    """What is odd about the days of nodes: it is asked, never blocked."""

    OUT_OF_ORDER = "out_of_order"
    DONE_OUT_OF_ORDER = "done_out_of_order"
    AFTER_DEADLINE = "after_deadline"
    IN_SEPTEMBER = "in_september"
    EXPECTED_BEHIND = "expected_behind"


@dataclass(frozen=True, slots=True)
class NodeQuestion:
    """An oddity of a node beside another node, or beside the deadline in ``on``."""

    question: Question
    node: NodeFacts
    other: NodeFacts | None = None
    on: date | None = None


def next_due(nodes: Iterable[tuple[date | None, date | None]]) -> date | None:
    """The earliest planned day of the nodes that are not done, given as (planned_on, done_on); None without one."""
    return min((planned for planned, done in nodes if planned and not done), default=None)


def read_nodes(text: str, known: Collection[str] = ()) -> NodeListing:
    """Read a list of nodes, one a line: 名称, then its day if it has one; a month or a year means its last day.

    Names that are ``known`` are found at the beginning of a line whatever signs they hold. Reading ends with the first
    line that is one too many.
    """
    nodes: list[PlannedNode] = []
    wrong: list[WrongLine] = []
    longest_first = sorted(known, key=len, reverse=True)
    for number, line in enumerate(clean_text(text).split("\n"), 1):
        if not line.strip():
            continue
        node = _known_line(line, longest_first) or _read_line(line)
        if not nodes and not wrong and isinstance(node, PlannedNode) and node.name in {*HEADINGS} - {*known}:
            continue
        fault = _fault(node, nodes, len(wrong)) if isinstance(node, PlannedNode) else node
        if fault:
            wrong.append(WrongLine(number, line.strip()[:LONGEST_NODE], fault))
        elif isinstance(node, PlannedNode):
            nodes.append(node)
        if fault is LineFault.TOO_MANY or len(wrong) > MOST_LINES:
            break
    return NodeListing(tuple(nodes), tuple(wrong))


def _fault(node: PlannedNode, nodes: Sequence[PlannedNode], wrong: int) -> LineFault | None:
    """What is wrong with a line that could be read, behind others of which some were wrong."""
    if not node.name:
        return LineFault.NO_NAME
    if len(node.name) > LONGEST_NODE:
        return LineFault.LONG_NAME
    if any(node.name == each.name for each in nodes):
        return LineFault.TWICE
    return LineFault.TOO_MANY if len(nodes) >= MOST_NODES or len(nodes) + wrong >= MOST_LINES else None


def why_not_name(name: str) -> str | None:
    """Why no list can carry a name, as a stable word: it is a heading, or ends with what a list reads as a day."""
    if name in HEADINGS:
        return "node_heading"
    cells = _cells(name)
    ends = [" ".join(cells[count:]) for count in range(max(1, len(cells) - DAY_CELLS), len(cells))]
    if found := DAY_AT_END.search(cells[-1]):
        ends.append(found["day"])
    return "node_dated" if any(read_day(end) or end in NO_DAY for end in ends) else None


def _known_line(line: str, known: Sequence[str]) -> PlannedNode | None:
    """A line that begins with a known name, the longest first, and says nothing else but its day."""
    if not known or len(line) > LONGEST_LINE:
        return None
    for text in (one_name(line), one_name(LEADING_ORDINAL.sub("", line))):
        for name in known:
            rest = text.removeprefix(name)
            if text == name:
                return PlannedNode(name)
            gap = BEHIND_NAME.match(rest)
            if rest == text or not gap:
                continue
            rest = HOUR.sub("", rest[gap.end() :])
            day = read_day(rest)
            if day or rest in NO_DAY:
                return PlannedNode(name, day)
    return None


def _read_line(line: str) -> PlannedNode | LineFault:
    """The name and the day of a line, by tabs where it has them, else by commas, else by spaces."""
    if len(line.strip()) > LONGEST_LINE:
        return LineFault.LONG_LINE
    cells = _cells(line)
    for count in range(max(1, len(cells) - DAY_CELLS), len(cells)):
        rest = " ".join(cells[count:]).strip()
        day = read_day(rest)
        if day or rest in NO_DAY or (count == 1 and not any(cells[1:])):
            return PlannedNode(one_name(" ".join(cells[:count])), day)
    if len(cells) > 1 and cells[0] in HEADINGS:
        return PlannedNode(cells[0])
    if len(cells) > 1:
        return LineFault.BAD_DAY
    found = DAY_AT_END.search(cells[0])
    if not found:
        return PlannedNode(one_name(cells[0]))
    day = read_day(found["day"])
    return PlannedNode(one_name(cells[0][: found.start()]), day) if day else LineFault.BAD_DAY


def _cells(line: str) -> list[str]:
    """What a line puts side by side, without a number in front."""
    line = LEADING_ORDINAL.sub("", HOUR.sub("", line))
    for separator in (r"\t+", r"[,，;；:：|]+", r"\s+"):
        cells = [cell.strip() for cell in re.split(separator, line.strip())]
        if len(cells) > 1:
            return cells[1:] if ORDINAL.fullmatch(cells[0]) else cells
    return [line.strip()]


def list_text(nodes: Iterable[PlannedNode]) -> str:
    """A list as it is written and read again: one node a line."""
    return "\n".join(f"{node.name} {node.planned_on}" if node.planned_on else node.name for node in nodes)


def read_day(words: str) -> date | None:
    """The last day that some words cover: 2024年3月, 2024-05-10, 2024.5; None for words that begin with no year."""
    if not re.match(r"[12]\d{3}", plain_words(words, UNKNOWN)):
        return None
    read = read_deadline(words)
    return read.due_on if read.precision in DATED and read.doubt is None else None


def node_step_on(planned_on: date, day: date) -> date | None:
    """The step of a node that has been reached on a day, None before the first."""
    return NODE_LADDER.step_on(planned_on, planned_on + DAY, day)


def why_not_move(old_on: date | None, new_on: date | None, done_on: date | None, reason: str) -> str | None:
    """Why a planned day cannot be moved, as a stable word; the first day of a node needs no reason."""
    if done_on:
        return "node_done"
    if new_on is None:
        return "node_day_missing"
    if new_on == old_on:
        return "node_same_day"
    return "node_reason_missing" if old_on and not reason else None


def why_not_expect(
    expected_on: date | None, planned_on: date | None, done_on: date | None, today: date, reason: str
) -> str | None:
    """Why a day cannot be expected of a node; a day after the plan needs a reason. No day takes the forecast back."""
    if done_on:
        return "node_done"
    if expected_on is None:
        return None
    if expected_on < today:
        return "expected_past"
    return "node_late_reason" if planned_on and expected_on > planned_on and not reason else None


def why_not_done(done_on: date | None, was_done_on: date | None, today: date) -> str | None:
    """Why a node cannot have been done on a day."""
    if was_done_on:
        return "node_done"
    if done_on is None:
        return "node_day_missing"
    return "node_done_future" if done_on > today else None


def is_possible_day(day: date) -> bool:
    """Whether a plan can mean this day."""
    return day.year <= LAST_YEAR


def node_questions(nodes: Sequence[NodeFacts], due_on: date | None) -> list[NodeQuestion]:
    """What is odd about the days of nodes, in their order; what is done needs no plan any more."""
    found = [
        NodeQuestion(Question.OUT_OF_ORDER, later, earlier)
        for earlier, later in pairwise(node for node in nodes if node.planned_on)
        if not later.done_on and earlier.planned_on and later.planned_on and later.planned_on < earlier.planned_on
    ]
    found += [
        NodeQuestion(Question.DONE_OUT_OF_ORDER, later, earlier)
        for earlier, later in pairwise(nodes)
        if later.done_on and not earlier.done_on
    ]
    last = nodes[-1] if nodes else None
    if last and due_on and last.planned_on and not last.done_on and last.planned_on > due_on:
        found.append(NodeQuestion(Question.AFTER_DEADLINE, last, on=due_on))
    return found + _questions_of_last(nodes)


def _questions_of_last(nodes: Sequence[NodeFacts]) -> list[NodeQuestion]:
    """What is odd about the days of the node that says when the project can be used."""
    if not nodes or nodes[-1].done_on:
        return []
    last, found = nodes[-1], []
    if last.planned_on and last.planned_on.month == FIRST_MONTH and last.planned_on > first_day(last.planned_on.year):
        found.append(NodeQuestion(Question.IN_SEPTEMBER, last))
    behind = expected_behind(nodes, last.expected_on)
    if behind:
        found.append(NodeQuestion(Question.EXPECTED_BEHIND, last, behind))
    return found
