"""``flask plans``: loading, listing, exporting; and the five plans, counted against their documents."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests.documents.test_plan_seed import GOOD, written
from tracker.models import Addition, AssignmentRole, Plan, PlanState, Task, UnitKind, db
from tracker.queries.plans import exported, plan_by_code
from tracker.rules.deadlines import Doubt
from tracker.rules.lights import Light

CODES = ["akqi-2022", "fushun-2020", "urumqi-2022", "xiji-2022", "xingguo-2023"]


def run(app: Flask, *arguments: str) -> Result:
    """Run a command as somebody at a terminal does."""
    db.session.remove()
    return app.test_cli_runner().invoke(args=["plans", *arguments])


def counts() -> dict[str, int]:
    """The number of rows of every table."""
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in db.metadata.tables.items()
    }


def plan(code: str) -> Plan:
    """A stored plan."""
    found = plan_by_code(code)
    assert found is not None
    return found


def tasks(code: str) -> list[Task]:
    """The tasks of a plan in the order of the document."""
    query = sa.select(Task).join(Plan).where(Plan.code == code).order_by(Task.position)
    return list(db.session.scalars(query))


def units_of(task: Task) -> list[tuple[str, str]]:
    """Role and name, as the plan writes it, of a task's units."""
    return [(each.role.value, each.name_in_plan) for each in task.assignments]


def test_loading_twice_changes_nothing(app: Flask) -> None:
    first = run(app, "load")
    assert first.exit_code == 0, first.output
    assert first.output.splitlines() == [f"{code}: stored as a draft" for code in CODES]
    before, text = counts(), run(app, "export", "xingguo-2023").output
    second = run(app, "load")
    assert second.output.splitlines() == [f"{code}: stands already, unchanged" for code in CODES]
    assert counts() == before
    assert run(app, "export", "xingguo-2023").output == text


def test_one_file_is_loaded_by_its_path(app: Flask, tmp_path: Path) -> None:
    result = run(app, "load", str(written(tmp_path, GOOD)))
    assert result.output == "small-2023: stored as a draft\n"
    assert plan("small-2023").state is PlanState.DRAFT


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("units: {responsible: [县财政局, 各乡镇]}", "units: {lead: [无名局]}", "bad.yaml, tasks 1 (a-01), units.lead"),
        ("{G5: 新增学位可分流大班额}", "{G99: 理由}", "bad.yaml, tasks 1 (a-01), indicators: 'G99' is unknown"),
        ('region: "360732"', 'region: "999999"', "bad.yaml, plan, region: '999999' is unknown"),
        ("key: a-01", "key: [", "bad.yaml: is not readable as YAML"),
    ],
)
def test_one_bad_file_of_several_stores_nothing(app: Flask, tmp_path: Path, old: str, new: str, place: str) -> None:
    before = counts()
    good = written(tmp_path, GOOD, "good.yaml")
    bad = written(tmp_path, GOOD.replace("small-2023", "bad-2023").replace(old, new), "bad.yaml")
    result = run(app, "load", str(good), str(bad))
    assert result.exit_code == 1
    assert "nothing was stored" in result.output
    assert place in result.output
    assert "Traceback" not in result.output
    assert counts() == before


def test_a_missing_file_is_named(app: Flask) -> None:
    result = run(app, "load", "nowhere.yaml")
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.output


def test_the_list_names_every_plan(plans_app: Flask) -> None:
    rows = json.loads(run(plans_app, "list", "--json").output)
    assert {row["code"]: row["tasks"] for row in rows} == {
        "akqi-2022": 31,
        "fushun-2020": 51,
        "urumqi-2022": 23,
        "xiji-2022": 34,
        "xingguo-2023": 106,
    }
    by_code = {row["code"]: row for row in rows}
    assert by_code["xingguo-2023"] == {
        "code": "xingguo-2023",
        "region": "360732",
        "region_name": "兴国县",
        "title": "兴国县义务教育优质均衡发展推进工作方案",
        "document_number": "兴教督办发〔2023〕1号",
        "issued_on": "2023-11-23",
        "state": "active",
        "tasks": 106,
    }
    assert by_code["fushun-2020"]["issued_on"] is None
    text = run(plans_app, "list").output
    assert all(code in text for code in CODES)


