"""What a bulletin stands on and how its paper looks: everything comes from the lines of its issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.clock import office_day, office_time
from tracker.models import Bulletin, Issue
from tracker.queries.frame import region_name
from tracker.queries.issue_lines import Line, Part, lines_of
from tracker.queries.issues import issue_before, standings_of
from tracker.queries.standings import Standing
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.bulletin_numbers import Agreement, Said, numbers_in, sentences_of
from tracker.rules.bulletin_words import OPENING, Told, blocks_of
from tracker.rules.bulletins import Block, BulletinKind, BulletinState, Paper, Table
from tracker.rules.lights import Light
from tracker.rules.overview import WORST_ROWS, has_become
from tracker.rules.texts import clean_text

WEEK_DAYS = 7
WORDS_SHOWN = 60
SIGNS: Mapping[Light, str] = {
    Light.OVERDUE: "◆逾期",
    Light.SOON: "▲临期或落后",
    Light.NORMAL: "●正常",
    Light.CLOSED: "✓已销号",
    Light.NOT_DUE: "○未到期或长期",
    Light.REDATE: "◇待重定时限",
    Light.SUSPENDED: "已中止",
}
LISTED = {
    BulletinKind.WEEK: ("待重定时限的任务", (Light.REDATE,)),
    BulletinKind.SUPERVISION: ("逾期、临期和待重定时限的任务", (Light.OVERDUE, Light.SOON, Light.REDATE)),
    BulletinKind.BRIEF: ("逾期和临期的任务", (Light.OVERDUE, Light.SOON)),
}
STANDING_COLUMNS = ("单位", "任务", "逾期", "临期", "正常", "已销号", "按时率", "位次", "未更新")
LIST_COLUMNS = ("序号", "编号", "任务", "牵头或责任单位", "时限", "逾期天数", "灯", "单位最近填报")
WORST_COLUMNS = ("任务", "牵头或责任单位", "时限", "逾期天数", "上期至本期")
NOTES = (
    "按时率＝时限前提交的任务数÷已到时限的任务数，时限按批准后的现行时限计；共同承担的任务计入各单位，不参与位次；"
    "单独承担且已到时限的任务不足3项的单位不排位次。"
)


@dataclass(frozen=True)
class Basis:
    """The part of an issue that a bulletin speaks of: its lines, who stands in them, what is told of them."""

    issue: Issue
    lines: Sequence[Line]
    standings: Sequence[Standing]
    told: Told

    @property
    def sentence(self) -> str:
        """The sentence of the issue where the office worded it and the bulletin speaks of all of it."""
        return self.issue.sentence if self.told.sentence and self.issue.sentence != self.issue.generated else ""

    @property
    def unit_names(self) -> list[str]:
        """Everybody who is named by the lines."""
        return sorted({name for line in self.lines for name in line.units} | {each.name for each in self.standings})


def units_in(issue: Issue) -> list[str]:
    """The units that answer for tasks of an issue, in the order of its table."""
    return [each.name for each in standings_of(issue, _placed_lines(issue, None)) if each.total and not each.region]


def basis_of(issue: Issue, plan: str | None, unit_names: Sequence[str]) -> Basis:
    """What a bulletin about an issue stands on, narrowed to a plan and to units where they are named."""
    lines = _placed_lines(issue, plan)
    standings = standings_of(issue, lines)
    if unit_names:
        wanted = set(unit_names)
        lines = [line for line in lines if wanted & set(line.units)]
        standings = [each for each in standings if each.region or each.name in wanted]
    return Basis(issue, lines, standings, _told(issue, lines, not plan and not unit_names))


def generated_blocks(kind: BulletinKind, basis: Basis) -> list[Block]:
    """The sections of a kind as the lines give them, in the form in which texts are kept."""
    made = blocks_of(kind, basis.told)
    found = [replace(block, generated=text, text=text) for block in made for text in (clean_text(block.generated),)]
    # What the office said in the issue goes along as its own words, whose numbers are compared.
    said = clean_text(basis.sentence)
    opens = kind is BulletinKind.WEEK and bool(said)
    return [replace(each, text=said) if opens and each.key == OPENING else each for each in found]


def blocks_now(bulletin: Bulletin, basis: Basis) -> list[Block]:
    """The sections as they stand: worded ones as the office left them, of a draft the others by today's figures."""
    kept = {each["key"]: Block(**each) for each in bulletin.blocks}
    if bulletin.state is BulletinState.SETTLED:
        return list(kept.values())
    fresh = generated_blocks(bulletin.kind, basis)
    return [
        replace(block, text=kept[block.key].text) if block.key in kept and kept[block.key].is_worded else block
        for block in fresh
    ]


def numbers_of(blocks: Iterable[Block], basis: Basis) -> list[tuple[Block, Said]]:
    """The numbers of what the office worded that differ from the frozen ones or were not compared."""
    found = []
    for block in blocks:
        if block.is_worded:
            own = sentences_of(block.generated)
            for said in numbers_in(block.text, basis.lines, basis.unit_names, own):
                if said.agreement is not Agreement.AGREES:
                    found.append((block, said))
    return found


