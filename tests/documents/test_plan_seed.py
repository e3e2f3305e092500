"""A seed file that cannot be used is refused with file, place and mend; a good one is read as it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.yaml_rows import SeedError
from tracker.models import AssignmentRole, ProjectCategory, Stage, TaskKind, UnitKind

GOOD = """\
plan:
  code: small-2023
  region: "360732"
  title: 小方案
  document_number: 试办发〔2023〕1号
  issued_on: 2023-11-23
  starts_on: 2023-01-01
  ends_on: 2030-12-31
  target: {text: 2030年, on: 2030-12-31}
  goals:
    - {text: 全面达标, deadline: 2030年}
units:
  - {name: 财政局, kind: department, full_name: 兴国县财政局, aliases: [县财政局]}
  - {name: 潋江镇, kind: township}
  - {name: 各乡镇, kind: collective, members: [潋江镇]}
phases:
  - {number: "1", title: 准备, starts_on: 2023-01-01, ends_on: 2023-12-31, summary: 摸底}
indicators:
  - code: "1.10"
    number: 1.10
    title: 教师
    group: 资源配置
    national: R1
    kind: B
    points: 2.5
    parts: [{number: "1", text: 学历}]
vetoes:
  - {number: "1", title: 重大事故}
reported:
  - {indicator: R4, stage: primary, measure: cv, value: "0.5380", met: false, note: 原文}
tasks:
  - key: a-01
    number: 1
    kind: project
    section: [学校新建]
    title: 第八中学
    requirement: 新建40班初中
    units: {responsible: [县财政局, 各乡镇]}
    officials: [张三]
    phase: "1"
    deadline: 2024年9月
    project:
      category: new
      land_mu: 70.26
      budget_yuan: 134400000
      schools: [{name: 第八中学, stage: junior, seats: 2000, classes: 40}]
      buildings: [{use: 教学楼, floor_area_m2: 3100.5}]
    indicators: {G5: 新增学位可分流大班额}
  - key: a-02
    kind: indicator_duty
    section: []
    title: 教师
    requirement: 配齐教师
    units: {lead: [财政局]}
    duty_of: "1.10"
    indicators: {}
    no_indicator: 只是程序
"""


def written(folder: Path, content: str, name: str = "small.yaml") -> Path:
    """A seed file with this content."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_seed_is_read_as_it_is_written(tmp_path: Path) -> None:
    plan = read_plan_seed(written(tmp_path, GOOD))
    assert (plan.file, plan.code, plan.region, plan.issued_on) == (
        "small.yaml",
        "small-2023",
        "360732",
        date(2023, 11, 23),
    )
    assert (plan.target_text, plan.target_on) == ("2030年", date(2030, 12, 31))
    assert [(unit.name, unit.kind, unit.aliases, unit.members) for unit in plan.units] == [
        ("财政局", UnitKind.DEPARTMENT, ["县财政局"], []),
        ("潋江镇", UnitKind.TOWNSHIP, [], []),
        ("各乡镇", UnitKind.COLLECTIVE, [], ["潋江镇"]),
    ]
    [item] = plan.indicators
    assert (item.code, item.number, item.points, item.parts[0].points) == ("1.10", "1.10", Decimal("2.5"), None)
    assert (plan.reported[0].value, plan.reported[0].met) == (Decimal("0.5380"), False)
    project_task, duty = plan.tasks
    assert project_task.units[AssignmentRole.RESPONSIBLE] == ["县财政局", "各乡镇"]
    assert (project_task.number, project_task.deadline, project_task.phase) == ("1", "2024年9月", "1")
    assert project_task.project is not None
    assert (project_task.project.category, project_task.project.budget_yuan) == (ProjectCategory.NEW, 134_400_000)
    assert project_task.project.land_mu == Decimal("70.26")
    assert project_task.project.schools[0].stage is Stage.JUNIOR
    assert project_task.project.buildings == [("教学楼", Decimal("3100.5"))]
    assert (duty.kind, duty.project, duty.deadline, duty.duty_of) == (TaskKind.INDICATOR_DUTY, None, None, "1.10")


def swap(old: str, new: str) -> Callable[[str], str]:
    """A mistake: one piece of the good file written otherwise."""

    def mistake(content: str) -> str:
        assert content.count(old) == 1, old
        return content.replace(old, new)

    return mistake


