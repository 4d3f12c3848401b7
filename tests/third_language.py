"""A third language that is only catalogues: those of English with each sentence between marks, as French.

What a page, mail or SMS then says without marks stands in the program, or falls back to another language.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import pbx_bridge
from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.web import i18n

ROOMS = Path(pbx_bridge.__file__).parent
CODE, OPENS, CLOSES = "fr", "⟦", "⟧"
SMS = "<", ">"
"""The marks of what goes into an SMS, whose alphabet has few signs."""
SAID = ("title", "placeholder", "aria-label", "alt")
"""Attributes that people read or hear."""
FACTS = "language"
"""What a catalogue tells the program, not people."""
NAMES_OF_LANGUAGES = ("Deutsch", "English", "Français", "Language")
"""Each calls itself; and who reads no word of a page finds where to change that."""


def marked(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """A catalogue as TOML, each sentence between the marks."""
    for key, value in table.items():
        name = prefix + json.dumps(key)
        if isinstance(value, dict):
            yield from marked(value, f"{name}.")
        else:
            opens, closes = SMS if prefix == '"sms".' else (OPENS, CLOSES)
            said = value if prefix == f'"{FACTS}".' else f"{opens}{value}{closes}"
            yield f"{name} = {json.dumps(said)}"


def write_catalogues(folder: Path) -> None:
    """All catalogues, German, English and French, as rooms in `folder`."""
    for known in ROOMS.glob("*/locale"):
        own = folder / known.parent.name / "locale"
        (own / CODE).mkdir(parents=True)
        for one in (one for one in known.iterdir() if one.stem in ("de", "en")):
            (own / one.name).symlink_to(one)
        for file in (known / "en.toml", *(known / "en").glob("*.toml")):
            copy = own / f"{CODE}.toml" if file.parent == known else own / CODE / file.name
            copy.write_text("\n".join(marked(tomllib.loads(file.read_text("utf-8")))), "utf-8")


@contextmanager
def in_french(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All catalogues in one more language: everybody reads in it who is logged in; strangers ask for it."""
    write_catalogues(folder)
    monkeypatch.setattr(i18n, "_ROOMS", folder)
    i18n.forget()
    find = Sessions.find

    async def french(self: Sessions, token: str) -> Session | None:
        session = await find(self, token)
        if session is None:
            return None
        return dataclasses.replace(session, account=dataclasses.replace(session.account, locale=CODE))

    monkeypatch.setattr(Sessions, "find", french)
    yield
    i18n.forget()


class Words(HTMLParser):
    """What people read or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def unmarked(page: str, own: Iterable[str] = ()) -> list[str]:
    """Words of a page that stand between no marks and are none of `own`."""
    words = Words()
    words.feed(page)
    return bare("\n".join(words.found), own)


def bare_sms(text: str, own: Iterable[str] = ()) -> list[str]:
    """The same of an SMS."""
    opens, closes = SMS
    return bare(text.replace(opens, OPENS).replace(closes, CLOSES), own)


def bare(text: str, own: Iterable[str] = ()) -> list[str]:
    """The same of a text."""
    before, shorter = "", text
    while before != shorter:
        before, shorter = shorter, re.sub(rf"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}", "", shorter)
    for known in sorted((*own, *NAMES_OF_LANGUAGES), key=len, reverse=True):
        shorter = shorter.replace(known, "")
    return [line.strip() for line in shorter.splitlines() if re.search(r"[^\W\d_]{2}", line)]