def test_an_unknown_plan_is_refused_with_a_way_on(app: Flask) -> None:
    for command in ("export", "activate"):
        result = run(app, command, "nowhere-2020")
        assert result.exit_code == 1
        assert "`plans list` shows the codes" in result.output


def test_a_draft_is_made_active_by_command(app: Flask, tmp_path: Path) -> None:
    run(app, "load", str(written(tmp_path, GOOD)))
    assert run(app, "activate", "small-2023").output == "small-2023: active\n"
    assert plan("small-2023").state is PlanState.ACTIVE


# The keys that shared/plan-json.md promises, with the types of their values.
Text, Maybe = (str,), (str, type(None))
Number = (int, float, type(None))
SHAPES: dict[str, dict[str, Any]] = {
    "plan": {
        "code": Text,
        "title": Text,
        "document_number": Maybe,
        "issuer": Maybe,
        "issued_on": Maybe,
        "region": Text,
        "starts_on": Maybe,
        "ends_on": Maybe,
    },
    "phase": {"number": Text, "title": Text, "starts_on": Maybe, "ends_on": Maybe},
    "task": {
        "key": Text,
        "number": Maybe,
        "section": (list,),
        "kind": Text,
        "title": Text,
        "requirement": Text,
        "assignments": (list,),
        "officials": (list,),
        "deadline": (dict,),
        "project": (dict, type(None)),
        "indicators": (list,),
        "source": (dict,),
    },
    "assignment": {"unit": Text, "name_in_plan": Text, "role": Text},
    "deadline": {"text": Maybe, "precision": Text, "starts_on": Maybe, "due_on": Maybe, "warning": Maybe},
    "project": {
        "land_mu": Number,
        "floor_area_m2": Number,
        "sports_area_m2": Number,
        "budget_yuan": (int, type(None)),
        "schools": (list,),
    },
    "school": {"name": Text, "stage": Maybe, "seats": Number, "classes": Number},
    "contribution": {"code": Text, "how": Text},
    "source": {"place": Maybe, "text": Maybe},
    "indicator": {
        "number": Maybe,
        "title": Text,
        "group": Text,
        "national": Maybe,
        "kind": Maybe,
        "points": Number,
        "assignments": (list,),
        "parts": (list,),
    },
    "part": {"number": Maybe, "points": Number},
    "veto": {"number": Text, "title": Text},
    "finding": {"kind": Text, "severity": Text, "where": Text, "text": Text},
}


def has_shape(value: dict[str, Any], name: str) -> None:
    """Assert that a mapping has every promised key with a value of its type."""
    for key, types in SHAPES[name].items():
        assert key in value, f"{name} lacks {key}"
        assert isinstance(value[key], types), f"{name}.{key} is {value[key]!r}"


@pytest.mark.parametrize("code", CODES)
def test_an_export_has_the_shape_of_the_published_format(plans_app: Flask, code: str) -> None:
    answer = json.loads(run(plans_app, "export", code, "--json").output)
    assert set(answer) >= {"plan", "phases", "tasks", "indicators", "vetoes", "findings"}
    has_shape(answer["plan"], "plan")
    for name, rows in {"phase": "phases", "indicator": "indicators", "veto": "vetoes", "finding": "findings"}.items():
        for row in answer[rows]:
            has_shape(row, name)
    for task in answer["tasks"]:
        has_shape(task, "task")
        has_shape(task["deadline"], "deadline")
        has_shape(task["source"], "source")
        assert task["key"].startswith(f"{code}-")
        assert task["kind"] in {"measure", "indicator_duty", "project", "policy_document"}
        assert (task["project"] is not None) == (task["kind"] == "project")
        for each in task["assignments"]:
            has_shape(each, "assignment")
            assert each["role"] in set(AssignmentRole)
        for each in task["indicators"]:
            has_shape(each, "contribution")
        if task["project"]:
            has_shape(task["project"], "project")
            for school in task["project"]["schools"]:
                has_shape(school, "school")
    for item in answer["indicators"]:
        for part in item["parts"]:
            has_shape(part, "part")


