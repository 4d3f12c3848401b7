"""Our two cookies, for no script and no other site: of the session, and by which a browser is known."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web


class SessionCookie:
    """`__Host-session` on https; on http, which is for loopback only, browsers refuse that name."""

    def __init__(self, public_url: str) -> None:
        self._secure = public_url.lower().startswith("https:")
        self.name = "__Host-session" if self._secure else "session"

    def read(self, request: web.Request) -> str:
        """The token, or ""."""
        return request.cookies.get(self.name, "")

    def write(self, response: web.Response, token: str, now: datetime, expires_at: datetime) -> None:
        """Give the browser the token until the session's end."""
        self._set(response, token, int((expires_at - now).total_seconds()))

    def clear(self, response: web.Response) -> None:
        """Take the token away."""
        self._set(response, "", 0)

    def _set(self, response: web.Response, token: str, seconds: int) -> None:
        response.set_cookie(
            self.name, token, max_age=seconds, path="/", httponly=True, secure=self._secure, samesite="Lax"
        )


class DeviceCookie(SessionCookie):
    """`__Host-device` on https: it outlives the session, so that strangers' guesses keep nobody out here."""

    def __init__(self, public_url: str) -> None:
        super().__init__(public_url)
        self.name = "__Host-device" if self._secure else "device"


COOKIE = web.AppKey("cookie", SessionCookie)
