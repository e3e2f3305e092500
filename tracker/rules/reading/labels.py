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


BODY = "(?:单位|部门|科室|股室|处室|机构|主体)"
WORDINGS: tuple[tuple[Field, str], ...] = (
    (
        Field.OFFICIAL,
        r"(?:牵头|责任|分管|包保|包联|挂帅|包抓|主管|联系|挂点|督办|市级|县级|市|县|区)(?:县|市|区|级)?领导",
    ),
    (Field.OFFICIAL, r"(?:主要|直接|第一)?(?:责任|负责)人"),
    (Field.LEAD, rf"(?:总|共同)?牵头(?:责任|负责|实施)?{BODY}"),
    (Field.LEAD, rf"主办{BODY}|主责{BODY}|主要责任{BODY}|第一责任{BODY}"),
    (Field.LEAD, r"牵头|主办|主责"),
    (Field.COOPERATING, rf"(?:配合|协办|协同|协助|协作|参与|参加|会办)(?:责任|落实|实施)?{BODY}"),
    (Field.COOPERATING, r"配合|协办"),
    (Field.RESPONSIBLE, rf"(?:责任|承办|实施|落实|负责|承担|执行|主管|完成){BODY}"),
    (Field.RESPONSIBLE, r"责任主体"),
    (
        Field.DEADLINE,
        r"(?:完成|办结|整改|落实|推进|工作|目标|预计完成|计划完成)(?:的)?(?:时限|时间|期限|日期|节点|时间节点)",
    ),
    (Field.DEADLINE, r"时限要求|时间要求|时间节点|时限|截止(?:时间|日期)|时间安排"),
    (Field.OTHER, r"联系人|联系电话|电话|备注|说明|工作目标|目标任务|工作措施|具体措施|责任清单"),
)
_ANY = "|".join(f"(?P<f{count}>{wording})" for count, (_field, wording) in enumerate(WORDINGS))
LABEL = re.compile(rf"(?<![一-鿿])(?:{_ANY})\s*[：:]\s*")
# 【主办】区城管局 says the same as 主办：区城管局.
FRAMED = re.compile(rf"[【\[［](?P<label>{'|'.join(wording for _field, wording in WORDINGS)})[】\]］]\s*[：:]?")
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
    """A text in which every label is followed by a colon."""
    return FRAMED.sub(lambda found: f" {found['label']}：", text)


def opens_with_label(text: str) -> bool:
    """Whether a text begins with a label."""
    return bool(LABEL.match(unframed(text).lstrip(" 　*-—·")))


def lone_label(text: str) -> Field | None:
    """The field of a line that is a label and nothing else: its names stand on the next line."""
    found = ALONE.match(text.strip())
    return _field(found) if found else None


def _field(hit: re.Match[str]) -> Field:
    return next(field for count, (field, _wording) in enumerate(WORDINGS) if hit[f"f{count}"])
