"""The sentences on top of the pages of indicators: what is found, by how much, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from tracker.rules.closing import Closing, all_closed, closings
from tracker.rules.measures import Finding
from tracker.rules.verdicts import ItemVerdict, SpreadVerdict, Verdict
from tracker.translations import gettext as _
from tracker.translations import ngettext
from tracker.views.condition_words import fixed, value_unit
from tracker.views.indicator_list import StageLine
from tracker.views.indicator_words import figure_unit
from tracker.views.words import number

MOST_NAMED = 5
MOST_SILENT = 3


@dataclass(frozen=True)
class Sums:
    """How much of a standard a county meets: items, units that pass, coefficients within their limits."""

    items: dict[Finding, int]
    units: dict[Finding, int]
    spreads: dict[Finding, int]
    silent: list[str]

    @property
    def all_items(self) -> int:
        """The items that ask something of this county."""
        return sum(count for finding, count in self.items.items() if finding is not Finding.NONE)

    @property
    def met_items(self) -> int:
        """The items that are met, those within the tolerance included."""
        return self.items[Finding.MET] + self.items[Finding.TOLERATED]

    @property
    def all_units(self) -> int:
        """The school units that count."""
        return sum(count for finding, count in self.units.items() if finding is not Finding.NONE)

    @property
    def passing_units(self) -> int:
        """The units that pass."""
        return self.units[Finding.MET] + self.units[Finding.TOLERATED]

    @property
    def all_spreads(self) -> int:
        """The coefficients that are limited."""
        return sum(count for finding, count in self.spreads.items() if finding is not Finding.NONE)


def sums_of(verdict: Verdict) -> Sums:
    """The sums of a verdict."""
    spreads = [each for condition in verdict.conditions.values() for each in condition.spreads]
    return Sums(
        _counted([each.finding for each in verdict.items]),
        _counted([each.finding for each in verdict.units]),
        _counted([each.finding for each in spreads]),
        [each.school.name for each in verdict.schools if each.is_silent],
    )


def code_of(found: ItemVerdict) -> str:
    """The code by which an item is known: the national one, or the list's own number."""
    return found.item.national or found.item.number or found.item.code


def _counted(findings: Sequence[Finding]) -> dict[Finding, int]:
    return {finding: findings.count(finding) for finding in Finding}


def verdict_sentences(verdict: Verdict, sums: Sums) -> list[str]:
    """Why a county is found as it is, the worst first, and what is not known; nothing where there is nothing to say."""
    said = []
    if failing := [code_of(each) for each in verdict.items if each.finding is Finding.SHORT]:
        named = _("、").join(failing[:MOST_NAMED])
        more = _("%(named)s 等", named=named) if len(failing) > MOST_NAMED else named
        said.append(_("%(count)d 项指标未达标（%(named)s）", count=len(failing), named=more))
    if short := sums.units[Finding.SHORT]:
        said.append(_("%(all)d 个学校单元中 %(count)d 个未通过", all=sums.all_units, count=short))
    if over := sums.spreads[Finding.SHORT]:
        said.append(_("%(all)d 个差异系数中 %(count)d 个超过上限", all=sums.all_spreads, count=over))
    if there := sum(finding is Finding.SHORT for _veto, finding in verdict.vetoes):
        said.append(ngettext("有 %(num)d 项一票否决事项", "有 %(num)d 项一票否决事项", there))
    if not said and verdict.finding is Finding.MET:
        said.append(_("%(count)d 项指标全部达标", count=sums.all_items))
    return said


def unknown_sentences(sums: Sums) -> list[str]:
    """What is not known of a county: schools without numbers, indicators without an answer."""
    said = []
    if sums.silent:
        names = _("、").join(sums.silent[:MOST_SILENT])
        said.append(
            _("%(count)d 所学校没有本学年数据（%(names)s）", count=len(sums.silent), names=names)
            if len(sums.silent) <= MOST_SILENT
            else _("%(count)d 所学校没有本学年数据（%(names)s 等）", count=len(sums.silent), names=names)
        )
    if unknown := sums.items[Finding.UNKNOWN]:
        said.append(_("%(count)d 项指标因缺数未评", count=unknown))
    return said


def school_year_words(year: int | None) -> str:
    """2026—2027 学年; empty for none."""
    return "" if year is None else _("%(first)d—%(second)d 学年", first=year, second=year + 1)


def stage_sentence(line: StageLine) -> str:
    """县均 11.4㎡（标准不低于 10.2），12 所中 3 所未达标，差异系数 0.52，超过 0.45."""
    unit = value_unit(line.condition)
    short = line.asked - line.met - line.unknown
    said = [
        _("县均 %(mean)s%(unit)s（标准%(bound)s）", mean=line.mean, unit=unit, bound=line.bound),
        _("%(asked)d 所中 %(short)d 所未达标", asked=line.asked, short=short)
        if short
        else _("%(asked)d 所全部达标", asked=line.asked)
        if not line.unknown
        else _("%(asked)d 所中 %(met)d 所达标", asked=line.asked, met=line.met),
    ]
    if line.unknown:
        said.append(_("%(count)d 所缺数未评", count=line.unknown))
    if line.spread:
        said.append(spread_words(line.spread, line.coefficient))
    return _("，").join(said)


def spread_words(spread: SpreadVerdict, shown: str) -> str:
    """差异系数 0.52，超过 0.45; what is unknown leaves it open."""
    limit = f"{spread.limit}"
    if spread.coefficient is None:
        return _("差异系数未评")
    if spread.finding is Finding.SHORT:
        return _("差异系数 %(value)s，超过 %(limit)s", value=shown, limit=limit)
    if spread.finding is Finding.UNKNOWN:
        return _("差异系数暂为 %(value)s（上限 %(limit)s），缺数补齐后才能认定", value=shown, limit=limit)
    return _("差异系数 %(value)s，不超过 %(limit)s", value=shown, limit=limit)


def closing_sentences(spread: SpreadVerdict) -> list[str]:
    """若补齐某校缺口 620㎡，系数降至 0.44: for the few schools that help most, and for all of them together."""
    singly = closings(spread)
    said = [
        _(
            "若补齐%(school)s缺口 %(amount)s，差异系数降至 %(value)s%(kept)s",
            school=each.units[0].school.name,
            amount=amount_words(spread, each),
            value=fixed(each.value, spread.limit),
            kept=_kept_words(each),
        )
        for each in singly
    ]
    together = all_closed(spread)
    if together and len(together.units) > 1:
        said.append(
            _(
                "若 %(count)d 所全部补齐（共 %(amount)s），差异系数为 %(value)s%(kept)s",
                count=len(together.units),
                amount=amount_words(spread, together),
                value=fixed(together.value, spread.limit),
                kept=_kept_words(together),
            )
        )
    return said


def _kept_words(closing: Closing) -> str:
    if closing.finding is Finding.MET:
        return _("，达标")
    return _("，仍超上限") if closing.finding is Finding.SHORT else ""


def amount_words(spread: SpreadVerdict, closing: Closing) -> str:
    """What fills the gaps, in things, each school rounded up by itself: 620㎡, 3 人."""
    condition = spread.condition
    amounts = [each.judged[condition.code].lacking for each in closing.units]
    return whole_amount(condition.plus[0], sum(whole(each) for each in amounts if each is not None))


def whole(amount: Decimal) -> Decimal:
    """An amount rounded up to whole things."""
    return amount.to_integral_value(ROUND_CEILING)


def whole_amount(figure: str, amount: Decimal | int) -> str:
    """A whole amount with its unit: 1,800 ㎡."""
    return f"{number(Decimal(amount))} {figure_unit(figure)}"
