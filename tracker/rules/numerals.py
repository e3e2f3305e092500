"""Numbers as office texts write them: Arabic or Chinese, narrow or wide, with what they measure; and what is none.

Every pattern reads a text once: a run of signs is tried at its beginning alone, and gaps between signs are short.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
POWERS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
LONGEST_NUMERAL = 12  # signs; whatever is longer counts nothing that an office counts
HAN = "〇零一二两三四五六七八九十百千"
_RUN = rf"(?<![\d{HAN}万亿])"
_GAP = r"[^\S\n]{0,3}"
_TO = r"[-—–~至到]{1,2}"
# Numbers of tasks, which name and do not count: 第17、18项, 第3至5项.
ORDINAL = (
    rf"第{_GAP}[\d{HAN}.\-]+(?:{_GAP}[、,，和及至到~—–]{_GAP}第?[\d{HAN}.\-]+)*"
    rf"{_GAP}(?:项|期|条|款|号|次|批|名|位|季度|学期|页|个)?"
)
# Days, hours, school years, document numbers and numbers of headings.
APART = "|".join(
    (
        rf"[〔\[(（【]{_GAP}\d{{4}}{_GAP}[〕\])）】]{_GAP}第?{_GAP}\d+{_GAP}号",
        rf"\d{{2,4}}{_GAP}[-./]{_GAP}\d{{1,2}}{_GAP}[-./]{_GAP}\d{{1,2}}(?!\d)",
        rf"\d{{1,2}}{_GAP}[:：]{_GAP}\d{{2}}(?!\d)",
        rf"\d{{4}}{_GAP}[-—–~至]{{1,2}}{_GAP}\d{{4}}{_GAP}(?:学?年度?)",
        r"连续[两二2]周",
        rf"\d{{2,4}}{_GAP}年(?:度|前|底|内|以前|以来)?(?:{_GAP}\d{{1,2}}{_GAP}月)?(?:{_GAP}\d{{1,2}}{_GAP}日)?",
        rf"\d{{1,2}}{_GAP}月(?:{_GAP}\d{{1,2}}{_GAP}日)?",
        rf"\d{{1,2}}{_GAP}日",
        rf"{_RUN}[{HAN}]{{1,12}}[年月](?:[{HAN}]{{1,3}}月)?(?:[{HAN}]{{1,3}}日)?",
        rf"(?:附件|附表|附录|表|图){_GAP}\d+",
        rf"(?m:^){_GAP}(?:[{HAN}]{{1,9}}、|[(（][{HAN}\d]{{1,9}}[)）]|\d{{1,9}}[.、．](?!\d))",
    )
)
MEASURE = "|".join(
    (
        *("个百分点", "个工作日", "平方米", "个月", "公里", "学位", "亿元", "万元"),
        *("项", "个", "件", "天", "%", "元", "所"),
        *("名", "人", "家", "次", "处", "户", "亩", "间", "台", "批", "份", "期", "周", "年"),
    )
)
# 3—5项, 三至五项.
RANGE = rf"{_RUN}(?:\d+(?:\.\d+)?|[{HAN}]+){_GAP}%?{_TO}{_GAP}(?:\d+(?:\.\d+)?|[{HAN}]+){_GAP}(?:{MEASURE})?"
# 统一项目 and 逐一 count nothing; 十几项 and 30多项 say about how many.
NUMBER = (
    rf"百分之(?P<percent>\d+(?:\.\d+)?|[{HAN}]+)"
    rf"|(?P<arabic>(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+)(?:\.\d+)?){_GAP}(?P<about>[几余多来])?(?P<measure>{MEASURE})?"
    rf"|{_RUN}(?<![统唯逐])(?P<han>[{HAN}][{HAN}万亿]*)(?P<roughly>[几余多来])?(?P<counted>{MEASURE})"
)


def write_han(value: int) -> str:
    """12 as 十二, 105 as 一百零五: a whole number from 1 to 9,999 as headings are numbered."""
    text = ""
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + sign
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text[1:] if text.startswith("一十") else text


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


def value_of(hit: re.Match[str]) -> tuple[Fraction, int] | None:
    """What a hit of NUMBER says and to how many places behind its point; None for about so many or too long a run."""
    text = hit["percent"] or hit["arabic"] or hit["han"]
    if len(text) > LONGEST_NUMERAL or hit["about"] or hit["roughly"]:
        return None
    if text[0].isdigit():
        return Fraction(Decimal(text.replace(",", ""))), len(text.partition(".")[2])
    return Fraction(read_han(text)), 0


def measure_of(hit: re.Match[str]) -> str:
    """The word of measure of a hit of NUMBER, empty without one."""
    return "%" if hit["percent"] else hit["measure"] or hit["counted"] or ""
