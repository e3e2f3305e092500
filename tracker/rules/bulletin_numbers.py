"""The numbers in a worded text held against the frozen ones: each with its word, its sentence and what the issue says.

A number is compared only where its word is known and nothing around it narrows what it counts (其中, 较上期, 以上);
every other number is named as not compared. Dates, document numbers, numbers of issues and 第N项 are none.
A text is read once from its beginning to its end, so that a long one takes no longer than its length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from tracker.rules.bulletin_words import percent_of
from tracker.rules.issues import Frozen, counts_of, on_time_in, total_in
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.numerals import APART, NARROW, NUMBER, ORDINAL, RANGE, measure_of, value_of
from tracker.rules.overview import has_become

SENTENCE = re.compile(r"[^。\n\uff01\uff1f]*[。\uff01\uff1f]?")
SENTENCE_END = re.compile(r"[。\n\uff01\uff1f]")
LONGEST_SENTENCE, LONGEST_SHOWN = 300, 24


class Measure(StrEnum):
    """What is counted: tasks, days, a share, money."""

    COUNT = "项"
    DAYS = "天"
    SHARE = "%"


MEASURED = {"项": Measure.COUNT, "个": Measure.COUNT, "件": Measure.COUNT, "天": Measure.DAYS, "%": Measure.SHARE}


class Numbered(Frozen, Protocol):
    """A frozen task as far as numbers in a text speak of it."""

    @property
    def state(self) -> State:
        """What people have made of it."""

    @property
    def days_late(self) -> int:
        """The days by which it is late."""

    @property
    def title(self) -> str:
        """Its title, in which numbers are no numbers of the issue."""


class Agreement(StrEnum):
    """How a number stands to the frozen ones."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # the issue does not say it: it was not compared


@dataclass(frozen=True)
class Said:
    """A number in a text: the sentence as it was written, the word it stands with, what the issue says instead."""

    sentence: str
    number: str
    word: str
    agreement: Agreement
    frozen: str = ""


Sums = Callable[[Sequence[Numbered]], int]


def _of_light(light: Light) -> Sums:
    return lambda lines: sum(line.light is light for line in lines)


def _having_become(light: Light) -> Sums:
    return lambda lines: sum(has_become(light, line.light, line.light_before) for line in lines)


def _total(lines: Sequence[Numbered]) -> int:
    return sum(line.light in COUNTED for line in lines)


# The words that stand with a number of tasks, and what they count. The longest that fits is meant.
COUNTS: Mapping[str, Sums] = {
    **dict.fromkeys(("共", "共有", "总计", "合计", "任务总数"), _total),
    **dict.fromkeys(("已销号", "销号"), _of_light(Light.CLOSED)),
    **dict.fromkeys(("新销号", "新增销号", "本周销号", "本期销号"), _having_become(Light.CLOSED)),
    **dict.fromkeys(("逾期", "已逾期"), _of_light(Light.OVERDUE)),
    **dict.fromkeys(("新增逾期", "新逾期"), _having_become(Light.OVERDUE)),
    **dict.fromkeys(("临期", "落后", "临期或落后", "临期/落后", "临期、落后"), _of_light(Light.SOON)),
    **dict.fromkeys(("正常", "正常推进"), _of_light(Light.NORMAL)),
    **dict.fromkeys(("未到期", "长期", "未到期及长期", "未到期/长期"), _of_light(Light.NOT_DUE)),
    **dict.fromkeys(("待重定", "待重定时限"), _of_light(Light.REDATE)),
    **dict.fromkeys(("中止", "已中止"), _of_light(Light.SUSPENDED)),
    **dict.fromkeys(("待核验",), lambda lines: sum(line.state is State.SUBMITTED for line in lines)),
    **dict.fromkeys(("已到时限", "已到期", "到期"), lambda lines: sum(line.fallen_due for line in lines)),
    **dict.fromkeys(("按时提交", "按时完成"), lambda lines: sum(line.fallen_due and line.in_time for line in lines)),
    **dict.fromkeys(("未更新", "连续两周未更新"), lambda lines: sum(line.stale for line in lines)),
    **dict.fromkeys(("需要领导决定", "提请领导决定"), lambda lines: sum(line.to_decide for line in lines)),
}
RATE = "按时率"
NOT_SO = ""  # the word of 未销号 and 待销号, which no line counts
NO_TOTAL = {"共": "(?![同享建管])"}
WORDS = "|".join(word + NO_TOTAL.get(word, "") for word in sorted({*COUNTS, RATE}, key=len, reverse=True))
# What a reading meets, in the order in which it is looked for. Words of the list hold signs of the narrowing ones:
# 新增逾期 is no change of 逾期, 占比 no comparison.
MET = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "unit": "■+",
            "task": ORDINAL,
            "apart": APART,
            "this_week": r"本[周期月]到期",
            "word": WORDS,
            "not_so": rf"(?:尚未|没有|未能|未|不|无|非)(?:再|发生|出现)?(?:{WORDS})|(?:待|申请|可|应|需|须)销号",
            "share": "占比|占|比例|比重",
            "range": RANGE,
            "number": NUMBER,
            "whole": "[全我本][县市省区]|全部|总体|各单位|各县",
            "stranger": "未列单位|(?<=[\u4e00-\u9fff])"
            "(?:局|委员会|镇|乡|公司|街道|中学|小学|学校|学院|集团|中心|县|市)",
            "among": "其中",
            "longest": "最长",
            "narrowing": "其余|剩|中的|中有|内|里|增|减|多|少|较|比|升|降|上一?期|上周|上月|上季|去年|同期|此前|原|拟"
            "|计划|平均|累计逾期|下周|下月|下期|本月|今年|预计|力争|争取|确保|将",
            "clause": "[，,：:]",
            "stop": "[；;。]",
            "open": "[(（]",
            "close": "[)）]",
            "phrase": "[、“”]",
        }.items()
    )
)
BEHIND = re.compile(
    rf"(?:任务|事项|工作)?(?:已经|已|均|仍|还|为|处于|属于)?(?:连续[两二2]周)?(?P<word>{WORDS})(?![\u4e00-\u9fff\d])"
)
BOUNDS = re.compile(r"\s{0,3}(?:的)?(?:及?以上|及?以下|以内|左右|多|余)")
# 近3项, 从3项增至5项, 每一项: what stands right before a number and takes it from what is counted.
RIGHT_BEFORE = (
    *("中", "从", "由", "近", "约", "超", "超过", "不足", "不到", "不少于", "不低于", "至多"),
    *("每", "任", "何", "这", "那", "该", "某", "哪", "同", "另", "已有"),
)
OTHER_THINGS = re.compile(r"目(?![标前])|指标|措施|举措|要求|问题|建议|制度|内容|资金|政策|标准|机制")
TASKS = re.compile(rf"$|[^\u4e00-\u9fff]|的?(?:任务|事项|工作(?![日组人]))|[已均仍未尚由属处]|{WORDS}")


