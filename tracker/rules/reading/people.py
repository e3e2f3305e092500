"""People among units: 王五, 副县长张三, 县教育局（王五 13800000000）. Surnames tell them from short names of units."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The commonest surnames: about nine people in ten bear one of them.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫"
    "孔向常汤康易乔赖文兰庞樊殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛管祝左涂谷时舒耿牟"
    "卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈鲍霍翁隋甘景单包柏宁柯阮桂闵解丛车冉房边吉饶刁瞿戚丘古米池"
    "滕晋苑邬臧宫褚廉简娄符奚穆郎邸冀谈姬屠连晏栾郁蒙喻窦迟敖冷卓仇蓝荣"
)
TWO_SIGNS = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "司徒", "东方", "慕容", "尉迟")
NAME = re.compile(r"[一-鿿]{2,3}$")
FOREIGN = re.compile(r"^[一-鿿]{2,8}·[一-鿿]{2,8}$")
PHONE = re.compile(r"(?:(?:联系)?(?:电话|手机)\s{0,3}[:：]?\s{0,3})?(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8})(?!\d)")
PERSON = re.compile(r"[（(]\s{0,3}(?P<name>[一-鿿][\s　]?[一-鿿]{1,2}(?:[、，,\s][一-鿿]{2,3}){0,3})\s{0,3}[）)]$")
NO_PERSON = re.compile(r"[局委办部室厅处科股组队站院所乡镇街村县市区校园中心牵头负责配合]$|^各|街道|社区|等|含|原")
POST = re.compile(
    r"(?:(?:县委|市委|区委|党委|党组|政府)?(?:常务|第一|党组)?副?"
    r"(?:县长|市长|区长|州长|书记|局长|主任|部长|主席|镇长|乡长|校长|院长|处长|科长|股长|常委|委员|组长)|四级调研员|调研员)"
)


def is_person(name: str) -> bool:
    """Whether a name without any ending of a unit is that of a person: a surname with one or two signs."""
    return bool(
        (NAME.match(name) and len(name) <= 3 and name[0] in SURNAMES)
        or (len(name) in (3, 4) and name.startswith(TWO_SIGNS))
        or FOREIGN.match(name)
    )


def people_of(words: str) -> list[str]:
    """The people whom words name, without their posts: 张三、李四, 张 三, 县委常委、副县长王五, 县教育局（王五）."""
    text = PHONE.sub("", re.sub(r"[（(][^（）()]{0,30}[）)]", "", words))
    people: list[str] = []
    for piece in re.split(r"[、，,；;/\n]|\s{2,}", text):
        name = re.sub(r"^(?:组长|副组长|责任人|领导)[:：]", "", piece.strip())
        name = re.sub(r"(?<=^[一-鿿])\s+(?=[一-鿿]$)", "", name)
        parts = name.split() if re.fullmatch(r"[一-鿿]{2,8}(?:\s+[一-鿿]{2,8})+", name) else [name]
        people += [bare for part in parts if (bare := _without_post(part)) and bare not in people]
    return people


def _without_post(name: str) -> str:
    """A person without the post before or behind: 副县长张三, 张三副县长, 张三同志; nothing of a post alone."""
    bare = name.removesuffix("同志")
    if found := re.match(rf"(?:{POST.pattern})+", bare):
        bare = bare[found.end() :]
    elif found := re.search(rf"{POST.pattern}$", bare):
        bare = bare[: found.start()]
    return bare.strip(" 　:：")


def without_people(name: str) -> tuple[str, list[str]]:
    """县教育局（王五） as the unit and its people."""
    bare = PHONE.sub("", name)
    found = PERSON.search(bare)
    if not found or NO_PERSON.search(found["name"]):
        return name, []
    return bare[: found.start()].strip(), people_of(found["name"])


def parted(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names in a row as those of units and those of people."""
    units: list[str] = []
    people: list[str] = []
    for name in names:
        (people if is_person(name) else units).append(name)
    return units, people
