"""What a log-in gives: cookies, and the way on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from pbx_bridge.auth.log_in import Entered, LogInAttempt
from pbx_bridge.auth.permissions import HOMES
from pbx_bridge.auth.sessions import Session
from pbx_bridge.storage.access.devices import LASTS
from pbx_bridge.web.cookies import DeviceCookie, SessionCookie
from pbx_bridge.web.origin import Proxies


class Keys:
    """The cookies of the door. `proxies`: whose word about the client's address counts."""

    def __init__(
        self, session: SessionCookie, device: DeviceCookie, proxies: Proxies, clock: Callable[[], datetime]
    ) -> None:
        self.session, self._device, self._proxies, self._clock = session, device, proxies, clock

    def attempt(self, request: web.Request, login: str, password: str, old: Session | None) -> LogInAttempt:
        """Somebody at the door, with the browser that they use."""
        address, browser = self._proxies.client(request), request.headers.get("User-Agent", "")
        return LogInAttempt(login, password, address, self._device.read(request)[:200], browser, old)

    def given(self, response: web.Response, entered: Entered) -> web.Response:
        """The response with the session, and, for whoever is in, the browser known from now on."""
        now = self._clock()
        self.session.write(response, entered.token, now, entered.session.expires_at)
        if entered.device:
            self._device.write(response, entered.device, now, now + LASTS)
        return response


def home_of(session: Session) -> str:
    """Where somebody goes after logging in."""
    return HOMES[session.account.role]


def inside(path: str) -> str:
    """The path if it leads into this house, else "": "//elsewhere" and "/\\elsewhere" are other hosts to a
    browser."""
    fits = path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/logout"))
    return path if fits and path.isprintable() else ""


def to(path: str) -> web.Response:
    """See other, kept by no cache."""
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