def numbers_in(
    text: str, lines: Sequence[Numbered], units: Iterable[str], generated: Collection[str] = ()
) -> list[Said]:
    """Every number of a text in its order, held against the lines of the bulletin; ``units`` are known by name.

    Sentences that were ``generated`` are not read: what the lines gave is true.
    """
    plain = _without_titles(text.translate(NARROW), {line.title for line in lines})
    plain, named = _with_units_marked(plain, {name.translate(NARROW) for name in units if name})
    return list(_Reading(plain, named, _Sentences(text), Figures(lines)).numbers(generated))


def sentences_of(text: str) -> set[str]:
    """The sentences of a text."""
    return {hit.group().strip() for hit in SENTENCE.finditer(text) if hit.group().strip()}


def _without_titles(text: str, titles: Iterable[str]) -> str:
    for title in sorted((each.translate(NARROW) for each in titles if len(each) > 3), key=len, reverse=True):
        text = text.replace(title, "□" * len(title))
    return text


def _with_units_marked(text: str, units: Iterable[str]) -> tuple[str, dict[int, str]]:
    """A text with the names of units hidden, and by their places who they are."""
    by_sign: dict[str, list[str]] = defaultdict(list)
    for name in sorted((name for name in units if name in text), key=len, reverse=True):
        by_sign[name[0]].append(re.escape(name[1:]))
    if not by_sign:
        return text, {}
    named: dict[int, str] = {}

    def mark(hit: re.Match[str]) -> str:
        named[hit.start()] = hit.group()
        return "■" * len(hit.group())

    known = "|".join(f"{re.escape(sign)}(?:{'|'.join(rest)})" for sign, rest in by_sign.items())
    return re.sub(known, mark, text), named


class _Sentences:
    """The sentences of a text by place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(hit.end() for hit in SENTENCE_END.finditer(text))]

    def at(self, place: int) -> int:
        """The number of the sentence at a place."""
        return bisect_right(self.starts, place) - 1

    def written(self, number: int) -> str:
        """A sentence as it was written."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end].strip()

    def around(self, written: str, start: int, end: int) -> str:
        """What is shown of a sentence beside a number: all, or of a very long one what is near."""
        if len(written) <= LONGEST_SENTENCE:
            return written
        return f"…{self.text[max(start - LONGEST_SENTENCE // 2, 0) : end + LONGEST_SENTENCE // 2].strip()}…"


@dataclass(frozen=True)
class Scope:
    """Whose tasks a clause speaks of: those of named units, of a unit nobody knows, or expressly all."""

    names: frozenset[str] = frozenset()
    is_whole: bool = False
    is_strange: bool = False

    def __bool__(self) -> bool:
        return bool(self.names or self.is_whole or self.is_strange)


