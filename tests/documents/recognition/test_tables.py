"""Tables of many layouts: which rows are tasks, and what each cell of a row says."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from tracker.documents.paper import Block, Cell, Paper, Paragraph, Table
from tracker.documents.plan_draft import DraftTask
from tracker.documents.recognition.found import Found
from tracker.documents.recognition.outline import outline_of
from tracker.documents.recognition.tables import tables_in
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.papers import PaperKind
from tracker.rules.task_kinds import TaskKind


def table(text: str, count: int = 1) -> Table:
    """A table typed with | between cells: ^ is covered from above, < from the left, \\n a line of its cell."""
    rows: list[tuple[Cell, ...]] = []
    for line in text.strip().splitlines():
        cells: list[Cell] = []
        for place, words in enumerate(each.strip() for each in line.strip().split("|")):
            if words == "^":
                cells.append(Cell(rows[-1][place].text, inherited=True))
            elif words == "<":
                cells.append(Cell(cells[-1].text, inherited=True))
            else:
                cells.append(Cell(words.replace("\\n", "\n")))
        rows.append(tuple(cells))
    return Table(tuple(rows), count)


def found(*blocks: Block | str) -> Found:
    """What the tables of a document give; a text is a paragraph."""
    typed = [Paragraph(each, count) if isinstance(each, str) else each for count, each in enumerate(blocks, start=1)]
    return tables_in(outline_of(Paper(PaperKind.WORD, tuple(typed))))


def tasks(*blocks: Block | str) -> list[DraftTask]:
    """The tasks of a document's tables."""
    return [each.task for each in found(*blocks).tasks]


def units(task: DraftTask) -> dict[str, list[str]]:
    """The units of a task by their part."""
    said: dict[str, list[str]] = {}
    for unit in task.units:
        said.setdefault(unit.role.value, []).append(unit.name)
    return said


def test_columns_may_stand_in_any_order() -> None:
    read = tasks(
        table("""
            完成时间 | 牵头单位 | 具体措施 | 重点任务 | 配合单位 | 序号
            2024年6月底前 | 县水利局 | 清理河道12公里。 | 河道整治 | 县财政局、各乡镇 | 1
            长期 | 县林业局 | 造林绿化。 | 植树造林 | | 2
        """)
    )
    assert [(each.number, each.title, each.requirement, each.deadline) for each in read] == [
        ("1", "河道整治", "清理河道12公里。", "2024年6月底前"),
        ("2", "植树造林", "造林绿化。", "长期"),
    ]
    assert units(read[0]) == {"lead": ["县水利局"], "cooperating": ["县财政局", "各乡镇"]}
    assert units(read[1]) == {"lead": ["县林业局"]}


def test_merged_cells_give_what_stands_above_them_without_a_doubt() -> None:
    read = found(
        table("""
            工程 | 项目名称 | 责任单位 | 完成时限
            道路工程 | 城东路改造 | 住建局\\n交通局 | 2024年
            ^ | 城西路改造 | ^ | ^
            供水工程 | 水厂扩建 | 水务局 | 2025年
        """)
    )
    assert [units(each.task) for each in read.tasks[:2]] == [{"responsible": ["住建局", "交通局"]}] * 2
    assert [each.task.section for each in read.tasks] == [("道路工程",), ("道路工程",), ("供水工程",)]
    assert [each.task.deadline for each in read.tasks] == ["2024年", "2024年", "2025年"]
    assert read.doubts == ()


def test_empty_cells_take_the_units_above_with_a_doubt() -> None:
    read = found(
        table("""
            类别 | 任务 | 责任单位
            安全 | 排查隐患 | 应急局
             | 开展演练 |
            宣传 | 制作展板 | 宣传部
        """)
    )
    assert [units(each.task) for each in read.tasks] == [
        {"responsible": ["应急局"]},
        {"responsible": ["应急局"]},
        {"responsible": ["宣传部"]},
    ]
    assert [each.kind for each in read.doubts] == [ReadingDoubt.INHERITED_UNITS]
    assert read.tasks[1].task.section == ("安全",)


def test_a_lead_alone_inherits_no_other_units() -> None:
    read = tasks(
        table("""
            任务 | 牵头单位 | 责任单位
            甲项工作 | 教育局 | 财政局
            乙项工作 | 民政局 |
        """)
    )
    assert units(read[1]) == {"lead": ["民政局"]}


