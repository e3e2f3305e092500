"""The numbers in a worded text held against the frozen ones: each with its word, its sentence and what the issue says.

A number is compared only where its word is known and nothing around it narrows what it counts (其中, 较上期, 以上);
every other number is named as not compared. Dates, document numbers, numbers of issues and 第N项 are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from tracker.rules.bulletin_words import percent_of
from tracker.rules.issues import Frozen, counts_of, on_time_in, total_in
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import has_become

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
POWERS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
HAN_NUMBER = "〇零一二两三四五六七八九十百千"
# What is no number of the issue: it is taken out before numbers are looked for.
APART = re.compile(
    "|".join(
        (
            r"[〔\[(（【]\s*\d{4}\s*[〕\])）】]\s*第?\s*\d+\s*号",
            rf"第\s*[\d{HAN_NUMBER}.\-]+(?:\s*[、,，和及至到~—–]\s*第?[\d{HAN_NUMBER}.\-]+)*\s*(?:项|期|条|款|号|次|批|名|位|季度|学期|页|个)?",
            r"\d{2,4}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2}",
            r"\d{1,2}\s*[:：]\s*\d{2}",
            r"\d{4}\s*[-—–~至]+\s*\d{4}\s*(?:学?年度?)",
            r"连续[两二2]周",
            r"\d{2,4}\s*年(?:度|前|底|内|以前|以来)?(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?",
            r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?",
            r"\d{1,2}\s*日",
            rf"[{HAN_NUMBER}]+年(?:[{HAN_NUMBER}]+月)?(?:[{HAN_NUMBER}]+日)?",
            rf"[{HAN_NUMBER}]+月(?:[{HAN_NUMBER}]+日)?",
            r"(?:附件|附表|附录|表|图)\s*\d+",
            rf"(?m:^)\s*(?:[{HAN_NUMBER}]+、|[(（][{HAN_NUMBER}\d]+[)）]|\d+[.、．](?!\d))",
        )
    )
)
MEASURES = (
    *(
        "个百分点",
        "个工作日",
        "平方米",
        "个月",
        "公里",
        "学位",
        "亿元",
        "万元",
        "项",
        "个",
        "件",
        "天",
        "%",
        "元",
        "所",
    ),
    *("名", "人", "家", "次", "处", "户", "亩", "间", "台", "批", "份", "期", "周", "年"),
)
NUMBER = re.compile(
    rf"百分之(?P<share>\d+(?:\.\d+)?|[{HAN_NUMBER}]+)"
    rf"|(?P<arabic>\d[\d,]*(?:\.\d+)?)\s*(?P<measure>{'|'.join(MEASURES)})?"
    rf"|(?P<han>[{HAN_NUMBER}万亿]*[{HAN_NUMBER}])(?P<counted>{'|'.join(MEASURES)})"
)
SENTENCE = re.compile(r"[^。\n\uff01\uff1f]*[。\uff01\uff1f]?")
CLAUSE, PHRASE = re.compile(r"[，,；;：:。]"), re.compile(r"[，,；;：:、()（）。“”]")
NARROWED = re.compile(r"其中|其余|中的|中有|中$|内|里|增|减|多|少|较|比|升|降|上期|上周|上月|去年|同期|此前|原|拟|计划")
BOUNDS = re.compile(r"\s*(?:的)?(?:及?以上|及?以下|以内|左右|多|余)")
WHOLE = re.compile(r"全县|全市|全省|全区|全部|总体|各单位|各县")
LOOKS_LIKE_A_UNIT = re.compile(
    r"[\u4e00-\u9fff]{1,12}?(?:局|委员会|镇|乡|公司|街道|中学|小学|学校|学院|集团|中心|县|市)"
)


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
WORDS = re.compile("|".join(sorted({*COUNTS, RATE}, key=len, reverse=True)))
BEHIND = re.compile(rf"(?:□{{4}})?(?:任务|事项|工作)?(?:已经|已|均|仍|还|为|处于|属于)?(?P<word>{WORDS.pattern})")


def numbers_in(
    text: str, lines: Sequence[Numbered], units: Iterable[str], generated: Collection[str] = ()
) -> list[Said]:
    """Every number of a text in its order, held against the lines of the bulletin; ``units`` are known by name.

    Sentences that were ``generated`` are not read: what the lines gave is true.
    """
    plain = _without_titles(text.translate(NARROW), {line.title for line in lines})
    known = sorted({name.translate(NARROW) for name in units if name}, key=len, reverse=True)
    found: list[Said] = []
    for sentence in SENTENCE.finditer(APART.sub(lambda hit: "□" * len(hit.group()), plain)):
        written = text[sentence.start() : sentence.end()].strip()
        if sentence.group().strip() and written not in generated:
            found += _Reading(sentence.group(), written, lines, known).numbers()
    return found


def sentences_of(text: str) -> set[str]:
    """The sentences of a text, as ``Said.sentence`` gives them."""
    return {hit.group().strip() for hit in SENTENCE.finditer(text) if hit.group().strip()}


def read_han(text: str) -> int:
    """一百二十三 as 123, 二〇二六 as 2026."""
    if not any(sign in POWERS or sign in LARGE for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total = section = digit = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in POWERS:
            section, digit = section + (digit or 1) * POWERS[sign], 0
        else:
            # 亿 takes all that stands before it, 万 what follows the 亿.
            taken, left = (total, 0) if sign == "亿" else (0, total)
            total, section, digit = left + (taken + section + digit) * LARGE[sign], 0, 0
    return total + section + digit


def _without_titles(text: str, titles: Iterable[str]) -> str:
    for title in sorted((each.translate(NARROW) for each in titles if len(each) > 3), key=len, reverse=True):
        text = text.replace(title, "□" * len(title))
    return text


class _Reading:
    """A sentence read from its beginning: whose tasks are spoken of, and which word the last number stood with."""

    def __init__(self, plain: str, written: str, lines: Sequence[Numbered], units: Sequence[str]) -> None:
        self.plain, self.written, self.lines, self.units = plain, written, lines, units
        self.word: str | None = None

    def numbers(self) -> Iterator[Said]:
        """The numbers of the sentence."""
        hits = list(NUMBER.finditer(self.plain))
        for place, hit in enumerate(hits):
            yield self._said(hit, hits[place - 1].end() if place else 0)

    def _said(self, hit: re.Match[str], after: int) -> Said:
        value, exponent, measure = _value(hit)
        word = self._word(hit, after, measure)
        shown = hit.group().strip()
        before, self.word = self.word, word
        if word is None or measure is None or self._is_narrowed(hit, word, before):
            return Said(self.written, shown, word or "", Agreement.UNKNOWN)
        groups = self._scopes(hit.start())
        allowed = [each for lines in groups or () for each in _frozen(word, measure, lines)]
        if not allowed:
            return Said(self.written, shown, word, Agreement.UNKNOWN)
        if any(_agrees(value, exponent, each) for each in allowed):
            return Said(self.written, shown, word, Agreement.AGREES)
        return Said(self.written, shown, word, Agreement.DIFFERS, _shown(allowed, measure))

    def _word(self, hit: re.Match[str], after: int, measure: Measure | None) -> str | None:
        """The word that a number stands with: in front of it in its phrase, behind it, or for 占25% the one before."""
        start = max([after, *(cut.end() for cut in PHRASE.finditer(self.plain, 0, hit.start()))])
        front = list(WORDS.finditer(self.plain, start, hit.start()))
        if front:
            # 逾期的任务共3项 counts what is late, not all.
            last = [each.group() for each in front if COUNTS.get(each.group()) is not _total] or [front[-1].group()]
            return last[-1]
        behind = BEHIND.match(self.plain, hit.end())
        if behind and measure is Measure.COUNT:
            return behind.group("word")
        if measure is Measure.SHARE and re.search(r"占|比例|比重", self.plain[start : hit.start()]):
            return self.word
        return None

    def _is_narrowed(self, hit: re.Match[str], word: str, before: str | None) -> bool:
        """Whether the words around say that only some are counted, or a change, or a bound."""
        if BOUNDS.match(self.plain, hit.end()):
            return True
        start = max([0, *(cut.end() for cut in CLAUSE.finditer(self.plain, 0, hit.start()))])
        front = self.plain[start : hit.start()]
        # Words of the list hold signs of the other: 新增逾期 is no change of 逾期.
        around = WORDS.sub("", front)
        if "其中" in around and COUNTS.get(before or "") is _total:
            around = around.replace("其中", "")
        return bool(NARROWED.search(around))

    def _scopes(self, end: int) -> list[list[Numbered]] | None:
        """The tasks that are meant, as a reader may understand it: those of all, or of the units named before."""
        begin = max([0, *(cut.end() for cut in re.finditer(r"[；;]", self.plain[:end]))])
        # （均为财政局） speaks of the number before it alone.
        before = re.sub(r"[（(][^（()）]*[）)]", "", self.plain[begin:end])
        for clause in reversed(CLAUSE.split(before)):
            if WHOLE.search(clause):
                break
            names, rest = self._named(clause)
            if LOOKS_LIKE_A_UNIT.search(WORDS.sub("", rest)):
                return None  # a unit or a place of which the lines do not say who it is
            if names:
                own = [line for line in self.lines if names & {each.translate(NARROW) for each in line.units}]
                together = [line for line in own if names == {each.translate(NARROW) for each in line.units}]
                return [own, together]
        return [list(self.lines)]

    def _named(self, clause: str) -> tuple[set[str], str]:
        names = set()
        for name in self.units:
            if name in clause:
                names.add(name)
                clause = clause.replace(name, "")
        return names, clause


def _value(hit: re.Match[str]) -> tuple[Fraction, int, Measure | None]:
    """The number, how many places stand behind its point, and what it counts where that can be compared."""
    if hit.group("share"):
        text, measure = hit.group("share"), "%"
    elif hit.group("arabic"):
        text, measure = hit.group("arabic"), hit.group("measure") or ""
    else:
        text, measure = hit.group("han"), hit.group("counted")
    if text[0].isdigit():
        number = Decimal(text.replace(",", ""))
        return Fraction(number), len(text.partition(".")[2]), MEASURED.get(measure)
    return Fraction(read_han(text)), 0, MEASURED.get(measure)


def _frozen(word: str, measure: Measure, lines: Sequence[Numbered]) -> list[Fraction]:
    """What the lines say to a word, where they say anything."""
    if measure is Measure.COUNT and word in COUNTS:
        return [Fraction(COUNTS[word](lines))]
    if measure is Measure.DAYS and word.endswith("逾期"):
        return sorted({Fraction(line.days_late) for line in lines if line.light is Light.OVERDUE})
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
