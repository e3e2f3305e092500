"""Which passwords are refused and why, and how a password is kept: Argon2id over the whole of it."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
REMEMBERED = 5  # passwords of the past that may not come back
FEWEST_KINDS = 5  # different characters in a password
LONGEST_NAME = 4  # syllables of a place's or a person's name
LONGEST_ORNAMENT = 12  # digits and signs around such a name: a year, a birthday, a telephone number
ORNAMENT = r"[\W\d_]"
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread on paper
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
LOOK_ALIKE = str.maketrans("@0134$5!", "aoieassi")
COMMON_WORDS = """
    password passwd passwort admin administrator root superuser system manager guest test tester user login welcome
    letmein iloveyou woaini qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm abc abcd abcdef changeme default
    secret master dragon monkey football baseball sunshine princess superman batman shadow michael computer
    internet google microsoft windows huawei xiaomi tencent china beijing shanghai government zhengfu jiaoyu
    jiaoyuju jiaotiju duban tuijinban mima wodemima nihao tracker qweasd qweasdzxc qazwsx qazwsxedc adminadmin
    passwordpassword testtest adminpassword rootroot hello helloworld trustno
"""
COMMON = frozenset(COMMON_WORDS.split())
SYLLABLE = (
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v))"
)
PINYIN_NAME = re.compile(f"{ORNAMENT}*{SYLLABLE}{{1,{LONGEST_NAME}}}{ORNAMENT}*")


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NAMES_ITS_OWNER = "names_its_owner"
    COMMON = "common"
    SIMPLE = "simple"
    UNCHANGED = "unchanged"
    USED_BEFORE = "used_before"


@dataclass(frozen=True)
class HashCost:
    """What a guess costs: passes over the memory, and the memory in KiB."""

    time: int
    memory_kib: int


def password_fault(password: str, username: str, name: str) -> PasswordFault | None:
    """The first reason to refuse a password, or None; every script, spaces and phrases are welcome."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        return PasswordFault.TOO_SHORT
    if len(plain) > LONGEST:
        return PasswordFault.TOO_LONG
    folded = plain.casefold()
    if names_owner(folded, username, name):
        return PasswordFault.NAMES_ITS_OWNER
    if is_common(folded):
        return PasswordFault.COMMON
    return PasswordFault.SIMPLE if is_simple(folded) else None


def names_owner(folded: str, username: str, name: str) -> bool:
    """Whether a password in small letters contains the user name (from 3 characters on) or the name (from 2 on)."""
    user, person = normal(username).casefold(), normal(name).casefold()
    return (len(user) > 2 and user in folded) or (len(person) > 1 and person in folded)


def is_common(folded: str) -> bool:
    """Whether only digits and signs set a password apart from a common one, also where they stand for letters."""
    core = re.sub(f"^{ORNAMENT}+|{ORNAMENT}+$", "", folded)
    return {letters(folded), letters(core.translate(LOOK_ALIKE))} & COMMON != set()


def is_simple(folded: str) -> bool:
    """Whether a password is digits alone, few characters over and over, a row of keys, or a pinyin name with a year."""
    if folded.isdigit() or len(set(folded)) < FEWEST_KINDS:
        return True
    word = re.sub(r"[\W_]", "", folded)
    if any(word in row * 2 or word[::-1] in row * 2 for row in ROWS):
        return True
    if len(word) > 1 and word[: len(word) // 2] * 2 == word:
        return True
    return len(folded) - len(letters(folded)) <= LONGEST_ORNAMENT and PINYIN_NAME.fullmatch(folded) is not None


def letters(text: str) -> str:
    """A text without digits, signs and spaces; letters of every script stay."""
    return re.sub(ORNAMENT, "", text)


def hash_password(password: str, cost: HashCost) -> str:
    """What is kept of a password; two calls differ by their salt."""
    return _hasher(cost).hash(normal(password))


def password_matches(kept: str | None, password: str, cost: HashCost) -> bool:
    """Whether a password is the one kept; without a kept one a stand-in is verified, which takes as long."""
    try:
        right = _hasher(cost).verify(kept or _stand_in(cost), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def was_used(password: str, kept: Iterable[str], cost: HashCost) -> bool:
    """Whether a password is one of those kept; it takes as long as there are many."""
    return sum(password_matches(each, password, cost) for each in kept) > 0


def is_outdated(kept: str, cost: HashCost) -> bool:
    """Whether a kept password was hashed at another cost than today's."""
    return _hasher(cost).check_needs_rehash(kept)


def is_expired(changed_at: datetime, now: datetime, days: int) -> bool:
    """Whether a password is older than ``days`` (等保 asks for 90), so that a new one must be chosen; 0 is never."""
    return days > 0 and now - changed_at > timedelta(days=days)


def one_time_password() -> str:
    """A password for the first sign-in: 16 characters in four groups, about 79 bits."""
    return "-".join("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(4))


def normal(text: str) -> str:
    """A text in one spelling, as NIST SP 800-63B asks: full-width letters are the plain ones."""
    return unicodedata.normalize("NFKC", text)


@lru_cache
def _hasher(cost: HashCost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=1)


@lru_cache
def _stand_in(cost: HashCost) -> str:
    return _hasher(cost).hash(secrets.token_urlsafe(32))
