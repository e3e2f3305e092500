"""Numbers in a worded text are held against the frozen ones; what is no number of the issue is left alone."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.bulletin_numbers import Agreement, numbers_in
from tracker.rules.bulletin_words import Told, blocks_of, percent_of, share_text
from tracker.rules.bulletins import BulletinKind
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.numerals import read_han

ON = date(2026, 3, 6)


@dataclass
class Row:
    """A frozen line."""

    light: Light
    units: Sequence[str] = ("财政局",)
    light_before: Light | None = None
    number: str | None = "1"
    title: str = "建设学校"
    task_key: str = "xg-1"
    plan_code: str = "xg"
    fallen_due: bool = False
    in_time: bool = False
    stale: bool = False
    to_decide: bool = False
    state: State = State.IN_PROGRESS
    due_on: date | None = None
    days_late: int = 0
    expected_on: date | None = None
    waits_for: Sequence[str] = field(default_factory=list)


LINES = [
    Row(Light.OVERDUE, ["住建局"], Light.SOON, "17", "第八中学建设", days_late=6, fallen_due=True, stale=True),
    Row(Light.OVERDUE, ["住建局"], Light.OVERDUE, "18", days_late=12, fallen_due=True),
    Row(Light.OVERDUE, ["财政局", "住建局"], Light.OVERDUE, "20", days_late=3, fallen_due=True),
    Row(Light.SOON, ["财政局"], Light.NORMAL, "5", due_on=ON + timedelta(days=9)),
    Row(Light.CLOSED, ["财政局"], Light.NORMAL, "6", fallen_due=True, in_time=True),
    Row(Light.CLOSED, ["教科体局"], Light.CLOSED, "7", fallen_due=True, in_time=True),
    Row(Light.NORMAL, ["教科体局"], Light.NORMAL, "8"),
    Row(Light.REDATE, ["教科体局"], Light.REDATE, "9"),
    Row(Light.SUSPENDED, ["教科体局"], Light.SUSPENDED, "10"),
]
UNITS = ["住建局", "财政局", "教科体局"]


def told(lines: Sequence[Row], last: date | None = date(2026, 2, 27)) -> Told:
    """What a bulletin is told of lines."""
    plans = {"xg": "实施方案", "zs": "整改方案"}
    held = {line.plan_code for line in lines}
    kept = {code: title for code, title in plans.items() if code in held}
    return Told("兴国县", 10, ON, "17:00", lines, kept, ON + timedelta(days=7), last, "本周销号1项。")


def said(text: str, agreement: Agreement | None = None) -> list[str]:
    """The numbers of a text, or those of one kind."""
    return [each.number for each in numbers_in(text, LINES, UNITS) if agreement in {None, each.agreement}]


@pytest.mark.parametrize(
    "text",
    [
        "共8项，已销号2项，占25%。",
        "截至3月6日，共8项，其中已销号2项，占25％；逾期３项，占38%。",
        "逾期三项，临期一项。",
        "逾期的任务共3个。",
        "3项逾期，2项已销号。",
        "其中，住建局逾期3项，财政局逾期1项。",
        "由财政局、住建局共同负责的1项逾期。",
        "住建局逾期2项。",  # those it answers for alone
        "按时率达到40%，已到时限5项，按时提交2项。",
        "按时率百分之四十。",
        "已销号2项，占25.0%。",
        "新增逾期1项（均为住建局），新销号1项。",
        "1项连续两周未更新。",
        "逾期12天的第18项由住建局负责。",
        "最长逾期12天。",
        "待重定时限1项，另有已中止1项。",
        "全县逾期3项。",
        "逾期3项目前正在整改。",
        "住建局逾期3项，全县已销号2项。",
    ],
)
def test_a_number_that_the_issue_says_agrees(text: str) -> None:
    assert said(text)
    assert said(text, Agreement.AGREES) == said(text)


@pytest.mark.parametrize(
    ("text", "number", "frozen"),
    [
        ("共8项，已销号3项。", "3项", "2项"),
        ("共９项。", "9项", "8项"),
        ("逾期四项。", "四项", "3项"),
        ("已销号2项，占52%。", "52%", "25%"),
        ("5项逾期。", "5项", "3项"),
        ("财政局逾期3项。", "3项", "1项、0项"),
        ("由教科体局负责的逾期任务2项。", "2项", "0项"),
        ("最长逾期13天。", "13天", "12天"),
        ("最长逾期6天。", "6天", "12天"),
        ("逾期13天。", "13天", "3天、6天、12天"),
        ("已销号2项，占比52%。", "52%", "25%"),
        ("已销号2项（52%）。", "52%", "25%"),
        ("全县逾期３５项。", "35项", "3项"),
        ("逾期两项。", "两项", "3项"),
        ("逾期一万项。", "一万项", "3项"),
        ("我县逾期5项。", "5项", "3项"),
        ("按时率41%。", "41%", "40%"),
        ("新增逾期二十项（均为住建局）。", "二十项", "1项"),
        ("2项连续两周未更新。", "2项", "1项"),
    ],
)
def test_a_number_that_differs_names_its_sentence_and_the_frozen_one(text: str, number: str, frozen: str) -> None:
    [found] = [each for each in numbers_in(f"前一句。{text}", LINES, UNITS) if each.agreement is Agreement.DIFFERS]
    assert (found.number, found.frozen) == (number, frozen)
    assert found.sentence == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月6日17:00，第10期。",
        "兴教督办发〔2026〕3号。",
        "第17、18项，第三次。",
        "一、总体情况\n（二）问题\n3. 要求",
        "见附件1和表2。",
        "二〇二六年三月六日",
        "请住建局3月13日前更新。",
        "2025—2026年度",
    ],
)
def test_days_and_names_are_no_numbers(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "新建学校3所，投资1.2亿元。",
        "较上期增加2项。",
        "逾期较上期增加2项。",
        "逾期任务中2项已提交。",
        "逾期30天以上的5项。",
        "上期逾期9项。",
        "逾期3项，其中2项连续两周未更新。",
        "卫健局逾期2项。",
        "召开调度会4次。",
        "未销号6项，待销号4项。",
        "1项逾期12天后到期5项任务。",
        "逾期任务涉及5个单位，存在三个问题。",
        "共7项指标，共3项措施。",
        "逾期三至五项，逾期3—5项，逾期3-5项。",
        "逾期十几项，逾期30多项，逾期近30项。",
        "逾期从9项增至3项。",
        "平均逾期7天，共逾期21天。",
        "本周到期4项，下周到期5项。",
        "财政局、住建局共同推进4项。",
        f"逾期{'九' * 5000}项，已销号{'9' * 5000}项，占百分之{'九' * 5000}。",
    ],
)
def test_what_the_issue_does_not_say_is_named_and_hinders_nothing(text: str) -> None:
    assert said(text, Agreement.DIFFERS) == []
    assert said(text, Agreement.UNKNOWN)


def test_a_number_in_a_title_is_none() -> None:
    lines = [Row(Light.OVERDUE, title="逾期99项的清理", days_late=1)]
    assert numbers_in("第1项“逾期99项的清理”逾期1天。", lines, UNITS)[0].agreement is Agreement.AGREES


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十四", 14),
        ("二十", 20),
        ("一百零五", 105),
        ("两千", 2000),
        ("三万五千", 35000),
        ("两亿三千万", 230_000_000),
    ],
)
def test_chinese_numerals_are_read(text: str, value: int) -> None:
    assert read_han(text) == value


@pytest.mark.parametrize(
    ("count", "total", "text"), [(14, 56, "25%"), (1, 8, "13%"), (1, 300, "不足1%"), (299, 300, "99%"), (3, 3, "100%")]
)
def test_shares_are_whole_and_never_say_nothing_or_all_too_early(count: int, total: int, text: str) -> None:
    assert share_text(count, total) == text


def test_the_pattern_of_the_office_is_generated() -> None:
    overall = next(block for block in blocks_of(BulletinKind.SUPERVISION, told(LINES)) if block.key == "overall")
    first, second, third = overall.text.split("\n")
    assert first == (
        "截至3月6日，共8项：已销号2项，占25%；正常推进1项，占13%；临期或落后1项，占13%；逾期3项，占38%；"
        "待重定时限1项，占13%（四舍五入，合计不等于100%）。另有已中止1项，不计入总数。"
    )
    assert second == "已到时限5项，按时提交2项，按时率40%。"
    assert third == "自2月27日（上期）以来，新销号1项，新增逾期1项（均为住建局）；1项连续两周未更新。"


def test_problems_and_demands_name_units_and_days() -> None:
    blocks = {block.key: block.text for block in blocks_of(BulletinKind.SUPERVISION, told(LINES))}
    assert "（一）逾期3项。由住建局负责的第17项“第八中学建设”、第18项“建设学校”，最长逾期12天" in blocks["problems"]
    assert "由财政局、住建局负责的第20项“建设学校”，逾期3天" in blocks["problems"]
    assert "请住建局3月13日前更新第17项“第八中学建设”、第18项“建设学校”的进展" in blocks["demands"]
    assert "请财政局3月15日前（时限，含当日）完成第5项“建设学校”。" in blocks["demands"]


def test_nothing_is_invented_where_nothing_is() -> None:
    blocks = {block.key: block.text for block in blocks_of(BulletinKind.BRIEF, told([], last=None))}
    assert blocks["overall"] == "没有执行中的任务。"
    assert blocks["problems"] == "没有逾期、临期和未更新的任务。"
    assert blocks["progress"] == "尚无上期可比。"


def test_a_number_that_stands_twice_in_a_plan_names_no_task() -> None:
    lines = [
        Row(Light.OVERDUE, number=number, title=f"任务{number}", days_late=1) for number in ("10", "2", "3", "3", "1")
    ]
    [text] = [block.text for block in blocks_of(BulletinKind.SUPERVISION, told(lines)) if block.key == "problems"]
    assert "由财政局负责的第1、2、10项、“任务3”、“任务3”，最长逾期1天" in text


def test_many_tasks_are_counted_and_left_to_the_appendix() -> None:
    lines = [Row(Light.OVERDUE, ["住建局"], Light.OVERDUE, str(number), days_late=2) for number in range(1, 301)]
    [first] = [block.text for block in blocks_of(BulletinKind.SUPERVISION, told(lines)) if block.key == "problems"]
    assert "由住建局负责的第1、2、3、4、5、6、7、8、9、10、11、12项等300项任务，最长逾期2天" in first


rows = st.builds(
    Row,
    light=st.sampled_from(list(Light)),
    units=st.lists(st.sampled_from(UNITS), max_size=3, unique=True),
    light_before=st.none() | st.sampled_from(list(Light)),
    number=st.none() | st.integers(1, 99).map(str),
    title=st.sampled_from(["第八中学建设", "拨付资金", "教师交流轮岗", "补充图书"]),
    plan_code=st.sampled_from(["xg", "zs"]),
    fallen_due=st.booleans(),
    in_time=st.booleans(),
    stale=st.booleans(),
    to_decide=st.booleans(),
    due_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    days_late=st.integers(0, 400),
    expected_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)


@given(st.lists(rows, max_size=30), st.sampled_from(list(BulletinKind)), st.sampled_from([None, date(2025, 12, 31)]))
def test_what_is_generated_never_contradicts_the_lines(lines: list[Row], kind: BulletinKind, last: date | None) -> None:
    for block in blocks_of(kind, told(lines, last)):
        if block.key != "opening":  # the sentence of the issue is the office's own
            differing = [each for each in numbers_in(block.text, lines, UNITS) if each.agreement is Agreement.DIFFERS]
            assert not differing, block.text


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_between_nothing_and_all(count: int, total: int) -> None:
    percent = percent_of(min(count, total), total)
    assert 0 <= percent <= 100
    assert (percent == 100) == (count >= total)


@pytest.mark.parametrize("text", ["统一项目管理，逐一销号。", "第3—5项", "2026.3.6"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert said(text) == []


def test_a_unit_with_a_number_or_a_word_of_the_list_in_its_name_is_known() -> None:
    lines = [Row(Light.OVERDUE, ["第三中学"]), Row(Light.OVERDUE, ["公共资源内务中心"]), Row(Light.CLOSED)]
    text = "第三中学逾期1项，公共资源内务中心逾期5项。"
    found = [each.agreement for each in numbers_in(text, lines, ["第三中学", "公共资源内务中心"])]
    assert found == [Agreement.AGREES, Agreement.DIFFERS]


def test_a_generated_sentence_is_known_behind_a_mark_of_exclamation() -> None:
    assert numbers_in("抓紧！逾期9项。", LINES, UNITS, {"逾期9项。"}) == []


def test_a_very_long_sentence_is_shown_near_its_number_only() -> None:
    [found] = numbers_in(f"{'甲' * 5000}，逾期9项，{'乙' * 5000}。", LINES, UNITS)
    assert "逾期9项" in found.sentence
    assert len(found.sentence) < 400


HOSTILE = ["1、", "逾期1项，", "共1项共", "九", "\n", "住建局逾期9项，占38%；", "财政局、住建局", "（", "1项", "第1、"]


@pytest.mark.parametrize("part", HOSTILE)
def test_the_work_grows_with_the_text_and_no_faster(part: str) -> None:
    def calls(size: int) -> int:
        count = 0

        def counted(*_said: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counted)
        try:
            numbers_in((part * size)[:size], LINES, UNITS)
        finally:
            sys.setprofile(None)
        return count

    assert calls(8000) < 2.5 * calls(4000)


@pytest.mark.parametrize("part", HOSTILE)
def test_the_longest_text_is_read_in_little_work_of_the_machine(part: str) -> None:
    # What regular expressions do cannot be counted; reading anew from the beginning took 13 to 74 seconds.
    began = time.process_time()
    numbers_in((part * 50_000)[:50_000], LINES, UNITS)
    assert time.process_time() - began < 3


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    numbers_in(text, LINES, UNITS)
