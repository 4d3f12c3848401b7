"""The languages in which callers are answered, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rules.text.names import plain_key
from rules.vocabulary import SpokenLanguage


def choices(t: Callable[..., str]) -> list[tuple[str, str]]:
    """All of them, code and name in the language of `t`: the first one, then by name."""
    named = [(one.value, t(f"spoken.{one.value}")) for one in SpokenLanguage]
    return sorted(named, key=lambda one: (one[0] != SpokenLanguage.GERMAN, plain_key(one[1])))


def in_words(t: Callable[..., str], languages: Collection[str]) -> str:
    """ "Deutsch, Englisch": those of them that this version knows, in the same order."""
    return ", ".join(name for code, name in choices(t) if code in languages)
