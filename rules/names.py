"""People's names: split as typed, sorted as in a German directory, found however spelled."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TITLES = re.compile(
    r"(?:dr|prof)\.?(?:-\w+\.?)*|pd|(?:dipl|mag|ing|habil|med|jur|phil|rer|nat|dent|h\.\s?c)\.(?:-\w+\.?)*",
    re.IGNORECASE,
)
_PARTICLES = frozenset({
    "von", "van", "vom", "zu", "zum", "zur", "de", "del", "della", "di", "da", "du",
    "der", "den", "dem", "ten", "ter",
})  # fmt: skip
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """`family` includes particles ("von der Mühlenberg"); `title` is empty or as typed ("Dr.-Ing.")."""

    given: str
    family: str
    title: str = ""

    @property
    def spoken(self) -> str:
        """As one says it: "Dr. Maximiliane von der Mühlenberg"."""
        return " ".join(part for part in (self.title, self.given, self.family) if part)

    @property
    def listed(self) -> str:
        """As a list has it: "von der Mühlenberg, Dr. Maximiliane"."""
        first = " ".join(part for part in (self.title, self.given) if part)
        return f"{self.family}, {first}" if first else self.family


def split_name(raw: str) -> PersonName:
    """Read "Vorname Nachname" or "Nachname, Vorname", with titles anywhere; one word is a family name."""
    family_first, comma, rest = raw.partition(",")
    family_words, titles = _without_titles(family_first)
    given_words, more = _without_titles(rest.replace(",", " "))
    title = " ".join((*titles, *more))
    if comma and given_words:
        at = len(given_words)
        while at > 0 and given_words[at - 1].casefold() in _PARTICLES:
            at -= 1
        return PersonName(" ".join(given_words[:at]), " ".join((*given_words[at:], *family_words)), title)
    at = next((n for n, word in enumerate(family_words[1:], 1) if word in _PARTICLES), len(family_words) - 1)
    at = 0 if family_words and family_words[0] in _PARTICLES else at
    return PersonName(" ".join(family_words[:at]), " ".join(family_words[at:]), title)


def _without_titles(text: str) -> tuple[list[str], list[str]]:
    words = text.split()
    return [w for w in words if not _TITLES.fullmatch(w)], [w for w in words if _TITLES.fullmatch(w)]


def sort_key(raw: str) -> tuple[str, str, str]:
    """Order of DIN 5007-1: by family name without its particles, then given name; ä as a, ß as ss."""
    name = split_name(raw)
    words = name.family.split()
    main = [word for word in words if word.casefold() not in _PARTICLES] or words
    return _folded(" ".join(main)), _folded(name.given), _folded(name.family)


def _folded(text: str) -> str:
    """Lower case without accents; ä as a, ß as ss."""
    decomposed = unicodedata.normalize("NFD", text.casefold().translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold(text: str) -> str:
    """What is compared in a search: Müller, Mueller and Muller are the same."""
    return re.sub(r"([aou])e", r"\1", _folded(text))


def is_found(query: str, *texts: str) -> bool:
    """True when each word of the query begins a word of the texts; an empty query finds all."""
    words = re.findall(r"\w+", fold(" ".join(texts)))
    return all(any(word.startswith(part) for word in words) for part in re.findall(r"\w+", fold(query)))
