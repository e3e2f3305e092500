"""Deadlines within sentences (确保2022年6月底完成, 年内建成, 印发后30日内报备): a table of the shapes of an end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

CALENDAR_YEAR = r"(?:[12]\d{3}|二[〇○零][一二三四五六七八九〇○零]{2})\s*年"
YEAR = rf"(?:{CALENDAR_YEAR}|(?:今年|本年度?|明年|当年|次年|翌年))"
MONTH = r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月(?:份)?"
DAY = r"\s*\d{1,2}\s*[日号](?:[（(](?:星期|周)[一二三四五六日天][）)]|\d{1,2}时)?"
QUARTER = "第?[一二三四1-4]个?季度"
END = rf"(?:\s*(?:年?[底末内]|月底|上旬|中旬|下旬|年?[上下]半年|{QUARTER}[底末内]?))?"
BEFORE = r"\s*(?:之前|以前|以内|前)"
SPAN = r"\s*[-—―–~至到]{1,2}\s*"
# What has a time of its own in the year: only some of these are known to the day, the others keep their words.
SEASON = (
    r"(?:[春秋]季?(?:学期)?|[寒暑]假|新学期|汛期|中考|高考|春节|国庆节?|五一|元旦|供暖季?|采暖季?)"
    r"(?:[开放]学|开始|结束)?"
)
PERIOD = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:个工作日|日|天|周|个月|年)(?:之|以)?内"
# A year alone is a deadline only where words around say so: 到2029年, 力争2026年通过, 2025年全面建成.
SHAPES: tuple[str, ...] = (
    rf"(?:{CALENDAR_YEAR}(?:{MONTH}(?:{DAY})?)?{SPAN}(?:{YEAR})?(?:{MONTH}(?:{DAY})?)?|(?<![\d〔])20\d\d{SPAN}20\d\d年)(?:每年|逐年|分年度)?",
    rf"{YEAR}\s*{SEASON}(?:{BEFORE}|[内末])?",
    rf"{YEAR}(?:{MONTH}(?:{DAY})?)?{END}(?:{BEFORE})?(?!度)",
    rf"(?<![\d.\-/])20\d\d[-./]\d{{1,2}}(?:[-./]\d{{1,2}})?[月日]?底?{BEFORE}",
    rf"每(?:学?年|学期|半年|季度?|个?月|周)(?:{MONTH})?(?:{DAY})?(?:底|末|月底|上旬|中旬|下旬|{BEFORE})+",
    rf"(?<![\d年]){MONTH.removeprefix(chr(92) + 's*')}(?:{DAY})?{END}{BEFORE}",
    r"(?<![\d几多每半全学周学一二两三四五六七八九十])年(?:内|底前|底之前|底|末)",
    rf"(?:印发|发文|下发|发布)(?:之日)?(?:起|后)?\s*{PERIOD}",
    r"(?<=力争|确保|争取)每学?年",
    r"[“\"]?十[四五六七]五[”\"]?(?:期间|末|规划期内)",
    rf"(?<![\d年第])(?:{QUARTER}|[上下]半年)(?:[底末内]|{BEFORE})?",
    rf"(?<![\d一二两三四五六七八九十第每近]){PERIOD}",
)
SPOT = re.compile("|".join(f"(?:{shape})" for shape in SHAPES))
NAMES_A_YEAR = re.compile(rf"^{CALENDAR_YEAR}")
LACKS_A_YEAR = re.compile(rf"^(?:{MONTH}|{QUARTER}|[上下]半年|年[底末])")
COMES_ROUND = re.compile(r"^每|每年$|逐年$|分年度$")
BEGINS = re.compile(r"^[，,]?(?:前|全面|正式|陆续|分批|全部)?(?:开工|启动|动工|开始|着手)")
# A year after these is no end: it names a document, a list, a past.
NOT_BEFORE = re.compile(r"(?:[〔\[（(《]|自|从|截至|截止|建于|始于|成立于|根据|按照|参照|对照|文件|印发|通知|于|\d)$")
NOT_AFTER = re.compile(
    r"^\s*(?:以来|以后|之后|起|至今|版|修订|度|[-—―–~至到]|[〕\]）)]\s*\d*\s*号?|级|届|年度|数据|统计|工作要点|实施方案)"
)
WISH = re.compile(
    r"(?:到|至|在|于|力争|确保|争取|计划|预计|力求|须|需|应|要|拟|将|全面|[。，,；;：:、\n]|^)[^，,；;。]{0,6}$"
)
DONE = re.compile(
    r"^[，,]?[^，,；;。]{0,40}(?:完成|建成|新建|改建|扩建|改扩建|达到|达标|实现|通过|投用|投入使用|开工|竣工|覆盖|消除|清零|到位|配齐|补齐|降[低到至]|出台|印发|制定|验收|交付|启动|提高|接受)"
)
SPAN_WITHIN = re.compile(rf"\d\s*[年月日]?{SPAN}\d")
WORKS = re.compile(r"^[，,]?(?:全面|集中|分批|组织)?(?:实施|开展|推进|建设|改造|完成|进行)")
# A period of procedure, or of the past, is no end.
COUNTED_FROM = re.compile(r"(?:后|起|近|过去|最近|每|任期|届满|期满)[^，,；;。]{0,2}$")
PAST = re.compile(r"^[^，,；;。]{0,12}(?:已|了|前已)")


@dataclass(frozen=True)
class Spot:
    """The words of a deadline and where in the text they stand.

    ``begins``: something starts then (2025年6月开工); ``comes_round``: it is due every year, term or month.
    A month or a quarter that names no year has that of the deadline before it in its sentence.
    """

    words: str
    start: int
    end: int
    begins: bool = False
    comes_round: bool = False


def spots_in(text: str) -> list[Spot]:
    """Every deadline in a text, in its order; years of documents, of the past and of counted periods are none."""
    spots: list[Spot] = []
    year, year_ends = "", 0
    for hit in SPOT.finditer(text):
        if not _is_deadline(text, hit):
            continue
        if year and "。" in text[year_ends : hit.start()]:
            year = ""
        spot = _spot(text, hit)
        if year and LACKS_A_YEAR.match(spot.words):
            spot = replace(spot, words=f"{year}{spot.words}")
        if named := NAMES_A_YEAR.match(spot.words):
            year, year_ends = named[0], hit.end()
        spots.append(spot)
    return spots


def deadlines_in(text: str) -> list[str]:
    """The words of the deadlines in a text, that of the task first: an end before a beginning, a day before a habit."""
    spots = sorted(spots_in(text), key=lambda spot: (spot.comes_round, spot.begins))
    return list(dict.fromkeys(spot.words for spot in spots))


def ends_first(deadlines: Iterable[str]) -> list[str]:
    """The words of several deadlines, those last that only say when something begins: 7月启动."""
    return sorted(dict.fromkeys(deadlines), key=lambda words: bool(re.search("(?:开工|启动|动工|开始|着手)$", words)))


def _spot(text: str, hit: re.Match[str]) -> Spot:
    """A deadline in its words; 到 belongs to a year that nothing else makes an end."""
    start = hit.start() - 1 if text[: hit.start()].endswith("到") and hit[0].rstrip().endswith("年") else hit.start()
    words = text[start : hit.end()].strip()
    begins = bool(BEGINS.match(text[hit.end() : hit.end() + 8]))
    return Spot(words, start, hit.end(), begins, bool(COMES_ROUND.search(words)))


def _is_deadline(text: str, hit: re.Match[str]) -> bool:
    before, after = text[max(0, hit.start() - 12) : hit.start()], text[hit.end() : hit.end() + 60]
    if NOT_AFTER.match(after) or PAST.match(after):
        return False
    if hit[0].startswith("每"):
        return True
    is_wish = bool(WISH.search(before) and DONE.match(after) and not NOT_BEFORE.search(before.removesuffix("于")))
    if re.fullmatch(PERIOD, hit[0]):
        return is_wish and not COUNTED_FROM.search(before)
    if SPAN_WITHIN.search(hit[0]):
        return bool(WORKS.match(after)) and not NOT_BEFORE.search(before)
    if re.search(rf"(?:{BEFORE}|[底末内])$", hit[0]):
        return not NOT_BEFORE.search(before) or before.endswith(("于", "）", ")"))
    if re.search("(?:到|至|力争|确保|争取|力争到|预计|计划)$", before) and re.match("[，,]", after):
        return True
    return is_wish