def test_heads_in_two_rows_are_read_together() -> None:
    read = tasks(
        table("""
            序号 | 工作任务 | 责任分工 | < | 投资（万元） | < | 时限
            ^ | ^ | 牵头 | 配合 | 合计 | 中央资金 | ^
            1 | 新建敬老院项目 | 民政局 | 财政局 | 1200 | 800 | 2025年
        """)
    )
    assert units(read[0]) == {"lead": ["民政局"], "cooperating": ["财政局"]}
    assert read[0].project is not None
    assert (read[0].project.budget_yuan, read[0].deadline) == (12_000_000, "2025年")


def test_a_second_row_of_heads_whose_merge_was_lost_is_read_as_well() -> None:
    read = tasks(
        table("""
            序号 | 任务 | 责任分工 | | 完成时限
             | | 牵头单位 | 责任单位 |
            1 | 修订章程 | 教育局 | 司法局 | 年内
        """)
    )
    assert [units(each) for each in read] == [{"lead": ["教育局"], "responsible": ["司法局"]}]


def test_heads_met_again_titles_sums_and_notes_are_no_tasks() -> None:
    read = tasks(
        table("""
            某县重点工作任务分解表 | < | < | <
            序号 | 工作内容 | 责任单位 | 完成时限
            1 | 制定方案 | 教育局 | 3月底前
            序号 | 工作内容 | 责任单位 | 完成时限
            2 | 组织验收 | 督导室 | 12月底前
            合计 | 2项 | |
            备注：本表由教育局负责解释。 | < | < | <
        """)
    )
    assert [(each.number, each.title) for each in read] == [("1", "制定方案"), ("2", "组织验收")]


def test_rows_across_the_table_are_sections() -> None:
    read = tasks(
        table("""
            序号 | 任务 | 责任单位
            一、产业发展 | < | <
            1 | 建设大棚 | 农业农村局
            （二）人居环境 | |
            2 | 改造厕所 | 乡村振兴局
            三 | 文化建设 |
            3 | 送戏下乡 | 文旅局
        """)
    )
    assert [each.section for each in read] == [("产业发展",), ("人居环境",), ("文化建设",)]


def test_a_row_split_over_a_page_is_joined_with_a_doubt() -> None:
    read = found(
        table("""
            序号 | 任务 | 措施 | 责任单位 | 时限
            1 | 控辍保学 | 落实双线责任，建立台账， | 教育局 | 长期
             | | 每月通报一次。 | |
            2 | 营养改善 | 加强监管。 | 市监局 | 2024年
        """)
    )
    assert [each.task.requirement for each in read.tasks] == ["落实双线责任，建立台账，每月通报一次。", "加强监管。"]
    assert [each.kind for each in read.doubts] == [ReadingDoubt.SPLIT_ROW]


def test_a_table_without_heads_goes_on_with_the_one_before_it() -> None:
    read = tasks(
        table("任务 | 责任单位 | 时限\n清淤 | 水利局 | 5月"),
        table("绿化 | 林业局 | 6月", count=2),
    )
    assert [(each.title, each.deadline) for each in read] == [("清淤", "5月"), ("绿化", "6月")]


def test_measures_under_a_merged_task_are_tasks_of_their_own() -> None:
    read = tasks(
        table("""
            重点任务 | 工作措施 | 责任单位 | 完成时限
            优化营商环境 | 压缩审批时限。每周调度。 | 行政审批局 | 2024年6月
            ^ | 推行一网通办。 | 大数据局 | 2024年9月
        """)
    )
    assert [(each.title, units(each)["responsible"]) for each in read] == [
        ("压缩审批时限", ["行政审批局"]),
        ("推行一网通办", ["大数据局"]),
    ]
    assert {each.section for each in read} == {("优化营商环境",)}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("牵头单位：教育局\\n配合单位：财政局、人社局", {"lead": ["教育局"], "cooperating": ["财政局", "人社局"]}),
        ("教育局牵头，财政局、人社局配合", {"lead": ["教育局"], "cooperating": ["财政局", "人社局"]}),
        ("教育局（牵头）、财政局", {"lead": ["教育局"], "responsible": ["财政局"]}),
        ("文化和旅游局\\n各乡（镇、街道）", {"responsible": ["文化和旅游局", "各乡（镇、街道）"]}),
        ("统计局会同有关部门", {"responsible": ["统计局"], "cooperating": ["有关部门"]}),
        (
            "中央网信办牵头，农业农村部、国家标准委等参加",
            {"lead": ["中央网信办"], "cooperating": ["农业农村部", "国家标准委"]},
        ),
        ("教育局、财政局等部门", {"responsible": ["教育局", "财政局"]}),
    ],
)
def test_a_cell_may_say_itself_who_leads(cell: str, expected: dict[str, list[str]]) -> None:
    (read,) = tasks(table(f"任务 | 责任单位 | 时限\n开展督查 | {cell} | 2024年"))
    assert units(read) == expected


