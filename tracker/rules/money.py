"""资金: kinds and sources of a project's money, amounts as people write them, what its sums say of each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.rounding import percent_shown

WAN, YI = 10_000, 100_000_000  # yuan in one 万元, in one 亿元
LARGEST_YUAN = 10**12
LONGEST_AMOUNT = 40
TENTH = Decimal("0.1")
_NUMBER = r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,12})?"
_WHOLE = r"[0-9]{1,4}|[0-9],[0-9]{3}"
_SIGN = r"(?P<sign>[-−]?)\s*[¥￥]?\s*"
_ONE_UNIT = re.compile(rf"{_SIGN}(?P<number>{_NUMBER})\s*(?P<unit>万亿元|万亿|亿元|亿|万元|万|元)?整?")
# 一亿两千万元 in two steps: a step below has less than the one above counts in.
_STEPS = re.compile(
    rf"{_SIGN}(?:(?P<yi>{_WHOLE})\s*亿\s*)?(?:(?P<wan>{_WHOLE}|[0-9]{{1,4}}\.[0-9]{{1,4}})\s*万\s*)?(?P<yuan>{_WHOLE})?\s*元整?"
)
_UNITS = {"万亿元": WAN * YI, "万亿": WAN * YI, "亿元": YI, "亿": YI, "万元": WAN, "万": WAN, "元": 1, None: WAN}
# 5千万 is 5000万, and 1 000 万元 is 1000 万元; without a unit behind them spaces say nothing certain.
_THOUSANDS = re.compile(r"(?<![0-9.,])(?P<digit>[1-9])千(?=\s*万)")
_SPACED = re.compile(
    r"(?<![0-9.,])(?<![0-9][ \u00a0\u202f])[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+(?=(?:\.[0-9]+)?\s*[亿万元])"
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


class MoneyKind(StrEnum):
    """计划、到位、支付."""

    PLANNED = "planned"
    ALLOCATED = "allocated"
    PAID = "paid"


class MoneySource(StrEnum):
    """中央、省、市、县的资金，专项债券、贷款、社会资金，其他."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    BOND = "bond"
    LOAN = "loan"
    SOCIAL = "social"
    OTHER = "other"


def entry_refusal(kind: MoneyKind, amount: int, on: date | None, for_year: int | None, today: date) -> str | None:
    """Why an entry may not stand in the ledger: amount_zero, day_missing, day_ahead or year_unasked; None where it may.

    Money moves on a day that has come; only what is planned is meant for a year.
    """
    if amount == 0:
        return "amount_zero"
    if kind is not MoneyKind.PLANNED and on is None:
        return "day_missing"
    if on is not None and on > today:
        return "day_ahead"
    return "year_unasked" if kind is not MoneyKind.PLANNED and for_year is not None else None


class AmountFault(StrEnum):
    """Why what was typed is no amount."""

    UNREADABLE = "unreadable"
    FRACTION = "fraction"
    TOO_LARGE = "too_large"


class AmountRefused(ValueError):
    """What was typed is no amount of money; ``fault`` says why."""

    def __init__(self, fault: AmountFault) -> None:
        super().__init__(fault)
        self.fault = fault


def read_amount(text: str) -> int:
    """Whole yuan from what a person wrote: "3400万元", "1.2亿元", "1亿2千万元", "56000元"; a bare number counts 万元.

    Less than zero with a leading minus. Raises AmountRefused.
    """
    plain = text.translate(_FULL_WIDTH).strip()
    if len(plain) > LONGEST_AMOUNT:
        raise AmountRefused(AmountFault.UNREADABLE)
    plain = _SPACED.sub(lambda found: "".join(found[0].split()), _THOUSANDS.sub(r"\g<digit>000", plain))
    amount = _amount(plain)
    if amount is None:
        raise AmountRefused(AmountFault.UNREADABLE)
    if abs(amount) > LARGEST_YUAN:
        raise AmountRefused(AmountFault.TOO_LARGE)
    if amount != int(amount):
        raise AmountRefused(AmountFault.FRACTION)
    return int(amount)


def _amount(plain: str) -> Decimal | None:
    found = _ONE_UNIT.fullmatch(plain)
    if found:
        amount = _decimal(found["number"]) * _UNITS[found["unit"]]
    else:
        # "1亿2000万" may leave out the 元; a bare number behind a unit, as in "1亿2", says nothing certain.
        found = _STEPS.fullmatch(
            plain if plain.endswith(("元", "整")) else f"{plain}元" if plain.endswith("万") else ""
        )
        if not found or not (found["yi"] or found["wan"]):
            return None
        amount = sum(
            (_decimal(found[name]) * size for name, size in (("yi", YI), ("wan", WAN), ("yuan", 1))), Decimal()
        )
    return -amount if found["sign"] else amount


