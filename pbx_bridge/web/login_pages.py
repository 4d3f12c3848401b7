"""The pages around logging in: `/login`, `/logout`, and `/`, which leads everybody home."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.auth.log_in import LogIn
from pbx_bridge.auth.permissions import HOMES, may
from pbx_bridge.errors import Refused
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.client_description import whereabouts
from pbx_bridge.web.error_pages import words
from pbx_bridge.web.login_response import Keys, to
from pbx_bridge.web.login_second_factor import SecondStep
from pbx_bridge.web.rendering import render


class LoginPages:
    """`keys`: the cookies that it gives."""

    def __init__(self, log_in: LogIn, keys: Keys) -> None:
        self._log_in, self._keys = log_in, keys
        self._second = SecondStep(log_in, keys)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/login", self.show, name="login"),
            web.post("/login", self.enter, name="login"),
            *self._second.routes(),
            web.post("/logout", self.leave, name="logout"),
            web.get("/", self.home, name="home"),
            web.get("/home", self.welcome, name="home.page"),
        ]

    async def show(self, request: web.Request) -> web.Response:
        account: Account | None = request.get("account")
        if account:
            return to(HOMES[account.role])
        back = request.query.get("next", "")
        return render(request, "web/login.html", login="", message="", next=back, kept="")

    async def enter(self, request: web.Request) -> web.Response:
        form = await form_of(request)
        names = ("login", "password", "next", "kept")
        login, password, back, waiting = map(form.get, names)
        old = request.get("session") or request.get("half")
        result = await self._log_in.try_in(self._keys.attempt(request, login, password, old))
        if isinstance(result, Refused):
            message = words(request["locale"], result.code, result.params)
            status = 429 if result.code == "too_many" else 401
            told = {"login": login, "message": message, "next": back, "kept": waiting}
            page = render(request, "web/login.html", status=status, **told)
            if "seconds" in result.params:
                page.headers["Retry-After"] = str(result.params["seconds"])
            return page
        if result.session.stage:
            page = await self._second.page(request, result.session, back, waiting)
            return self._keys.given(page, result)
        return self._keys.given(self._second.onward(request, result, back, waiting), result)

    async def leave(self, request: web.Request) -> web.Response:
        await self._log_in.leave(request["session"], whereabouts(request))
        response = to("/login")
        response.headers["Clear-Site-Data"] = '"cache"'
        self._keys.session.clear(response)
        return response

    async def home(self, request: web.Request) -> web.Response:
        account: Account = request["account"]
        return to(HOMES[account.role])

    async def welcome(self, request: web.Request) -> web.Response:
        """Who is logged in, and the way to where they work."""
        return render(request, "web/home.html", has_desk=may(request["account"].role, "desk"))
