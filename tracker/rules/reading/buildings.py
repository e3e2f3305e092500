"""How plans speak of what they build: buildings, sports grounds, schools with their stage, sites, categories."""

from __future__ import annotations

import re

from tracker.rules.stages import Stage
from tracker.rules.task_kinds import ProjectCategory

# A building by its use: words that go before, then what it is.
_BEFORE = (
    "学生|教师|教职工|男生|女生|师生|教学|综合|实验|办公|行政|科技|艺术|图书|多功能|食宿|宿舍|公寓|门诊|住院|医技|急诊|业务"
    "|培训|服务|康复|养老|感染|体育|功能|辅助"
)
_BUILDING = (
    r"(?:宿舍楼|公寓楼|周转房|周转宿舍|宿舍|公寓|食堂|餐厅|图书馆|体育馆|游泳馆|风雨操场|报告厅|礼堂|实验室|幼儿园园舍|卫生间|厕所|浴室"
    r"|锅炉房|配电房|门卫室|厂房|车间|仓库|候车厅|停车场|候诊厅)"
)
BUILDING = re.compile(rf"(?:(?:{_BEFORE})+(?:用房|楼|中心|大楼)|(?:{_BEFORE})*{_BUILDING})")
SPORTS = re.compile(r"运动场|操场|足球场|篮球场|排球场|网球场|球场|田径场|跑道|塑胶|体育场(?!馆)|运动区|活动场")
# Grounds and works that count neither as floors nor as sports grounds.
OTHER_GROUND = re.compile(
    r"围墙|绿化|道路|硬化|广场|基地|主席台|看台|场地(?!面积)|景观|屋面|外墙|墙面|管网|排水|护坡|挡土墙|维修面积"
)
LAND_WORDS = re.compile(r"占地|用地|征地|土地|地块")
TOTAL_FLOOR = re.compile(r"总?建筑(?:总)?面积|建设总?面积|校舍|总面积|建筑规模|建筑体量|面积")
TOGETHER = re.compile(r"[楼舍馆房厅堂]共计?(?:约)?\d[\d.,]*(?:万)?(?:平方米|平米|m2)$")  # 教学楼、学生宿舍共12500平方米
# 建成20万平方米 counts as floors where the title names a building.
FINISHED = re.compile(r"竣工|建成|新建|建设|完工|完成|扩建|改建|改造")
MONEY_TOTAL = re.compile(
    r"总投资|投资总额|总预算|预算总|总概算|概算总|总投入|投入总|总造价|共投|共投入|共计|合计|总资金|资金总|总计"
)
MONEY_PART = re.compile(
    r"其中|中央|省级|市级|县级|自筹|配套|争取|上级|专项债|债券|已(?:完成|到位|投入|拨付)|完成投资|到位|拨付|奖补|年度投资|当年"
)
MONEY = re.compile(r"投资|投入|资金|预算|概算|估算|造价|经费")
# What an act of building does, and what it is done to.
ACT = re.compile(r"新建|改建|扩建|改扩建|迁建|重建|建设|建成|改造|修建|修缮|维修|搬迁|拆除|铺设|铺装|加固|装修|实施")
OBJECT = re.compile(
    r"教学楼|综合楼|宿舍|食堂|校舍|运动场|操场|校园|幼儿园|学校(?=建设|改造|[、，,；;。]|$)|[中小]学(?=建设|改造|项目|[、，,；;。]|$)|场馆|体育馆|实验楼|办公楼|工程|项目"
    r"|医院|卫生院|卫生室|大楼|道路|公路|桥梁|管网|水厂|厂房|基地|中心|住房|公租房|灌区|渠道|水库"
)
PROJECT_TITLE = re.compile(
    r"(?:项目|工程)(?:[（(][^（）()]{0,20}[）)])?$"
    r"|(?:新建|改建|扩建|迁建|重建|建设|改造|搬迁|修缮|维修)(?:项目|工程)"
)
BUILDS = re.compile(r"^(?:新建|改建|扩建|改扩建|迁建|重建)|(?:新建|改扩建|扩建|迁建|重建)$")
# Such words name no one thing that is built.
NO_PROJECT = re.compile(r"项目(?:管理|申报|谋划|储备|资金管理)|重点项目$|系统工程|民生工程$|希望工程$")

CATEGORIES: tuple[tuple[ProjectCategory, re.Pattern[str]], ...] = (
    (ProjectCategory.INFORMATIZATION, re.compile(r"信息化|智慧|数字化|网络多媒体|班班通")),
    (ProjectCategory.UPGRADE, re.compile(r"提质|提升|运动场|操场|维修|修缮|加固|美化|标准化")),
    (ProjectCategory.EXPANSION, re.compile(r"扩容|扩建|改建|改造|改扩建|增容|寄宿制")),
    (ProjectCategory.NEW, re.compile(r"新建|迁建|搬迁|重建|易地|建设|建成")),
)

