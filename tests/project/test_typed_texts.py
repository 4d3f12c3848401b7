"""What people type is never shortened without a word: a text that is too long is refused with its length."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path("pbx_bridge")
ROOMS = ("admin", "auth", "desk", "editing", "floor", "importing", "notes", "portal", "web")
TYPED = re.compile(
    r"strip\(|lower\(|lines?\(|typed|text|info|password|concern|remark|posted|asked|query|form_of"
)
SHORT = 20
"""A bound below it is for figures and language codes."""
MAY_BE_CUT = {
    "asked.get('q', '').strip()[:100]": "a search: its field shows what was searched for",
    "ctx.query.get('q', '').strip()[:100]": "a search: its field shows what was searched for",
    "self.query.get(name, '').strip()[:100]": "a search: its field shows what was searched for",
    "' '.join(typed.split())[:LONGEST]": "a search: its field shows what was searched for",
    "text[:room]": "a search of two thousand letters finds nothing, cut or not",
    "attempt.login.strip().lower()[:200]": "nobody has a longer log-in: it is wrong, cut or not",
    "(await form_of(request)).get('login').strip().lower()[:200]": "the same",
    "password[:MOST_TYPED]": "nobody has a longer password: it is wrong, cut or not",
    "ctx.query.get('nummer', '')[:40]": "out of our own link, into a field where it is seen",
    "info[:absences.LONGEST]": "the preview of a text that saving refuses",
    "call.concern[:SUMMARY_LENGTH]": "a summary, which ends in an ellipsis",
    "line(key)[:KEY_LENGTH]": "an id, which nobody types",
    "line(one)[:KEY_LENGTH]": "an id, which nobody types",
    "list(dict.fromkeys((line(one)[:KEY_LENGTH] for one in body.recipients)))[:MOST_RECIPIENTS]": "ids",
    "typed.values.get(note_fields.NAME, '').strip()[:longest[note_fields.NAME]]": "the draft stays",
    "typed.values.get(note_fields.COMPANY, '').strip()[:longest[note_fields.COMPANY]]": "the draft stays",
    "' '.join(line(first(event, 'SUMMARY').replace('\\x00', ' ')).split())[:LONGEST_TEXT]": (
        "of a calendar elsewhere: nobody types it here, and one long title must not stop the others"
    ),
}


def cut(source: str) -> Iterator[str]:
    """Slices that keep the beginning of a text that somebody may have typed."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and not node.slice.lower:
            most = node.slice.upper
            short = isinstance(most, ast.Constant) and isinstance(most.value, int) and most.value < SHORT
            if most and not short and TYPED.search(ast.unparse(node.value)):
                yield ast.unparse(node)


def test_a_silent_cut_is_found() -> None:
    assert [*cut("away = Appointment(line(text).strip()[:LONGEST_TEXT])")] == [
        "line(text).strip()[:LONGEST_TEXT]"
    ]
    assert [*cut("words=typed['words'][:200]")] == ["typed['words'][:200]"]
    assert [*cut("rows = listed[:ROWS]; code = language[:2]; rest = text[3:]")] == []


def test_no_text_is_cut_without_a_word() -> None:
    files = (path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py")))
    found = {each: str(path) for path in files for each in cut(path.read_text(encoding="utf-8"))}
    assert {each: path for each, path in found.items() if each not in MAY_BE_CUT} == {}
    assert [each for each in MAY_BE_CUT if each not in found] == []


def test_no_browser_cuts_either() -> None:
    """Browsers cut what is pasted; a page has to say that it is too long."""
    files = [path for kind in ("*.html", "*.js") for path in sorted(HOUSE.rglob(kind))]
    assert len(files) > 100
    limits = re.compile(r"\bmaxlength=|\bmaxlength: *\w+,|\.maxLength\b", re.IGNORECASE)
    assert [str(path) for path in files if limits.search(path.read_text(encoding="utf-8"))] == []
