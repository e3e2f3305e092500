"""Labels before units, officials and deadlines (牵头单位： 责任领导： 完成时限：): a line for each wording.

The role is the document's word: 责任单位 never makes a lead, and nothing but a word that says so does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What stands after a label."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    OFFICIAL = "official"
    DEADLINE = "deadline"
    OTHER = "other"


BODY = r"(?:单位|部门|科室|股室|处室|机构)(?:[（(][^（）()：:\n]{1,8}[）)])?"
BODY = rf"(?:{BODY}|[科股处][（(]室[）)])(?:[和及、或]{BODY})?"
WORDINGS: tuple[tuple[Field, str], ...] = (
    (
        Field.OFFICIAL,
        r"(?:牵头|责任|分管|包保|包联|挂帅|包抓|主管|联系|挂点|督办|负责|主抓|市级|县级|市|县|区|州|局)"
        r"(?:县|市|区|州|局|级){0,2}领导(?:同志)?",
    ),
    (Field.OFFICIAL, r"(?:主要|直接|第一|具体|牵头|分管)?(?:责任|负责)人|牵头人"),
    (Field.RESPONSIBLE, rf"(?:牵头|主办)[（(](?:责任|负责|落实|实施)[）)]{BODY}"),
    (Field.LEAD, rf"(?:总|共同|联合)?牵头(?:责任|负责|实施|主办|落实)?{BODY}"),
    (Field.LEAD, rf"主办{BODY}|主责{BODY}|主要责任{BODY}|第一责任{BODY}"),
    (Field.LEAD, r"牵头|主办|主责"),
    (Field.COOPERATING, rf"(?:主要)?(?:配合|协办|协同|协助|协作|参与|参加|会办|协配)(?:责任|落实|实施)?{BODY}"),
    (Field.COOPERATING, r"配合|协办|参与"),
    (
        Field.RESPONSIBLE,
        rf"(?:相关|具体)?(?:责任|承办|实施|落实|负责|承担|执行|主管|完成|建设|主体责任)(?:落实)?{BODY}",
    ),
    (Field.RESPONSIBLE, r"(?:责任|实施|建设|承办)主体|主体责任单位|责任分工"),
    (
        Field.DEADLINE,
        r"(?:完成|办结|整改|落实|推进|工作|目标|预计完成|计划完成|实施|建设|起止|计划|办理|达标|销号)"
        r"(?:的)?(?:时限|时间|期限|周期|日期|节点|时间节点|时限要求|时间要求)",
    ),
    (
        Field.DEADLINE,
        r"时限要求|时间要求|时间节点|时限|期限|截[止至](?:时间|日期|期限)|时间安排|时间进度|进度(?:安排|要求)",
    ),
    (Field.OTHER, r"联系人|联系电话|电话|备注|说明|工作目标|目标任务|工作措施|具体措施|责任清单"),
    (Field.OTHER, r"[一-鿿]{2,6}(?:单位|部门|科室)"),
)
_ANY = "|".join(f"(?P<f{count}>{wording})" for count, (_field, wording) in enumerate(WORDINGS))
LABEL = re.compile(rf"(?<![一-鿿])(?:{_ANY})\s*[：:]\s*")
# 【主办】区城管局 says the same as 主办：区城管局.
FRAMED = re.compile(rf"[【\[［](?P<label>{'|'.join(wording for _field, wording in WORDINGS)})[】\]］]\s*[：:]?")
SPREAD = re.compile(r"(?<![一-鿿])(?:[一-鿿][ 　]{1,4}){2,5}[一-鿿](?=\s{0,4}[：:])")
# A list of names ends at a full stop, or where the paragraph ends.
STOP = re.compile(r"[。\n]")
ENDS_IN_LABEL = re.compile(
    rf"(?<![一-鿿])(?P<label>{'|'.join(wording for field, wording in WORDINGS if field is not Field.OTHER)})\s*$"
)
OWN_HEADING = re.compile(r"^[一-鿿]{2,8}\s*[：:]")
ALONE = re.compile(rf"^(?:{_ANY})\s*[：:]?$")


@dataclass(frozen=True)
class Labelled:
    """What stands after one label, without the signs around it."""

    field: Field
    label: str
    text: str


def labelled(text: str) -> list[Labelled]:
    """Every label of a text with what stands after it, up to the next label; none where the text has none."""
    text = unframed(text)
    found = list(LABEL.finditer(text))
    ends = [each.start() for each in found[1:]] + [len(text)] * bool(found)
    return [
        Labelled(_field(hit), hit[0].rstrip("：: \t\n　"), text[hit.end() : end].strip(" \t\n　，,；;。.*"))
        for hit, end in zip(found, ends, strict=True)
    ]


def unframed(text: str) -> str:
    """A text in which every label is followed by a colon and none is spread: 责 任 单 位：."""
    text = SPREAD.sub(lambda found: "".join(found[0].split()), text)
    return FRAMED.sub(lambda found: f" {found['label']}：", text)


def label_spans(text: str) -> list[tuple[int, int]]:
    """Where labels stand in a sentence, with what follows them up to its stop: (start, end).

    Labels that follow one another are one span.
    """
    spans: list[tuple[int, int]] = []
    end = -1
    for hit in LABEL.finditer(text):
        if _field(hit) is Field.OTHER and not (spans and hit.start() <= spans[-1][1]):
            continue
        if end < hit.end():
            stop = STOP.search(text, hit.end())
            end = stop.end() if stop else len(text)
        start = spans.pop()[0] if spans and hit.start() <= spans[-1][1] else hit.start()
        spans.append((start, end))
    return spans


def label_at_end(title: str) -> int | None:
    """Where the label begins that a title ends with: 招聘教师 牵头单位 (its colon has cut the title)."""
    found = ENDS_IN_LABEL.search(title)
    return found.start("label") if found else None


def opens_with_label(text: str) -> bool:
    """Whether a text begins with a label."""
    return opening_field(text) is not None


def opens_with_heading(text: str) -> bool:
    """Whether a text begins with a word of its own and a colon: 主要内容：…, 工作措施：…."""
    return bool(OWN_HEADING.match(text.strip()))


def opening_field(text: str) -> Field | None:
    """The field of the label that a text begins with."""
    found = LABEL.match(unframed(text).lstrip(" 　*-—·"))
    return _field(found) if found else None


def lone_label(text: str) -> Field | None:
    """The field of a line that is a label and nothing else: its names stand on the next line."""
    found = ALONE.match(text.strip())
    return _field(found) if found else None


def _field(hit: re.Match[str]) -> Field:
    return next(field for count, (field, _wording) in enumerate(WORDINGS) if hit[f"f{count}"])