def test_the_head_may_say_that_the_first_unit_leads() -> None:
    (read,) = tasks(table("任务 | 责任单位（列第一位的为牵头单位） | 时限\n开展督查 | 教育局、财政局 | 2024年"))
    assert units(read) == {"lead": ["教育局"], "responsible": ["财政局"]}


def test_a_mark_may_say_that_a_unit_leads() -> None:
    (read,) = tasks(table("任务 | 责任单位（★为牵头单位） | 时限\n清淤 | 财政局、★水利局 | 2024年"))
    assert units(read) == {"responsible": ["财政局"], "lead": ["水利局"]}


def test_posts_of_officials_are_no_names() -> None:
    (read,) = tasks(table("任务 | 牵头领导 | 牵头单位 | 时限\n防汛 | 王强 副县长、李明县长 | 应急局 | 汛期前"))
    assert read.officials == ("王强", "李明")


def test_steps_by_quarter_are_contents_with_their_heads() -> None:
    (read,) = tasks(
        table("序号 | 任务 | 第一季度 | 第二季度 | 第三季度 | 责任单位\n1 | 建厂 | 立项 | 开工 | 封顶 | 管委会")
    )
    assert read.requirement == "第一季度：立项\n第二季度：开工\n第三季度：封顶"


def test_a_remark_may_name_the_deadline_of_a_table_without_any() -> None:
    (read,) = tasks(table("任务 | 责任单位 | 备注\n排查 | 教育局 | 2024年6月底前完成"))
    assert read.deadline == "2024年6月底前"


def test_leaders_and_people_stand_apart_from_units() -> None:
    (read,) = tasks(
        table("任务 | 责任领导 | 责任单位及责任人 | 时限\n开展督查 | 王建国、李 明 | 教育局（赵四） | 2024年")
    )
    assert set(read.officials) == {"王建国", "李明", "赵四"}
    assert units(read) == {"responsible": ["教育局"]}


def test_figures_in_columns_of_their_own_make_a_project() -> None:
    (read,) = tasks(
        table("""
            序号 | 项目名称 | 建设性质 | 地点 | 占地（亩） | 建筑面积（㎡） | 学位 | 班数 | 投资（万元） | 竣工 | 业主
            1 | 青山小学 | 扩建 | 青山镇河东村 | 35.5 | 12000 | 1,080 | 24 | 4500 | 2025年8月 | 教育局
            合计 | | | | 35.5 | 12000 | 1080 | 24 | 4500 | |
        """)
    )
    assert read.kind is TaskKind.PROJECT
    assert read.project is not None
    assert (read.project.land_mu, read.project.floor_area_m2) == (Decimal("35.5"), Decimal(12000))
    assert (read.project.budget_yuan, read.project.category.value) == (45_000_000, "expansion")
    assert [(each.name, each.seats, each.classes) for each in read.project.schools] == [("青山小学", 1080, 24)]
    assert (read.project.site, read.deadline) == ("青山镇河东村", "2025年8月")


def test_the_unit_of_money_may_stand_above_the_table() -> None:
    (read,) = tasks("单位：万元", table("项目名称 | 总投资 | 责任单位\n新建水厂工程 | 3200 | 水务局"))
    assert read.project is not None
    assert read.project.budget_yuan == 32_000_000


def test_of_several_sums_the_total_counts_else_their_sum() -> None:
    (whole,) = tasks(
        table("项目名称 | 总投资（万元） | 中央资金（万元） | 建设单位\n新建水厂工程 | 300 | 100 | 水务局")
    )
    (parts,) = tasks(
        table("项目名称 | 中央资金（万元） | 县级配套（万元） | 建设单位\n新建水厂工程 | 200 | 100 | 水务局")
    )
    assert whole.project is not None
    assert parts.project is not None
    assert whole.project.budget_yuan == parts.project.budget_yuan == 3_000_000


