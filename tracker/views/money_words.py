"""The words of a project's money: amounts with their unit, and what its sums say against each other."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask
from flask_babel import gettext as _

from tracker.queries.money import Kinds, MoneyTotals
from tracker.rules.money import WAN, Doubt, MoneyKind, MoneyQuestion
from tracker.rules.schedules import Invested
from tracker.translations import ENGLISH, chosen_language, offer_filters
from tracker.views.words import word


def register(app: Flask) -> None:
    """Offer the words to every template."""
    app.jinja_env.globals.update(MoneyKind=MoneyKind, source_rows=source_rows, year_rows=year_rows)
    offer_filters(
        app, amount_text=amount_text, apart_text=apart_text, exact_money=exact_money, money_question=question_text
    )


def exact_money(yuan: int) -> str:
    """An amount to the yuan in 万元, or in millions in English, with no idle zeros."""
    if chosen_language() == ENGLISH:
        return f"{Decimal(yuan) / 1_000_000:,.6f}".rstrip("0").rstrip(".")
    return f"{Decimal(yuan) / WAN:,.4f}".rstrip("0").rstrip(".")


def amount_text(yuan: int | None) -> str:
    """An amount with its unit as the pages write it; a dash where it is unknown."""
    return _("%(amount)s 万元", amount=exact_money(yuan)) if yuan is not None else "—"


def question_text(question: MoneyQuestion) -> str:
    """A doubt about a project's sums in a sentence with its figures."""
    amounts = {
        "amount": amount_text(question.amount),
        "against": amount_text(question.against),
        "more": amount_text(question.difference),
    }
    words = {
        Doubt.PAID_ABOVE_ALLOCATED: _("支付 %(amount)s，超过到位 %(against)s，多 %(more)s。", **amounts),
        Doubt.PAID_WITHOUT_ALLOCATED: _("已支付 %(amount)s，但没有登记到位资金。", **amounts),
        Doubt.ALLOCATED_ABOVE_PLANNED: _("到位 %(amount)s，超过计划投资 %(against)s，多 %(more)s。", **amounts),
        Doubt.LEDGER_ABOVE_BUDGET: _("台账的计划资金 %(amount)s，超过方案投资 %(against)s，多 %(more)s。", **amounts),
        Doubt.CONTRACT_ABOVE_BUDGET: _("合同金额 %(amount)s，超过方案投资 %(against)s，多 %(more)s。", **amounts),
        Doubt.PLANNED_NEGATIVE: _("计划资金合计为负：%(amount)s。", **amounts),
        Doubt.ALLOCATED_NEGATIVE: _("到位资金合计为负：%(amount)s。", **amounts),
        Doubt.PAID_NEGATIVE: _("支付合计为负：%(amount)s。", **amounts),
    }
    return words[question.doubt]


def apart_text(money: Invested) -> str:
    """What stands apart from the shares of an investment; empty where nothing does."""
    if not money.unplanned:
        return ""
    words = {
        MoneyKind.ALLOCATED: _("到位 %(amount)s", amount=amount_text(money.apart.get(MoneyKind.ALLOCATED))),
        MoneyKind.PAID: _("支付 %(amount)s", amount=amount_text(money.apart.get(MoneyKind.PAID))),
    }
    said = [text for kind, text in words.items() if kind in money.apart]
    return _("%(count)d 个项目没有投资计划，%(sums)s不计入比例。", count=money.unplanned, sums=_("、").join(said))


def source_rows(totals: MoneyTotals) -> list[tuple[str, Kinds]]:
    """The sums by source with the words of the sources."""
    return [(word(source) if source else _("文件未注明"), kinds) for source, kinds in totals.by_source]


def year_rows(totals: MoneyTotals) -> list[tuple[str, Kinds]]:
    """The sums by year with the words of the years."""
    return [(_("%(year)s年", year=year) if year else _("不分年度"), kinds) for year, kinds in totals.by_year]