def test_the_example_of_the_published_format_is_what_comes_out(plans_app: Flask) -> None:
    answer = exported(plan("xingguo-2023"))
    first = next(task for task in answer["tasks"] if task["key"] == "xingguo-2023-a1-01")
    assert (first["number"], first["section"], first["kind"]) == (None, ["学校新建工程"], "project")
    assert {"unit": "教科体局", "name_in_plan": "教科体局", "role": "responsible"} in first["assignments"]
    assert first["deadline"] == {
        "text": "2023年12月",
        "precision": "month",
        "starts_on": None,
        "due_on": "2023-12-31",
        "inherited": False,
        "warning": None,
    }
    assert first["project"]["budget_yuan"] == 134_400_000
    assert first["project"]["land_mu"] == 70.26
    assert first["project"]["floor_area_m2"] == 46824
    assert first["project"]["schools"] == [
        {"name": "第八中学", "stage": "junior", "seats": 2000, "classes": 40},
        {"name": "第八小学", "stage": "primary", "seats": 2000, "classes": 45},
    ]


def test_every_plan_keeps_its_own_promise_to_be_whole(plans_app: Flask) -> None:
    for code in CODES:
        answer = exported(plan(code))
        keys = [task["key"] for task in answer["tasks"]]
        assert len(keys) == len(set(keys))
        assert all(task["indicators"] or task_has_a_reason(task["key"]) for task in answer["tasks"])


def task_has_a_reason(key: str) -> bool:
    """Whether a task that serves no indicator says why."""
    return bool(db.session.scalar(sa.select(Task.no_indicator_reason).where(Task.key == key)))


def test_akqi_has_31_duties_with_31_deadlines_of_which_18_lie_before_the_issue(plans_app: Flask) -> None:
    rows = tasks("akqi-2022")
    assert len(rows) == 31
    assert all(task.deadline_text and task.due_on for task in rows)
    before = [task for task in rows if task.deadline_doubt is Doubt.BEFORE_ISSUE]
    assert len(before) == 18
    assert all(task.light(date(2026, 3, 6)) is Light.REDATE for task in before)
    assert {task.deadline_text for task in before} == {"2022年3月底前"}
    assert len(exported(plan("akqi-2022"))["findings"]) == 18


def test_xiji_has_twenty_measures_and_fourteen_documents_whose_numbers_jump_from_7_to_9(plans_app: Flask) -> None:
    rows = tasks("xiji-2022")
    assert Counter(task.kind.value for task in rows) == {"measure": 20, "policy_document": 14}
    documents = [int(task.number or 0) for task in rows if task.kind == "policy_document"]
    assert documents == [*range(1, 8), *range(9, 16)]
    assert [int(task.number or 0) for task in rows if task.kind == "measure"] == list(range(1, 21))
    dated = {task.deadline_text: task.due_on for task in rows if task.deadline_text}
    assert dated == {"年内": date(2022, 12, 31), "2022年6月底": date(2022, 6, 30)}
    assert all(task.deadline_inherited and task.due_on == date(2028, 12, 31) for task in rows if not task.deadline_text)


def test_urumqi_has_32_items_its_reported_state_and_its_dated_commitments(plans_app: Flask) -> None:
    answer = exported(plan("urumqi-2022"))
    assert len(answer["indicators"]) == 32
    national = [item["national"] for item in answer["indicators"]]
    assert len(set(national)) == 32
    assert None not in national
    reported = answer["reported"]
    values = {(each["indicator"] or each["subject"], each["stage"]): each["value"] for each in reported}
    assert values[("R4", "primary")] == 0.538
    assert values[("R5", "primary")] == 0.6253
    assert values[("每百名学生拥有计算机台数", "primary")] == 0.5052
    assert {each["indicator"] for each in reported if each["met"] is False} == {"R2", "R3", "G3", "G11"}
    dated = Counter(task["deadline"]["text"] for task in answer["tasks"] if task["deadline"]["text"])
    assert dated == {"2024年以前": 1, "2024年前": 2, "2025年前": 2, "2026年": 1}
    ambiguous = [finding for finding in answer["findings"] if finding["kind"] == "deadline_ambiguous"]
    assert len(ambiguous) == 5
    assert any("2023-12-31 or 2024-12-31" in finding["text"] for finding in ambiguous)


