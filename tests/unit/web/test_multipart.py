"""A form with files, as browsers write it, and as nobody writes it who wants a page."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.errors import BadRequestError, UnsupportedMediaError
from pbx_bridge.web.multipart import BodyPart, parts
from tests.hostile import FOREIGN, spellings

EDGE = b"----x7MA4"


def written(*pieces: bytes, end: bytes = b"--\r\n") -> bytes:
    return b"".join(b"--" + EDGE + b"\r\n" + piece + b"\r\n" for piece in pieces) + b"--" + EDGE + end


def one(headers: str = "", content: bytes = b"x", disposition: str = 'form-data; name="a"') -> bytes:
    said = f"Content-Disposition: {disposition}\r\n{headers}\r\n"
    return said.encode() + content


@pytest.mark.parametrize(
    "piece,part",
    [
        (one(), BodyPart("a", None, b"x")),
        (one("content-type: text/plain; charset=UTF-8\r\n", "ü".encode()), BodyPart("a", None, "ü".encode())),
        (one(content=b""), BodyPart("a", None, b"")),
        (one(content=b"\r\n\r\n--\r\n"), BodyPart("a", None, b"\r\n\r\n--\r\n")),
        (one(disposition='form-data; name="a"; filename=""'), BodyPart("a", "", b"x")),
        (
            one("Content-Type: text/csv\r\n", b"\0\xff", 'form-data; name="f"; filename="Läße.csv"'),
            BodyPart("f", "Läße.csv", b"\0\xff"),
        ),
        (one("Content-Transfer-Encoding: 8bit\r\n"), BodyPart("a", None, b"x")),
    ],
)
def test_what_browsers_write_is_read(piece: bytes, part: BodyPart) -> None:
    assert parts(
        b"before\r\n" + written(piece, one(disposition="form-data; name=b")) + b"after", EDGE, 9
    ) == [
        part,
        BodyPart("b", None, b"x"),
    ]


@pytest.mark.parametrize("charset", FOREIGN)
def test_no_part_chooses_its_charset(charset: str) -> None:
    for said in spellings("text/plain", charset):
        with pytest.raises(UnsupportedMediaError):
            parts(written(one(f"Content-Type: {said}\r\n")), EDGE, 9)


@pytest.mark.parametrize(
    "header",
    [
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: QUOTED-PRINTABLE",
        "Content-Transfer-Encoding: x-uuencode",
        "content-transfer-encoding: 8bit\r\nContent-Transfer-Encoding: base64",
        "Content-Encoding: gzip",
        "Content-Type: text/plain\r\nContent-Type: text/plain; charset=utf-8",
    ],
)
def test_no_part_is_packed(header: str) -> None:
    with pytest.raises(UnsupportedMediaError):
        parts(written(one(f"{header}\r\n")), EDGE, 9)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x" * 60_000,
        b"--" + EDGE,
        b"--" + EDGE + b"\r\n",
        b"--" + b"x" * 60_000 + b"\r\n",
        written(one(), end=b""),
        written(one(), end=b"\r\n"),
        written(b"x"),
        written(b"\r\n\r\nx"),
        written(b"Content-Disposition: form-data; name=a\r\nx"),
        written(one(disposition="attachment; name=a")),
        written(one(disposition="form-data")),
        written(one(disposition='form-data; name="a"; name="b"')),
        written(one(disposition='form-data; name="a')),
        written(one("X: " + "y" * 2_000 + "\r\n")),
        written(one("X: y\r\n" * 8)),
        written(one("\xff: y\r\n").replace("\xff".encode(), b"\xff")),
        written(*[one()] * 10),
        written(one()).replace(EDGE + b"\r\n", EDGE + b"more\r\n"),
    ],
)
def test_what_is_no_form_is_said_so(body: bytes) -> None:
    with pytest.raises(BadRequestError):
        parts(body, EDGE, 9)


def test_without_an_edge_there_are_no_parts() -> None:
    with pytest.raises(BadRequestError):
        parts(written(one()), b"", 9)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_get_an_answer(noise: bytes, place: int) -> None:
    body = written(one(), one())
    with contextlib.suppress(BadRequestError, UnsupportedMediaError):
        parts(body[:place] + noise + body[place:], EDGE, 9)
