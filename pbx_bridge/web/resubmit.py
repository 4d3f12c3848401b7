"""What somebody typed while the session ran out: it waits in the log-in page, and one click sends it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from pbx_bridge.errors import ForbiddenError, NotLoggedInError, UserError
from pbx_bridge.web.bodies import MANY, form_of
from pbx_bridge.web.error_pages import words
from pbx_bridge.web.origin import is_own_page
from pbx_bridge.web.rendering import render

MOST_BYTES = 40_000
"""More than any form of ours holds; files are chosen again."""
ROOM = 60_000
"""Bytes that the form may take within the log-in's own, which is as large as a stranger's may be."""

SECRET = "password"  # noqa: S105 - the beginning of the names of such fields
TOKEN = "csrf"  # noqa: S105 - the name of the field


class BadCsrfError(ForbiddenError):
    """The form has no token of this session, mostly because it is from before the log-in."""

    code = "bad_csrf"


@dataclass(frozen=True, slots=True)
class Resubmission:
    """A form that has not been taken yet: where it goes, and its fields without the token."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def written(self) -> str:
        """For a hidden field."""
        return json.dumps([self.path, self.fields], ensure_ascii=False)

    @property
    def fits(self) -> bool:
        """Whether the log-in can carry it: as a browser sends it, it is up to three times as long."""
        return len(quote_plus(self.written())) <= ROOM


def read(text: str) -> Resubmission | None:
    """What `written` wrote; None for anything else, and for a path out of this house."""
    try:
        path, fields = json.loads(text)
        kept = Resubmission(str(path), tuple((str(name), str(value)) for name, value in fields[:MANY]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return kept if kept.path.startswith("/") and not kept.path.startswith(("//", "/\\")) else None


def keep(origins: frozenset[str]) -> Middleware:
    """Instead of an error: the log-in, or one more click, and nothing that was typed is lost."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (NotLoggedInError, BadCsrfError) as error:
            kept = await _typed(request, origins)
            if kept is None:
                raise
            if isinstance(error, BadCsrfError):
                return send_again(request, kept, status=error.status)
            if not kept.fits:
                raise
            message = words(request["locale"], "kept", {})
            context = {"login": "", "message": message, "next": "", "kept": kept.written()}
            return render(request, "web/login.html", status=error.status, **context)

    return middleware


def send_again(
    request: web.Request, kept: Resubmission, *, status: int = 200, csrf: str = ""
) -> web.Response:
    """A page with one button: the form as it was, with the token of this session (`csrf`: of a new one)."""
    context = {"kept": kept, "csrf": csrf} if csrf else {"kept": kept}
    return render(request, "web/again.html", status=status, **context)


async def _typed(request: web.Request, origins: Iterable[str]) -> Resubmission | None:
    """The form of a page of ours; None where nothing was typed, or by a program, or on a foreign page."""
    page = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
    small = (request.content_length or 0) <= MOST_BYTES
    if not (page and small and is_own_page(request, origins)):
        return None
    try:
        form = await form_of(request, most=MOST_BYTES)
    except UserError:
        return None
    fields = tuple((name, value) for name, value in form.items() if name != TOKEN)
    if any(name.startswith(SECRET) for name, _ in fields):
        return None  # a password waits in no page
    return Resubmission(request.path_qs, fields) if fields and not form.files else None
