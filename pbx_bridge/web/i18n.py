"""Sentences in the reader's language: one catalogue per room and language, read once."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import structlog

import pbx_bridge
from pbx_bridge.web.language import MANY, language
from rules.files.csv_columns import FileLanguage
from rules.notes.field_text import Writing
from rules.text.full_stops import one_stop
from rules.text.salutation import speakable
from rules.vocabulary import FIRST_LANGUAGE

_ROOMS = Path(pbx_bridge.__file__).parent
_log = structlog.get_logger(__name__)

Param: TypeAlias = str | int | date
"""What fills a gap of a sentence; a day fills several, see `Language.of_day`."""


@functools.cache
def languages() -> tuple[str, ...]:
    """Those in which people can read us: the ones that have catalogues. The first is everybody's who chose
    none."""
    found = {file.stem for file in (_ROOMS / "web" / "locale").glob("*.toml")}
    return tuple(sorted(found, key=lambda code: (code != FIRST_LANGUAGE, code)))


def known(locale: str) -> str:
    """This language if we have it, else the first."""
    return locale if locale in languages() else FIRST_LANGUAGE


@functools.cache
def catalogue(room: str, locale: str) -> Mapping[str, str]:
    """All sentences of a room as {"group.key": sentence}: `locale/de.toml` and every `locale/de/*.toml`,
    merged."""
    folder = _ROOMS / room / "locale"
    files = [folder / f"{locale}.toml", *sorted((folder / locale).glob("*.toml"))]
    merged: dict[str, str] = {}
    for file in files:
        if file.is_file():
            merged.update(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    return MappingProxyType(merged)


def forget() -> None:
    """Read everything anew: catalogues have come, gone or changed."""
    languages.cache_clear()
    catalogue.cache_clear()
    writing.cache_clear()


def translate(room: str, locale: str, key: str, *, strict: bool = False, **params: Param) -> str:
    """One sentence of the room, else of `web`, with its gaps filled.

    With `n` or `seconds` a sentence may have several forms: `key.one`, `key.many`, and what else the language
    has. A missing sentence is its key, and a KeyError if `strict`.
    """
    locale, number = known(locale), params.get("n", params.get("seconds"))
    keys = [key] if number is None else [*forms(key, number, locale), key]
    for source in dict.fromkeys((room, "web")):
        sentences = catalogue(source, locale)
        for wanted in keys:
            if wanted in sentences:
                return fill(sentences[wanted], locale, params)
    if strict:
        raise KeyError(f"{room}/{locale}: {key}")
    _log.error("sentence_missing", room=room, locale=locale, key=key)
    return key


def forms(key: str, number: Param, locale: str) -> Iterator[str]:
    """The keys of a sentence beside this number, the best first."""
    text = str(number)
    form = language(locale).form(int(text)) if text.isdecimal() else MANY
    yield from dict.fromkeys((f"{key}.{form}", f"{key}.{MANY}"))


def fill(sentence: str, locale: str, params: Mapping[str, Param]) -> str:
    """The sentence with its gaps filled; `{name:dat}` is a name in that case, where the language has one."""
    filling: dict[str, str | int] = {}
    for name, value in params.items():
        if isinstance(value, date):
            filling |= language(locale).of_day(value)
        else:
            filling[name] = value
    closed = one_stop(sentence, filling)
    return closed.format_map(speakable(filling, declines(locale)) if ":" in closed else filling)


def declines(locale: str) -> bool:
    """Whether names have cases in sentences of this language; the catalogue says so."""
    return catalogue("web", locale).get("language.declines") == "german"


def file_language(locale: str) -> FileLanguage:
    """In which of their languages our files are written for readers of this one; the catalogue says so."""
    return FileLanguage(catalogue("web", locale)["language.files"])


def page_texts(room: str, locale: str, *groups: str) -> dict[str, str]:
    """The sentences that a page's scripts need, by their keys: of these groups of the room, or all of them;
    and what they have to know of the language."""
    said = {**catalogue("web", locale), **catalogue(room, locale)}
    mine = catalogue(room, locale).keys() if not groups else ()
    wanted = ("language", *groups)
    return {key: text for key, text in said.items() if key in mine or key.partition(".")[0] in wanted}


def names_of_languages() -> dict[str, str]:
    """What each language calls itself."""
    return {code: language(code).own_name for code in languages()}


def knows(room: str, locale: str, key: str) -> bool:
    """Whether the room, or `web`, has this sentence."""
    return key in catalogue(room, locale) or key in catalogue("web", locale)


@functools.cache
def writing(locale: str) -> Writing:
    """How answers to a company's own questions are written for a reader of this language."""
    return Writing(
        yes=translate("web", locale, "answers.yes"),
        no=translate("web", locale, "answers.no"),
        date=lambda day: translate("web", locale, "moments.date", on=day),
        number=language(locale).decimal,
    )


def best_locale(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak; German where there is none."""
    wanted = [_weighed(part) for part in accept_language.split(",")[:20]]
    ranked = sorted((item for item in wanted if item[0] > 0), key=lambda item: -item[0])
    return next((language for _, language in ranked if language in languages()), FIRST_LANGUAGE)


def _weighed(part: str) -> tuple[float, str]:
    language, _, quality = part.strip().lower().partition(";q=")
    try:
        weight = float(quality or 1)
    except ValueError:
        weight = 0.0
    return weight, language[:2]


def _flat(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", str(value)