def test_indicators_carry_kind_points_parts_and_thresholds() -> None:
    read = found(
        table("""
            指标类别 | 评估内容 | 评估要点 | 指标性质 | 牵头单位 | 责任单位
            资源 | 1.骨干教师 | 1.小学每百名学生1人以上；\\n2.初中每百名学生1.2人以上。 | A | 教育局 | 人社局
            保障 | 2.优先发展 | 1.经费增长（4分）；\\n2.用地保障（6分）。 | B（10分） | 财政局 |
            一票否决 | 1.以考试招生；\\n2.弄虚作假。 | < | A | 教育局 |
        """)
    )
    first, second = read.indicators
    assert (first.kind, first.floors) == ("A", (("小学", Decimal(1)), ("初中", Decimal("1.2"))))
    assert (second.kind, second.points, [part.points for part in second.parts]) == ("B", Decimal(10), [4, 6])
    assert [title.rstrip("。") for _number, title in read.vetoes] == ["以考试招生", "弄虚作假"]
    assert [(each.task.kind, each.task.duty_of) for each in read.tasks] == [
        (TaskKind.INDICATOR_DUTY, "1"),
        (TaskKind.INDICATOR_DUTY, "2"),
    ]


def test_indicators_numbered_anew_in_each_table_keep_apart() -> None:
    read = found(
        table("序号 | 指标名称 | 责任单位\n1 | 巩固率达到95%以上 | 教育局"),
        "二、质量",
        table("序号 | 指标名称 | 责任单位\n1 | 入学率达到99%以上 | 教育局", count=2),
    )
    assert [each.number for each in read.indicators] == ["1.1", "2.1"]
    assert [each.task.duty_of for each in read.tasks] == ["1.1", "2.1"]


def test_a_list_of_indicators_that_gives_nobody_a_duty_gives_no_tasks() -> None:
    read = found(
        table("""
            序号 | 指标名称 | 单位 | 2025年目标值
            1 | 入学率 | % | 99
            2 | 学位 | 个 | 500
            3 | 班额 | 人 | 45
        """)
    )
    assert read.tasks == ()
    assert len(read.indicators) == 3


def test_words_in_the_column_of_numbers_name_a_row_that_is_no_indicator() -> None:
    read = found(
        table("序号 | 指标名称 | 责任单位\n1 | 入学率达到99%以上 | 教育局\n综合要求 | 每所学校6项达标。 | 督导室")
    )
    assert [(each.task.title, each.task.kind) for each in read.tasks][1] == ("综合要求", TaskKind.MEASURE)


@pytest.mark.parametrize(
    "text",
    [
        "姓名 | 单位 | 职务 | 联系电话\n张三 | 教育局 | 局长 | 123\n李四 | 财政局 | 局长 | 456",
        "学校名称 | 学生数 | 班级数 | 教师数\n一小 | 900 | 20 | 60\n二小 | 800 | 18 | 50",
        "职务 | 姓名 | 工作单位 | 职责分工\n组长 | 张三 | 县政府 | 全面负责",
        "甲 | 乙 | 丙\n子 | 丑 | 寅",
        "只有一格",
    ],
)
def test_lists_of_people_and_of_schools_give_no_tasks(text: str) -> None:
    assert tasks(table(text)) == []


def test_a_table_lying_on_its_side_is_turned() -> None:
    (read,) = tasks(
        table("项目名称 | 新建二小项目\n建设内容 | 新建教学楼3000平方米\n责任单位 | 教育局\n完成时限 | 2025年8月")
    )
    assert (read.title, read.deadline, units(read)) == ("新建二小项目", "2025年8月", {"responsible": ["教育局"]})


def test_a_table_of_labels_is_a_card_for_each_task() -> None:
    read = tasks(
        table("""
            项目名称 | 新建二小项目 | 项目编号 | 3
            建设内容 | 新建教学楼3000平方米 | 总投资（万元） | 900
            责任单位 | 教育局 | 完成时限 | 2025年8月
            项目名称 | 扩建水厂项目 | 项目编号 | 4
            建设内容 | 日供水5000吨 | 总投资（万元） | 1200
            责任单位 | 水务局 | 完成时限 | 2026年
        """)
    )
    assert [(each.number, each.title, each.deadline) for each in read] == [
        ("3", "新建二小项目", "2025年8月"),
        ("4", "扩建水厂项目", "2026年"),
    ]
    assert [each.project.budget_yuan for each in read if each.project] == [9_000_000, 12_000_000]