_SCHOOL_END = (
    r"(?:九年一贯制学校|十二年一贯制学校|九年制学校|一贯制学校|完全中学|初级中学|高级中学|实验中学|民族中学|职业中学|中心小学|中心校|完全小学"
    r"|完小|实验小学|实验学校|寄宿制学校|特殊教育学校|小学|中学|学校|幼儿园|教学点)"
)
SCHOOL = re.compile(rf"(?P<name>[一-鿿A-Za-z0-9（）()·]{{1,14}}?{_SCHOOL_END})(?!生|校长|教师)")
COUNTY = re.compile(r"^[一-鿿]{1,7}?(?:自治县|县|市|区|旗)(?=[一-鿿]{3})(?![区城直镇乡])")
# Such words stand before the name and are none of it.
BEFORE_NAME = re.compile(
    r"^(?:新建|改建|扩建|改造|改扩建|迁建|重建|建设|建成|完成|实施|推进|启动|加快|对|在|将|于|以及|其中|项目|为|的|是)+"
)
# A class of schools, not a school: 农村寄宿制学校, 各中小学, 薄弱学校.
CLASS_OF_SCHOOLS = re.compile(
    r"^(?:全县|全市|全区|全州|全省|各|所有|农村|乡村|城区|城镇|城乡|县城|乡镇|村|公办|民办|普惠性|薄弱|义务教育|标准化|小规模|寄宿制|中|小|高"
    r"|普通|部分|多所|所|\d|一|二|三|等|校|九年一贯制|十二年一贯制|高级|初级|完全|中心|特殊教育|教学点)*"
    r"(?:寄宿制学校|小规模学校|中小学校?|学校|小学|中学|初中|幼儿园|完全小学|完全中学|初级中学|高级中学|九年一贯制学校|九年制学校|中心小学|特殊教育学校|教学点)$"
)
STAGES: tuple[tuple[Stage | None, re.Pattern[str]], ...] = (
    (Stage.NINE_YEAR, re.compile(r"九年一贯|九年制")),
    (None, re.compile(r"十二年一贯|幼儿园|特殊教育|职业|中小学")),
    (Stage.SENIOR, re.compile(r"高级中学|普通高中|高中|完全中学")),
    (Stage.PRIMARY, re.compile(r"小学|完小|中心校|教学点")),
    (Stage.JUNIOR, re.compile(r"初级中学|初中|中学")),
)
SITE = re.compile(
    r"(?:位于|选址(?:位于|定于|在|于|为)?|坐落(?:在|于)|地处|(?:建设|项目|实施)地[点址](?:位于|在|为)?\s?[:：]?)\s?(?P<site>[^。；;\n]{2,80})"
)
ON_THE_GROUNDS = re.compile(r"(?:^|[。；;，,\n])在(?P<site>[^。；;，,\n]{2,80}?(?:校园|校区|院区|厂区|园区)内)")
SEVERAL_SCHOOLS = re.compile(r"等(?P<count>\d{1,3}|[二三四五六七八九十两]{1,3})[所个](?:学校|中小学)")
AFTER_SITE = re.compile(
    r"占地|用地|规划|新建|拟建|建设|总|计划|设计|投资|建筑|办学|改造|设置|\d[\d.,]*\s?(?:亩|平|万)|主要|包括|项目"
)
TOWN = re.compile(
    r"^(?:[一-鿿]{1,6}?[县市区旗](?=[一-鿿]{2}))?(?P<town>[一-鿿]{1,5}?(?:镇|乡|街道|苏木))(?!村|中|小|卫|政|道|镇)"
)


def stage_of(name: str) -> Stage | None:
    """The stage that the name of a school tells, if it tells one."""
    return next((stage for stage, words in STAGES if words.search(name)), None)


def category_of(*texts: str) -> ProjectCategory | None:
    """The category that the first telling text names, outermost first (section, title, content)."""
    for text in texts:
        for category, words in CATEGORIES:
            if words.search(text):
                return category
    return None


def schools_named(text: str) -> list[str]:
    """The schools that a text names one by one, without the county before them; classes of schools are none."""
    names: list[str] = []
    for piece in re.split(r"[、，,；;。：:\n/]|以及|[及与和](?=第|[一-鿿]{1,8}(?:中学|小学|学校))", text):
        bare = BEFORE_NAME.sub("", piece.strip()[:80])
        found = SCHOOL.search(bare)
        if not found or CLASS_OF_SCHOOLS.match(found["name"]):
            continue
        name = COUNTY.sub("", BEFORE_NAME.sub("", found["name"]))
        if len(name) >= 3 and name not in names and not CLASS_OF_SCHOOLS.match(name):
            names.append(name)
    return names


def site_and_town(text: str) -> tuple[str | None, str | None]:
    """Where a project stands, and its township, as far as a plain text says."""
    if found := SITE.search(text):
        return _parted(_up_to_what_is_built(found["site"]))
    if found := ON_THE_GROUNDS.search(text):
        several = SEVERAL_SCHOOLS.search(found["site"])
        return (f"{several['count']}所学校校园内" if several else found["site"]), None
    return None, None


def _up_to_what_is_built(words: str) -> str:
    kept: list[str] = []
    for piece in re.split(r"[，,]", words):
        if AFTER_SITE.match(piece.strip()):
            break
        kept.append(piece.strip())
    return "，".join(kept)


def _parted(site: str) -> tuple[str | None, str | None]:
    """潋江镇联群村 as its village and its township."""
    town, kept = None, []
    for piece in site.split("，"):
        found = TOWN.match(piece)
        if found and town is None:
            town, piece = found["town"], piece[found.end() :]
        if piece:
            kept.append(piece)
    return "，".join(kept) or None, town
