"""The second step of a log-in: the code of a phone, or setting such a phone up."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.auth.log_in import Entered, LogIn, LogInAttempt
from pbx_bridge.auth.sessions import Session, Stage
from pbx_bridge.errors import Refused
from pbx_bridge.web import resubmit
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.error_pages import words
from pbx_bridge.web.i18n import known, translate
from pbx_bridge.web.login_response import Keys, home_of, inside, to
from pbx_bridge.web.qr_code import qr_picture
from pbx_bridge.web.rendering import RENDERING, render
from rules.access.one_time import app_address, secret_words

CODE, SETUP = "/login/code", "/login/einrichten"


class SecondStep:
    """Open to whoever has given the right password; to everybody else it is the log-in."""

    def __init__(self, log_in: LogIn, keys: Keys) -> None:
        self._log_in, self._keys = log_in, keys

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(CODE, self.show, name="login.code"),
            web.post(CODE, self.enter, name="login.code"),
            web.get(SETUP, self.show, name="login.setup"),
            web.post(SETUP, self.set_up, name="login.setup"),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """What is missing."""
        half: Session | None = request.get("half")
        return to("/login") if half is None else await self.page(request, half, "", "")

    async def page(
        self, request: web.Request, half: Session, back: str, waiting: str, fault: Refused | None = None
    ) -> web.Response:
        """`back`, `waiting`: where it leads on to, as the log-in form had it."""
        request["locale"] = locale = known(half.account.locale)
        message = "" if fault is None else words(locale, fault.code, fault.params)
        status = 200 if fault is None else 429 if fault.code == "too_many" else 401
        context: dict[str, str] = {
            "message": message,
            "next": back,
            "kept": waiting,
            "login": half.account.login,
        }
        if half.stage is Stage.SETUP:
            secret = await self._log_in.proposed(half)
            issuer = request.config_dict[RENDERING].brand(locale)
            address = app_address(secret, issuer, half.account.login)
            picture = qr_picture(address, translate("web", locale, "second.setup.picture"))
            context |= {"secret": secret_words(secret), "app_address": address, "picture": picture}
        page = render(request, f"web/{half.stage}.html", status=status, **context)
        if fault is not None and "seconds" in fault.params:
            page.headers["Retry-After"] = str(fault.params["seconds"])
        return page

    async def enter(self, request: web.Request) -> web.Response:
        """In, with the right code."""
        half: Session | None = request.get("half")
        if half is None or half.stage is not Stage.CODE:
            return to("/login")
        form = await form_of(request)
        result = await self._log_in.give_code(half, form.get("code"), self._attempt(request, half))
        if isinstance(result, Refused):
            return await self.page(request, half, form.get("next"), form.get("kept"), result)
        return self._keys.given(self.onward(request, result, form.get("next"), form.get("kept")), result)

    async def set_up(self, request: web.Request) -> web.Response:
        """In, with the first code of a new phone; the recovery codes are shown this once."""
        half: Session | None = request.get("half")
        if half is None or half.stage is not Stage.SETUP:
            return to("/login")
        form = await form_of(request)
        result = await self._log_in.set_up(half, form.get("code"), self._attempt(request, half))
        if isinstance(result, Refused):
            return await self.page(request, half, form.get("next"), form.get("kept"), result)
        entered, codes = result
        request["locale"] = known(entered.session.account.locale)
        onward = inside(form.get("next")) or home_of(entered.session)
        waiting = resubmit.read(form.get("kept"))
        page = render(
            request, "web/codes.html", codes=codes, onward=onward, waiting=waiting, csrf=entered.session.csrf
        )
        return self._keys.given(page, entered)

    @staticmethod
    def onward(request: web.Request, entered: Entered, back: str, waiting: str) -> web.Response:
        """To what waits to be sent, else the way back, else home."""
        typed = resubmit.read(waiting)
        if typed is None:
            return to(inside(back) or home_of(entered.session))
        request["locale"] = known(entered.session.account.locale)
        return resubmit.send_again(request, typed, csrf=entered.session.csrf)

    def _attempt(self, request: web.Request, half: Session) -> LogInAttempt:
        return self._keys.attempt(request, half.account.login, "", half)
