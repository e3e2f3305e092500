"""How documents word indicators: their parts and points, whether they must be met (A) or are scored (B), thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from tracker.rules.reading.amounts import plain

POINTS = re.compile(r"[（(]\s{0,3}(?P<n>\d{1,3}(?:\.\d{1,2})?)\s{0,3}分\s{0,3}[）)]")
GRADE = re.compile(r"^(?P<kind>[AB])\s{0,3}类?(?:[^A-Za-z]|$)")
PART = re.compile(
    r"(?:^|(?<=[\n；;。）)]))\s{0,5}(?P<n>\d{1,2})\s?[.．、](?!\d)\s?"
    r"|(?:^|(?<=\n))\s{0,5}(?P<m>\d{1,2})\s?[.．、](?=\d{1,3}[%％])"
)
VETO = re.compile(r"一票否决")
OPENS_VETOES = re.compile(r"[：:]$|一票否决(?:事项|清单|指标|情形|项|项目|内容|条款)?[”\"]?$")
LONGEST_OPENING = 60
INDICATOR = re.compile(r"指标|评估|评价|考核|测评|监测")
_N = r"(?P<n>\d{1,7}(?:\.\d{1,4})?)"
# 达到4.2人以上, 不低于6000元, ≥85%, 4.5平方米以上.
THRESHOLD = re.compile(
    rf"(?:达到|不低于|不少于|不小于|不超过|不高于|控制在|至少|大于等于|小于等于|≥|≤|>|<|低于|高于|拥有|为)\s{{0,3}}{_N}(?!\s?[:：])"
    rf"|(?<![\d.]){_N.replace('<n>', '<m>')}\s{{0,3}}(?:[%％]|[一-鿿]{{1,3}}?|平方米|m2)?\s{{0,3}}"
    r"(?:以上|以下|以内|及以上|及以下)"
)
# 分别达到4.2人以上、5.3人以上.
RESPECTIVELY = re.compile(
    r"分别(?:均)?(?:达到|达|不低于|不少于|不小于|不超过|控制在|为|在|拥有)?\s{0,3}(?P<first>\d{1,7}(?:\.\d{1,4})?)[^\d，。；]{0,10}[、和]\s{0,3}(?P<second>\d{1,7}(?:\.\d{1,4})?)"
)
SPREAD = re.compile(r"差异系数|差异率|85[%％]时")
BOTH = re.compile(r"小学[、和及]\s?(?:初中|中学)")
STAGES = (("小学", re.compile("小学")), ("初中", re.compile("初中|中学(?!小)")))
STATES = re.compile(
    r"\d|比例|[率值]|达到|不低于|不超过|统一|合理|健全|开齐|无过重|良好|合格|及以上|足额|信息化|规范|完善|持有|核定"
)
LONGEST = 2000


def points_in(text: str) -> Decimal | None:
    """The points in brackets, together: （1分）…（1分） are 2."""
    found = [Decimal(each["n"]) for each in POINTS.finditer(plain(text))]
    return sum(found, Decimal(0)) if found else None


def announces_vetoes(text: str, is_heading: bool) -> bool:
    """Whether a line opens a list of vetoes: 四、一票否决事项 as a heading, a short line that ends so or in a colon."""
    text = text.strip()
    return bool(VETO.search(text)) and len(text) <= LONGEST_OPENING and (is_heading or bool(OPENS_VETOES.search(text)))


def grade_in(cell: str) -> tuple[str | None, Decimal | None]:
    """A or B with the points that stand beside it: B（10分）."""
    text = plain(cell).strip()
    found = GRADE.match(re.sub(r"\s+", "", text))
    return (found["kind"] if found else None), points_in(text)


def parts_in(text: str) -> list[tuple[str, str]]:
    """The numbered parts of a text; none where it has no numbers."""
    marks = list(PART.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), *([len(text)] if marks else [])]
    parts = [
        (mark["n"] or mark["m"], text[mark.end() : end].strip(" \n；;。　"))
        for mark, end in zip(marks, ends, strict=True)
    ]
    return [(number, words) for number, words in parts if words]


def floors_in(text: str) -> tuple[tuple[str, Decimal], ...]:
    """The thresholds of a stated indicator by stage, 小学 and 初中; differences between schools are none."""
    floors: dict[str, Decimal] = {}
    for clause in _clauses(plain(text)[:LONGEST]):
        both = BOTH.search(clause)
        named = [stage for stage, words in STAGES if words.search(clause)]
        if SPREAD.search(clause) or not named:
            continue
        if len(named) == 2 and (said := RESPECTIVELY.search(clause)):
            floors.setdefault("小学", Decimal(said["first"]))
            floors.setdefault("初中", Decimal(said["second"]))
        elif (len(named) == 1 or both) and (said := THRESHOLD.search(clause)):
            for stage in named:
                floors.setdefault(stage, Decimal(said["n"] or said["m"]))
    return tuple((stage, floors[stage]) for stage, _words in STAGES if stage in floors)


def _clauses(text: str) -> Iterator[str]:
    """Sentences, and their halves where each names a stage of its own: 小学…4.2人以上，初中…5.3人以上."""
    for sentence in re.split(r"[。；;\n]", text):
        halves = re.split(r"[，,](?=[^，,]{0,10}(?:小学|初中))", sentence)
        yield from halves if len(halves) > 1 and "分别" not in sentence else [sentence]


def threshold_in(cell: str) -> Decimal | None:
    """The threshold in a cell that holds nothing else: 大专及以上学历 4.2 人以上."""
    found = re.search(r"\d{1,7}(?:\.\d{1,4})?", plain(cell))
    return Decimal(found[0]) if found else None


# A heading that announces a list of indicators.
LISTS_INDICATORS = re.compile(
    r"指标|资源配置|政府保障|保障程度|教育质量|社会认可|社会满意|教学质量$|基本条件|评估标准|评估内容"
)
