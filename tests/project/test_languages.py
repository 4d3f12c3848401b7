"""Which languages there are only the catalogues say: no program text compares with one, or lists them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbx_bridge.web.i18n import languages

CODES = frozenset({"de", "en", "de-DE", "en-GB", "de_DE", "en_GB", "german", "english"})
MAY = {
    "rules/vocabulary.py": "the language of whoever chose none",
    "rules/files/csv_columns.py": "the two in which files are written",
    "rules/text/names.py": "parts of names: de la Cruz, en of Catalan",
    "pbx_bridge/web/language.py": "what counts for a language that the CLDR does not know",
    "pbx_bridge/web/i18n.py": "the catalogue's word for a language with cases",
    "pbx_bridge/web/static/texts.js": "the same word",
}
SCRIPT = re.compile(r"""["'`](?:de|en)(?:-[A-Z]{2})?["'`]|["']german["']""")
PAGE = re.compile(r"""locale\s*[!=]=|["'](?:de|en)(?:-[A-Z]{2})?["'](?!>)""")


def named(root: Path) -> Iterator[tuple[str, str]]:
    """Every place that names a language: file, and what stands there."""
    for room in ("pbx_bridge", "rules"):
        for file in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and node.value in CODES:
                    yield str(file.relative_to(root)), f"{node.lineno}: {node.value}"
    for kind, pattern in (("js", SCRIPT), ("html", PAGE), ("j2", PAGE)):
        for file in (root / "pbx_bridge").rglob(f"*.{kind}"):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                if pattern.search(line):
                    yield str(file.relative_to(root)), f"{number}: {line.strip()}"


def test_no_program_text_names_a_language(root: Path) -> None:
    assert [place for place in named(root) if place[0] not in MAY] == []


def test_what_may_does(root: Path) -> None:
    assert {file for file, _ in named(root)} >= MAY.keys()


@pytest.mark.parametrize("room", ["desk", "floor", "portal", "admin", "outbox", "alarms", "demo"])
def test_every_room_speaks_every_language(root: Path, room: str) -> None:
    assert {file.stem for file in (root / "pbx_bridge" / room / "locale").glob("*.toml")} == set(languages())