NOTHING_SAID = Scope()


class Figures:
    """What the lines say, each answer worked out once."""

    def __init__(self, lines: Sequence[Numbered]) -> None:
        self.lines = lines
        self.known: dict[tuple[str, Measure, frozenset[str], bool], list[Fraction]] = {}
        self.by_unit: dict[str, dict[int, Numbered]] = defaultdict(dict)
        self.by_units: dict[frozenset[str], list[Numbered]] = defaultdict(list)

    def say(self, word: str, measure: Measure, scope: Scope, longest: bool) -> list[Fraction]:
        """What a word may be said with, as a reader may understand whose tasks are meant; nothing if unknown."""
        if scope.is_whole or not scope:
            names: frozenset[str] = frozenset()
        elif scope.is_strange:
            return []
        else:
            names = scope.names
        asked = (word, measure, names, longest)
        if asked not in self.known:
            self.known[asked] = [
                each for lines in self._groups(names) for each in _frozen(word, measure, lines, longest)
            ]
        return self.known[asked]

    def _groups(self, names: frozenset[str]) -> list[Sequence[Numbered]]:
        """All lines; or those of any of the named, and those that just the named answer for together."""
        if not names:
            return [self.lines]
        if not self.by_units:
            for place, line in enumerate(self.lines):
                units = frozenset(each.translate(NARROW) for each in line.units)
                self.by_units[units].append(line)
                for name in units:
                    self.by_unit[name][place] = line
        own: dict[int, Numbered] = {}
        for name in names:
            own |= self.by_unit.get(name, {})
        return [list(own.values()), self.by_units.get(names, [])]


@dataclass
class _Clause:
    """What a reading remembers since the last cut of each kind."""

    sentence: int = -1
    before: str | None = None  # the word of the number before
    before_end: int = -1
    words: list[str] = field(default_factory=list)  # of the phrase, since the number before
    is_share: bool = False
    is_narrowed: bool = False
    is_among: bool = False
    is_longest: bool = False
    names_tasks: bool = False
    here: Scope = NOTHING_SAID  # who was named in this clause
    earlier: Scope = NOTHING_SAID  # and in the last clause that named anybody
    outside: tuple[Scope, Scope] | None = None  # both as they were before a bracket
    marked_to: int = -1  # where the last word or unit ended

    def cut_phrase(self) -> None:
        """A phrase ends: its words speak of no number behind it."""
        self.words, self.is_share = [], False

    def cut_clause(self) -> None:
        """A clause ends: what narrowed it is over, who was named is still spoken of."""
        self.cut_phrase()
        self.is_narrowed = self.is_among = self.is_longest = False
        self.here, self.earlier = NOTHING_SAID, self.here or self.earlier


