"""What others wrote is stored readable, on one line, bounded, and without addresses."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.foreign_text import MOST, discreet, readable


@pytest.mark.parametrize(
    "raw,expected",
    [
        ("250 OK", "250 OK"),
        (b"angenommen f\xfcr Zustellung", "angenommen für Zustellung"),
        ("angenommen für".encode(), "angenommen für"),
        ("f\udcfcr", "für"),
        (b"a\x00b", "ab"),
        ("a\r\n b\t c\u2028d\x85e", "a b c d e"),
        ("\x1b[31mrot\x07", "[31mrot"),
        ("links\u202e rechts\u200b", "links rechts"),
        ("\ud800", ""),
        ("\ufffe\uffff\ue000", ""),
        (b"\x93Anf\xfchrung\x94", "“Anführung”"),
        ("x" * 500, "x" * MOST),
        (("ä" * 2000).encode()[:1999], "ä" * MOST),
        ("", ""),
    ],
)
def test_readable(raw: str | bytes, expected: str) -> None:
    assert readable(raw) == expected


@pytest.mark.parametrize(
    "raw,expected",
    [
        ("<erika@mustermann.example> unknown", "… unknown"),
        ("user erika.beispiel unknown", "user … unknown"),
        ("user ERIKA.BEISPIEL unknown", "user … unknown"),
        ("SRS0=x=y=mustermann.example=erika=40x", "…"),
        ("erika(at)mustermann.example", "…"),
        ("bounce+erika%40mustermann.example", "…"),
        ("to +49 171 3920042 sent", "to … sent"),
        ("to 0171/39200-42 sent", "to … sent"),
        ("4.7.1 Greylisted for 300 s", "4.7.1 Greylisted for 300 s"),
        ("queued as 4Fz3kQ2r1Zz9", "queued as 4Fz3kQ2r1Zz9"),
        ("x " * 495 + "erika@mustermann.example", ("x " * 100).strip()),
    ],
)
def test_discreet(raw: str, expected: str) -> None:
    assert discreet(raw, ["erika.beispiel@mustermann.example", "ab"]) == expected


@given(st.one_of(st.binary(max_size=3000), st.text(max_size=3000)))
def test_whatever_it_is_every_database_and_terminal_takes_it(raw: str | bytes) -> None:
    for text in (readable(raw), discreet(raw)):
        assert len(text) <= MOST
        assert all(unicodedata.category(char)[0] != "C" for char in text)
        assert text == " ".join(text.split())
        text.encode("utf-8")


@given(st.text(alphabet="a@ 1.<>-+(/", max_size=1200))
def test_no_address_and_no_number_is_left(raw: str) -> None:
    text = discreet(raw)
    assert "@" not in text
    assert not any(sum(char.isdigit() for char in word) > 7 and word.isdigit() for word in text.split())
