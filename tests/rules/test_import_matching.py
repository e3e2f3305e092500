"""Tasks of a re-issue find the tasks that they were: renumbered, reworded, moved; each one once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tracker.rules.import_matching import Matched, likeness, matches

OLD = (
    Matched("m-01", "1", ("一、教师",), "补齐配强学科教师", "按编制标准补齐教师。"),
    Matched("m-02", "2", ("一、教师",), "开展教师轮岗交流", "每年交流不少于10%。"),
    Matched("m-03", "1", ("二、条件",), "新建城东小学", "2026年建成。"),
    Matched("m-04", "2", ("二、条件",), "改造薄弱学校食堂", "完成12所。"),
)


def test_the_same_tasks_are_the_same() -> None:
    assert matches(OLD, OLD) == {0: 0, 1: 1, 2: 2, 3: 3}


@pytest.mark.parametrize(
    ("new", "found"),
    [
        pytest.param([OLD[3], OLD[0]], {0: 3, 1: 0}, id="in another order"),
        pytest.param([replace(OLD[1], key="m-01", number="1")], {0: 1}, id="renumbered: the words count, not the key"),
        pytest.param([replace(OLD[2], requirement="2027年建成。")], {0: 2}, id="another requirement"),
        pytest.param([replace(OLD[3], title="改造薄弱学校食堂和宿舍")], {0: 3}, id="a longer title"),
        pytest.param(
            [replace(OLD[3], key="m-09", number="5", section=("三",), title="改造农村薄弱学校食堂")],
            {0: 3},
            id="moved and reworded",
        ),
        pytest.param([Matched("m-01", "1", ("一、教师",), "建立督查机制", "按月通报。")], {}, id="new words are new"),
        pytest.param([OLD[0], OLD[0]], {0: 0}, id="each once"),
        pytest.param([], {}, id="nothing"),
    ],
)
def test_what_a_task_is(new: list[Matched], found: dict[int, int]) -> None:
    assert matches(new, OLD) == found


def test_a_key_of_our_own_means_the_task_whatever_its_words() -> None:
    new = [Matched("m-03", "9", (), "完全不同的标题", "")]
    assert matches(new, OLD) == {}
    assert matches(new, OLD, keyed=True) == {0: 2}


def test_of_two_alike_the_likest_is_taken() -> None:
    new = [
        replace(OLD[3], key="n-1", title="改造薄弱学校食堂及周边"),
        replace(OLD[3], key="n-2", requirement="完成15所。"),
    ]
    assert matches(new, OLD) == {1: 3}


def test_equal_titles_are_told_apart_by_their_section_and_paired_in_order() -> None:
    old = [Matched(f"a-{n}", str(n), (f"第{n % 2}类",), "新建教学楼", f"第{n}所") for n in range(6)]
    new = [replace(each, key=f"b-{n}") for n, each in enumerate(old)]
    assert matches(new, old) == {n: n for n in range(6)}


def test_thousands_of_like_titles_take_no_longer_than_a_breath() -> None:
    old = [Matched(f"a-{n}", str(n), (), f"新建第{n}小学教学楼及附属工程", "") for n in range(3000)]
    new = [replace(each, key=f"b-{n}", number=str(n + 1), title=each.title + "建设") for n, each in enumerate(old)]
    started = time.perf_counter()
    found = matches(new, old)
    assert time.perf_counter() - started < 10
    assert len(found) > 2900


def test_likeness_is_of_titles_or_of_all_words() -> None:
    assert likeness(OLD[0], OLD[0]) == 1
    assert likeness(OLD[0], OLD[2]) < 0.4


def test_a_summary_is_the_task_that_it_sums_up() -> None:
    whole = Matched(
        "d-09", None, (), "县财政局", "确保教育经费按时足额拨付，统筹安排好标准化建设资金，按时发放教职工工资。"
    )
    summary = Matched("u-02", None, (), "经费与工资", "按时足额拨付教育经费，安排标准化建设资金，发放教职工工资")
    assert matches([whole], [*OLD, summary]) == {0: 4}


def test_between_the_same_neighbours_a_reworded_task_is_the_same() -> None:
    reworded = replace(OLD[1], key="z", number="7", title="落实校长教师交流", requirement="每年至少一成。")
    assert matches([OLD[0], reworded, OLD[2]], OLD) == {0: 0, 1: 1, 2: 2}
    assert matches([reworded], OLD) == {}


def test_another_task_in_the_place_of_one_that_went_is_a_new_one() -> None:
    went = Matched(
        "a1-03", None, (), "教育质量监测", "健全质量监测工作机制，各科监测水平校校达标，校际差异率不高于0.15"
    )
    came = Matched("a1-03", None, (), "家校共育", "每学期召开家长会。")
    before, after = (Matched(f"a1-{key}", None, (), title) for key, title in (("02", "双减工作"), ("04", "依法治校")))
    assert matches([before, came, after], [before, went, after]) == {0: 0, 2: 2}
