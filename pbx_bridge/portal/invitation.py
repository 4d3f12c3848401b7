"""Where an invited employee sets a first password: open without a log-in, good once."""

from __future__ import annotations

import asyncio

from aiohttp import web

from pbx_bridge.auth.passwords import Passwords, fit_password
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.subaccounts import hashed
from pbx_bridge.portal.visit import Portal
from pbx_bridge.storage import invitations
from pbx_bridge.storage.accounts import Account
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.i18n import translate
from pbx_bridge.web.rendering import render

PATH = "/einladung/{token}"


class Invitation:
    """Open routes: the token in the path is the key."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.show, name="invitation"), web.post(PATH, self.accept, name="invitation")]

    async def show(self, request: web.Request) -> web.Response:
        """Two fields, if the token is good."""
        return self._page(request, await self._invited(request))

    async def accept(self, request: web.Request) -> web.Response:
        """Keep the password and go on to the log-in."""
        account, form = await self._invited(request), await form_of(request)
        password, again = form.get("password"), form.get("again")
        unfit = fit_password(password)
        if unfit is not None:
            return self._page(request, account, unfit.code, **unfit.params)
        if password != again:
            return self._page(request, account, "password_differs")
        password_hash = await asyncio.to_thread(lambda: Passwords(self._portal.auth).hash(password))
        async with self._portal.db.write() as conn:
            token = hashed(request.match_info["token"])
            if not await invitations.accept(conn, token, password_hash, self._portal.clock()):
                raise NotFoundError
        return web.Response(status=303, headers={"Location": "/login"})

    async def _invited(self, request: web.Request) -> Account:
        async with self._portal.db.read() as conn:
            token = hashed(request.match_info["token"])
            account = await invitations.find(conn, token, self._portal.clock())
        if account is None:
            raise NotFoundError
        request["locale"] = account.locale
        return account

    def _page(self, request: web.Request, account: Account, fault: str = "", **gaps: str) -> web.Response:
        message = (
            translate("portal", account.locale, f"faults.{fault}", strict=False, **gaps) if fault else ""
        )
        status = 422 if fault else 200
        return render(request, "portal/invitation.html", status=status, login=account.login, message=message)