def paper_of(bulletin: Bulletin, basis: Basis, blocks: Sequence[Block]) -> Paper:
    """The whole paper; sections that the office emptied are left out."""
    list_title, lights = LISTED[bulletin.kind]
    listed = [line for line in basis.lines if line.light in lights]
    number = basis.issue.number if bulletin.kind is BulletinKind.WEEK else bulletin.number
    return Paper(
        kind=bulletin.kind,
        region=basis.told.region,
        title=bulletin.title,
        issuer=bulletin.issuer,
        dated_on=bulletin.dated_on,
        cut_off=_cut_off(basis),
        blocks=[block for block in blocks if block.text],
        number=number,
        addressee=bulletin.addressee,
        tables=_tables(bulletin.kind, basis),
        appendix=[_list_table(list_title, listed, basis.told.on)] if listed else [],
        is_draft=bulletin.state is BulletinState.DRAFT,
        reported_to=bulletin.reported_to,
        sent_to=bulletin.sent_to,
        issued_to=bulletin.issued_to,
        notes=(f"数据截至{_cut_off(basis)}（第{basis.issue.number}期周览）。", NOTES),
    )


def _placed_lines(issue: Issue, plan: str | None) -> list[Line]:
    """The lines of an issue; above counties the units carry the names of their places, which tell them apart."""
    lines = lines_of(issue, Part(plan))
    if len(issue.region_code) >= COUNTY_DIGITS:
        return lines
    names: dict[str, str] = {}
    for code in {line.region_code for line in lines}:
        around = [each for each in issue.places if code.startswith(each) and each != issue.region_code]
        names[code] = issue.places[max(around, key=len)] if around else ""
    return [replace(line, units=[f"{names[line.region_code]}{unit}" for unit in line.units]) for line in lines]


def _told(issue: Issue, lines: Sequence[Line], is_whole: bool) -> Told:
    on, last = office_day(issue.cut_off_at), issue_before(issue.region_code, issue.number)
    held = {line.plan_code for line in lines}
    return Told(
        region=issue.places.get(issue.region_code) or region_name(issue.region_code),
        number=issue.number,
        on=on,
        hour=f"{office_time(issue.cut_off_at):%H:%M}",
        lines=lines,
        plans={each["code"]: each["title"] for each in issue.plans if each["code"] in held},
        next_on=on + timedelta(days=WEEK_DAYS),
        last=office_day(last.cut_off_at) if last else None,
        sentence=issue.generated if is_whole else "",
        asks=issue.asks,
    )


def _cut_off(basis: Basis) -> str:
    on = basis.told.on
    return f"{on.year}年{on.month}月{on.day}日{basis.told.hour}"


def _tables(kind: BulletinKind, basis: Basis) -> list[Table]:
    bad = [line for line in basis.lines if line.light in {Light.OVERDUE, Light.SOON}]
    worst = [_worst_table(bad[:WORST_ROWS], basis.told.on)] if kind is BulletinKind.WEEK and bad else []
    shown = [each for each in basis.standings if each.total]
    return [*worst, _standing_table(shown)] if shown else worst


def _standing_table(standings: Sequence[Standing]) -> Table:
    first = "地区" if any(each.region for each in standings) else "单位"
    rows = [
        [
            each.name,
            str(each.total),
            *(str(each.lights.get(light, 0)) for light in (Light.OVERDUE, Light.SOON, Light.NORMAL, Light.CLOSED)),
            "—" if each.on_time.percent is None else f"{each.on_time.percent}%",
            "—" if each.place is None else str(each.place),
            str(each.stale),
        ]
        for each in standings
    ]
    numeric = frozenset(range(1, len(STANDING_COLUMNS)))
    return Table(f"各{first}情况", (first, *STANDING_COLUMNS[1:]), rows, (28, 9, 9, 9, 9, 9, 10, 8, 9), numeric)


def _worst_table(lines: Sequence[Line], on: date) -> Table:
    rows = [
        [
            line.title,
            _answering(line),
            _deadline(line, on),
            str(line.days_late) if line.days_late else "—",
            _change(line),
        ]
        for line in lines
    ]
    return Table("最急的任务", WORST_COLUMNS, rows, (38, 22, 15, 9, 16), frozenset({3}))


def _list_table(title: str, lines: Sequence[Line], on: date) -> Table:
    rows = [
        [
            str(place),
            line.number or "",
            line.title,
            _answering(line),
            _deadline(line, on),
            str(line.days_late) if line.days_late else "—",
            SIGNS[line.light],
            _cut(" ".join((line.last_words or "").split())) or "尚未填报",
        ]
        for place, line in enumerate(lines, 1)
    ]
    return Table(title, LIST_COLUMNS, rows, (5, 7, 28, 16, 11, 6, 9, 18), frozenset({0, 5}))


def _answering(line: Line) -> str:
    return "、".join(line.units) or "方案未列单位"


def _deadline(line: Line, on: date) -> str:
    """03-06 within the year of the cut-off, as PAGES writes dates in tables."""
    if line.due_on is None:
        return line.deadline_text or "未定"
    return f"{line.due_on:%m-%d}" if line.due_on.year == on.year else line.due_on.isoformat()


def _change(line: Line) -> str:
    if line.light_before and has_become(line.light, line.light, line.light_before):
        return f"{SIGNS[line.light_before]}→{SIGNS[line.light]}"
    return SIGNS[line.light]


def _cut(text: str) -> str:
    return text if len(text) <= WORDS_SHOWN else f"{text[: WORDS_SHOWN - 1]}…"
