"""Cleaning a line costs as much as the line is long, whatever strangers put into it."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx_bridge.log import redaction
from pbx_bridge.log.redaction import HIDDEN, PHONE, cut, redact, scrub

DEAR = (
    "a", "@", "a@", "@a", "a.", "+1", "+", "0 1(", "01(", "(01", "1 ", "1  ", "12 ", "00 1", "9", "0",
    "+49 30 ", "+49 171 3920042 ", "1-1", "1/", " +", "\n1", "\u0661", "a@b ", "secret_", "<", "'", "x\n",
)  # fmt: skip
SIZE = 100_000
ONE_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


def seconds(text: str) -> float:
    """CPU time of this thread for cleaning it."""
    begin = time.thread_time()
    scrub(text)
    return time.thread_time() - begin


@pytest.mark.parametrize("piece", DEAR)
@pytest.mark.parametrize("end", ["", "a", ".", "@", "@a"])
def test_the_work_grows_with_the_text_and_no_faster(piece: str, end: str) -> None:
    text = piece * (SIZE // len(piece)) + end
    assert seconds(text) < 1.0  # what grows with the square takes minutes


@settings(max_examples=50)
@given(st.text("+0123456789 ()/-.:@ab\n\t", min_size=1, max_size=12))
def test_no_text_is_dear(piece: str) -> None:
    assert seconds(piece * (SIZE // len(piece))) < 1.0


@given(st.text("+0123456789 ()/-.:ab\n", max_size=40))
def test_what_is_looked_at_piece_by_piece_is_found_as_in_the_whole(text: str) -> None:
    assert scrub(text) == PHONE.sub(HIDDEN, text)


@given(st.text("ab@. <'\n", max_size=40))
def test_no_address_is_left(text: str) -> None:
    assert not ONE_ADDRESS.search(scrub(text).replace(HIDDEN, " "))


def line(**values: Any) -> dict[str, Any]:
    return dict(redact(None, "", {"event": "x", **values}))


@pytest.mark.parametrize(
    "value",
    [
        "x" * 1_000_000,
        "x " * 500_000,
        b"\xff" * 1_000_000,
        ["x" * 10_000] * 10_000,
        {f"key {number}": "y" * 1_000 for number in range(10_000)},
        [[[[[["x" * 100_000]]]]]],
        10**5_000,
        {"x" * 100_000: 1},
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_line_is_long(value: Any) -> None:
    written = json.dumps(line(value=value))
    assert len(written) < 20_000


def test_a_value_that_cannot_show_itself_shows_its_kind() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert line(value=Broken())["value"] == "<Broken>"


def test_what_is_left_out_is_said() -> None:
    text = "first words " + "x" * 5_000
    shown = cut(text)
    assert shown.startswith("first words")
    assert "letters left out" in shown
    assert len(shown) < redaction.LONGEST + 50


def test_of_a_traceback_begin_and_end_stay() -> None:
    trace = "Traceback (most recent call last):\n" + "  in the middle\n" * 5_000 + "ValueError: the reason"
    shown = line(exception=trace)["exception"]
    assert shown.startswith("Traceback")
    assert shown.endswith("ValueError: the reason")
    assert len(shown) < redaction.LONGEST_TRACE + 50


@pytest.mark.parametrize("canary", ["anna@example.org", "+49 30 23125100", "+493023125100", "030 23125-100"])
def test_no_half_address_escapes_where_a_text_is_cut(canary: str) -> None:
    """Wherever the cut falls, no piece of it of six signs is left."""
    pieces = {canary[at : at + 7] for at in range(len(canary) - 6)}
    for place in range(redaction.LONGEST - 40, redaction.LONGEST + 5):
        shown = line(value="x " * (place // 2) + canary + " y" * 5_000)["value"]
        assert not any(piece in shown for piece in pieces), place
    for place in range(redaction.LONGEST_TRACE * 3 // 4 - 40, redaction.LONGEST_TRACE * 3 // 4 + 5):
        shown = line(exception="x " * 20_000 + canary + " y" * (place // 2))["exception"]
        assert not any(piece in shown for piece in pieces), place