MISTAKES = [
    (
        "responsible: [县财政局, 各乡镇]",
        "responsible: [教科体局]",
        "tasks 1 (a-01), units.responsible",
        "add it to units",
    ),
    ("responsible: [县财政局, 各乡镇]", "responsible: [县财政局, 财政局]", "tasks 1 (a-01), units.responsible", "once"),
    ("responsible: [县财政局, 各乡镇]", "helping: [财政局]", "tasks 1 (a-01), units, helping", "known are lead"),
    ("responsible: [县财政局, 各乡镇]", "responsible: 财政局", "tasks 1 (a-01), units, responsible", "write [a, b]"),
    ("name: 潋江镇,", "name: 财政局,", "units: '财政局' stands twice", "join the two or rename"),
    ("aliases: [县财政局]", "aliases: [县财政局, 各乡镇]", "units: '各乡镇' stands twice", "join the two or rename"),
    ("members: [潋江镇]", "members: [石文镇]", "units (各乡镇), members: '石文镇'", "add it to units"),
    ("kind: township", "kind: town", "units 2 (潋江镇), kind: 'town'", "choose one of department, township"),
    ("kind: township", "kind: township, colour: red", "units 2 (潋江镇), colour", "unknown field"),
    ("issued_on: 2023-11-23", "issued_on: 2023-02-30", "plan, issued_on: '2023-02-30'", "correct the day"),
    ("issued_on: 2023-11-23", "issued_on: 23 November", "plan, issued_on: '23 November'", "write it as 2023-11-23"),
    ("issued_on: 2023-11-23", "issued_on: 20231123", "plan, issued_on: '20231123'", "write it as 2023-11-23"),
    ("issued_on: 2023-11-23", "issued: 2023-11-23", "plan, issued: unknown field", "correct the name or remove"),
    ("code: small-2023\n", "\n", "plan, code: is missing", "add it"),
    ("title: 小方案", f"title: {'长' * 201}", "plan, title: has 201 characters", "shorten it to 200"),
    ("title: 小方案", "title: [小方案]", "plan, title: is not a text", "put it in quotes"),
    ("ends_on: 2030-12-31", "ends_on: 2022-12-31", "plan, ends_on: 2022-12-31 lies before", "correct one"),
    ("{text: 2030年, on: 2030-12-31}", "{text: 2030年}", "plan, target", "give both"),
    ("{text: 2030年, on: 2030-12-31}", "{text: 2030年, on: 2030-13-31}", "plan, target, on: '2030-13-31'", "correct"),
    (
        "starts_on: 2023-01-01, ends_on: 2023-12-31",
        "starts_on: 2024-01-01, ends_on: 2023-12-31",
        "phases (1)",
        "correct",
    ),
    (
        "budget_yuan: 134400000",
        "budget_yuan: -1",
        "tasks 1 (a-01), project, budget_yuan: '-1' is negative",
        "leave it out",
    ),
    ("budget_yuan: 134400000", "budget_yuan: 13440万元", "tasks 1 (a-01), project, budget_yuan", "write digits only"),
    ("budget_yuan: 134400000", "budget_yuan: 1e309", "tasks 1 (a-01), project, budget_yuan", "write digits only"),
    (
        "budget_yuan: 134400000",
        "budget_yuan: 0.5",
        "tasks 1 (a-01), project, budget_yuan: '0.5' is not whole",
        "fraction",
    ),
    (
        "budget_yuan: 134400000",
        "budget_yuan: 1000000000000001",
        "tasks 1 (a-01), project, budget_yuan",
        "check the unit",
    ),
    ("land_mu: 70.26", "land_mu: NaN", "tasks 1 (a-01), project, land_mu: 'NaN'", "write digits only"),
    ("category: new", "category: old", "tasks 1 (a-01), project, category: 'old'", "choose one of new"),
    ("stage: junior", "stage: kindergarten", "project, schools 1 (第八中学), stage", "choose one of primary"),
    ("seats: 2000", "seats: -5", "project, schools 1 (第八中学), seats: '-5' is negative", "leave it out"),
    (
        "classes: 40}]",
        "classes: 40}, {name: 第八中学, stage: junior}]",
        "project, schools: '第八中学 (junior)'",
        "once",
    ),
    ("kind: project", "kind: work", "tasks 1 (a-01), kind: 'work'", "choose one of measure"),
    ("kind: project", "kind: measure", "tasks 1 (a-01), project", "only such a task has them"),
    ("officials: [张三]", "officials: [张三, 张三]", "tasks 1 (a-01), officials: '张三' stands twice", "once"),
    ('phase: "1"', 'phase: "2"', "tasks 1 (a-01), phase: '2' is unknown", "add it to phases"),
    ('duty_of: "1.10"', 'duty_of: "1.1"', "tasks 2 (a-02), duty_of: '1.1' is unknown", "add it to indicators"),
    ("key: a-02", "key: a-01", "tasks, key: 'a-01' stands twice", "a key of its own"),
    ("key: a-02", f"key: {'a' * 40}", "key: is longer than 40", "shorten it"),
    ("no_indicator: 只是程序", "source: 正文", "tasks 2 (a-02), indicators", "say why none"),
    ("{G5: 新增学位可分流大班额}", "{G5: }", "tasks 1 (a-01), indicators, G5: is missing", "add it"),
    ("{G5: 新增学位可分流大班额}", "[G5]", "tasks 1 (a-01), indicators: is not a mapping", "name: value"),
    ("met: false", "met: nearly", "reported 1, met: 'nearly'", "write true or false"),
    ('value: "0.5380"', "value: about half", "reported 1, value: 'about half'", "write digits only"),
    ("code: small-2023\n", "code: 小\n", "plan, code: '小' is no code", "letter or digit"),
    ("code: small-2023\n", "code: a/b\n", "plan, code: 'a/b' is no code", "letter or digit"),
    ("code: small-2023\n", "code: -a\n", "plan, code: '-a' is no code", "letter or digit"),
    ("key: a-02", "key: a 02", "tasks 2 (a 02), key: 'a 02' is no code", "letter or digit"),
    ("issued_on: 2023-11-23", "issued_on: 1948-12-31", "plan, issued_on: 1948-12-31 lies outside", "correct the year"),
    ("ends_on: 2030-12-31\n", "ends_on: 9999-12-31\n", "plan, ends_on: 9999-12-31 lies outside", "correct the year"),
    ("on: 2030-12-31}", "on: 2101-01-01}", "plan, target, on: 2101-01-01 lies outside", "correct the year"),
    ("ends_on: 2023-12-31", "ends_on: 2101-12-31", "phases 1 (1), ends_on: 2101-12-31", "correct the year"),
    ("deadline: 2024年9月", "deadline: 9999年底", "tasks 1 (a-01), deadline: the year 9999", "correct it"),
    ("deadline: 2024年9月", "deadline: 20245年底", "tasks 1 (a-01), deadline: the year 20245", "correct it"),
    ("deadline: 2024年9月", "deadline: 1024-09-01", "tasks 1 (a-01), deadline: the year 1024", "correct it"),
    ("deadline: 2030年}", "deadline: 二九九九年}", "plan, goals 1, deadline: the year 2999", "correct it"),
    ("text: 2030年,", "text: 3020年,", "plan, target, text: the year 3020", "correct it"),
    ("points: 2.5", "points: 10000", "indicators 1 (1.10), points: '10000' is more than 9999.99", "check the unit"),
    ("points: 2.5", "points: 2.505", "indicators 1 (1.10), points: '2.505' has more than 2 decimals", "round it"),
    ("kind: B", "kind: C", "indicators 1 (1.10), kind: 'C'", "choose one of A, B"),
    ("land_mu: 70.26", "land_mu: 100000000", "project, land_mu: '100000000' is more than", "check the unit"),
    ("seats: 2000", "seats: 1000001", "schools 1 (第八中学), seats: '1000001' is more than 1000000", "check the unit"),
    ("classes: 40", "classes: 2000000000", "schools 1 (第八中学), classes: '2000000000'", "check the unit"),
    ("floor_area_m2: 3100.5", "floor_area_m2: 1e9", "buildings 1, floor_area_m2: '1e9'", "write digits only"),
    ("floor_area_m2: 3100.5", "floor_area_m2: 10000000000", "buildings 1, floor_area_m2", "check the unit"),
    ('value: "0.5380"', 'value: "0.1234567"', "reported 1, value: '0.1234567' has more than 6", "round it"),
    ("title: 第八中学", 'title: "\\u200b\\u202e "', "tasks 1 (a-01), title: is missing", "add it"),
    ("title: 第八中学", 'title: "第八\\r\\n中学"', "tasks 1 (a-01), title: holds a line break", "in one line"),
    ("title: 第八中学", 'title: "第八\\u2028中学"', "tasks 1 (a-01), title: holds a line break", "in one line"),
    ("officials: [张三]", 'officials: ["张\\t三"]', "tasks 1 (a-01), officials 1: holds a line break", "in one line"),
    ("officials: [张三]", 'officials: ["\\u200b"]', "tasks 1 (a-01), officials: is not a list of names", "[a, b]"),
    (
        "members: [潋江镇]",
        "members: [各乡镇]",
        "units (各乡镇), members: '各乡镇' cannot be its own member",
        "take it out",
    ),
    (
        "members: [潋江镇]",
        "aliases: [乡镇], members: [乡镇]",
        "units (各乡镇), members: '各乡镇' cannot be",
        "take it out",
    ),
    ("members: [潋江镇]", "members: [潋江镇, 潋江镇]", "units (各乡镇), members: '潋江镇' stands twice", "once"),
    ("tasks:\n", "tasks: []\nsurplus:\n", "tasks: the plan has none", "add what it asks for"),
    ("tasks:\n", "tasks:\n  - 干活\n", "tasks 1: is not a mapping", "name: value"),
    ("vetoes:\n", "surprises:\n", "surprises: unknown field", "known are plan, units"),
]


