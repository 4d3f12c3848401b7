from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.typed_text import line, lines

JOINED = "👨\u200d👩\u200d👧 نمی\u200cخواهم"
CASES = {
    # as typed or pasted → kept in a field of several lines, kept in a field of one
    "Hans Müller": ("Hans Müller", "Hans Müller"),
    "a\x00b": ("ab", "ab"),
    "a\x07\x1b[31mb\x7f": ("a[31mb", "a[31mb"),
    "eins\r\nzwei\rdrei": ("eins\nzwei\ndrei", "eins zwei drei"),
    "eins\u2028zwei\u2029drei\x85vier\x0bfünf\x0csechs": (
        "eins\nzwei\ndrei\nvier\nfünf\nsechs", "eins zwei drei vier fünf sechs"
    ),
    "a\tb": ("a\tb", "a b"),
    "\u202a+49 171 3920077\u202c": ("+49 171 3920077", "+49 171 3920077"),
    "\u202egpj.exe\u2066\u2069\u061c\u200e\u200f": ("gpj.exe", "gpj.exe"),
    "\ufeffa\u200bb": ("ab", "ab"),
    "Mit\xadar\xadbei\xadter\u2060": ("Mitarbeiter", "Mitarbeiter"),
    JOINED: (JOINED, JOINED),
    "halb \ud83d, ganz \ud83d\ude00": ("halb \ufffd, ganz 😀", "halb \ufffd, ganz 😀"),
    "\udc80": ("\ufffd", "\ufffd"),
    " am Rand ": (" am Rand ", " am Rand "),
    "x" * 10_000: ("x" * 10_000, "x" * 10_000),
    "": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("typed", CASES)
def test_what_is_no_letter_and_no_line_is_left_out(typed: str) -> None:
    assert (lines(typed), line(typed)) == CASES[typed]


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_typed_can_be_kept_and_stays_so(typed: str) -> None:
    kept = lines(typed)
    assert lines(kept) == kept
    assert line(line(typed)) == line(typed)
    assert "\x00" not in kept
    assert "\n" not in line(typed)
    kept.encode()
