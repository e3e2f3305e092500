"""What a document says of itself: its number, its title, who issued it and when, for which place and which years."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

NUMBER = re.compile(
    r"^\s*[（(]?(?:文号[:：]\s*|发文字号[:：]\s*)?(?P<number>[一-鿿A-Za-z]{2,20}\s*[〔\[（(【﹝〖]\s*\d{4}\s*[〕\]）)】﹞〗]\s*第?\s*\d{1,5}\s*号)[）)]?"
    r"\s*(?:签发人\s*[:：].{0,20})?$"
)
DAY = re.compile(
    r"^(?:[一-鿿]{0,30}\s+|\s*)(?P<y>\d{4}|[二〇○零一三四五六七八九]{4})\s*年\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})\s*月"
    r"\s*(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日\s*(?:印发)?\s*$"
)
KINDS = (
    "方案|规划|计划|意见|办法|通知|要点|行动|清单|措施|细则|通告|决定|任务书|台账|分工|分解|分解表|任务表|责任表|分工表"
    "|一览表|计划表|推进表|进度表|明细表|项目表|配档表|时间安排表|安排|安排表|预案|纲要|规定|任务|责任书|路线图|时间表|工程|报告|函|批复|台帐|指南|实事|实施意见|汇总表"
)
TITLE_END = re.compile(rf"(?:{KINDS})(?:的?通知)?(?:\s*[（(][^（）()]{{2,30}}[）)])*\s*$")
NOTICE = re.compile(r"(?:关于)?(?:印发|转发|批转)(?:《(?P<title>[^》]{4,80})》|(?P<bare>[^《》]{4,80}?))的?通知")
ISSUER = re.compile(
    r"(?:行政公署|人民政府(?:办公室|办公厅)?|委员会(?:办公室)?|办公室|办公厅|教育体育局|[一-鿿]{1,20}(?:局|厅|部|委|会|组|中心))$"
)
ISSUER_HEAD = re.compile(r"^(?P<issuer>[一-鿿\s]{4,40}?)\s*文\s*件\s*$")
BEFORE_NOTICE = re.compile(r"^(?P<issuer>[一-鿿]{3,30}?)(?:关于)?(?:印发|转发|批转)")
# 广州市 and 沙市区 have the sign of another rank within their names.
REGION = re.compile(
    r"(?P<name>[一-鿿]{1,12}?(?:自治县|自治旗|自治州|自治区|特别行政区|地区|新区|县|市(?!区)|区|旗(?!山)|州(?!市|区|县)|省|盟))"
)
MOST_RANKS = 3  # 江西省赣州市章贡区
PERIOD = re.compile(r"[（(]\s*(?P<from>\d{4})\s*年?\s*[-—―–~－至]{1,2}\s*(?P<to>\d{4})\s*年?\s*[）)]")
# A line of a title that only goes on with the one before: 实施方案（2024—2026年）的通知.
CONTINUES = re.compile(rf"^(?:的|及|和|实施|工作|行动|总体|推进|三年|五年|创建|专项|建设)?(?:{KINDS})")
# 推进全省…, 农村地区, 现代化城区 name no place.
NO_REGION = re.compile(
    r"推进|推动|加快|加强|全面|进一步|促进|做好|开展|实施|完善|深化|扎实|提升|落实|建设|印发|关于|创建|义务|农村|城乡|优质"
    r"|教育|学前|学校|工作|方案|计划|发展|河长|制度|改革|项目|行动|机关|单位|部门|人民|政府|委员|办公"
    r"|^[全本我各](?:省|市|县|区|旗|州)$|(?:社|校|园|片|灌|景|库|示范|开发|服务|老旧小)区$|^(?:主|老|新|中心|建成)?城区$|^(?:偏远|边远|贫困|高寒|石)?山区$|^(?:地区|县市|城市|城镇)$"
)
ADDRESSEE = re.compile(r"^(?:各|县|市|区|局).{2,200}[：:]$")
ANNEX_LIST = re.compile(r"^附\s*件?\s*[:：]")
IN_ANNEX_LIST = re.compile(r"^(?:附件)?\s*\d{1,2}\s*[.．、]?\s*\S{2,60}$")
FOOTER = re.compile(
    r"^(?:抄送|抄报|主送|分送)\s*[:：]|^[（(]\s*(?:此件|联系人|信息公开)|^联系(?:人|电话)\s*[:：]|\d\s*日\s*印发$"
)
LONGEST_REST = 30
CHINESE = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


def document_number(text: str) -> str | None:
    """A paragraph that is a document number, without its spaces."""
    found = NUMBER.match(text)
    return re.sub(r"\s+", "", found["number"]) if found else None


def lone_day(text: str) -> date | None:
    """The day of a paragraph that is nothing but a day, in Arabic or Chinese numbers; None for one no calendar has."""
    found = DAY.match(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    try:
        return date(_year(found["y"]), _small(found["m"]), _small(found["d"]))
    except (ValueError, KeyError):
        return None


def _year(text: str) -> int:
    return int(text) if text.isdigit() and text.isascii() else int("".join(str(CHINESE[sign]) for sign in text))


def _small(text: str) -> int:
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return CHINESE[text]
    return 10 * (CHINESE[tens] if tens else 1) + (CHINESE[ones] if ones else 0)


def notice_of(text: str) -> str | None:
    """The title of the document that a notice issues: 关于印发《…》的通知."""
    found = NOTICE.search(re.sub(r"\s+", "", text))
    return (found["title"] or found["bare"]) if found else None


def ends_as_title(text: str) -> bool:
    """Whether a text ends as titles of documents end."""
    return bool(TITLE_END.search(text.strip()))


def period_of(title: str) -> tuple[int, int] | None:
    """The years of a title: （2021—2035年）."""
    found = PERIOD.search(title)
    return (int(found["from"]), int(found["to"])) if found else None


def region_of(text: str) -> str | None:
    """The place that a title or an issuer begins with, the innermost it names: 章贡区 of 赣州市章贡区教育局."""
    text = re.sub(r"^(?:中共|关于印发|关于|印发)?[《\s]*", "", text.strip())
    region = None
    for _rank in range(MOST_RANKS):
        found = REGION.match(text)
        if not found or NO_REGION.search(found["name"]) or text[found.end() :].startswith("域"):
            break
        region, text = found["name"], text[found.end() :]
    return region


def goes_on_with_title(line: str) -> bool:
    """Whether a line is but the end of the title above it."""
    return bool(CONTINUES.match(line.strip())) and len(line.strip()) <= LONGEST_REST


def issuer_head(text: str) -> str | None:
    """The issuer in a red head: 西吉县教育体育局文件."""
    found = ISSUER_HEAD.match(text)
    issuer = re.sub(r"\s+", "", found["issuer"]) if found else ""
    return issuer if ISSUER.search(issuer) else None


def issuer_of_notice(text: str) -> str | None:
    """The body before 关于印发: 国务院办公厅 of 国务院办公厅关于印发…规划的通知."""
    found = BEFORE_NOTICE.match("".join(text.split()))
    return found["issuer"] if found and ISSUER.search(found["issuer"]) else None


def begins_annex_list(text: str) -> bool:
    """Whether a paragraph begins the list of annexes at the end of a text."""
    return bool(ANNEX_LIST.match(text.strip()))


def is_in_annex_list(text: str) -> bool:
    """Whether a paragraph below the beginning of such a list goes on with it: 2.建设项目清单."""
    return bool(IN_ANNEX_LIST.match(text.strip())) and "。" not in text


def is_footer(text: str) -> bool:
    """Whether a paragraph says to whom copies go, whom to call, or when the document was printed."""
    return bool(FOOTER.search(text.strip()))


def is_issuer(text: str) -> bool:
    """Whether a paragraph is the name of a body that issues documents, and nothing else."""
    bare = re.sub(r"\s+", "", text)
    return 4 <= len(bare) <= 40 and bool(ISSUER.search(bare)) and not re.search("[，。：:；、《》]", bare)


def is_addressee(text: str) -> bool:
    """Whether a paragraph names to whom the document goes: 各乡镇人民政府，县直各部门：."""
    return bool(ADDRESSEE.match(text.strip()))
