"""自评: a county as the inspectors would score it, by a framework and as of a day; on paper and as an Excel file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.documents.ledger_sheet import Sheet, SheetColumn, Value, book_of
from tracker.queries.county_values import values_in_force
from tracker.queries.reach import Reach
from tracker.queries.verdicts import verdict_of
from tracker.rules.clocks import YEARS
from tracker.rules.file_names import safe_file_name
from tracker.rules.permissions import Can
from tracker.rules.self_evaluation import Missing, Points, missing_of, tally_of
from tracker.rules.verdicts import Verdict
from tracker.translations import in_language
from tracker.views.access import needs
from tracker.views.condition_words import figure_name
from tracker.views.counties import choose_county
from tracker.views.evaluation_sentences import conclusion, missing_numbers, tally_words
from tracker.views.evaluation_words import Line, Row, rows_of, who_says
from tracker.views.framework_choice import Choice, asked_choice
from tracker.views.ledger_export import EXCEL
from tracker.views.words import word

place = Blueprint("self_evaluation", __name__)

LONGEST_DAY = 10


@dataclass(frozen=True)
class Evaluation:
    """What the page and the file show: the choice, the day, the verdict with its rows, and what is missing."""

    choice: Choice
    on: date
    verdict: Verdict
    rows: list[Row]
    vetoes: list[Line]
    missing: Missing

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows by group."""
        return [(name, list(rows)) for name, rows in groupby(self.rows, key=lambda row: in_language(row.item, "group"))]

    @property
    def sentence(self) -> str:
        """The sentence on top."""
        return conclusion(self.verdict, self.choice.framework.name, self.on)

    @property
    def is_scored(self) -> bool:
        """Whether the framework scores."""
        return self.verdict.score is not None


@place.get("/self-evaluation")
@needs(Can.SEE_INDICATORS)
def self_evaluation() -> ResponseReturnValue:
    """The mock evaluation of a county; above a county one is to be chosen."""
    choice, on = asked_choice(), asked_day()
    if isinstance(choice, Reach):
        return to_choose(choice)
    asked = {"on": on.isoformat() if request.args.get("on") else None}
    here = choice.address(framework=request.args.get("framework") or None)
    found = evaluated(choice, on)
    return render_template(
        "self_evaluation/self_evaluation.html",
        evaluation=found,
        choice=choice,
        address=lambda **changes: url_for("self_evaluation.self_evaluation", **choice.address(**(asked | changes))),
        sheet=url_for("self_evaluation.export", **choice.address(**asked)),
        value_address=lambda figure: url_for("county_values.figure", figure=figure, **here),
        school_address=lambda school: url_for("schools.school", school_id=school.id),
        item_address=lambda code: url_for("indicators.indicator", code=code, **here),
        figure_name=lambda code: figure_name(code, choice.standard),
        missing_numbers=missing_numbers,
        veto_word=veto_word,
        group_words=lambda name, rows: tally_words(name, tally_of(rows)),
    )


@place.get("/self-evaluation.xlsx")
@needs(Can.EXPORT)
def export() -> ResponseReturnValue:
    """The tables of the page as an Excel file."""
    choice, on = asked_choice(), asked_day()
    if isinstance(choice, Reach):
        raise BadRequest
    found = evaluated(choice, on)
    name = safe_file_name(f"{choice.region.name}{_('自评')}{on:%Y%m%d}.xlsx")
    content = book_of(_("自评"), sheets_of(found), clock.now())
    return send_file(BytesIO(content), mimetype=EXCEL, as_attachment=True, download_name=name, max_age=0)


def evaluated(choice: Choice, on: date) -> Evaluation:
    """Judge a county and put the rows together."""
    verdict = verdict_of(choice.standard, choice.region.code, on)
    values = values_in_force(choice.region.code, on)
    vetoes = [
        Line(veto.title, finding, says=who_says(values.get(veto.figure)), number=veto.number)
        for veto, finding in verdict.vetoes
    ]
    return Evaluation(choice, on, verdict, rows_of(verdict, values), vetoes, missing_of(verdict))


def asked_day() -> date:
    """The day in the address, today without one. Raises BadRequest for what is no day."""
    text = request.args.get("on", "").strip()
    if not text:
        return clock.today()
    try:
        asked = date.fromisoformat(text) if len(text) == LONGEST_DAY else None
    except ValueError:
        raise BadRequest from None
    if asked is None or asked.year not in YEARS:
        raise BadRequest
    return asked


def to_choose(reach: Reach) -> ResponseReturnValue:
    """Above a county: which one is meant."""
    return choose_county(reach, _("自评"), "self_evaluation.self_evaluation")


def sheets_of(found: Evaluation) -> Iterator[Sheet]:
    """The tables of the page: the items, the vetoes, and what is missing."""
    head = [found.choice.region.name, found.sentence]
    columns = [
        SheetColumn(_("编号"), 10),
        SheetColumn(_("类别"), 16),
        SheetColumn(_("指标和要求"), 50, True),
        SheetColumn(_("等级"), 6),
        SheetColumn(_("分值"), 8),
        SheetColumn(_("得分"), 8),
        SheetColumn(_("扣分"), 8),
        SheetColumn(_("未定分"), 8),
        SheetColumn(_("结论"), 12),
        SheetColumn(_("依据"), 60, True),
        SheetColumn(_("谁提供"), 30, True),
    ]
    yield Sheet(_("自评"), head, columns, item_rows(found.rows))
    veto = [SheetColumn(_("编号"), 10), SheetColumn(_("一票否决事项"), 60, True), SheetColumn(_("结论"), 12)]
    if found.vetoes:
        yield Sheet(_("一票否决"), head, veto, [(each.number, each.text, veto_word(each)) for each in found.vetoes])
    lacking = [
        SheetColumn(_("在哪里填"), 30),
        SheetColumn(_("缺什么"), 60, True),
        SheetColumn(_("影响的指标"), 30, True),
    ]
    yield Sheet(_("缺的数据"), head, lacking, missing_rows(found))


def item_rows(rows: Sequence[Row]) -> Iterator[Sequence[Value]]:
    """Each item with its points, and below it a line for each thing that was asked."""
    for row in rows:
        head = (row.number, in_language(row.item, "group"), in_language(row.item, "title"), row.item.grade)
        yield (*head, *amounts(row.points), word(row.finding), "", "")
        for line in row.lines:
            yield (line.number, "", line.text, None, *amounts(line.points), word(line.finding), line.written, line.says)


def amounts(points: Points | None) -> tuple[Value, Value, Value, Value]:
    """Points as they stand in four columns; what was awarded of something that nobody knows is left open."""
    if points is None:
        return (None,) * 4
    return points.whole, None if points.unknown == points.whole else points.awarded, points.lost, points.unknown


def missing_rows(found: Evaluation) -> Iterator[Sequence[Value]]:
    """Where something is to be entered, what it is, and which items wait for it."""
    for figure in found.missing.figures:
        yield _("县级数值"), figure_name(figure.code, found.choice.standard), _("、").join(figure.items)
    for each in found.missing.schools:
        yield each.school.name, missing_numbers(each), ""


def veto_word(line: Line) -> str:
    """Whether a reason to refuse is there."""
    return {"met": _("没有"), "short": _("有")}.get(line.finding, _("未答"))
