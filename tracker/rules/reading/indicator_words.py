"""By which words a text states one of the 32 national indicators (教督〔2017〕6号), a line for each."""

from __future__ import annotations

import re

WORDINGS: tuple[tuple[str, str], ...] = (
    ("R1", r"高于规定学历"),
    ("R2", r"县级以上骨干教师"),
    ("R3", r"体育[、和]?艺术(?:[（(][^）)]*[）)])?(?:专任)?教师|音[、]?体[、]?美.{0,4}(?:专任)?教师数"),
    ("R4", r"教学及辅助用房"),
    ("R5", r"体育运动场馆|体育场馆面积"),
    ("R6", r"教学仪器(?:设备)?(?:值|总值)"),
    ("R7", r"网络多媒体教室"),
    ("G1", r"(?:学校)?规划布局合理"),
    ("G2", r"四统一|建设标准统一"),
    ("G3", r"音乐[、和]美术(?:专用)?教室"),
    ("G4", r"规模(?:均)?不超过\s*\d{4}\s*人|校额"),
    ("G5", r"班级学生数|班额"),
    ("G6", r"不足\s*100\s*名?学生"),
    ("G7", r"特殊教育学校生均公用经费|特殊教育学校.{0,6}公用经费"),
    ("G8", r"平均工资收入水平(?:应当)?不低于|教师待遇"),
    ("G9", r"360\s*学时"),
    ("G10", r"统筹分配各校教职工编制|教职工编制"),
    ("G11", r"交流轮岗"),
    ("G12", r"教师资格证|持证上岗"),
    ("G13", r"就近划片入学"),
    ("G14", r"优质高中.{0,6}名额"),
    ("G15", r"留守儿童关爱|关爱留守儿童|随迁子女.{0,10}就读"),
    ("Q1", r"三年巩固率"),
    ("Q2", r"残疾儿童少年入学率"),
    ("Q3", r"(?:制[定订]|建立|有)(?:了)?(?:学校)?章程"),
    ("Q4", r"教师培训(?:专项)?经费"),
    ("Q5", r"信息化手段组织教学"),
    ("Q6", r"德育工作|校园文化建设"),
    ("Q7", r"课程开齐开足|开齐开足.{0,4}课程"),
    ("Q8", r"过重课业负担|减轻课业负担"),
    ("Q9", r"义务教育质量监测|学业水平达到"),
    ("S1", r"社会认可度|社会满意度"),
)
# Wordings by which local texts speak of a share, besides the national ones.
LOCAL_WORDINGS: dict[str, str] = {
    "G14": r"优质(?:普通)?高中.{0,12}(?:名额|指标|招生)|重点高中|均衡招生|统招计划",
    "S1": r"社会(?:认可|满意)度|(?:认可|满意)度(?:调查|达到)",
}
FIRST_WORDS = 60
PATTERNS = tuple((code, re.compile(wording)) for code, wording in WORDINGS)


def national_of(text: str) -> str | None:
    """The code of the national indicator whose words come first in a text's opening; None where none does."""
    found = [(hit.start(), code) for code, pattern in PATTERNS if (hit := pattern.search(text[:FIRST_WORDS]))]
    return min(found)[1] if found else None


def states_indicator(text: str) -> bool:
    """Whether a text opens with the words of a national indicator."""
    return national_of(text) is not None


def spoken_of(text: str) -> list[str]:
    """The codes of all national indicators of which a text speaks anywhere, in their order."""
    return [
        code
        for code, pattern in PATTERNS
        if pattern.search(text) or (code in LOCAL_WORDINGS and re.search(LOCAL_WORDINGS[code], text))
    ]