def test_fushun_has_31_duties_one_overall_row_six_phases_and_nineteen_unit_duties(plans_app: Flask) -> None:
    rows = tasks("fushun-2020")
    assert sum(task.kind == "indicator_duty" for task in rows) == 31
    overall = [task for task in rows if task.kind == "measure" and task.section[0] == "创建指标要求及分工"]
    duties = [task for task in rows if task.section == ["工作领导小组成员单位职责"]]
    assert (len(overall), len(duties), len(rows)) == (1, 19, 51)
    phases = plan("fushun-2020").phases
    assert [phase.number for phase in phases] == [str(number) for number in range(1, 7)]
    assert all(phase.starts_on and phase.ends_on for phase in phases)
    ends = [phase.ends_on or date.min for phase in phases]
    assert ends == sorted(set(ends))
    assert len(exported(plan("fushun-2020"))["indicators"]) == 32
    assert all(task.due_on == date(2022, 12, 31) and task.deadline_inherited for task in rows)


def test_xingguo_has_106_tasks_in_three_parts(plans_app: Flask) -> None:
    rows = tasks("xingguo-2023")
    parts = Counter(task.key.removeprefix("xingguo-2023-").split("-")[0] for task in rows)
    assert parts == {"m": 12, "a1": 56, "a2": 38}
    assert Counter(task.kind.value for task in rows) == {"project": 40, "indicator_duty": 38, "measure": 28}


def test_xingguo_builds_for_1287587000_yuan_with_21600_seats(plans_app: Flask) -> None:
    projects = [task["project"] for task in exported(plan("xingguo-2023"))["tasks"] if task["project"]]
    assert len(projects) == 40
    assert sum(project["budget_yuan"] or 0 for project in projects) == 1_287_587_000
    assert sum(school["seats"] or 0 for project in projects for school in project["schools"]) == 21_600


def test_xingguo_judges_by_27_items_of_kind_a_and_11_of_kind_b_for_100_points_and_seven_vetoes(
    plans_app: Flask,
) -> None:
    answer = exported(plan("xingguo-2023"))
    items = answer["indicators"]
    assert Counter(item["kind"] for item in items) == {"A": 27, "B": 11}
    assert sum(item["points"] or 0 for item in items) == 100
    assert [int(item["number"]) for item in items] == list(range(1, 39))
    for item in items:
        scored = [part["points"] for part in item["parts"] if part["points"] is not None]
        assert not scored or sum(scored) == item["points"], item["title"]
        assert item["assignments"], item["title"]
        assert (item["points"] is None) == (item["kind"] == "A")
    assert [veto["number"] for veto in answer["vetoes"]] == [str(number) for number in range(1, 8)]


def test_xingguo_has_26_of_56_rows_due_before_its_issue_and_fifteen_units(plans_app: Flask) -> None:
    annex = [task for task in tasks("xingguo-2023") if task.key.startswith("xingguo-2023-a1-")]
    before = [task for task in annex if task.deadline_doubt is Doubt.BEFORE_ISSUE]
    assert (len(annex), len(before)) == (56, 26)
    assert all(task.due_on is not None and task.due_on < date(2023, 11, 23) for task in before)
    assert len({each.unit_id for task in annex for each in task.assignments}) == 15
    assert all(task.assignments for task in annex)
    assert all(each.role is AssignmentRole.RESPONSIBLE for task in annex for each in task.assignments)


