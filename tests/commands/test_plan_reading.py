"""``flask plans read``: what is understood of a file, as text and JSON; nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tracker.models import Plan, db

PLAN = """青石县灌区节水改造行动方案
青政发〔2024〕5号
青石县人民政府
2024年3月5日
一、重点任务
1.渠首改造。2024年10月底前完成东干渠渠首加固。（牵头单位：县水利局；配合单位：县财政局）
2.泵站更新。更新泵站12座。（责任单位：县水利局、县发改局；完成时限：2023年6月）
"""


def read(app: Flask, file: Path, *options: str) -> Result:
    """Run the command on a file."""
    return app.test_cli_runner().invoke(args=["plans", "read", str(file), *options])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The plan as a text file."""
    file = tmp_path / "plan.txt"
    file.write_text(PLAN, encoding="utf-8")
    return file


def test_a_plan_is_printed_with_its_places_units_and_findings(app: Flask, plan: Path) -> None:
    result = read(app, plan)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "青石县灌区节水改造行动方案"
    assert "[一1] 1 渠首改造" in lines
    assert "    牵头单位：县水利局；配合单位：县财政局；时限：2024年10月底前" in lines
    assert "措施 2" in lines
    assert "【矛盾】时限早于发文日期（1）" in lines
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 0


def test_json_has_the_format_of_a_stored_plan_and_nulls_where_the_document_is_silent(app: Flask, plan: Path) -> None:
    said = json.loads(read(app, plan, "--json", "--region", "360732").output)
    assert said["plan"]["document_number"] == "青政发〔2024〕5号"
    assert (said["plan"]["code"], said["plan"]["region"], said["plan"]["issued_on"]) == (None, "360732", "2024-03-05")
    first, second = said["tasks"]
    assert first["assignments"] == [
        {"unit": "县水利局", "name_in_plan": "县水利局", "role": "lead"},
        {"unit": "县财政局", "name_in_plan": "县财政局", "role": "cooperating"},
    ]
    assert first["deadline"]["due_on"] == "2024-10-31"
    assert first["source"]["text"].startswith("1.渠首改造")
    assert (second["deadline"]["text"], second["deadline"]["precision"]) == ("2023年6月", "month")
    assert first["project"] is None
    kinds = {each["kind"]: each["where"] for each in said["findings"]}
    assert kinds["deadline_before_issue"] == second["key"]


def test_a_file_that_cannot_be_read_is_refused_with_the_way_out(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "old.doc"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 512)
    result = read(app, file)
    assert result.exit_code == 1
    assert "old.doc: " in result.output
    assert ".docx" in result.output
    assert "Traceback" not in result.output


def test_a_text_that_is_no_plan_says_what_was_looked_for(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("同志们好，今天下午三点开会。", encoding="utf-8")
    result = read(app, file)
    assert "没有读出任务。" in result.output
    assert "找过：" in result.output


def test_further_deadlines_and_doubts_are_printed_with_their_place(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(
        PLAN.replace("更新泵站12座。", "2025年6月开工、2026年10月建成。").replace("；完成时限：2023年6月", "")
    )
    said = json.loads(read(app, file, "--json").output)
    second = said["tasks"][1]
    assert (second["deadline"]["due_on"], second["other_deadlines"]) == ("2026-10-31", ["2025年6月"])
    assert {"several_deadlines": "一2"}.items() <= {each["kind"]: each["where"] for each in said["findings"]}.items()
    printed = read(app, file).output
    assert "时限：2026年10月；2025年6月" in printed
    assert "[一2] 写有几个时限" in printed


def test_a_duty_says_the_national_indicator_that_it_meets(app: Flask, tmp_path: Path) -> None:
    rows = [
        "序号\t指标内容\t指标属性\t分值\t责任单位",
        "1\t每百名学生拥有高于规定学历教师数达到4.2人以上\tA\t6\t县教育局",
    ]
    file = tmp_path / "plan.txt"
    file.write_text(
        "青石县指标任务分解表\n" + "\n".join(rows) + "\n2\t供水管网完好\tB\t5\t县水利局\n", encoding="utf-8"
    )
    said = json.loads(read(app, file, "--json").output)
    assert [task["indicators"] for task in said["tasks"]] == [[{"code": "R1", "how": None}], []]
