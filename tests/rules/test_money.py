"""Amounts of money as people write them, and what the sums of a project say against each other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.money import (
    LARGEST_YUAN,
    AmountFault,
    AmountRefused,
    Doubt,
    MoneyKind,
    MoneyQuestion,
    MoneySums,
    amount_typed,
    amount_words,
    money_sums,
    questions_of,
    read_amount,
    share_of,
)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("3400万元", 34_000_000),
        ("3400万", 34_000_000),
        ("3400", 34_000_000),
        ("3,400", 34_000_000),
        ("3,400.5", 34_005_000),
        ("３，４００．５", 34_005_000),
        ("３４００万元", 34_000_000),
        (" 3400 万元 ", 34_000_000),
        ("\u30003400\u3000", 34_000_000),
        ("3400\u00a0万元", 34_000_000),
        ("1.2亿元", 120_000_000),
        ("1.2亿", 120_000_000),
        ("1亿2000万元", 120_000_000),
        ("1亿2000万", 120_000_000),
        ("1亿 2,000 万元", 120_000_000),
        ("1亿元", 100_000_000),
        ("3400万5000元", 34_005_000),
        ("1亿2000万5600元", 120_005_600),
        ("56000元", 56_000),
        ("56,000元整", 56_000),
        ("¥56000元", 56_000),
        ("￥3400", 34_000_000),
        ("0.0001", 1),
        ("3400.0001万元", 34_000_001),
        ("0003", 30_000),
        ("0", 0),
        ("-0", 0),
        ("-50万元", -500_000),
        ("−50", -500_000),
        ("－50", -500_000),
        ("-1亿2000万元", -120_000_000),
        ("1000000000000元", LARGEST_YUAN),
        ("10000亿元", LARGEST_YUAN),
        ("-10000亿元", -LARGEST_YUAN),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, yuan: int) -> None:
    assert read_amount(typed) == yuan


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "-", "元", "万元", "亿", "abc", "三千万", "未定", "约3400万元", "3400万元左右"),
        *("NaN", "nan", "Infinity", "-inf", "1e5", "1E5万元", "0x10", "1_000", "10²", "①", "٣٤٠٠", "½"),
        *("3,40", "34,00", ",400", "3,400,", "3.4.5", "3..4", ".5", "5.", "3 400", "1;2"),
        *("--5", "+5", "5-", "(500)", "1亿2", "1亿2000", "2000万1亿", "1.5亿2000万元", "1亿20000万元", "1万2万元"),
        *("34千元", "3400 million", "$3400", "3400万万元", "3400元万", "=1+1", "<b>1</b>", "1\n2", "１²"),
        *("9" * 16, "9" * 41, "9" * 100_000, "0." + "1" * 13, "1" + " " * 60 + "2"),
    ],
)
def test_what_is_no_amount_is_refused_as_unreadable(typed: str) -> None:
    with pytest.raises(AmountRefused) as refused:
        read_amount(typed)
    assert refused.value.fault is AmountFault.UNREADABLE


@pytest.mark.parametrize("typed", ["0.00001", "56000.5元", "1.00005万元", "1.123456789亿", "-0.5元"])
def test_a_part_of_a_yuan_is_refused(typed: str) -> None:
    with pytest.raises(AmountRefused) as refused:
        read_amount(typed)
    assert refused.value.fault is AmountFault.FRACTION


@pytest.mark.parametrize(
    "typed", ["1000000000001元", "10000.0001亿元", "999999999999999", "-100000001万元", "100000001"]
)
def test_more_than_a_trillion_is_refused(typed: str) -> None:
    with pytest.raises(AmountRefused) as refused:
        read_amount(typed)
    assert refused.value.fault is AmountFault.TOO_LARGE


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (34_000_000, "3,400 万元"),
        (120_000_000, "1.2 亿元"),
        (123_456_789, "12,345.6789 万元"),
        (1, "0.0001 万元"),
        (-500_000, "-50 万元"),
        (-250_000_000, "-2.5 亿元"),
        (LARGEST_YUAN, "10,000 亿元"),
        (0, "0 万元"),
        (99_990_000, "9,999 万元"),
    ],
)
def test_an_amount_in_words_is_read_back_to_the_yuan(yuan: int, words: str) -> None:
    assert amount_words(yuan) == words
    assert read_amount(words) == yuan
    assert read_amount(amount_typed(yuan)) == yuan


def test_no_amount_is_typed_as_nothing() -> None:
    assert amount_typed(None) == ""


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (50, 200, Decimal("25.0")),
        (0, 200, Decimal("0.0")),
        (300, 200, Decimal("150.0")),
        (-20, 200, Decimal("-10.0")),
        (1, 3, Decimal("33.3")),
        (9_999_999, 10_000_000, Decimal("99.9")),
        (1, 10_000_000, Decimal("0.1")),
        (10_000_001, 10_000_000, Decimal("100.1")),
        (None, 200, None),
        (50, None, None),
        (50, 0, None),
        (50, -1, None),
    ],
)
def test_a_share_needs_both_figures_and_a_whole(part: int | None, whole: int | None, share: Decimal | None) -> None:
    assert share_of(part, whole) == share


def test_the_budget_of_the_plan_goes_before_what_the_ledger_plans() -> None:
    kinds = {MoneyKind.PLANNED: 90, MoneyKind.PAID: 10}
    assert money_sums(100, kinds) == MoneySums(budget=100, entered=90, allocated=None, paid=10)
    assert money_sums(100, kinds).planned == 100
    assert money_sums(None, kinds).planned == 90
    assert money_sums(None, {}).planned is None
    assert money_sums(0, kinds).planned == 0
    assert money_sums(100, kinds).paid_share == 10
    assert money_sums(100, kinds).allocated_share is None


@pytest.mark.parametrize(
    ("sums", "questions"),
    [
        (MoneySums(), []),
        (MoneySums(budget=100, entered=100, allocated=100, paid=100, contract=100), []),
        (MoneySums(budget=100, allocated=50, paid=60), [(Doubt.PAID_ABOVE_ALLOCATED, 60, 50)]),
        (MoneySums(budget=100, allocated=101), [(Doubt.ALLOCATED_ABOVE_PLANNED, 101, 100)]),
        (MoneySums(entered=100, allocated=101), [(Doubt.ALLOCATED_ABOVE_PLANNED, 101, 100)]),
        (MoneySums(budget=100, entered=120), [(Doubt.LEDGER_ABOVE_BUDGET, 120, 100)]),
        (MoneySums(entered=120), []),
        (MoneySums(budget=100, contract=130), [(Doubt.CONTRACT_ABOVE_BUDGET, 130, 100)]),
        (MoneySums(contract=130), []),
        (MoneySums(budget=100, paid=60), [(Doubt.PAID_WITHOUT_ALLOCATED, 60, 0)]),
        (MoneySums(budget=100, paid=0), []),
        (MoneySums(budget=0, allocated=1), [(Doubt.ALLOCATED_ABOVE_PLANNED, 1, 0)]),
        (MoneySums(allocated=5, paid=-3), [(Doubt.PAID_NEGATIVE, -3, 0)]),
        (MoneySums(entered=-2), [(Doubt.PLANNED_NEGATIVE, -2, 0)]),
        (MoneySums(allocated=-5, paid=1), [(Doubt.PAID_ABOVE_ALLOCATED, 1, -5), (Doubt.ALLOCATED_NEGATIVE, -5, 0)]),
    ],
)
def test_sums_that_contradict_each_other_are_questioned(
    sums: MoneySums, questions: list[tuple[Doubt, int, int]]
) -> None:
    assert questions_of(sums) == tuple(MoneyQuestion(*each) for each in questions)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("5千万", 50_000_000),
        ("5千万元", 50_000_000),
        ("1亿2千万", 120_000_000),
        ("1亿2千万元", 120_000_000),
        ("1万亿", 10**12),
        ("1 000 万元", 10_000_000),
        ("1 234 567元", 1_234_567),
        ("1\u00a0000万元", 10_000_000),
    ],
)
def test_thousands_are_read_in_words_and_with_spaces(text: str, yuan: int) -> None:
    assert read_amount(text) == yuan


@pytest.mark.parametrize("text", ["15千万", "5千", "1 00 万元", "1 0000 万元", "2万亿", "1 2 万元", "1,000 000元"])
def test_other_thousands_are_not_guessed(text: str) -> None:
    with pytest.raises(AmountRefused):
        read_amount(text)
