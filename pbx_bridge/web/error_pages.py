"""One page, and one JSON, for everything that goes wrong: a stable code, and words for whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import web

from pbx_bridge.web.i18n import knows, translate
from pbx_bridge.web.rendering import render


def error_response(
    request: web.Request, code: str, status: int, params: Mapping[str, str | int]
) -> web.Response:
    """JSON for programs; a page for people, or the log-in with the way back when nobody is logged in."""
    response = _response(request, code, status, params)
    if code == "too_many":
        response.headers["Retry-After"] = str(params["seconds"])
    return response


def _response(request: web.Request, code: str, status: int, params: Mapping[str, str | int]) -> web.Response:
    if not _is_page(request):
        message = words(request["locale"], code, params)
        body = {"code": code, "message": message, "params": dict(params), "request_id": request["request_id"]}
        return web.json_response(body, status=status)
    if code == "not_logged_in":
        back = f"?next={quote(request.path_qs)}" if request.method == "GET" and request.path != "/" else ""
        return web.Response(status=303, headers={"Location": f"/login{back}"})
    message = words(request["locale"], code, params)
    title = f"error.title.{status}"
    known = title if knows("web", request["locale"], title) else "error.title.other"
    heading = translate("web", request["locale"], known)
    told = {"heading": heading, "message": message, "request_id": request["request_id"]}
    return render(request, "web/error.html", status=status, **told)


def words(locale: str, code: str, params: Mapping[str, str | int]) -> str:
    """The sentence for a code; for one without a sentence, a general one."""
    key = f"errors.{code}"
    if not knows("web", locale, key):
        return translate("web", locale, "errors.other", code=code)
    return translate("web", locale, key, strict=False, **params)


def _is_page(request: web.Request) -> bool:
    """A browser that opens a page or sends a form says so; scripts and programs do not ask for HTML."""
    return "text/html" in request.headers.get("Accept", "")
