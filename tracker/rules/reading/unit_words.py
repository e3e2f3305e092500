"""How names of units end and begin in documents: enough to tell a unit from a person or a sentence."""

from __future__ import annotations

import re

# A name that ends so names a body.
ENDING = re.compile(
    r"(?:"
    r"人民政府|管理委员会|管委会|办事处|委员会|领导小组|指挥部|工作专班|工作组|专项组|专班|"
    r"公司|集团|中心|支队|大队|总队|法院|检察院|医院|学校|中学|小学|幼儿园|学院|大学|"
    r"单位|部门|乡镇|镇街|街道|社区|政府|银行|支行|分行|分局|协会|学会|联合会|工会|妇联|残联|工商联|"
    r"文联|科协|侨联|团委|团县委|团市委|编办|网信办|关工委|政法委|纪委监委|党校|党委|党组|"
    r"总站|所|站|局|委|办|部|室|厅|司|处|科|股|队|会|院|馆|电视台|社|署|乡|镇|场|"
    r"村|县|市|区|州|盟|旗|段|团|师"
    r")$"
)
# A member of a row before 等部门 or 部门 stands without an ending of its own: 公安、文体、卫健等部门.
SHORT = re.compile(r"[一-鿿]{2,8}")
# What makes a subject everybody and nobody: it tells no one in particular.
GENERAL = re.compile(
    r"^(?:全县|全市|全区|各)?(?:各级|各有关|各相关|有关|相关|各)(?:部门|单位|责任单位|地|级|方面)+(?:[、和及].*)?$"
)
NO_UNIT = re.compile(
    r"[。；;：:\uff01？!?]|^\d|阶段|方面|指标|情况|措施|要求|目标|原则|内容$|任务$|工作$"
    r"|组长|成员(?!单位)|设在|设于|牵头$|负责$|简称|以下|详见|另行|主任|书记|局长|县长|校长|镇长|乡长"
    r"|^(?:不|含|均|除|其中|试|暂|以|至|达)"
    r"|^(?:会同|配合|协同|协助|落实|按照|根据|由|对|在|把|使|让|向|督促|指导|支持|鼓励|引导|组织)"
    r"|^(?:牵头|主办|协办|承办|责任|配合|参与|参加|实施|主管|成员|联系)(?:单位|部门|处室|科室)$"
)
LONGEST_UNIT = 24
COLLECTIVE = re.compile(
    r"^(?:地方|县直|市直|全县|全市)?各|^(?:有关|相关|其他|其它)|(?:有关|相关|各)(?:职能)?(?:部门|单位)"
    r"|^(?:县|市|区)直|^(?:中小学|村小|义务教育(?:阶段)?学校)$"
)
# Endings that leave no doubt; rooms, towns and schools end otherwise: （实验室、图书室） gives nobody a task.
STRONG = re.compile(
    r"^[^（(]*各|[一-鿿]{2,}(?:局|委|办|政府|委员会|部门|单位|乡镇|街道|公司|集团|中心|厅|部|司|科|股|组|专班|指挥部|法院"
    r"|检察院|银行|妇联|残联|工会|团委|党委|联合会|工商联|支队|大队|医院|学校|大学|学院|办公室|督导室"
    r"|支行|分行|分局|(?<![一二三四五六七八九十两几多数])处)$"
    r"|^(?:团|妇|残)[县市区省]委$"
)


def looks_like_unit(name: str) -> bool:
    """Whether a name looks like that of a unit: its ending, its length, and nothing in it that no unit is called."""
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", name.strip())
    return may_be_unit(bare) and (bare.startswith("各") or bool(ENDING.search(bare)))


def may_be_unit(name: str) -> bool:
    """Whether a name in a row of units may be one, whatever it ends with: 铁路云岭工务段."""
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", name.strip())
    return 2 <= len(bare) <= LONGEST_UNIT and not NO_UNIT.search(bare)


def is_surely_unit(name: str) -> bool:
    """Whether a name can hardly be anything but that of a unit."""
    return looks_like_unit(name) and bool(STRONG.search(re.sub(r"[（(][^（）()]*[）)]$", "", name.strip())))


def is_general(name: str) -> bool:
    """Whether a name means everybody: 各有关部门、各相关单位."""
    return bool(GENERAL.match(name.strip()))


def is_collective(name: str) -> bool:
    """Whether a name stands for many: 各乡镇, 义务教育学校, 县直有关部门."""
    return bool(COLLECTIVE.search(name.strip()))