def test_xingguo_has_17_rows_without_a_month_of_which_none_is_overdue_today(plans_app: Flask) -> None:
    annex = [task for task in tasks("xingguo-2023") if task.key.startswith("xingguo-2023-a1-")]
    undated = [task for task in annex if "月" not in (task.deadline_text or "") and not task.needs_redate]
    assert len(undated) == 17
    assert {task.light(date(2026, 3, 6)) for task in undated} == {Light.NOT_DUE}


def test_a_lead_is_never_guessed(plans_app: Flask) -> None:
    """Only two of the papers speak of 牵头单位: the list of 阿合奇县 and the second annex of 兴国县."""
    parts: dict[str, Counter[str]] = {}
    for code in CODES:
        for task in tasks(code):
            part = task.key.removeprefix(f"{code}-")[0 if code != "xingguo-2023" else slice(0, 2)]
            parts.setdefault(f"{code} {part}", Counter()).update({role for role, _name in units_of(task)})
    assert parts == {
        "akqi-2022 d": {"lead": 28, "cooperating": 27, "responsible": 3},
        "fushun-2020 d": {"responsible": 32},
        "fushun-2020 u": {"responsible": 19},
        "urumqi-2022 c": {},
        "urumqi-2022 e": {},
        "urumqi-2022 u": {"responsible": 11},
        "xiji-2022 m": {"responsible": 20},
        "xiji-2022 p": {},
        "xingguo-2023 m-": {"responsible": 12},
        "xingguo-2023 a1": {"responsible": 56},
        "xingguo-2023 a2": {"lead": 38, "responsible": 29},
    }


def test_collective_units_have_members_only_where_the_document_names_them(plans_app: Flask) -> None:
    for code in CODES:
        for task in tasks(code):
            for each in task.assignments:
                if each.unit.members:
                    assert each.unit.kind is UnitKind.COLLECTIVE
                    assert each.unit not in each.unit.members


def test_proposals_are_added_to_plans_that_stand_already(plans_app: Flask) -> None:
    db.session.execute(sa.delete(Addition))
    db.session.commit()
    runner = plans_app.test_cli_runner()
    result = runner.invoke(args=["plans", "propose"])
    assert result.exit_code == 0, result.output
    assert not result.output.startswith("0 ")
    assert runner.invoke(args=["plans", "propose"]).output.startswith("0 proposals")


def test_the_check_prints_what_contradicts_itself_with_its_mend(plans_app: Flask) -> None:
    result = run(plans_app, "check", "xingguo-2023")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "【矛盾】班额超过上限（3）"
    assert "  第十小学建设项目（xingguo-2023-a1-05）" in lines
    assert "    改正：1,800 个学位需要 40 个班；或保持 36 个班，最多 1,620 个学位。" in lines
    assert "【值得一看】几所学校共用一块用地（1）" in lines
    assert "【矛盾】时限早于发文日期（1）" in lines
    assert "【矛盾】漏了国家指标（1）" in run(plans_app, "check", "akqi-2022").output


def test_the_check_prints_json(plans_app: Flask) -> None:
    rows = json.loads(run(plans_app, "check", "xingguo-2023", "--json").output)
    assert len(rows) == 33
    by_code = {row["code"]: row for row in rows}
    assert by_code["school_size"]["mend"] == {"seats_over": 800, "schools_needed": 2}
    assert by_code["school_size"]["tasks"] == ["xingguo-2023-a1-06"]
    shared = by_code["shared_site"]
    assert (shared["severity"], shared["evidence"]["site_m2"], shared["evidence"]["share"]) == ("look", 46840, "0.7558")
    assert shared["mend"]["grounds"] == [["第八中学", 20400], ["第八小学", 15000]]
    jump = next(row for row in json.loads(run(plans_app, "check", "xiji-2022", "--json").output))
    assert (jump["severity"], jump["title"]) == ("contradiction", "没有责任单位")


def test_the_check_names_a_plan_that_is_not_there(app: Flask) -> None:
    result = run(app, "check", "nowhere")
    assert result.exit_code == 1
    assert "no plan has the code 'nowhere'" in result.output