def test_a_name_that_is_split_over_a_page_is_put_together() -> None:
    read = found(
        table("""
            序号 | 任务名称 | 工作内容 | 责任单位 | 完成时间
            1 | 数字化改造 | 建设平台，打通数据， | 大数据局、发 | 2024年
             | | 实现共享。 | 改委 |
        """)
    )
    assert [units(each.task) for each in read.tasks] == [{"responsible": ["大数据局", "发改委"]}]
    assert [each.kind for each in read.doubts] == [ReadingDoubt.SPLIT_ROW]


def test_the_school_of_a_row_names_it_where_nothing_else_does() -> None:
    (read,) = tasks(
        table("学校名称 | 建设内容 | 规模（平方米） | 投资（万元） | 学位\n二小 | 新建教学楼 | 3200 | 960 | 540")
    )
    assert read.title == "二小"
    assert read.project is not None
    assert (read.project.floor_area_m2, read.project.budget_yuan) == (Decimal(3200), 9_600_000)


def test_a_unit_of_measure_names_no_unit() -> None:
    (read,) = tasks(table("指标名称 | 单位 | 2024年目标 | 2025年目标 | 牵头单位\n入园率 | % | 92 | 93 | 县教育局"))
    assert units(read) == {"lead": ["县教育局"]}
    assert read.requirement == "2024年目标：92\n2025年目标：93"


def test_a_column_of_problems_names_no_task() -> None:
    (read,) = tasks(table("问题清单 | 任务清单 | 责任清单 | 时限清单\n师资不足 | 补充教师 | 牵头：教体局 | 8月底前"))
    assert (read.title, units(read)) == ("补充教师", {"lead": ["教体局"]})


def test_several_deadlines_of_a_cell_stay_with_a_doubt() -> None:
    read = found(table("任务 | 责任单位 | 完成时限\n建馆工作 | 文旅局 | 2024年6月底前开工，2025年8月底前建成"))
    (task,) = [each.task for each in read.tasks]
    assert (task.deadline, task.other_deadlines) == ("2025年8月底前", ("2024年6月底前",))
    assert [each.kind for each in read.doubts] == [ReadingDoubt.SEVERAL_DEADLINES]


def test_contents_may_name_units_and_deadlines_themselves() -> None:
    read = tasks(
        table("""
            序号 | 主要内容
            1 | 修订章程。2025年6月底前完成修订。（责任单位：教育局、司法局）
            2 | 组织培训，每学期一次。\\n牵头单位：人社局\\n配合单位：各乡（镇）
        """)
    )
    assert [units(each) for each in read] == [
        {"responsible": ["教育局", "司法局"]},
        {"lead": ["人社局"], "cooperating": ["各乡（镇）"]},
    ]
    assert read[0].deadline == "2025年6月底前"


def test_an_unknown_column_is_a_doubt() -> None:
    read = found(table("任务 | 责任单位 | 时限 | 天气\n清淤 | 水利局 | 5月 | 晴"))
    assert [(each.kind, each.words) for each in read.doubts] == [(ReadingDoubt.UNKNOWN_COLUMN, "天气")]


def test_the_same_as_above_is_the_same() -> None:
    read = found(table("任务 | 责任单位 | 时限\n清淤 | 水利局 | 5月\n绿化 | 同上 | 同上"))
    assert units(read.tasks[1].task) == {"responsible": ["水利局"]}
    assert read.tasks[1].task.deadline == "5月"
    assert read.doubts == ()


def test_units_with_what_they_are_to_do_are_tasks() -> None:
    read = tasks(table("成员单位 | 职责分工\n县教育局 | 统筹协调创建工作。\n县财政局 | 保障经费。"))
    assert [(each.requirement, units(each)) for each in read] == [
        ("统筹协调创建工作。", {"responsible": ["县教育局"]}),
        ("保障经费。", {"responsible": ["县财政局"]}),
    ]


def test_a_group_that_a_page_break_repeats_is_named_once() -> None:
    (read,) = tasks(table("类别 | 任务 | 责任单位\n资源\\n配置\\n资源 配置 | 清淤 | 水利局"))
    assert read.section == ("资源配置",)


def test_three_thousand_rows_are_read() -> None:
    head = tuple(Cell(each) for each in ("序号", "任务", "措施", "责任单位", "时限"))
    row = ("推进工作", "新建教学楼2000平方米，投资500万元。", "教育局、财政局", "2025年6月底前")
    rows = tuple((Cell(str(n)), *map(Cell, row)) for n in range(3000))
    assert len(found(Table((head, *rows), 1)).tasks) == 3000


