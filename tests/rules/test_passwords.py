"""Which passwords are refused, and that a password is kept whole."""

from __future__ import annotations

import pytest

from tracker.rules.passwords import (
    HashCost,
    PasswordFault,
    hash_password,
    is_outdated,
    one_time_password,
    password_fault,
    password_matches,
)

CHEAP = HashCost(1, 8)
REFUSED = [
    ("7-Kettles!x", PasswordFault.TOO_SHORT),
    ("", PasswordFault.TOO_SHORT),
    ("Xingguo@2023!", PasswordFault.SIMPLE),
    ("2026#xingguoxian", PasswordFault.SIMPLE),
    ("ouyangjingyu123", PasswordFault.SIMPLE),
    ("Zhangwei19860317", PasswordFault.SIMPLE),
    ("tracker-2026!!", PasswordFault.COMMON),
    ("P@ssw0rd2024", PasswordFault.COMMON),
    ("password1234", PasswordFault.COMMON),
    ("1q2w3e4r5t6y", PasswordFault.COMMON),
    ("qwertyuiop[]", PasswordFault.COMMON),
    ("administrator", PasswordFault.COMMON),
    ("aaaaaaaaaaaaaa", PasswordFault.SIMPLE),
    ("138001380001", PasswordFault.SIMPLE),
    ("zyxwvutsrqpo", PasswordFault.SIMPLE),
    ("lamp7lamp7lamp7lamp7", PasswordFault.SIMPLE),
    ("our-finance.zhang-works", PasswordFault.NAMES_ITS_OWNER),
    ("OUR FINANCE.ZHANG 七点", PasswordFault.NAMES_ITS_OWNER),
    ("欧阳静雨每天早上都来上班", PasswordFault.NAMES_ITS_OWNER),
    ("copper river 71 " * 8 + "!", PasswordFault.TOO_LONG),
]


@pytest.mark.parametrize(("password", "fault"), REFUSED)
def test_a_weak_password_is_refused_with_its_reason(password: str, fault: PasswordFault) -> None:
    assert password_fault(password, "finance.zhang", "欧阳静雨") is fault


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "郑重 承诺 七月 按期 交付 校舍",
        "我们的学校在河边很漂亮啊",
        "r4vine-Copper-71",
        "Kq7!" * 3 + "mLp2",
        "七里河边 copper river 71 " * 5 + "nights",
    ],
)
def test_phrases_spaces_and_every_script_are_welcome(password: str) -> None:
    assert password_fault(password, "finance.zhang", "欧阳静雨") is None


def test_one_time_passwords_pass_their_own_rules_and_differ() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert not [password for password in made if password_fault(password, "finance.zhang", "欧阳静雨")]


def test_nothing_of_a_long_password_is_cut_off() -> None:
    phrase = "七里 河边的 学校 要在九月前 交付 " * 3 + "tail-of-the-phrase"
    kept = hash_password(phrase, CHEAP)
    assert password_matches(kept, phrase, CHEAP)
    assert not password_matches(kept, phrase[:-1], CHEAP)
    assert not password_matches(kept, phrase.strip() + " ", CHEAP)


def test_full_width_letters_are_the_plain_ones() -> None:
    assert password_matches(hash_password("ｃｏｐｐｅｒ river 71", CHEAP), "copper river 71", CHEAP)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert hash_password("copper river 71", CHEAP) != hash_password("copper river 71", CHEAP)


@pytest.mark.parametrize("kept", [None, "", "!", "$argon2id$broken"])
def test_without_a_usable_hash_no_password_matches(kept: str | None) -> None:
    assert not password_matches(kept, "copper river 71", CHEAP)


def test_a_hash_of_another_cost_is_outdated() -> None:
    kept = hash_password("copper river 71", CHEAP)
    assert not is_outdated(kept, CHEAP)
    assert is_outdated(kept, HashCost(2, 16))