class _Reading:
    """A text read from its beginning, each sign once."""

    def __init__(self, plain: str, named: Mapping[int, str], sentences: _Sentences, figures: Figures) -> None:
        self.plain, self.named, self.sentences, self.figures = plain, named, sentences, figures
        self.now = _Clause()

    def numbers(self, generated: Collection[str]) -> Iterator[Said]:
        """The numbers of the text but those of generated sentences."""
        written, is_generated = "", False
        for hit in MET.finditer(self.plain):
            sentence = self.sentences.at(hit.start())
            if sentence != self.now.sentence:
                self.now = _Clause(sentence)
                written = self.sentences.written(sentence)
                is_generated = written in generated
            if is_generated:
                continue
            kind = hit.lastgroup or ""
            if kind in {"number", "range"}:
                shown = self.sentences.around(written, hit.start(), hit.end())
                yield self._said(hit, shown) if kind == "number" else self._range(hit, shown)
            else:
                self._meet(kind, hit)

    def _meet(self, kind: str, hit: re.Match[str]) -> None:
        now = self.now
        match kind:
            case "word" | "not_so":
                now.words.append(hit.group() if kind == "word" else NOT_SO)
                now.marked_to = hit.end()
            case "this_week":
                now.words.append(NOT_SO)
            case "unit":
                names = {self.named[each] for each in range(hit.start(), hit.end()) if each in self.named}
                now.here, now.marked_to = replace(now.here, names=now.here.names | names), hit.end()
            case "whole":
                now.here = replace(now.here, is_whole=True)
            case "stranger" if hit.start() != now.marked_to:
                now.here = replace(now.here, is_strange=True)
            case "share":
                now.is_share = True
            case "narrowing":
                now.is_narrowed = True
            case "among":
                now.is_among = True
            case "longest":
                now.is_longest = True
            case "task":
                now.names_tasks = True
            case _:
                self._cut(kind)

    def _cut(self, kind: str) -> None:
        now = self.now
        match kind:
            case "phrase":
                now.cut_phrase()
            case "clause":
                now.cut_clause()
            case "stop":
                now.cut_clause()
                now.earlier, now.names_tasks = NOTHING_SAID, False
            case "open":
                now.cut_phrase()
                now.outside = (now.here, now.earlier)
            case "close":
                now.cut_phrase()
                # （均为财政局） speaks of the number before it alone.
                now.here, now.earlier = now.outside or (now.here, now.earlier)
                now.outside = None

    def _range(self, hit: re.Match[str], sentence: str) -> Said:
        self._leave(hit, None)
        return Said(sentence, _short(hit.group()), "", Agreement.UNKNOWN)

    def _said(self, hit: re.Match[str], sentence: str) -> Said:
        measure, value, now = MEASURED.get(measure_of(hit)), value_of(hit), self.now
        word = self._word(hit, measure)
        known = Said(sentence, _short(hit.group()), word or "", Agreement.UNKNOWN)
        allowed: list[Fraction] = []
        if word and measure and value and not self._is_narrowed(hit, word, measure):
            longest = now.is_longest and not now.names_tasks
            allowed = self.figures.say(word, measure, now.here or now.earlier, longest)
        self._leave(hit, word)
        if not allowed or not measure or not value:
            return known
        if any(_agrees(*value, each) for each in allowed):
            return replace(known, agreement=Agreement.AGREES)
        return replace(known, agreement=Agreement.DIFFERS, frozen=_shown(allowed, measure))

    def _leave(self, hit: re.Match[str], word: str | None) -> None:
        self.now.cut_phrase()
        self.now.before, self.now.before_end = word, hit.end()

    def _word(self, hit: re.Match[str], measure: Measure | None) -> str | None:
        """The word that a number stands with: in front of it in its phrase, behind it, or for 占25% the one before."""
        now = self.now
        if now.words:
            # 逾期的任务共3项 counts what is late, not all.
            last = [each for each in now.words if COUNTS.get(each) is not _total] or now.words
            return last[-1] or None
        if measure is Measure.COUNT and (behind := BEHIND.match(self.plain, hit.end())):
            return behind.group("word")
        in_brackets = now.before_end == hit.start() - 1 and self.plain[hit.start() - 1] in "(（"
        if measure is Measure.SHARE and (now.is_share or in_brackets):
            return now.before
        return None

    def _is_narrowed(self, hit: re.Match[str], word: str, measure: Measure) -> bool:
        """Whether the words around say that only some are counted, or a change, or a bound, or other things."""
        now, end = self.now, hit.end()
        if now.is_narrowed or BOUNDS.match(self.plain, end) or self.plain.endswith(RIGHT_BEFORE, 0, hit.start()):
            return True
        if now.is_among and COUNTS.get(now.before or "") is not _total:
            return True
        if measure is Measure.COUNT:
            return bool(
                OTHER_THINGS.match(self.plain, end) if measure_of(hit) == "项" else not TASKS.match(self.plain, end)
            )
        return measure is Measure.DAYS and any(COUNTS.get(each) is _total for each in now.words)


def _short(number: str) -> str:
    """A number as it is shown: of one that is longer than any its beginning."""
    number = number.strip()
    return number if len(number) <= LONGEST_SHOWN else f"{number[:LONGEST_SHOWN]}…"


def _frozen(word: str, measure: Measure, lines: Sequence[Numbered], longest: bool) -> list[Fraction]:
    """What the lines say to a word, where they say anything."""
    if measure is Measure.COUNT and word in COUNTS:
        return [Fraction(COUNTS[word](lines))]
    if measure is Measure.DAYS and word.endswith("逾期"):
        days = sorted({Fraction(line.days_late) for line in lines if line.light is Light.OVERDUE})
        return days[-1:] if longest else days
    if measure is Measure.SHARE and word == RATE:
        rate = on_time_in(counts_of(lines))
        return [] if rate.rate is None else [rate.rate * 100, Fraction(rate.percent or 0)]
    if measure is Measure.SHARE and word in COUNTS and (total := total_in(counts_of(lines))):
        count = COUNTS[word](lines)
        return [Fraction(count * 100, total), Fraction(percent_of(count, total))]
    return []


def _agrees(value: Fraction, places: int, frozen: Fraction) -> bool:
    """Whether a number is the frozen one, rounded halves up to as many places as it was written with."""
    step = 10**places
    return value == Fraction(int(frozen * step + Fraction(1, 2)), step)


def _shown(allowed: Sequence[Fraction], measure: Measure) -> str:
    """What the issue says, in whole numbers, each once."""
    texts = dict.fromkeys(f"{int(each + Fraction(1, 2))}{measure.value}" for each in allowed[:4])
    return "、".join(texts)
