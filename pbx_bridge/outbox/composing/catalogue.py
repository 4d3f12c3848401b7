"""The catalogue and the templates of notifications, in the language of the one who reads them."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from rules.text.full_stops import one_stop
from rules.text.salutation import speakable

ROOM = Path(__file__).parents[1]
_TOGETHER = re.compile(
    r"(?<=\d) (?=Uhr\b)|(?<=\bDr\.) |(?<=\bFrau) |(?<=\bHerr) |(?<=\bHerrn) |(?<=\d) (?=\d)"
)


class Words:
    """One language's sentences: `words("mail.taken", agent="Anna Keller")`; KeyError for what is missing."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        with (ROOM / "locale" / f"{locale}.toml").open("rb") as file:
            self._groups: dict[str, dict[str, str]] = tomllib.load(file)

    def __call__(self, key: str, **filling: str) -> str:
        group, _, name = key.partition(".")
        sentence = one_stop(self._groups[group][name], filling)
        return sentence.format_map(speakable(filling, self.locale))

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        group, _, name = key.partition(".")
        return name in self._groups.get(group, {})


@functools.cache
def words_of(locale: str) -> Words:
    """The catalogue of this language ("de", "en"); German where there is none."""
    known = (ROOM / "locale" / f"{locale}.toml").is_file()
    return Words(locale if known else "de")


def kept(sentence: str) -> str:
    """With what belongs together on one line: "14:00 Uhr", "Dr. Weiß", a telephone number."""
    return _TOGETHER.sub("\N{NO-BREAK SPACE}", sentence)


@functools.cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["kept"] = kept
    return made


def render(template: str, words: Words, **facts: object) -> str:
    """One template of `templates/`, filled; HTML is escaped."""
    return _templates().get_template(template).render(t=words, locale=words.locale, **facts)
