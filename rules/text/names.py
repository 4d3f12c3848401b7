"""People's names: split as typed, sorted as in a German directory, found however spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SHORT = (
    r"dr|prof|dipl|mag|ing|habil|med|dent|vet|jur|iur|phil|theol|rer|nat|pol|oec|soc|techn|agr|mult|em|apl|hon"
    r"|univ|priv|h\.\N{WORD JOINER}?c"
)
"""With a full stop, and written together too: "Dr.med.dent.", "Univ.-Prof.in"."""
_TITLES = re.compile(
    r"(?:dr|prof)\.?(?:-\w+\.?)*|pd|(?:professor|doktor|privatdozent)(?:in)?"
    rf"|(?:(?:{_SHORT})\.(?:in\b|a\b)?(?:-\w++(?:\.(?:in\b)?)?)*+)++(?:{_SHORT})?"
    r"|\((?:fh|th|tu|ba|dh|univ\.?)\)",
    re.IGNORECASE,
)
_APART = re.compile(r"\b(h\.)\s+(?=c\.)|\b([bm]\.)\s+(?=(?:sc|eng|ed)\b)", re.IGNORECASE)
_GLUE = "\N{WORD JOINER}"
_SUFFIX = re.compile(
    r"(?:(?:jun|sen|jr|sr)\.|(?:[bm]\.\N{WORD JOINER}?(?:a|sc|eng|ed)|ll\.[bm]|mba|cpa|ph\.?d)\.?)"
    r"|(?-i:junior|senior|I{2,3}\.?|IV\.?)|[\W\d_]+",
    re.IGNORECASE,
)
"""What people write behind a name, beside something in brackets: "jun.", "LL.M.", "II", a smile."""
_BORN = re.compile(
    r"(?:\s*,\s*|\s+)(\(?(?:geb\.|geborener?\b|née\b|verw\.|gesch\.)\s*[^\s,()][^,()]*\)?)", re.IGNORECASE
)
"""A name that somebody had before; nobody is called by it."""
_SIGN = re.compile(r"[-‐‑–—/|&+]")
"""Alone between two names it makes one of them: "Müller - Lüdenscheidt"."""
MOST_BEHIND = 4
"""Words and brackets behind a name that are looked at."""
_PARTICLES = frozenset({
    "von", "van", "vom", "v.", "zu", "zum", "zur", "z.", "de", "del", "della", "dello", "dalla", "di", "da",
    "du", "des", "dos", "das", "der", "den", "dem", "d.", "ten", "ter", "te", "la", "le", "los",
    "las", "'t", "het", "auf", "aus", "am", "im", "an", "in", "ob", "op", "al", "el", "ibn", "bin", "bint",
})  # fmt: skip
_CAPITAL = frozenset({
    "Von", "Vom", "Van", "Zum", "Zur", "De", "Del", "Della", "Di", "Da", "Du", "Dos", "Am", "Im", "Al", "El",
})  # fmt: skip
"""Particles written so behind a given name; others ("An", "In", "Le") may be given names themselves."""
_JOINS = frozenset({"und", "u.", "y", "e", "en"})
"""Between two particles they are one of them: "von und zu"."""
_NOBLE = frozenset({
    "graf", "gräfin", "freiherr", "freifrau", "freiin", "baron", "baronin", "fürst", "fürstin", "prinz",
    "prinzessin", "herzog", "herzogin", "ritter", "edler", "edle",
})  # fmt: skip
_ONLY_OF_PLACES = frozenset({"ritter", "edler", "edle"})
"""Family names, too: of the nobility only before "von"."""
_NEITHER = re.compile(r"[^\w'’‘ʼ´`‐‑-]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
HERR = frozenset({"herr", "herrn", "hr", "hr."})
FRAU = frozenset({"frau", "fr", "fr."})
_ADDRESS = HERR | FRAU


@dataclass(frozen=True, slots=True)
class PersonName:
    """`family` includes particles ("von der Mühlenberg"); `title` is empty or as typed ("Dr.-Ing.").

    `address`: form of address as typed ("Herr", "Frau"), empty where nobody wrote one; `suffix`: "(Labor)",
    "jun.".
    """

    given: str
    family: str
    title: str = ""
    address: str = ""
    suffix: str = ""

    @property
    def spoken(self) -> str:
        """As one says it: "Dr. Maximiliane von der Mühlenberg", "Herr Dr. Uwe Ott"."""
        parts = (self.address, self.title, self.given, self.family, self.suffix)
        return " ".join(part for part in parts if part)

    @property
    def listed(self) -> str:
        """As a list has it: "von der Mühlenberg, Dr. Maximiliane"."""
        first = " ".join(part for part in (self.address, self.title, self.given, self.suffix) if part)
        return f"{self.family}, {first}" if first else self.family


def split_name(raw: str) -> PersonName:
    """Read "Vorname Nachname" or "Nachname, Vorname", titles and Herr or Frau anywhere; one word is a family
    name."""
    raw, born = _without_born(_APART.sub(lambda found: found[0].rstrip() + _GLUE, raw.strip()))
    family_first, comma, rest = raw.partition(",")
    rest, remark = _without_remark(rest)
    written, suffix = _without_suffix(rest, least=0) if comma else ("", "")
    if not written:
        family_first, behind = _without_suffix(family_first)
        suffix = " ".join(filter(None, (behind, suffix)))
    suffix = " ".join(filter(None, (suffix, remark, born))).replace(_GLUE, " ")
    family_words, titles, said = _sorted_out(family_first, alone=False, in_order=not written)
    given_words, more, said_later = _sorted_out(written, alone=True)
    title, address = _together((*titles, *more)), " ".join((*said, *said_later))
    if comma and given_words:
        at = len(given_words)
        while at > 0 and given_words[at - 1].casefold() in _PARTICLES:
            at -= 1
        family = _together((*given_words[at:], *family_words))
        return PersonName(_together(given_words[:at]), family, title, address, suffix)
    at = _family_at(family_words)
    return PersonName(_together(family_words[:at]), _together(family_words[at:]), title, address, suffix)


def _without_remark(rest: str) -> tuple[str, str]:
    """Of what stands behind the first comma the given names, and what stands behind those and is no part of a
    name, in brackets: "Meier, Jens, Vertrieb"."""
    parts, named = list[str](), False
    behind = list[str]()
    for part in _parted(rest):
        is_name = not all(map(_accompanies, part.split())) and not _SUFFIX.fullmatch(part)
        (behind if is_name and named and not part.startswith("(") else parts).append(part)
        named = named or is_name
    return " ".join(parts).replace(",", " "), f"({', '.join(behind)})" if behind else ""


def _parted(rest: str) -> list[str]:
    """At its commas, but for those within brackets."""
    found = list[str]()
    for part in rest.split(",", MOST_BEHIND):
        if found and found[-1].count("(") > found[-1].count(")"):
            found[-1] += f",{part}"
        else:
            found.append(part)
    return [" ".join(part.split()) for part in found]


def _accompanies(word: str) -> bool:
    """Whether it stands beside names and is none: a title, Herr or Frau, "jun.", "von"."""
    small = word.casefold()
    known = small in _ADDRESS or small in _PARTICLES or small in _NOBLE or small in _JOINS
    return known or is_title(word) or bool(_SUFFIX.fullmatch(word))


def _without_born(raw: str) -> tuple[str, str]:
    """The name, and "geb. Schulz" that stood in it or behind it."""
    found = _BORN.search(raw)
    return (raw[: found.start()] + raw[found.end() :], found[1].strip()) if found else (raw, "")


def _family_at(words: Sequence[str]) -> int:
    """Where in "Maria von der Leyen" the family name begins: at its first particle, else at the last word."""
    last = len(words) - 1
    if last < 0 or words[0] in _PARTICLES or _ennobles(words, 0):
        return 0
    at = next((n for n in range(1, last + 1) if words[n] in _PARTICLES or _ennobles(words, n)), last)
    if at == last:
        at = next((n for n in range(1, last) if words[n] in _CAPITAL), last)
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1  # "In der Au"
    while at > 2 and _SIGN.fullmatch(words[at - 1]):  # somebody's given name stays before both
        at -= 2
    return at


def _ennobles(words: Sequence[str], at: int) -> bool:
    """Whether a family name begins with this word: "Otto Graf Lambsdorff"."""
    word, behind = words[at].casefold(), words[at + 1 :]
    return bool(behind) and word in _NOBLE and (word not in _ONLY_OF_PLACES or behind[0] in _PARTICLES)


def _together(words: Sequence[str]) -> str:
    return " ".join(words).replace(_GLUE, " ")


def is_title(word: str) -> bool:
    """ "Dr.", "Prof.", "Dipl.-Ing." and their like."""
    return bool(_TITLES.fullmatch(word))


def _without_suffix(text: str, least: int = 1) -> tuple[str, str]:
    """The name, and what is written behind it; `least`: words of a name that stay whatever they are."""
    text, behind = text.strip(), list[str]()
    while text.endswith(")") and len(behind) < MOST_BEHIND:
        at = text.rfind("(")
        if at < least or (at and not text[at - 1].isspace()):
            break
        behind.insert(0, " ".join(text[at:].split()))
        text = text[:at].rstrip()
    words = text.split()
    while (
        len(words) > least
        and _SUFFIX.fullmatch(words[-1])
        and not is_title(words[-1])
        and len(behind) < MOST_BEHIND
    ):
        behind.insert(0, words.pop())
    return " ".join(words), " ".join(behind)


def _sorted_out(text: str, *, alone: bool, in_order: bool = False) -> tuple[list[str], list[str], list[str]]:
    """Names, titles, and Herr or Frau before a name; `alone`: also after it, as in "Ott, Herr"; `in_order`: a
    title behind a name is part of it, as in "Praxis Dr. Sommer"."""
    names: list[str] = []
    titles: list[str] = []
    address: list[str] = []
    words = text.split()
    for word, later in zip(words, _next_names(words), strict=True):
        begins = word.casefold() in _ADDRESS and (alone or bool(later and not names))
        couple = word == "und" and address and later.casefold() in _ADDRESS
        title = is_title(word) and not (in_order and names and later)
        (titles if title else address if begins or couple else names).append(word)
    if in_order and address and any(word.casefold() in _ADDRESS for word in names[1:-1]):
        return [*address, *names], titles, []  # "Frau Keller / Herr Ott" are two
    return names, titles, address


def _next_names(words: Sequence[str]) -> list[str]:
    """For each word the first one behind it that is no title; "" where there is none."""
    found, later = list[str](), ""
    for word in reversed(words):
        found.append(later)
        later = later if is_title(word) else word
    return found[::-1]


@lru_cache(maxsize=65_536)
def sort_key(raw: str) -> tuple[str, str, str]:
    """Order of DIN 5007-1, ä as a, ß as ss; "von und zu Guttenberg" stands under G, as in any directory."""
    name = split_name(raw)
    return _order(_main(name.family)), _order(f"{name.given} {name.suffix}"), _order(name.family)


def plain_key(text: str) -> str:
    """Order of DIN 5007-1 for what is no person: companies, states, choices."""
    return _order(text)


def _main(family: str) -> str:
    """What the name is sorted by: "Graf von und zu Eltz" by Eltz, "Herzog" by itself."""
    words = family.split()
    lower = [word.casefold() for word in words]
    at = 0
    while at < len(words) - 1:
        joins = lower[at] in _JOINS and at > 0 and lower[at + 1] in _PARTICLES
        noble = _ennobles(lower, at)
        if not (lower[at] in _PARTICLES or joins or noble):
            break
        at += 1
    return " ".join(words[at:])


def _order(text: str) -> str:
    """Hyphens part words, other signs count for nothing."""
    return " ".join(re.sub(r"[^\w\s]", "", _folded(re.sub(r"[-‐‑–—/]", " ", text))).split())


def person_key(raw: str) -> str:
    """The same for "Çelik, Günter", "Günter Çelik" and "Herr Günter Çelik": whom somebody means by it."""
    name = split_name("".join(char for char in raw if unicodedata.category(char) != "Cf"))
    whole = " ".join(part for part in (name.title, name.given, name.family, name.suffix) if part)
    return unicodedata.normalize("NFC", whole).casefold()


def _folded(text: str) -> str:
    """Lower case without accents; ä as a, ß as ss."""
    decomposed = unicodedata.normalize("NFD", text.casefold().translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold(text: str) -> str:
    """What is compared in a search: Müller, Mueller and Muller are the same."""
    return re.sub(r"([aou])e", r"\1", _folded(text))


def searched(*texts: str) -> list[str]:
    """The words that a search looks into: "O'Neill" is found as o, neill and oneill, "Anne-Kathrin" also as
    annekathrin."""
    folded = fold(" ".join(texts))
    words = re.findall(r"\w+", folded)
    whole = (re.sub(r"\W", "", part) for part in _NEITHER.split(folded))
    known = set(words)
    return words + [word for word in whole if word and word not in known]


def is_found(query: str, *texts: str) -> bool:
    """True when each word of the query begins a word of the texts; an empty query finds all."""
    words = searched(*texts)
    return all(any(word.startswith(part) for word in words) for part in re.findall(r"\w+", fold(query)))
