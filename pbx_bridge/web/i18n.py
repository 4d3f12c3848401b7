"""Sentences in the reader's language: one catalogue per room and language, read once."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import structlog

import pbx_bridge
from rules.text.full_stops import one_stop
from rules.text.salutation import speakable
from rules.vocabulary import Language

LOCALES = tuple(language.value for language in Language)
_ROOMS = Path(pbx_bridge.__file__).parent
_log = structlog.get_logger(__name__)


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


def translate(room: str, locale: str, key: str, *, strict: bool = False, **params: str | int) -> str:
    """One sentence of the room, else of `web`, with its gaps filled.

    With `n` or `seconds` a sentence may have two forms, `key.one` and `key.many`. A missing sentence is its
    key, and a KeyError if `strict`.
    """
    number = params.get("n", params.get("seconds"))
    keys = [key] if number is None else [f"{key}.{'one' if str(number) == '1' else 'many'}", key]
    for source in dict.fromkeys((room, "web")):
        sentences = catalogue(source, locale)
        for wanted in keys:
            if wanted in sentences:
                return fill(sentences[wanted], locale, params)
    if strict:
        raise KeyError(f"{room}/{locale}: {key}")
    _log.error("sentence_missing", room=room, locale=locale, key=key)
    return key


def fill(sentence: str, locale: str, params: Mapping[str, str | int]) -> str:
    """The sentence with its gaps filled; `{name:dat}` is a name in that case, where the language has one."""
    closed = one_stop(sentence, params)
    return closed.format_map(speakable(params, locale) if ":" in closed else params)


def knows(room: str, locale: str, key: str) -> bool:
    """Whether the room, or `web`, has this sentence."""
    return key in catalogue(room, locale) or key in catalogue("web", locale)


def best_locale(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak; German where there is none."""
    wanted = [_weighed(part) for part in accept_language.split(",")[:20]]
    ranked = sorted((item for item in wanted if item[0] > 0), key=lambda item: -item[0])
    return next((language for _, language in ranked if language in LOCALES), "de")


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