def _decimal(written: str | None) -> Decimal:
    return Decimal((written or "0").replace(",", ""))


def amount_words(yuan: int) -> str:
    """An amount as one writes it: in 亿元 where two decimals say it exactly, else in 万元; read_amount reads it."""
    size, unit = (YI, "亿元") if abs(yuan) >= YI and yuan % (YI // 100) == 0 else (WAN, "万元")
    number = f"{Decimal(yuan) / size:,.4f}".rstrip("0").rstrip(".")
    return f"{number} {unit}"


def amount_typed(yuan: int | None) -> str:
    """An amount as a form offers it for change: in 万元 without separators, empty where there is none."""
    return "" if yuan is None else f"{Decimal(yuan) / WAN:.4f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class MoneySums:
    """What is known of a project's money in whole yuan, None where nobody said.

    ``budget`` is the plan's own figure; ``entered`` (planned), ``allocated`` and ``paid`` are the sums of the ledger.
    """

    budget: int | None = None
    entered: int | None = None
    allocated: int | None = None
    paid: int | None = None
    contract: int | None = None

    @property
    def planned(self) -> int | None:
        """The investment: what the plan states, else the sum of what the ledger plans."""
        return self.budget if self.budget is not None else self.entered

    @property
    def allocated_share(self) -> Decimal | None:
        """What is allocated in percent of what is planned, with one decimal."""
        return share_of(self.allocated, self.planned)

    @property
    def paid_share(self) -> Decimal | None:
        """What is paid in percent of what is planned, with one decimal."""
        return share_of(self.paid, self.planned)


def money_sums(
    budget_yuan: int | None, by_kind: Mapping[MoneyKind, int], contract_yuan: int | None = None
) -> MoneySums:
    """The sums of a project by its plan's budget and the sums of its ledger by kind."""
    return MoneySums(
        budget=budget_yuan,
        entered=by_kind.get(MoneyKind.PLANNED),
        allocated=by_kind.get(MoneyKind.ALLOCATED),
        paid=by_kind.get(MoneyKind.PAID),
        contract=contract_yuan,
    )


def share_of(part: int | None, whole: int | None, step: Decimal = TENTH) -> Decimal | None:
    """A part in percent of the whole, by tenths; None where either is unknown or the whole is not above zero."""
    if part is None or whole is None or whole <= 0:
        return None
    return percent_shown(Decimal(part) / whole, step)


class Doubt(StrEnum):
    """What sums of money say against each other."""

    PAID_ABOVE_ALLOCATED = "paid_above_allocated"
    PAID_WITHOUT_ALLOCATED = "paid_without_allocated"
    ALLOCATED_ABOVE_PLANNED = "allocated_above_planned"
    LEDGER_ABOVE_BUDGET = "ledger_above_budget"
    CONTRACT_ABOVE_BUDGET = "contract_above_budget"
    PLANNED_NEGATIVE = "planned_negative"
    ALLOCATED_NEGATIVE = "allocated_negative"
    PAID_NEGATIVE = "paid_negative"


@dataclass(frozen=True, slots=True)
class MoneyQuestion:
    """A doubt with its figures in whole yuan: the amount that surprises and what it is held against."""

    doubt: Doubt
    amount: int
    against: int = 0

    @property
    def difference(self) -> int:
        """By how much the amount is above what it is held against."""
        return self.amount - self.against


def questions_of(sums: MoneySums) -> tuple[MoneyQuestion, ...]:
    """What is to be asked about a project's sums; nothing of it is an error by itself, and nothing blocks."""
    pairs = (
        (Doubt.PAID_ABOVE_ALLOCATED, sums.paid, sums.allocated),
        (Doubt.ALLOCATED_ABOVE_PLANNED, sums.allocated, sums.planned),
        (Doubt.LEDGER_ABOVE_BUDGET, sums.entered, sums.budget),
        (Doubt.CONTRACT_ABOVE_BUDGET, sums.contract, sums.budget),
    )
    found = [
        MoneyQuestion(doubt, amount, against)
        for doubt, amount, against in pairs
        if amount is not None and against is not None and amount > against
    ]
    if sums.allocated is None and sums.paid is not None and sums.paid > 0:
        found.insert(0, MoneyQuestion(Doubt.PAID_WITHOUT_ALLOCATED, sums.paid))
    totals = (
        (Doubt.PLANNED_NEGATIVE, sums.entered),
        (Doubt.ALLOCATED_NEGATIVE, sums.allocated),
        (Doubt.PAID_NEGATIVE, sums.paid),
    )
    return (*found, *(MoneyQuestion(doubt, total) for doubt, total in totals if total is not None and total < 0))
