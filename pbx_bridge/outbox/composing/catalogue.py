"""The catalogue and the templates of notifications, in the language of the one who reads them."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pbx_bridge.web.i18n import Param, catalogue, fill, known

ROOM = Path(__file__).parents[1]
_TOGETHER = re.compile(
    r"(?<=\d) (?=Uhr\b)|(?<=\bDr\.) |(?<=\bFrau) |(?<=\bHerr) |(?<=\bHerrn) |(?<=\d) (?=\d)"
)


class Words:
    """One language's sentences: `words("mail.taken", agent="Anna Keller")`; KeyError for what is missing."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._said = catalogue("outbox", locale)

    def __call__(self, key: str, **filling: Param) -> str:
        return fill(self._said[key], self.locale, filling)

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._said


def words_of(locale: str) -> Words:
    """The catalogue of this language; of the first where there is none."""
    return Words(known(locale))


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