# Where a text goes into a bounded column: the good words, the same with %s in their place, and the length.
BOUNDED = [
    ("code: small-2023", "code: %s", "plan, code", 40),
    ('region: "360732"', "region: %s", "plan, region", 12),
    ("document_number: 试办发〔2023〕1号", "document_number: %s", "plan, document_number", 200),
    ("document_number: 试办发〔2023〕1号", "issuer: %s", "plan, issuer", 200),
    ("{text: 2030年,", "{text: %s,", "plan, target, text", 200),
    ("deadline: 2030年}", "deadline: %s}", "plan, goals 1, deadline", 200),
    ("name: 潋江镇", "name: %s", "), name", 200),
    ("full_name: 兴国县财政局", "full_name: %s", "units 1 (财政局), full_name", 200),
    ("aliases: [县财政局]", "aliases: [县财政局, %s]", "units 1 (财政局), aliases 2", 200),
    ("members: [潋江镇]", "members: [%s]", "units 3 (各乡镇), members 1", 200),
    ('{number: "1", title: 准备', "{number: %s, title: 准备", "), number", 40),
    ("title: 准备", "title: %s", "phases 1 (1), title", 200),
    ('- code: "1.10"', "- code: %s", "), code", 40),
    ("number: 1.10", "number: %s", "indicators 1 (1.10), number", 40),
    ("group: 资源配置", "group: %s", "indicators 1 (1.10), group", 200),
    ("national: R1", "national: %s", "indicators 1 (1.10), national", 40),
    ('{number: "1", text: 学历}', "{number: %s, text: 学历}", "), number", 40),
    ('{number: "1", title: 重大事故}', "{number: %s, title: 重大事故}", "), number", 40),
    ("{indicator: R4,", "{indicator: %s,", "reported 1, indicator", 40),
    ("{indicator: R4,", "{subject: %s,", "reported 1, subject", 200),
    ("stage: primary", "stage: %s", "reported 1, stage", 40),
    ("measure: cv", "measure: %s", "reported 1, measure", 40),
    ("key: a-02", "key: %s", "), key", 40),
    ("number: 1\n", "number: %s\n", "tasks 1 (a-01), number", 40),
    ("title: 第八中学", "title: %s", "tasks 1 (a-01), title", 200),
    ("responsible: [县财政局, 各乡镇]", "responsible: [%s]", "tasks 1 (a-01), units, responsible 1", 200),
    ("officials: [张三]", "officials: [%s]", "tasks 1 (a-01), officials 1", 200),
    ('phase: "1"', "phase: %s", "tasks 1 (a-01), phase", 40),
    ("deadline: 2024年9月", "deadline: %s", "tasks 1 (a-01), deadline", 200),
    ('duty_of: "1.10"', "duty_of: %s", "tasks 2 (a-02), duty_of", 40),
    ("no_indicator: 只是程序", "source: %s", "tasks 2 (a-02), source", 200),
    ("category: new", "category: new\n      town: %s", "tasks 1 (a-01), project, town", 200),
    ("{name: 第八中学, stage", "{name: %s, stage", "), name", 200),
    ("use: 教学楼", "use: %s", "buildings 1, use", 200),
]