@pytest.mark.parametrize(
    "hostile", ["（" * 100_000, "1." * 100_000, "小学、初中" * 40_000, "校" * 200_000, "和" * 100_000]
)
def test_hostile_cells_take_no_time(hostile: str) -> None:
    start = time.process_time()
    found(table(f"任务 | 评估要点 | 责任单位 | 时限\n{hostile} | {hostile} | {hostile} | {hostile}"))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("heads", "cells", "money", "doubts"),
    [
        ("投资（万元）", "900", 9_000_000, []),
        ("投资", "900", None, ["投资：900"]),
        ("投资", "900万元", 9_000_000, []),
        ("投资", "12500000", 12_500_000, []),
        ("投资（万元）", "3500-4000", None, ["投资：3500-4000"]),
        ("总投资（万元） | 概算投资（万元）", "900 | 800", 9_000_000, ["概算投资：800"]),
    ],
)
def test_money_of_which_nobody_can_be_sure_is_a_doubt(
    heads: str, cells: str, money: int | None, doubts: list[str]
) -> None:
    read = found(table(f"项目名称 | 责任单位 | {heads}\n城东小学教学楼建设项目 | 教育局 | {cells}"))
    (task,) = [each.task for each in read.tasks]
    assert task.project is not None
    assert task.project.budget_yuan == money
    assert [each.words for each in read.doubts if each.kind is ReadingDoubt.UNSURE_FIGURE] == doubts


def test_columns_of_what_stands_already_say_nothing_of_a_project() -> None:
    head = "项目名称 | 责任单位 | 现有学位 | 新增学位 | 现有占地（亩） | 规划占地（亩）"
    read = found(table(f"{head}\n城东小学扩建项目 | 教育局 | 900 | 600 | 30 | 50"))
    (task,) = [each.task for each in read.tasks]
    assert task.project is not None
    assert (task.project.land_mu, task.project.schools[0].seats) == (Decimal(50), 600)


def test_seats_of_two_schools_in_one_cell_are_a_doubt() -> None:
    read = found(table("项目名称 | 责任单位 | 新增学位\n城东小学、城西小学建设项目 | 教育局 | 1500"))
    assert [each.words for each in read.doubts if each.kind is ReadingDoubt.UNSURE_FIGURE] == ["1500"]


def test_a_note_below_the_table_says_who_of_a_list_leads() -> None:
    rows = "任务 | 责任单位 | 时限\n建馆 | 文旅局、财政局 | 2025年\n修路 | 交通局 | 2025年"
    note = "注：责任单位列第一位者为牵头单位，其他为配合单位。"
    read = found(table(f"{rows}\n{note} | < | <"))
    first, second = [each.task for each in read.tasks]
    assert [(each.name, each.role.value) for each in first.units] == [("文旅局", "lead"), ("财政局", "cooperating")]
    assert [(each.name, each.role.value) for each in second.units] == [("交通局", "responsible")]


def test_a_column_of_units_that_lead_or_answer_makes_nobody_lead() -> None:
    read = found(table("任务 | 牵头（责任）单位 | 时限\n建馆 | 文旅局、财政局 | 2025年"))
    (task,) = [each.task for each in read.tasks]
    assert {each.role.value for each in task.units} == {"responsible"}


def test_a_column_of_a_and_b_grades_indicators_whatever_its_head() -> None:
    rows = "资源配置 | 生均图书达到25册 | A | 教育局\n^ | 生均面积达到4平方米 | B | 教育局"
    read = found(table(f"一级指标 | 二级指标 | 类别 | 责任单位\n{rows}"))
    assert [(each.kind, each.group) for each in read.indicators] == [("A", "资源配置"), ("B", "资源配置")]


@pytest.mark.parametrize("same", ["同上", "同前", "同左", "〃"])
def test_a_deadline_that_is_the_one_above_is_kept(same: str) -> None:
    read = found(table(f"任务 | 责任单位 | 时限\n建馆 | 文旅局 | 2025年6月\n修路 | 交通局 | {same}"))
    assert [each.task.deadline for each in read.tasks] == ["2025年6月", "2025年6月"]


def test_a_column_whose_cells_span_several_titles_groups_them() -> None:
    rows = "资源配置 | 生均图书 | 补充图书 | 教育局\n^ | 生均面积 | 扩建校舍 | 住建局"
    read = found(table(f"评估内容 | 指标 | 整改措施 | 责任单位\n{rows}"))
    assert [(each.task.title, each.task.section) for each in read.tasks] == [
        ("生均图书", ("资源配置",)),
        ("生均面积", ("资源配置",)),
    ]
