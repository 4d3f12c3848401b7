"""Where a password is set by a link: the first one, or instead of a forgotten one; open, and good once."""

from __future__ import annotations

import secrets

from aiohttp import web

from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.portal.services import Portal
from pbx_bridge.storage.access import access_log, account_names, devices, invitations
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.access.invitations import hashed
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.client_description import whereabouts
from pbx_bridge.web.cookies import DeviceCookie
from pbx_bridge.web.i18n import known, translate
from pbx_bridge.web.rendering import render
from rules.access.passwords import SHORTEST, SHORTEST_FOR_STAFF, opaque, weakness

INVITED, FORGOTTEN = "/einladung/{token}", "/kennwort/{token}"


class Invitation:
    """Open routes: the token in the path is the key."""

    def __init__(self, portal: Portal) -> None:
        self._portal, self._cookie = portal, DeviceCookie(portal.public_url)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(INVITED, self.show, name="invitation"),
            web.post(INVITED, self.accept, name="invitation"),
            web.get(FORGOTTEN, self.show, name="new_password"),
            web.post(FORGOTTEN, self.accept, name="new_password"),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Two fields, if the token is good."""
        return self._page(request, *await self._invited(request))

    async def accept(self, request: web.Request) -> web.Response:
        """Keep the password and go on to the log-in; every session of before is over.

        Whoever has the mailbox is at home in this browser: strangers who guess hold nobody up here.
        """
        (account, login), form = await self._invited(request), await form_of(request)
        password, again = form.get("password"), form.get("again")
        async with self._portal.db.read() as conn:
            names = await account_names.names_of(conn, account)
        unfit = weakness(password, names, staff=account.is_staff)
        if unfit is None and opaque(password) != opaque(again):
            unfit = Refused("password_differs")
        if unfit is not None:
            return self._page(request, account, login, unfit)
        password_hash = await self._portal.passwords.hashed(password)
        now, token = self._portal.clock(), hashed(request.match_info["token"])
        async with self._portal.db.write() as conn:
            if not await invitations.accept(conn, token, password_hash, now):
                raise NotFoundError
            event = AccessEvent.PASSWORD_BY_LINK if account.is_named else AccessEvent.INVITATION_TAKEN
            await access_log.write(conn, event, account, now, whereabouts(request))
            device = self._cookie.read(request)[:200] or secrets.token_urlsafe(32)
            await devices.remember(conn, devices.hashed(device), account.id, now)
        response = web.Response(status=303, headers={"Location": "/login"})
        self._cookie.write(response, device, now, now + devices.LASTS)
        return response

    async def _invited(self, request: web.Request) -> tuple[Account, str]:
        """Who it is for, and their log-in from then on."""
        token = hashed(request.match_info["token"])
        async with self._portal.db.read() as conn:
            account = await invitations.find(conn, token, self._portal.clock())
            login = await invitations.login_for(conn, account) if account else ""
        if account is None:
            raise NotFoundError
        request["locale"] = known(account.locale)
        return account, login

    def _page(
        self, request: web.Request, account: Account, login: str, fault: Refused | None = None
    ) -> web.Response:
        message = ""
        if fault is not None:
            message = translate(
                "portal", account.locale, f"faults.{fault.code}", strict=False, **fault.params
            )
        least = SHORTEST_FOR_STAFF if account.is_staff else SHORTEST
        told = {"login": login, "least": least, "message": message}
        return render(request, "portal/account/invitation.html", status=422 if message else 200, **told)
