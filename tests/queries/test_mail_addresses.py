"""The rule of mail addresses in SQL agrees with the rule itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tracker.models import db
from tracker.queries.mail_addresses import is_address
from tracker.rules.mail_addresses import is_mail_address

ADDRESSES = [
    "a@b.cn",
    "zhang.san+x%y@mail-1.example.gov.cn",
    "ZHANG_SAN@EXAMPLE.CN",
    "_a@b.cn",
    f"{'a' * 64}@example.cn",
    f"{'a' * 65}@example.cn",
    f"a@{'b' * 63}.cn",
    f"a@{'b' * 64}.cn",
    f"a@{'b.' * 125}cn",
    f"ab@{'b.' * 125}cn",
    "",
    "a",
    "张三@财政局",
    "张三@example.cn",
    "a@财政局.cn",
    "a@b",
    "a@b.c",
    "a@b.c1",
    ".a@b.cn",
    "a.@b.cn",
    "a..b@c.cn",
    "a@b..cn",
    "a@-b.cn",
    "a@b-.cn",
    "a@@b.cn",
    "a@b@c.cn",
    "a@b.cn\n",
    "\na@b.cn",
    "a@b.cn ",
    "a b@c.cn",
    "a@b.cn,c@d.cn",
    "ａ@b.cn",
    "é@b.cn",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_both_say_the_same_of_an_address(app: Flask, text: str) -> None:
    assert db.session.scalar(sa.select(is_address(sa.literal(text)))) == is_mail_address(text)


def test_nothing_is_no_address(app: Flask) -> None:
    assert not db.session.scalar(sa.select(is_address(sa.cast(sa.null(), sa.String))))
