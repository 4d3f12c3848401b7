"""What every request passes, outermost first: its id, headers and errors; who it is; whether it may; no
forgery."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from pbx_bridge.auth.customer_view import OtherViewError, acting, form_token
from pbx_bridge.auth.permissions import PUBLIC, roles_of
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.errors import (
    BusyError,
    ForbiddenError,
    NotFoundError,
    NotLoggedInError,
    TooManyError,
    UserError,
)
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.web import i18n
from pbx_bridge.web.admission_control import Turn
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.cookies import SessionCookie
from pbx_bridge.web.error_pages import error_response
from pbx_bridge.web.origin import is_own_page
from pbx_bridge.web.rendering import Page
from pbx_bridge.web.resubmit import BadCsrfError

_log = structlog.get_logger(__name__)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_SECONDS = 5
"""Whoever is sent away without a time of its own may ask again then."""
STRICT = "Strict-Transport-Security"
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
}


def add_headers(public_url: str) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Signal handler: the headers that every answer has, pages and errors and files alike."""
    always = HEADERS | ({STRICT: "max-age=31536000"} if public_url.lower().startswith("https:") else {})

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "pbx-bridge"  # not which library in which version
        response.headers.setdefault("X-Request-Id", request.get("request_id", ""))
        if response.status in {429, 503}:
            response.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    return add


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request, and turn everything that is raised into one page, or JSON, with a stable code."""
    sent = request.headers.get("X-Request-Id", "")
    request["request_id"] = sent if _REQUEST_ID.fullmatch(sent) else new_id()
    request["locale"] = i18n.best_locale(request.headers.get("Accept-Language", ""))
    with structlog.contextvars.bound_contextvars(request=request["request_id"]):
        try:
            answer = await handler(request)
            if isinstance(answer, Page):
                await answer.draw()  # while what is wrong in it still has its page
            return answer
        except UserError as error:
            response = error_response(request, error.code, error.status, error.params)
            if isinstance(error, BusyError | TooManyError):
                response.force_close()  # what else it has sent already is not looked at
            return response
        except web.HTTPException as error:
            if error.status < 400:
                raise
            code = {404: "not_found", 405: "not_found", 413: "too_large"}.get(error.status, "bad_request")
            return error_response(request, code, error.status, {})
        except Exception:
            _log.exception("request_failed", route=_route(request), method=request.method)
            return error_response(request, "internal", 500, {})


NOBODYS = frozenset({"static", "healthz", "readyz", "metrics"})
"""Routes that are the same for everybody: no database is asked who it is."""


def who(sessions: Sessions, cookie: SessionCookie) -> Middleware:
    """Put session, account, CSRF token and the account's language on the request; none of it when nobody is
    logged in."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        token = cookie.read(request)
        session = await sessions.find(token) if token and _route(request) not in NOBODYS else None
        turn: Turn | None = request.get("turn")
        if turn is not None and session is None:
            await turn.stranger()
        if session and session.stage:
            request["half"], session = session, None
            if turn is not None:
                turn.over()
        if session:
            if turn is not None:
                turn.over()
            mine: dict[str, Any] = {"session": session, "account": session.account, "csrf": session.csrf}
            for name, value in (mine | {"locale": i18n.known(session.account.locale)}).items():
                request[name] = value
        return await handler(request)

    return middleware


@web.middleware
async def allowed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The table decides. To somebody who may not use a route, it does not exist; nobody is asked to log in
    first."""
    if request.match_info.http_exception is not None:
        return await handler(request)
    roles = roles_of(_route(request))
    if roles is None:
        raise NotFoundError
    if roles is not PUBLIC:
        account = request.get("account")
        if account is None:
            raise NotLoggedInError
        if account.role not in roles:
            session = request["session"]
            company = acting(session, request.method, _route(request))
            if company is None:
                raise NotFoundError
            request["account"], request["viewer"] = company, account
            request["csrf"] = form_token(session)
    return await handler(request)


def no_forgery(origins: frozenset[str]) -> Middleware:
    """Unsafe methods: from a page of ours, and with the session's token in the form (`csrf`) or
    X-CSRF-Token."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method in _SAFE or request.match_info.http_exception is not None:
            return await handler(request)
        if not is_own_page(request, origins):
            raise BadOriginError
        expected = request.get("csrf")
        if expected and roles_of(_route(request)) is not PUBLIC:
            given = request.headers.get("X-CSRF-Token") or (await form_of(request)).get("csrf")
            if not hmac.compare_digest(given.encode(), expected.encode()):
                _refuse(request, given)
        return await handler(request)

    return middleware


def _refuse(request: web.Request, given: str) -> None:
    """Raises for a token that is not this page's. Whoever leaves a customer's view, or logs out of it, does
    so by a form of the view; in a view nothing is sent once more that was typed in another one."""
    session = request["session"]
    if "viewer" in request:
        raise OtherViewError
    left = form_token(session) if session.viewed else ""
    if not left or not hmac.compare_digest(given.encode(), left.encode()):
        raise BadCsrfError


class BadOriginError(ForbiddenError):
    """Another site's page made this request."""

    code = "bad_origin"


def _route(request: web.Request) -> str | None:
    return request.match_info.route.name
