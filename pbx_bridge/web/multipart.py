"""A form with files (RFC 7578), taken apart in one pass; no part may choose how it is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.errors import BadRequestError, UnsupportedMediaError
from pbx_bridge.web.content_type import media, parameters

MOST_HEADERS = 8
LONGEST_HEAD = 2_000
_PLAIN = frozenset({"7bit", "8bit", "binary"})


@dataclass(frozen=True, slots=True)
class BodyPart:
    """`filename` is None for a plain field."""

    name: str
    filename: str | None
    content: bytes


def parts(body: bytes, boundary: bytes, most: int) -> list[BodyPart]:
    """All parts. Raises BadRequestError for what is no such form, or has more than `most` parts, and
    UnsupportedMediaError for a part in another charset or encoding than UTF-8."""
    if not boundary:
        raise BadRequestError
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, most + 2)
    if len(pieces) > most + 2 or not pieces[-1].startswith(b"--"):
        raise BadRequestError
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> BodyPart:
    head, gap, _ = piece[: LONGEST_HEAD + 4].partition(b"\r\n\r\n")
    if not gap or not head.startswith(b"\r\n"):
        raise BadRequestError
    headers = _headers(head)
    if media(headers.get("content-type", [])) is None or "content-encoding" in headers:
        raise UnsupportedMediaError
    if not {one.strip().lower() for one in headers.get("content-transfer-encoding", [])} <= _PLAIN:
        raise UnsupportedMediaError
    said = parameters(" ".join(headers.get("content-disposition", [])))
    if said is None or said[0] != "form-data" or "name" not in said[1]:
        raise BadRequestError
    return BodyPart(said[1]["name"], said[1].get("filename"), piece[len(head) + len(gap) :])


def _headers(head: bytes) -> dict[str, list[str]]:
    try:
        lines = head.decode().split("\r\n")[1:]
    except UnicodeDecodeError as error:
        raise BadRequestError from error
    found: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or len(lines) > MOST_HEADERS:
            raise BadRequestError
        found.setdefault(name.strip().lower(), []).append(value.strip())
    return found