def faults_of(path: Path) -> list[str]:
    """The faults of a seed file."""
    try:
        read_plan_seed(path)
    except SeedError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(("old", "new", "place", "longest"), BOUNDED)
def test_a_text_is_refused_beyond_the_length_of_its_column(
    tmp_path: Path, old: str, new: str, place: str, longest: int
) -> None:
    refusal = f"{place}: has {longest + 1} characters: shorten it to {longest}"
    for length in (longest, longest + 1):
        found = faults_of(written(tmp_path, swap(old, new % ("x" * length))(GOOD)))
        assert any(refusal in fault for fault in found) == (length > longest), found


def test_what_cannot_be_seen_is_taken_out_of_every_text(tmp_path: Path) -> None:
    content = GOOD.replace("[县财政局, 各乡镇]", '["县\\u200b财政局\\n", "\\u2066各乡镇"]').replace(
        "title: 准备", 'title: "cafe\\u0301"'
    )
    plan = read_plan_seed(written(tmp_path, content.replace("新建40班初中", '"一\\r\\n二\\u2028三"')))
    assert plan.tasks[0].units[AssignmentRole.RESPONSIBLE] == ["县财政局", "各乡镇"]
    assert plan.tasks[0].requirement == "一\n二\n三"
    assert plan.phases[0].title == "caf\u00e9"


