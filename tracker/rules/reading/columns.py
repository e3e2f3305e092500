"""How the columns of plan tables are headed: a wording a line, the first that fits decides.

A head is compared without spaces, line breaks and the unit in brackets; of a head in two rows the lower words are tried
first, then both together (责任分工 over 牵头 is 责任分工牵头).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from tracker.rules.reading.amounts import Measure, plain, scale_in


class Column(StrEnum):
    """What stands in a column."""

    NUMBER = "number"
    GROUP = "group"
    ITEM = "item"
    SUBITEM = "subitem"
    CONTENT = "content"
    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    OFFICIAL = "official"
    DEADLINE = "deadline"
    STARTS = "starts"
    BUDGET = "budget"
    LAND = "land"
    FLOORS = "floors"
    SPORTS = "sports"
    SEATS = "seats"
    CLASSES = "classes"
    SCHOOL = "school"
    STAGE = "stage"
    NATURE = "nature"
    SITE = "site"
    TOWN = "town"
    GRADE = "grade"
    POINTS = "points"
    PRIMARY = "primary"
    JUNIOR = "junior"
    PERSON = "person"
    REMARK = "remark"


UNITS = (Column.LEAD, Column.RESPONSIBLE, Column.COOPERATING)
FIGURES = (
    *(Column.BUDGET, Column.LAND, Column.FLOORS, Column.SPORTS, Column.SEATS, Column.CLASSES),
    *(Column.SITE, Column.NATURE),
)
TEXTS = (Column.ITEM, Column.SUBITEM, Column.CONTENT)

_BODY = r"(?:单位|部门|科室|处室|股室|机构|主体|责任主体|乡镇|方)"
WORDINGS: tuple[tuple[Column, str], ...] = (
    (
        Column.NUMBER,
        r"序号?|编号|项次|任务(?:序|编)号|项目(?:序|编)号|号|No\.?|NO\.?|指标(?:序|编)号|序次|(?:工作)?任务号",
    ),
    # Who is told by name; people without any unit, and what concerns telephones.
    (
        Column.PERSON,
        r"姓名|职务|职称|电话|联系电话|联系方式|手机(?:号码?)?|性别|职务?级|政治面貌|(?:小组)?职务|出生年月",
    ),
    (
        Column.OFFICIAL,
        r"(?:责任|分管|牵头|包[保联抓挂]|挂[点钩联]|联系|督办|主管|分包|县级|市级|州级|区级|领衔|主要)+领导",
    ),
    (
        Column.OFFICIAL,
        r"(?:第一|直接|具体|主要|单位|项目|县级|市级|工作|任务)*(?:责任|负责)人(?:及职务|姓名)?|包[保抓]人|分管县长",
    ),
    (Column.OFFICIAL, r"(?:县|市|区|州)(?:委|政府)?(?:分管|牵头|责任|包[保抓联])+领导"),
    (Column.REMARK, r"(?:经办|联系|联络|填报|填表|督办|验收|核查)人(?:员|及电话)?|联络员"),
    # Units. 牵头（责任）单位 may mean either, so that nobody leads.
    (Column.RESPONSIBLE, rf"(?:牵头|主办)\((?:责任|负责|落实|实施)\){_BODY}"),
    (
        Column.LEAD,
        rf"(?:县|市|区|州|省)?(?:直|级)?(?:牵头|主办|主责|总牵头|第一责任|首责)(?:责任|负责|实施)?{_BODY}(?:名称)?|牵头|主办",
    ),
    (
        Column.COOPERATING,
        rf"(?:责任)?(?:配合|协办|协同|参与|参加|协助|会办|配合责任|协作)(?:责任|落实)?{_BODY}(?:名称)?|配合|协办|参与",
    ),
    (Column.RESPONSIBLE, rf"(?:牵头|主办){_BODY}?(?:和|及|、|/|与|以及|\()(?:责任|配合|参与|协办|参加|负责){_BODY}\)?"),
    (
        Column.RESPONSIBLE,
        rf"(?:工作|任务|具体|落实|主要|相关|县直|县级|市级|州级|省级)*"
        rf"(?:责任|负责|承办|实施|落实|执行|承担|主管|建设|项目|业主|牵头责任|主体责任|责任落实|完成|任务|责任分工|成员)+{_BODY}"
        rf"(?:及(?:责任|负责)人|名称|(?:和|及)(?:责任|负责)人)?",
    ),
    (
        Column.RESPONSIBLE,
        r"(?:项目|建设)?(?:业主|法人)(?:单位)?|责任分工|分工|任务分工|责任|负责|承办|责任主体|落实主体|部门|单位|部门\(单位\)",
    ),
    # Times.
    (Column.STARTS, r"(?:计划|拟|项目)?(?:开工|启动|开始|起始)(?:时间|日期|年月|年份)?"),
    (
        Column.DEADLINE,
        r"(?:计划|拟|预计|要求|任务|工作|整改|办理|办结|项目|责任|目标|最终|全部|拟定|力争)*"
        r"(?:完成|办结|竣工|完工|建成|交付|投用|投入使用|整改|截止|达标|落实|结束|销号|验收|实现|上报|报送|办理|实施|推进|建设|出台|印发|启动)"
        r"(?:时限|期限|时间|日期|年限|年度|年份|时间节点|节点|时间要求|时限要求|年月|工期|周期|起止年限|起止时间|起止年月|时段|进度|进度要求)(?:要求)?",
    ),
    (
        Column.DEADLINE,
        r"(?:时限|期限|时间|工期|进度)(?:要求|安排|节点|进度)?|竣工|完工|办结|起止(?:时间|年限|年月|日期)|建设(?:年限|工期|周期)|截止|时间表|节点|年度|何时完成|(?:完成|时间)?节点(?:要求|安排|目标)?",
    ),
    # Figures of projects.
    (
        Column.BUDGET,
        r".*(?:投资|资金|预算|概算|估算|造价|经费|金额).*|.*(?:中央|省级?|市级|县级|区级|地方|财政)(?:补助|配套|承担|自筹)",
    ),
    (
        Column.SPORTS,
        r".*(?:运动场|操场|体育场|运动场地).*(?:面积|规模|平方米|㎡|m2).*|(?:运动场|操场|体育场地?)(?:地|馆)?",
    ),
    (Column.LAND, r".*(?:占地|用地|征地|土地).*(?:面积|规模|亩|数)?|占地|用地"),
    (Column.FLOORS, r".*(?:建筑|校舍|建设|新建|改建|扩建|楼).*面积|面积|建筑规模|建筑体量"),
    (Column.SEATS, r".*(?:学位).*|(?:可)?容纳学生数?|设计(?:学生)?规模"),
    (Column.CLASSES, r"(?:规划|设计|新增|办学|设置|教学|计划)*(?:班数|班级数|教学班数?|班额数|班级|班)|办学规模"),
    (Column.NATURE, r"(?:建设|项目|工程)(?:性质|方式)|建设(?:类型|类别)|(?:新|改|扩|迁)建(?:/(?:新|改|扩|迁)建)+"),
    (Column.STAGE, r"(?:所属|办学)?(?:学段|办学层次|办学类型|学校类型|学校类别|办学类别)"),
    (Column.SITE, r"(?:建设|项目|实施|工程|拟建)*(?:地[点址]|位置|选址|具体位置|所在地)"),
    (Column.TOWN, r"(?:所属|所在|实施)*(?:乡镇|乡\(?镇\)?|镇街|街镇|镇\(街道\)|乡镇\(街道\)|乡\(镇、街道\))(?:名称)?"),
    # Indicators.
    (Column.GRADE, r"(?:指标|评估)?(?:性质|等级|属性)|指标类型|A/?B类?|类型\(?[AB].*"),
    (Column.POINTS, r"(?:标准|指标|评估|考核)?(?:分值|分数|权重|赋分|满分|评分)"),
    (Column.PRIMARY, r"小学(?:最低)?(?:要求|标准|指标|目标|阈值|达标值|标准值)?"),
    (Column.JUNIOR, r"(?:初中|中学)(?:最低)?(?:要求|标准|指标|目标|阈值|达标值|标准值)?"),
    (Column.SCHOOL, r"(?:项目|建设|实施|受益|涉及)*学校(?:名称|全称)?|校名|单位\(学校\)"),
    # Remarks, before the general words below.
    (
        Column.REMARK,
        r"备注?|说明|备\s*注|附注|注|(?:目前|当前|现有|进展|完成)*(?:进展|情况|现状|状态|形象进度)(?:情况|说明)?|完成情况|工作进展|(?:存在|主要|突出|反馈|具体)*的?问题(?:清单|描述|表现|及不足)?|是否.*"
        r"|评分(?:标准|要点)|服务对象|均衡指标|计量单位|度量单位|指标单位|评分(?:办法|细则|依据)|依据|政策依据|文件依据|来源|任务来源|现状值|基期值?|20\d\d年?(?:现状|实际|基数)(?:值)?"
        r"|佐证材料|印证材料|资料清单|评估方式|考核方式|评价方式|数据来源|自评.*|得分|扣分.*|实得分",
    ),
    # What is to be done, from the general to the particular.
    (
        Column.GROUP,
        r"(?:指标|任务|工作|项目|措施|政策|内容|评估|建设|工程|领域|所属)*(?:类别|分类|大类|门类|类型|种类|类)|(?:所属|工作|任务|重点)*(?:领域|方面|板块|版块|模块|专项|工程|专栏|环节|维度|行动)(?:名称)?"
        r"|一级指标|一级(?:任务|目录)|(?:工作|任务)阶段|阶段|总体目标|目标任务类别|方向",
    ),
    (
        Column.SUBITEM,
        r"子(?:项目|任务|项)(?:名称)?|分项(?:任务|工作|名称|指标)?|(?:二|三|四)级(?:指标|任务|目录)|具体(?:任务|工作|事项|项目)(?:名称|内容)?|细化(?:任务|事项|措施)|任务分解|分解任务"
        r"|小项|单项(?:工程|任务)?(?:名称)?|建设项目名称",
    ),
    (
        Column.CONTENT,
        r"(?:主要|具体|重点|工作|任务|建设|项目|实施|改革|整改|推进|落实|评估|指标|考核|评价|职责|整治|服务|责任|目标|基本|规划|年度|阶段|预期|细化|政策|相关|有关|改进|提升|攻坚|创建|序时|成果|和|及|与|、|/)*"
        r"(?:形式|对象|重点|内容|措施|举措|要点|要求|标准|描述|目标|成果|成效|效果|规模|事项内容|细则|方案|做法|职责|分工内容|详情|概况|值|路径|计划|清单内容|抓手|分工|载体|安排|考核点|观测点|权责)(?:(?:及|和|与|、)(?:主要)?(?:建设)?(?:规模|要求|标准|目标|措施|内容|举措|任务))?(?:\(.*\))?",
    ),
    (Column.CONTENT, r"第?[一二三四]季度|[上下]半年|\d{1,2}月份?"),
    (Column.CONTENT, r"20\d\d年?(?:度)?(?:目标|任务|工作|指标)?(?:值|要求|内容)?|(?:近期|中期|远期|最终)目标.*"),
    (
        Column.ITEM,
        r"(?:主要|具体|重点|工作|任务|建设|项目|实施|改革|整改|推进|落实|评估|指标|考核|评价|民生|实事|年度|目标|创建|攻坚|工程|政策|督办|整治|清单|分解|办理|服务|制度|文件|核心|测评|监测)*"
        r"(?:任务|项目|工作|事项|指标|名称|工程|实事|政策|文件|内容|课题|议题|点|制度|活动|清单|目标|项)(?:名称|清单|分解|标题)?",
    ),
)
_COMPILED = tuple((column, re.compile(rf"(?:{words})")) for column, words in WORDINGS)
# What a head ends with tells as much, where no wording above knows the whole.
ENDINGS: tuple[tuple[Column, str], ...] = (
    (Column.REMARK, rf".*(?:督办|督查|督导|监管|监督|指导|验收|考核|审核|填报|联系|报送|认定|评估|服务){_BODY}"),
    (Column.LEAD, rf"(?:牵头|主办|主责|首责|总协调).*{_BODY}|.*(?:牵头|主办)"),
    (Column.COOPERATING, rf".*(?:配合|协办|协同|参与|支持|协作|会办|协助).*{_BODY}|.*(?:配合|协办)"),
    (Column.OFFICIAL, r".*(?:领导|(?:责任|负责|承办)人员?|包[抓保联]人|河长|路长|林长|田长)(?:姓名)?"),
    (
        Column.RESPONSIBLE,
        rf".*(?:责任|负责|承办|实施|落实|推进|主管|职能|归口|代建|业主|承担|所属|对应|相关).*{_BODY}"
        r"|责任(?:清单|处科室|科室|股室|处室)|(?:部门|单位|责任)分工|分工安排|责任(?:处|科)室",
    ),
    (Column.BUDGET, r"投资.*"),
    (
        Column.DEADLINE,
        r".*(?:完成|办结|竣工|整改|落实|实施|推进|出台).*(?:时间|时限|期限|节点|日期|进度)|.*(?:时限|期限|节点|时限清单|时间表)",
    ),
    (Column.GROUP, r".*(?:类别|类型|领域|板块|专项行动|行动|一级\w{0,3}|目录)"),
    (Column.SUBITEM, r"(?:二级|三级|子|单项)\w{1,4}"),
    (
        Column.CONTENT,
        r".*(?:措施|举措|内容|要求|标准|要点|步骤|做法|成果|形式|效果|成效|目标|安排|计划|描述|思路|抓手)(?:清单)?",
    ),
    (Column.REMARK, r"标准分|对应指标|.*(?:情况|问题|依据|说明)"),
    (Column.ITEM, r".*(?:任务|事项|项目|工作|指标|名称)"),
)
LONGEST_ENDING = 12
_ENDINGS = tuple((column, re.compile(words)) for column, words in ENDINGS)
# The units cell names its lead by place: 责任单位（列第一位者为牵头单位）.
FIRST_LEADS = re.compile(
    r"(?:列第?[1一]位|排[列名]?第?[1一](?:位)?|第一个?(?:单位|部门)?|首位|排首位|列首位)[一-鿿]{0,6}(?:牵头|主办)"
)
PART_OF = re.compile(
    r"中央|省|市级|县级|州级|自筹|配套|债券|已|到位|完成|年度|20\d\d|来源|渠道|拨付|缺口|争取|上级|其中|分年"
)
LEAD_MARK = re.compile(r"(?P<mark>[★☆▲△●◆※*#])[^，,]{0,6}(?:牵头|主办)")
SUM = re.compile(r"^(?:合计|总计|小计|累计|共计|总和|汇总|合|总)(?:[:：(（].{0,12})?$")
SAME = re.compile(r"^(?:同上|[〃″\"”“]|,,|—〃—|-〃-|同前|同左)$")
NOTHING = re.compile(r"^[-—–/\\／无暂\s]*$")
NOTE = re.compile(r"^(?:备?注|说明|附注|填报(?:单位|说明)|制表|填表|审核|单位负责人|联系人)\s*[:：]?")
UNIT_OF_TABLE = re.compile(r"单位\s*[:：]\s*(?P<units>[^\n]{1,24})")
# A head that no wording knows tells by its unit what it measures: 县级配套（万元）.
UNIT_OF_HEAD = re.compile(r"[（(](?P<unit>亿元|万元|亩|平方米|m2|万平方米)[）)]\s*$")
COLUMNS_OF_UNITS = {
    **dict.fromkeys(("亿元", "万元"), Column.BUDGET),
    **dict.fromkeys(("平方米", "m2", "万平方米"), Column.FLOORS),
    "亩": Column.LAND,
}
MEASURES = {
    Column.BUDGET: Measure.MONEY,
    Column.LAND: Measure.LAND,
    Column.FLOORS: Measure.AREA,
    Column.SPORTS: Measure.AREA,
    Column.SEATS: Measure.SEATS,
    Column.CLASSES: Measure.CLASSES,
}
# What stands already is no figure of what is to be built.
STANDS = re.compile("现有|原有|已有|现状|改造前|建设前|目前")
LONGEST_HEAD = 26


@dataclass(frozen=True)
class Head:
    """The head of a column: its words, what stands below it, and the scale of its figures."""

    words: str
    column: Column | None
    scale: Decimal | None = None
    first_leads: bool = False
    lead_mark: str = ""  # the sign before names that lead: ★为牵头单位

    @property
    def is_part(self) -> bool:
        """Whether a column of money holds only a part of the whole."""
        return bool(PART_OF.search(self.words)) and not re.search("总投资|合计|总计|总额|总预算|总概算", self.words)


def bare_head(text: str) -> str:
    """The words of a head: without spaces, line breaks, marks and a unit in brackets."""
    words = re.sub(r"[\s　*★:：]+", "", plain(text))
    words = words.replace("（", "(").replace("）", ")").replace("【", "(").replace("】", ")")
    return re.sub(r"\([^()]*\)$", "", words) or words


@lru_cache(4096)
def column_of(text: str) -> Column | None:
    """What a head announces; None for words that are no known head."""
    words = bare_head(text)
    if not words or len(words) > LONGEST_HEAD or re.search(r"[。；;]", words):
        return None
    known = next((column for column, wording in _COMPILED if wording.fullmatch(words)), None)
    words = re.sub(r"[()]", "", words)
    if known or len(words) > LONGEST_ENDING or re.search(r"[、，,]", words):
        return known
    return next((column for column, wording in _ENDINGS if wording.fullmatch(words)), None)


def _mark_in(text: str) -> str:
    found = LEAD_MARK.search(text)
    return found["mark"] if found else ""


@lru_cache(4096)
def is_worded(text: str) -> bool:
    """Whether a wording knows a head whole, not by its ending alone."""
    words = bare_head(text)
    return len(words) <= LONGEST_HEAD and any(wording.fullmatch(words) for _column, wording in _COMPILED)


def head_of_column(*texts: str) -> Head:
    """The head of a column from its words in one or two rows, the upper row first."""
    shown = [text.strip() for text in texts if text.strip()]
    whole = "".join(shown)
    column = column_of(shown[-1]) if shown else None
    upper = column_of(shown[0]) if len(shown) > 1 else None
    if column is None or (
        upper in (*UNITS, *FIGURES, Column.DEADLINE) and column in (*TEXTS, Column.GROUP, Column.REMARK)
    ):
        column = column_of(whole) or column or upper
    if upper is Column.BUDGET and column in (*TEXTS, Column.GROUP, Column.DEADLINE, Column.RESPONSIBLE, None):
        column = Column.BUDGET
    if column in (None, Column.CONTENT, Column.REMARK) and (unit := UNIT_OF_HEAD.search(plain(whole))):
        column = COLUMNS_OF_UNITS.get(unit["unit"], column)
    if column in MEASURES and STANDS.search(whole):
        column = Column.REMARK
    scale = scale_in(whole, MEASURES[column]) if column in MEASURES else None
    return Head(bare_head(whole), column, scale, bool(FIRST_LEADS.search(plain(whole))), _mark_in(whole))
