"""People in German sentences: Herr or Herrn, how a letter begins. What nobody said is never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from rules.text.names import FRAU, HERR, is_title, split_name


class Case(StrEnum):
    """Which form a sentence needs; a catalogue writes it into its gap: `{who:acc}`."""

    NOMINATIVE = "nom"
    ACCUSATIVE = "acc"
    DATIVE = "dat"


_ARTICLES = {
    "der": {Case.ACCUSATIVE: "den", Case.DATIVE: "dem"},
    "ein": {Case.ACCUSATIVE: "einen", Case.DATIVE: "einem"},
    "die": {Case.DATIVE: "der"},
    "eine": {Case.DATIVE: "einer"},
}
_WEAK = {"kollege": "Kollegen"}
"""Nouns before a name that take an ending in every case but the first."""
_LINKS = frozenset({"und", "u.", "oder", "bzw.", "sowie", "&", "+"})
_ENDS = (",", ";", "/", "&", "+", ":", "·")


def declined(name: str, case: str) -> str:
    """The name as a German sentence has it: "Herr Mustermann" → "Herrn Mustermann" but in the nominative.

    Only forms of address change, and articles before them; a family name Herr stays as it is.
    """
    words = name.split()
    return " ".join(_forms(words, Case(case))) if words else name


def _forms(words: Sequence[str], case: Case) -> Iterator[str]:
    opens = True
    for n, word in enumerate(words):
        bare, bracket = word.lstrip('(„"'), word[: len(word) - len(word.lstrip('(„"'))]
        following = words[n + 1] if n + 1 < len(words) else ""
        form = _form(bare, following, case) if (opens or bracket) else None
        yield bracket + (form or bare)
        opens = form is not None or is_title(word) or word.endswith(_ENDS) or word.casefold() in _LINKS


def _form(word: str, following: str, case: Case) -> str | None:
    """The form of a word that addresses whoever follows; None for every other word."""
    low, next_low = word.casefold(), following.casefold()
    names_somebody = following[:1].isalpha()
    if low in HERR and names_somebody:
        return "Herr" if case is Case.NOMINATIVE else "Herrn"
    if low in FRAU and names_somebody:
        return "Frau"
    if low in _WEAK and names_somebody:
        return word if case is Case.NOMINATIVE else _WEAK[low]
    if low in _ARTICLES and next_low in HERR | FRAU | _WEAK.keys():
        article = _ARTICLES[low].get(case, low)
        return article.capitalize() if word[:1].isupper() else article
    return None


def salutation(name: str) -> str:
    """Whom a letter greets: "Herr Dr.-Ing. Weiß" where somebody wrote Herr, else "Dr.-Ing. Jörg Weiß"."""
    split = replace(split_name(name), suffix="")
    if not split.address:
        return split.spoken
    address = declined(f"{split.address} {split.family}", Case.NOMINATIVE).removesuffix(f" {split.family}")
    return " ".join(part for part in (address, split.title, split.family) if part)


def spoken(name: str) -> str:
    """The name as a sentence has it, in its first form: "Weiß, Dr. Jörg" → "Dr. Jörg Weiß"."""
    return declined(split_name(name).spoken, Case.NOMINATIVE)


class _Spoken(str):
    """Text that fills a gap such as `{who:acc}`: in that case where names have some, else as it is."""

    __slots__ = ()
    declines = True

    def __format__(self, spec: str) -> str:
        if spec not in {case.value for case in Case}:
            return format(str(self), spec)
        return declined(self, spec) if self.declines else str(self)


class _Undeclined(_Spoken):
    __slots__ = ()
    declines = False


def speakable(filling: Mapping[str, Any], declines: bool) -> dict[str, Any]:
    """What fills the gaps of a sentence, ready for `format_map`; `declines`: in German cases."""
    kind = _Spoken if declines else _Undeclined
    return {name: kind(value) if isinstance(value, str) else value for name, value in filling.items()}
