"""年度考核 in words: what the figures are called, and the rules as they are printed under every sheet."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.rules.appraisals import Figure
from tracker.rules.overview import RANKED_FROM
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

FIGURES = {
    Figure.DUE: _l("应办"),
    Figure.IN_TIME: _l("按时"),
    Figure.LATE: _l("逾期"),
    Figure.DAYS_LATE: _l("逾期天数"),
    Figure.EXTENSIONS: _l("延期"),
    Figure.RETURNS: _l("退回"),
    Figure.PERIODS_MISSED: _l("缺报"),
    Figure.OWN_DUE: _l("独办应办"),
    Figure.OWN_IN_TIME: _l("独办按时"),
}


def rules(has_before: bool, is_over: bool) -> Sequence[str]:
    """The rules of a sheet, one a line; what a year lacks is said."""
    said = [
        _("数字全部取自已冻结的周览；任务按本年度最后一期有该任务的周览计算，其后的变动不影响本表。"),
        _("应办：现行时限在本年度内、已经到期或已提交的任务；待重定时限和已中止的任务不计。"),
        _("按时：在当时有效的时限内提交的应办任务；提交后等待核验的时间不算逾期。按时率＝按时÷应办。"),
        _("逾期：应办任务中没有按时提交的；逾期天数计到提交之日，没有提交的计到数据截至之日。"),
        _("延期、退回、缺报：本年度内经单位申请批准的延期次数、被退回的次数和没有填报的周期数。"),
        _("几个单位共同负责的任务，各单位都计；位次只看一个单位独自负责的任务（独办）的按时率。"),
        _("独办应办满%(count)d项的单位才排位次；按时率相同的位次相同。", count=RANKED_FROM),
    ]
    if not has_before:
        said.append(_("本年度以前没有周览，延期、退回、缺报从任务开始之日计起。"))
    if not is_over:
        said.append(_("本年度尚未结束，时限在数据截至之日以后的任务还没有计入。"))
    return said
