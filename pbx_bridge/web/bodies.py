"""What a request carries: its kind and size are judged before a byte is read, and it is read here and nowhere
else.

Nothing that a body holds is worked on for more than a moment between two other people's turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from pbx_bridge.auth.permissions import PUBLIC, roles_of
from pbx_bridge.errors import BadRequestError, TooLargeError, TooSlowError, UnsupportedMediaError
from pbx_bridge.web.admission_control import Turn
from pbx_bridge.web.client_connection import reading
from pbx_bridge.web.content_type import Media, media
from pbx_bridge.web.multipart import parts

FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"
SMALL = 64_000
"""Bytes that somebody who is not logged in may send; the log-in page carries a form that waits (web.kept)."""
MEDIUM = 256_000
"""Bytes of any other form: its longest text has a few thousand letters."""
FEW, MANY = 100, 1_000
"""Fields of a form, before and after the log-in."""
LONGEST_NAME = 200
AT_ONCE = 8_000
"""Bytes that are taken apart on the spot, in two milliseconds at most; more goes into a thread."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was chosen; `filename` as its owner calls it."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PostedForm:
    """Every field in order, and the files by field."""

    fields: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The first text of this name."""
        return next((text for given, text in self.fields if given == name), default)

    def items(self) -> Iterator[tuple[str, str]]:
        """Name and text of each field."""
        return iter(self.fields)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """`most` bytes in as many `fields`, all of which must have come after `seconds`."""

    most: int
    fields: int
    seconds: float


def readable(most: int, seconds: float) -> Middleware:
    """Refuse every body that we do not read, before it is looked at: other charsets than UTF-8 (415), packed
    ones (415), files where none are taken (415), and what is too large (413). `most`: bytes of a file;
    `seconds`: for a form, a file has six times as long."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = request.match_info.route.name
        said = media(request.headers.getall("Content-Type", []))
        packed = request.headers.get("Content-Encoding", "identity").strip().lower() != "identity"
        if said is None or packed or (said.kind.startswith("multipart/") and not _is_file(said, route)):
            raise UnsupportedMediaError
        limits = _limits(route, said, most, seconds)
        if (request.content_length or 0) > limits.most:
            raise TooLargeError
        request["media"], request["limits"] = said, limits
        return await handler(request)

    return middleware


def _is_file(said: Media, route: str | None) -> bool:
    """A form with a file, where one is taken: the name of the route says so."""
    taken = route is not None and route.endswith(".file") and roles_of(route) is not PUBLIC
    return taken and said.kind == FILES and said.boundary != b""


def _limits(route: str | None, said: Media, most: int, seconds: float) -> BodyLimits:
    roles = roles_of(route)
    if roles is None or roles is PUBLIC:
        return BodyLimits(SMALL, FEW, seconds)
    return BodyLimits(most, MANY, seconds * 6) if said.kind == FILES else BodyLimits(MEDIUM, MANY, seconds)


async def form_of(request: web.Request, *, most: int | None = None) -> PostedForm:
    """The form that was sent; an empty one where none was. `most`: bytes, where less than usual is wanted.

    Raises BadRequestError, TooLargeError, TooSlowError, UnsupportedMediaError.
    """
    known: PostedForm | None = request.get("form")
    if known is None:
        known = request["form"] = await _form(request, most)
    return known


async def body_of(request: web.Request, *, most: int | None = None) -> bytes:
    """All bytes that were sent, as many as the route may take. Raises as `form_of`."""
    limits: BodyLimits = request["limits"]
    turn: Turn | None = request.get("turn")
    paused = turn is not None and turn.held
    if turn is not None:
        turn.over()  # others may come in while this one is still talking
    body = await _all_of(request, min(most or limits.most, limits.most), limits.seconds)
    if turn is not None and paused:
        await turn.begin()
    return body


async def _all_of(request: web.Request, most: int, seconds: float) -> bytes:
    body = bytearray()
    try:
        with reading(request):
            async with asyncio.timeout(seconds):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > most:
                        raise TooLargeError
    except TimeoutError as error:
        raise TooSlowError from error
    except (web.RequestPayloadError, HttpProcessingError, ConnectionError) as error:
        raise BadRequestError from error
    return bytes(body)


async def _form(request: web.Request, most: int | None) -> PostedForm:
    said: Media = request["media"]
    limits: BodyLimits = request["limits"]
    if said.kind not in {FORM, FILES} or request.method in {"GET", "HEAD"}:
        return PostedForm()
    body = await body_of(request, most=most)
    if len(body) <= AT_ONCE:
        return parse(body, said, limits.fields)
    return await asyncio.to_thread(parse, body, said, limits.fields)


def parse(body: bytes, said: Media, most: int) -> PostedForm:
    """The form that these bytes are; raises BadRequestError and UnsupportedMediaError."""
    if said.kind == FORM:
        form = PostedForm(tuple(_texts(body, most)))
    else:
        found = parts(body, said.boundary, most)
        texts = [(one.name, _text(one.content)) for one in found if one.filename is None]
        files = {one.name: Upload(one.filename, one.content) for one in found if one.filename}
        form = PostedForm(tuple(texts), files)
    if any(len(name) > LONGEST_NAME for name in (*dict(form.fields), *form.files)):
        raise BadRequestError
    return form


def _texts(body: bytes, most: int) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_text(body.rstrip()), keep_blank_values=True, max_num_fields=most)
    except ValueError as error:
        raise BadRequestError from error


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadRequestError from error
