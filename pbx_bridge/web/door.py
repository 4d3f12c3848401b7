"""The pages around logging in: `/login`, `/logout`, and `/`, which leads everybody home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from pbx_bridge.auth.log_in import Attempt, LogIn
from pbx_bridge.auth.permissions import HOMES, may
from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.errors import Refused
from pbx_bridge.storage.accounts import Account
from pbx_bridge.storage.devices import LASTS
from pbx_bridge.web import kept
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.cookies import DeviceCookie, SessionCookie
from pbx_bridge.web.error_pages import words
from pbx_bridge.web.origin import Proxies
from pbx_bridge.web.rendering import render


class Door:
    """`proxies`: whose word about the client's address counts."""

    def __init__(
        self,
        log_in: LogIn,
        sessions: Sessions,
        cookie: SessionCookie,
        device: DeviceCookie,
        clock: Callable[[], datetime],
        proxies: Proxies,
    ) -> None:
        self._log_in, self._sessions = log_in, sessions
        self._cookie, self._device = cookie, device
        self._clock, self._proxies = clock, proxies

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/login", self.show, name="login"),
            web.post("/login", self.enter, name="login"),
            web.post("/logout", self.leave, name="logout"),
            web.get("/", self.home, name="home"),
            web.get("/home", self.welcome, name="home.page"),
        ]

    async def show(self, request: web.Request) -> web.Response:
        account: Account | None = request.get("account")
        if account:
            return _to(HOMES[account.role])
        back = request.query.get("next", "")
        return render(request, "web/login.html", login="", message="", next=back, kept="")

    async def enter(self, request: web.Request) -> web.Response:
        form = await form_of(request)
        names = ("login", "password", "next", "kept")
        login, password, back, waiting = map(form.get, names)
        address = self._proxies.client(request)
        known, browser = self._device.read(request)[:200], request.headers.get("User-Agent", "")
        attempt = Attempt(login, password, address, known, browser, request.get("session"))
        result = await self._log_in.try_in(attempt)
        if isinstance(result, Refused):
            message = words(request["locale"], result.code, result.params)
            status = 429 if result.code == "too_many" else 401
            told = {"login": login, "message": message, "next": back, "kept": waiting}
            page = render(request, "web/login.html", status=status, **told)
            if "seconds" in result.params:
                page.headers["Retry-After"] = str(result.params["seconds"])
            return page
        now, session = self._clock(), result.session
        response = self._onward(request, session, back, kept.read(waiting))
        self._cookie.write(response, result.token, now, session.expires_at)
        self._device.write(response, result.device, now, now + LASTS)
        return response

    @staticmethod
    def _onward(request: web.Request, session: Session, back: str, waiting: kept.Kept | None) -> web.Response:
        """To what waits to be sent, else the way back, else home."""
        if waiting is None:
            return _to(_inside(back) or HOMES[session.account.role])
        request["locale"] = session.account.locale
        return kept.send_again(request, waiting, csrf=session.csrf)

    async def leave(self, request: web.Request) -> web.Response:
        await self._sessions.end(request["session"].id)
        response = _to("/login")
        response.headers["Clear-Site-Data"] = '"cache"'
        self._cookie.clear(response)
        return response

    async def home(self, request: web.Request) -> web.Response:
        account: Account = request["account"]
        return _to(HOMES[account.role])

    async def welcome(self, request: web.Request) -> web.Response:
        """Where those land whose rooms are not built yet."""
        return render(request, "web/home.html", has_desk=may(request["account"].role, "desk"))


def _inside(path: str) -> str:
    """The path if it leads into this house, else "": "//elsewhere" and "/\\elsewhere" are other hosts to a
    browser."""
    fits = path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/logout"))
    return path if fits and path.isprintable() else ""


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
