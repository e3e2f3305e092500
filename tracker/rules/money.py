"""资金: the kinds and sources of a project's money, and what its sums say against each other."""

from __future__ import annotations

from enum import StrEnum


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
