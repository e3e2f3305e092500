"""Deadlines within sentences (确保2022年6月底完成, 年内建成, 印发后30日内报备): a table of the shapes of an end."""

from __future__ import annotations

import re
from dataclasses import dataclass

YEAR = r"(?:[12]\d{3}|二[〇○零][一二三四五六七八九〇○零]{2})\s*年"
MONTH = r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月(?:份)?"
DAY = r"\s*\d{1,2}\s*[日号]"
END = r"(?:\s*(?:年底|月底|底|末|上旬|中旬|下旬|上半年|下半年|第?[一二三四1-4]季度))?"
BEFORE = r"\s*(?:之前|以前|以内|前)"
SPAN = r"\s*[-—―–~至到]{1,2}\s*"
# A year alone is a deadline only where words around say so: 到2029年, 力争2026年通过, 2025年全面建成.
SHAPES: tuple[str, ...] = (
    rf"{YEAR}(?:{MONTH}(?:{DAY})?)?{SPAN}(?:{YEAR})?(?:{MONTH}(?:{DAY})?)?",
    rf"{YEAR}(?:{MONTH}(?:{DAY})?)?{END}(?:{BEFORE})?(?!度)",
    rf"(?<![\d年]){MONTH.removeprefix(chr(92) + 's*')}(?:{DAY})?{END}{BEFORE}",
    r"(?:今年|本年度?|明年|当年)(?:年底|内|底|上半年|下半年)?(?:之前|前)?",
    r"(?<![\d几多每半全学周学])年(?:内|底前|底之前|底|末)",
    r"(?:印发|发文|下发|发布)(?:之日)?(?:起|后)?\s*\d{1,3}\s*(?:个工作日|日|天|周|个月)(?:之?内)",
    r"(?<=力争|确保|争取)每学?年",
    r"[“\"]?十[四五六七]五[”\"]?(?:期间|末|规划期内)",
)
SPOT = re.compile("|".join(f"(?:{shape})" for shape in SHAPES))
# A year after these is no end: it names a document, a list, a past.
NOT_BEFORE = re.compile(r"(?:[〔\[（(《]|自|从|截至|截止|建于|始于|成立于|根据|按照|参照|对照|文件|印发|通知|于|\d)$")
NOT_AFTER = re.compile(
    r"^\s*(?:以来|以后|之后|起|至今|版|修订|度|[-—―–~至到]|[〕\]）)]\s*\d*\s*号?|级|届|年度|数据|统计|工作要点|实施方案)"
)
WISH = re.compile(
    r"(?:到|至|在|于|力争|确保|争取|计划|预计|力求|须|需|应|要|拟|将|全面|[，,；;：:]|^)[^，,；;。]{0,6}$"
)
DONE = re.compile(
    r"^[，,]?[^，,；;。]{0,40}(?:完成|建成|达到|达标|实现|通过|投用|投入使用|开工|竣工|覆盖|消除|清零|到位|配齐|补齐|降[低到至]|出台|印发|制定|验收|交付|启动|提高|接受)"
)
SPAN_WITHIN = re.compile(r"\d\s*[年月日]\s*[-—―–~至到]{1,2}\s*\d")
WORKS = re.compile(r"^[，,]?(?:全面|集中|分批|组织)?(?:实施|开展|推进|建设|改造|完成|进行)")
PAST = re.compile(r"^[^，,；;。]{0,12}(?:已|了|前已)")


@dataclass(frozen=True)
class Spot:
    """The words of a deadline and where in the text they stand."""

    words: str
    start: int
    end: int


def spots_in(text: str) -> list[Spot]:
    """Every deadline in a text, in its order; years of documents, of the past and of counted periods are none."""
    return [_spot(text, hit) for hit in SPOT.finditer(text) if _is_deadline(text, hit)]


def _spot(text: str, hit: re.Match[str]) -> Spot:
    """A deadline in its words; 到 belongs to a year that nothing else makes an end."""
    start = hit.start() - 1 if text[: hit.start()].endswith("到") and hit[0].rstrip().endswith("年") else hit.start()
    return Spot(text[start : hit.end()].strip(), start, hit.end())


def _is_deadline(text: str, hit: re.Match[str]) -> bool:
    before, after = text[max(0, hit.start() - 12) : hit.start()], text[hit.end() : hit.end() + 60]
    if NOT_AFTER.match(after) or PAST.match(after):
        return False
    if hit[0].startswith("每"):
        return True
    if re.search(SPAN_WITHIN, hit[0]):
        return bool(WORKS.match(after)) and not NOT_BEFORE.search(before)
    if re.search(rf"(?:{BEFORE}|底|末|内)$", hit[0]):
        return not NOT_BEFORE.search(before) or before.endswith(("于", "）", ")"))
    if re.search("(?:到|至|力争|确保|争取|力争到|预计|计划)$", before) and re.match("[，,]", after):
        return True
    return bool(WISH.search(before) and DONE.match(after) and not NOT_BEFORE.search(before.removesuffix("于")))