@pytest.mark.parametrize(("old", "new", "place", "mend"), MISTAKES)
def test_a_mistake_is_named_with_file_place_and_mend(tmp_path: Path, old: str, new: str, place: str, mend: str) -> None:
    path = written(tmp_path, swap(old, new)(GOOD))
    with pytest.raises(SeedError) as refused:
        read_plan_seed(path)
    line = next((line for line in str(refused.value).splitlines() if place in line), None)
    assert line is not None, str(refused.value)
    assert line.startswith("small.yaml")
    assert mend in line


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    content = GOOD.replace("kind: township", "kind: town").replace("2023-11-23", "2023-02-30").replace("70.26", "-1")
    with pytest.raises(SeedError) as refused:
        read_plan_seed(written(tmp_path, content))
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        ("plan: [", "line 1"),
        ("plan:\n\tcode: x", "line 2"),
        ("plan: {code: a, code: b}", "'code' stands twice"),
        ("plan: {code: a}\nplan: {code: b}", "'plan' stands twice"),
        ("plan: *nowhere", "nowhere"),
        ("!!python/object/apply:os.system [id]", "is not a mapping"),
        ("plan: " + "[" * 5_000, "is nested too deeply"),
        ("plan: " + "{a: " * 5_000, "is nested too deeply"),
        ('plan: {title: "\\ud800"}', "'\\ud800', which cannot be kept: remove it"),
        ('plan: {"\\udfff": x}', "'\\udfff', which cannot be kept: remove it"),
        ('plan: {title: "\\0"}', "'\\x00', which cannot be kept: remove it"),
        ('plan:\n  title: "a\\e[31m"', "line 2"),
        ("plan: {title: a\x07b}", "#x0007"),
        ("", "is not a mapping"),
        ("- a\n- b", "is not a mapping"),
        ("干活", "is not a mapping"),
    ],
)
def test_what_is_no_seed_at_all_is_refused_with_its_place(tmp_path: Path, content: str, mend: str) -> None:
    with pytest.raises(SeedError, match=r"^small\.yaml") as refused:
        read_plan_seed(written(tmp_path, content))
    assert mend in str(refused.value)


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(SeedError, match="save it as UTF-8"):
        read_plan_seed(path)
