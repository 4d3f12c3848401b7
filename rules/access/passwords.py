"""Which passwords are taken: what counts is that nobody guesses them, not which kinds of signs they hold.

As NIST SP 800-63B and OWASP ASVS ask: long enough, none that everybody tries first, and no name of one's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rules.decision import Refused

SHORTEST, SHORTEST_FOR_STAFF, LONGEST = 10, 12, 200
"""Characters."""
TELLING = 4
"""A part of a name that is shorter is in many words by chance."""
# What guesses begin with, in the languages of our people; alone, repeated, or with digits and signs around.
_WORDS = """
password passwort kennwort passwd pass geheim secret hallo hello willkommen welcome login anmelden admin
administrator root user benutzer test testen tester demo default standard qwertz qwerty qwertzuiop
qwertyuiop asdfgh asdfghjkl yxcvbnm zxcvbnm abcdef abcdefgh abcdefghij iloveyou ichliebedich schatz
liebling baby dragon monkey letmein master superman batman starwars fussball football baseball sommer winter
fruehling herbst summer spring autumn sonne sonnenschein sunshine princess prinzessin computer internet
telefon sekretariat secretariat office buero firma company deutschland germany berlin hamburg muenchen koeln
januar februar maerz april juni juli august september oktober november dezember montag dienstag mittwoch
donnerstag freitag samstag sonntag changeme aendermich bitteaendern passwordpassword trustno correct
horsebatterystaple asterisk pbx bridge pbxbridge telefonanlage correcthorsebatterystaple
"""
_COMMON = frozenset(_WORDS.split())
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertzuiop",
    "qwertyuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
)
_LOOKS = str.maketrans("013457@$!", "oieastasi")


def opaque(password: str) -> str:
    """The password however a keyboard spells it (RFC 8265, OpaqueString): "Ö" of one sign or of two, any
    space."""
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in password)
    return unicodedata.normalize("NFC", spaced)


def spellings(password: str) -> tuple[str, ...]:
    """What to compare with a stored hash, `opaque` first: hashes of before were made of what was typed."""
    plain, decomposed = opaque(password), unicodedata.normalize("NFD", password)
    return tuple(dict.fromkeys((plain, password, unicodedata.normalize("NFC", password), decomposed)))


def weakness(password: str, names: Iterable[str] = (), *, staff: bool = False) -> Refused | None:
    """Why this password is not taken, if so. `names`: log-in, own name, company; `staff`: of whoever sees
    what many companies entrust us with."""
    least = SHORTEST_FOR_STAFF if staff else SHORTEST
    password = opaque(password)
    if len(password) < least:
        return Refused("password_too_short", {"least": str(least)})
    if len(password) > LONGEST:
        return Refused("password_too_long", {"most": str(LONGEST)})
    plain = _plain(password)
    if _named(plain, names):
        return Refused("password_names_you")
    if _guessed(plain):
        return Refused("password_common")
    return None


def _plain(text: str) -> str:
    """As a guesser sees it: without case and accents."""
    spelled = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c))


def _named(plain: str, names: Iterable[str]) -> bool:
    """Whether little is left of it when one's own names are taken away."""
    left = plain
    parts = {part for name in names for part in (_plain(name), *re.split(r"\W+", _plain(name)))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= TELLING:
            left = left.replace(part, " ")
    return left != plain and len(_letters(left)) < SHORTEST


def _guessed(plain: str) -> bool:
    """Whether it is one word, or a few of them, that everybody tries; few different characters; or a row of
    keys."""
    if len(set(plain)) <= 4 or _runs(plain):
        return True
    for seen in (plain, plain.translate(_LOOKS)):
        words = re.findall(r"[a-z]+", seen)
        joined = "".join(words)
        if joined and (not _without_common(joined) or _repeated(joined)):
            return True
        few_others = len(_letters(_without_common(joined))) < TELLING
        if few_others and any(word in _COMMON for word in (joined, *words)):
            return True
    return False


def _without_common(text: str) -> str:
    for word in sorted(_COMMON, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _repeated(text: str) -> bool:
    """ "annaannaanna"."""
    return any(
        len(text) % size == 0 and text[:size] * (len(text) // size) == text
        for size in range(1, min(len(text) // 2, 8) + 1)
    )


def _runs(plain: str) -> bool:
    """ "1234567890", "qwertzuiop", backwards too, in pieces of four or more that fill the most of it."""
    covered = 0
    for row in _ROWS:
        for there in (row, row[::-1]):
            place = 0
            while place < len(plain):
                size = _common_run(plain, place, there)
                covered += size if size >= TELLING else 0
                place += max(size if size >= TELLING else 1, 1)
    return covered > 0 and len(plain) - covered < TELLING


def _common_run(plain: str, place: int, row: str) -> int:
    start = row.find(plain[place])
    if start < 0:
        return 0
    size = 0
    while place + size < len(plain) and start + size < len(row) and plain[place + size] == row[start + size]:
        size += 1
    return size


def _letters(text: str) -> str:
    return re.sub(r"\W|_", "", text)
