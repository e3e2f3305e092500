"""What a bulletin (通报) says by itself: the paragraphs that the lines of an issue give, in the words of the office.

Nothing is said that no line says: units and numbers are those of the issue, days are deadlines, what a unit expects
itself, and the day of the next issue. Tasks are named under exactly the units that answer for them together, so that
the named ones add up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from tracker.rules.bulletins import Block, BulletinKind, Paper
from tracker.rules.issues import Frozen, counts_of, lights_in, on_time_in, total_in
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.overview import MOST_DECISIONS, has_become, shared_by_all

MOST_TITLED = 3  # so few tasks are named with their titles
MOST_GROUPS = 40  # of units that answer together; the others stand in the appendix
LONGEST_NAME = 50
MOST_NAMED = 12  # more are counted and left to the appendix
NUMBERED = re.compile(r"[0-9]+([.-][0-9]+)*")
GROUPS = (
    (Light.CLOSED, "已销号"),
    (Light.NORMAL, "正常推进"),
    (Light.SOON, "临期或落后"),
    (Light.OVERDUE, "逾期"),
    (Light.NOT_DUE, "未到期及长期"),
    (Light.REDATE, "待重定时限"),
)
OPENING, OVERALL, PROGRESS, DECISIONS, PROBLEMS, DEMANDS = (
    *("opening", "overall", "progress", "decisions", "problems", "demands"),
)
SECTIONS: Mapping[BulletinKind, Mapping[str, str]] = {
    BulletinKind.WEEK: {
        OPENING: "",
        OVERALL: "一、总体情况",
        DECISIONS: "二、需要领导决定",
        PROBLEMS: "三、存在问题",
    },
    BulletinKind.SUPERVISION: {
        OPENING: "",
        OVERALL: "一、总体情况",
        PROBLEMS: "二、存在问题",
        DEMANDS: "三、下步要求",
    },
    BulletinKind.BRIEF: {
        OVERALL: "一、总体情况",
        PROGRESS: "二、本期进展",
        PROBLEMS: "三、存在问题",
        DEMANDS: "四、下步要求",
    },
}


class Spoken(Frozen, Protocol):
    """A frozen task as far as a bulletin speaks of it."""

    @property
    def task_key(self) -> str:
        """Its key, by which the office's words on a decision are kept."""

    @property
    def plan_code(self) -> str:
        """Its plan."""

    @property
    def number(self) -> str | None:
        """Its number in the plan."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def state(self) -> State:
        """What people said of it; what lies at the office is asked of nobody."""

    @property
    def due_on(self) -> date | None:
        """Its deadline."""

    @property
    def days_late(self) -> int:
        """The days by which it is late."""

    @property
    def expected_on(self) -> date | None:
        """When its unit expects it to be done."""


@dataclass(frozen=True)
class Told:
    """What a bulletin speaks of: the lines of its part of an issue, worst first, and what stands around them.

    ``hour`` is that of the cut-off; ``plans`` are the titles by code; ``next_on`` is the day of the next issue.
    ``last`` is the day of the issue before, None at the first. ``sentence`` is that of the whole issue as it was
    generated, empty for a part of it; ``asks`` are the office's words.
    """

    region: str
    number: int
    on: date
    hour: str
    lines: Sequence[Spoken]
    plans: Mapping[str, str]
    next_on: date
    last: date | None = None
    sentence: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> Counter[tuple[str, str | None]]:
        """How often each number stands in its plan: one that stands twice, once in each part, names no task."""
        return Counter((line.plan_code, line.number) for line in self.lines)

    def is_numbered(self, line: Spoken) -> bool:
        """Whether the number of a task names it."""
        known = self.numbers[line.plan_code, line.number]
        return bool(line.number and NUMBERED.fullmatch(line.number)) and known == 1

    def becoming(self, light: Light) -> list[Spoken]:
        """The tasks that have got a light since the issue before."""
        return [line for line in self.lines if has_become(light, line.light, line.light_before)]

    def under(self, *lights: Light) -> list[Spoken]:
        """The tasks of some lights."""
        return [line for line in self.lines if line.light in lights]


def first_title(kind: BulletinKind, region: str, plan: str | None) -> str:
    """What a new bulletin is called, about a plan or about all."""
    if kind is BulletinKind.WEEK:
        return f"{region}推进情况周览"
    if kind is BulletinKind.BRIEF:
        return f"{region}优质均衡推进工作简报"
    return f"关于{f'《{plan}》' if plan else f'{region}优质均衡'}推进情况的督查通报"


def first_issuer(region: str) -> str:
    """Who issues bulletins where nobody has said otherwise."""
    return f"{region}优质均衡推进办"


def first_addressee(units: Sequence[str]) -> str:
    """To whom a supervision goes: the units that it speaks of."""
    return "、".join(units) or "各责任单位"


def file_title(paper: Paper) -> str:
    """The name of its file without a suffix."""
    return f"{paper.title[:LONGEST_NAME]} {paper.dated_on}{'（征求意见稿）' if paper.is_draft else ''}"


def blocks_of(kind: BulletinKind, told: Told) -> list[Block]:
    """The sections of a kind as they are generated, nothing worded yet."""
    texts = {
        OPENING: _opening(kind, told),
        OVERALL: _overall(told),
        PROGRESS: _progress(told),
        DECISIONS: _decisions(told),
        PROBLEMS: _problems(told),
        DEMANDS: _demands(told),
    }
    return [Block(key, heading, texts[key], texts[key]) for key, heading in SECTIONS[kind].items()]


def share_text(count: int, total: int) -> str:
    """25%, halves up; what is there is never 0, and only the whole is 100."""
    percent = percent_of(count, total)
    if percent == 0 and count:
        return "不足1%"
    return f"{percent}%"


def percent_of(count: int, total: int) -> int:
    """The share in whole per cent, halves up, 100 for the whole alone."""
    if not total:
        return 0
    return min(int(Fraction(count, total) * 100 + Fraction(1, 2)), 100 if count == total else 99)


def day_text(day: date, beside: date) -> str:
    """3月6日, with its year where that is not the one of the day beside it."""
    return f"{day.month}月{day.day}日" if day.year == beside.year else f"{day.year}年{day.month}月{day.day}日"


def _opening(kind: BulletinKind, told: Told) -> str:
    if kind is BulletinKind.WEEK and told.sentence:
        return told.sentence
    about = "".join(f"《{title}》" for title in told.plans.values()) if len(told.plans) == 1 else ""
    day = f"{told.on.year}年{told.on.month}月{told.on.day}日{told.hour}"
    return f"现将截至{day}{told.region}{about}各项任务推进情况通报如下。"


def _overall(told: Told) -> str:
    counts = counts_of(told.lines)
    lights, total = lights_in(counts), total_in(counts)
    if not total:
        return "没有执行中的任务。"
    shown = [(words, lights[light]) for light, words in GROUPS if lights[light] or light is Light.OVERDUE]
    rounded = sum(percent_of(count, total) for _words, count in shown)
    exact = rounded == 100 and all(percent_of(count, total) or not count for _words, count in shown)
    groups = "；".join(f"{words}{count}项，占{share_text(count, total)}" for words, count in shown)
    remark = "" if exact else "（四舍五入，合计不等于100%）"
    paragraphs = [f"截至{day_text(told.on, told.on)}，共{total}项：{groups}{remark}。"]
    if lights[Light.SUSPENDED]:
        paragraphs[0] += f"另有已中止{lights[Light.SUSPENDED]}项，不计入总数。"
    on_time = on_time_in(counts)
    if on_time.percent is not None:
        paragraphs.append(f"已到时限{on_time.due}项，按时提交{on_time.in_time}项，按时率{on_time.percent}%。")
    paragraphs.append(_change(told))
    return "\n".join(paragraphs)


def _change(told: Told) -> str:
    stale = sum(line.stale for line in told.lines)
    if told.last is None:
        return f"尚无上期可比。{stale}项连续两周未更新。"
    closed, overdue = len(told.becoming(Light.CLOSED)), told.becoming(Light.OVERDUE)
    whose = shared_by_all(Counter(name for line in overdue for name in line.units), len(overdue))
    aside = f"（均为{whose}）" if whose else ""
    since = day_text(told.last, told.on)
    return f"自{since}（上期）以来，新销号{closed}项，新增逾期{len(overdue)}项{aside}；{stale}项连续两周未更新。"


def _progress(told: Told) -> str:
    closed = told.becoming(Light.CLOSED)
    if not closed:
        return "自上期以来没有新销号的任务。" if told.last else "尚无上期可比。"
    return f"新销号{len(closed)}项：{_by_units(closed, told, '')}。"


def _decisions(told: Told) -> str:
    asked = [line for line in told.lines if line.to_decide]
    if not asked:
        return "没有需要领导决定的事项。"
    rows = []
    for line in asked[:MOST_DECISIONS]:
        said = told.asks.get(line.task_key, "").strip()
        late = f"，逾期{line.days_late}天" if line.light is Light.OVERDUE else ""
        name = _name(line, told, titled=True)
        rows.append(f"{name}（{_units(line.units)}{late}）" + (f"：{said}" if said else ""))
    more = f"需要领导决定共{len(asked)}项，以上为前{MOST_DECISIONS}项。" if len(asked) > MOST_DECISIONS else ""
    return "\n".join([*(row if row.endswith("。") else f"{row}。" for row in rows), *filter(None, [more])])


def _problems(told: Told) -> str:
    overdue, soon = told.under(Light.OVERDUE), told.under(Light.SOON)
    stale = [line for line in told.lines if line.stale]
    redate = told.under(Light.REDATE)
    found = []
    if overdue:
        found.append(f"逾期{len(overdue)}项。{_by_units(overdue, told, '逾期')}。")
    if soon:
        found.append(f"临期或落后{len(soon)}项。{_by_units(soon, told, '')}。")
    if stale:
        found.append(f"连续两周未更新{len(stale)}项。{_by_units(stale, told, '')}。")
    if redate:
        found.append(f"待重定时限{len(redate)}项，不参与亮灯和排名。")
    if not found:
        return "没有逾期、临期和未更新的任务。"
    ordinals = "一二三四"
    return "\n".join(f"（{ordinals[place]}）{text}" for place, text in enumerate(found))


def _demands(told: Told) -> str:
    """What is asked of whom by when: late tasks and silent ones a word by the next issue, others by their deadline."""
    by_deadline: dict[tuple[tuple[str, ...], date], list[Spoken]] = defaultdict(list)
    to_say: dict[tuple[str, ...], list[Spoken]] = defaultdict(list)
    for line in told.lines:
        units = tuple(line.units)
        if units and line.light is Light.SOON and line.due_on and line.due_on >= told.on:
            by_deadline[units, line.due_on].append(line)
        elif line.state is not State.SUBMITTED and (line.light in {Light.OVERDUE, Light.SOON} or line.stale):
            to_say[units].append(line)
    rows = [
        f"方案未列{_names(lines, told)}的责任单位，请先予明确。"
        if not units
        else f"请{_units(units)}{day_text(told.next_on, told.on)}前更新{_names(lines, told)}的进展，"
        "写明卡在哪里和预计完成日期，直至办结销号。"
        for units, lines in to_say.items()
    ]
    rows += [
        f"请{_units(units)}{day_text(due_on, told.on)}前（时限，含当日）完成{_names(lines, told)}。"
        for (units, due_on), lines in sorted(by_deadline.items(), key=lambda each: each[0][1])
    ]
    if len(rows) > MOST_GROUPS:
        rows = [*rows[:MOST_GROUPS], "其余任务由责任单位按附件所列时限推进，每周更新进展。"]
    return "\n".join(rows) or "请各责任单位按时限推进，每周更新进展。"


def _by_units(lines: Iterable[Spoken], told: Told, late: str) -> str:
    """由住建局负责的第17、18项，最长逾期6天；… for tasks in groups of the same units."""
    groups: dict[tuple[str, ...], list[Spoken]] = defaultdict(list)
    for line in lines:
        groups[tuple(line.units)].append(line)
    parts = []
    for units, own in list(groups.items())[:MOST_GROUPS]:
        whose = f"由{_units(units)}负责" if units else "方案未列单位"
        parts.append(f"{whose}的{_names(own, told)}{_lateness(own, told) if late else ''}")
    left = sum(len(own) for own in list(groups.values())[MOST_GROUPS:])
    return "；".join([*parts, *([f"其余{left}项见附件"] if left else [])])


def _lateness(lines: Sequence[Spoken], told: Told) -> str:
    days = max(line.days_late for line in lines)
    if not days:
        return ""
    if len(lines) > 1:
        return f"，最长逾期{days}天"
    expected = lines[0].expected_on
    return f"，逾期{days}天" + (f"，单位预计{day_text(expected, told.on)}完成" if expected else "")


def _units(units: Sequence[str]) -> str:
    """财政局、住建局, 方案未列单位 where the plan names none."""
    return "、".join(units) or "方案未列单位"


def _names(lines: Sequence[Spoken], told: Told) -> str:
    """第17、18项 of one plan; with their titles where they are few, counted where they are many."""
    if len(lines) <= MOST_TITLED:
        return "、".join(_name(line, told, titled=True) for line in lines)
    if len(lines) > MOST_NAMED:
        return f"{_names_short(lines[:MOST_NAMED], told)}等{len(lines)}项任务"
    return _names_short(lines, told)


def _names_short(lines: Sequence[Spoken], told: Told) -> str:
    numbers: dict[str, list[str]] = defaultdict(list)
    loose = []
    for line in lines:
        if told.is_numbered(line):
            numbers[line.plan_code].append(line.number or "")
        else:
            loose.append(f"“{line.title}”")
    return "、".join(
        [f"{_plan(code, told)}第{'、'.join(sorted(each, key=_order))}项" for code, each in numbers.items()] + loose
    )


def _name(line: Spoken, told: Told, titled: bool) -> str:
    title = f"“{line.title}”" if titled else ""
    if told.is_numbered(line):
        return f"{_plan(line.plan_code, told)}第{line.number}项{title}"
    return title or f"“{line.title}”"


def _order(number: str) -> list[int]:
    """2 before 10, 2.1 before 2.10."""
    return [int(part) for part in re.split(r"[.-]", number)]


def _plan(code: str, told: Told) -> str:
    """The plan by its title where the bulletin speaks of several."""
    return f"《{told.plans.get(code, code)}》" if len(told.plans) > 1 else ""


@dataclass(frozen=True)
class Around:
    """The lines around the text of a paper as they are read; empty where the paper has none."""

    draft: str
    number: str
    addressee: str
    day: str


def lines_around(paper: Paper) -> Around:
    """征求意见稿, 第3期, 各责任单位：, 2026年3月6日."""
    day = paper.dated_on
    return Around(
        draft="征求意见稿" if paper.is_draft else "",
        number=f"第{paper.number}期" if paper.number else "",
        addressee=f"{paper.addressee}：" if paper.addressee else "",
        day=f"{day.year}年{day.month}月{day.day}日",
    )
