"""A forgotten password: a link by mail, and the same answer at once whether anybody has the log-in or not."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from pbx_bridge.auth import log_in_links
from pbx_bridge.auth.log_in_links import LASTS, LinkOffice, LogInLink
from pbx_bridge.portal.services import Portal
from pbx_bridge.storage.access import access_log, account_names, accounts, invitations
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.access.sessions import Where
from pbx_bridge.storage.db.engine import AsyncConnection, StorageUnavailable
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.client_description import whereabouts
from pbx_bridge.web.error_pages import error_response
from pbx_bridge.web.i18n import Param, translate
from pbx_bridge.web.kit.date_format import HOUSE_ZONE, Moments
from pbx_bridge.web.rendering import render
from rules.model import MessageKind
from rules.text.salutation import salutation

log = structlog.get_logger(__name__)

PATH = "/kennwort-vergessen"
GOOD_FOR = timedelta(hours=1)
PAUSE = timedelta(minutes=2)
"""Between two mails to one person, whoever asks for them; the link of the first is still good."""
MOST, WITHIN = 20, timedelta(hours=1)
"""Requests of one network."""
NETWORKS = 10_000
"""That are remembered."""
WAITING = 100
"""Requests that wait for the database; more are not looked at."""


class Forgotten:
    """Open routes: whoever has forgotten a password cannot log in."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._asked: OrderedDict[str, list[datetime]] = OrderedDict()
        self._turn, self._waiting = asyncio.Lock(), 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.show, name="forgotten"), web.post(PATH, self.ask, name="forgotten")]

    async def show(self, request: web.Request) -> web.Response:
        """One field."""
        return render(request, "portal/account/forgotten.html", sent=False)

    async def ask(self, request: web.Request) -> web.Response:
        """The answer comes before the work, so that it says nothing and takes as long in each case."""
        login = (await form_of(request)).get("login").strip().lower()[:200]
        where = whereabouts(request)
        seconds = self._too_often(where.network)
        if seconds:
            return error_response(request, "too_many", 429, {"seconds": seconds})
        office = LinkOffice.of(self._portal.public_url, request.url.origin(), self._portal.contact)
        if login and self._waiting < WAITING:
            self._waiting += 1
            self._portal.background.start(self._look(login, office, where))
        return render(request, "portal/account/forgotten.html", sent=True)

    def _too_often(self, network: str) -> int:
        """Seconds to wait; 0: none."""
        now = self._portal.clock()
        asked = [at for at in self._asked.pop(network, []) if at > now - WITHIN]
        full = len(asked) >= MOST
        self._asked[network] = asked if full else [*asked, now]
        while len(self._asked) > NETWORKS:
            self._asked.popitem(last=False)
        return int((asked[0] + WITHIN - now).total_seconds()) + 1 if full else 0

    async def _look(self, login: str, office: LinkOffice, where: Where) -> None:
        """One after the other: no flood takes the database from those who write."""
        try:
            async with self._turn:
                await self._send(login, office, where)
        except StorageUnavailable as error:
            log.warning("password_link_not_sent", reason=error.reason)
        finally:
            self._waiting -= 1

    async def _send(self, login: str, office: LinkOffice, where: Where) -> None:
        now = self._portal.clock()
        async with self._portal.db.read() as conn:
            found = await accounts.by_login(conn, login)
            if found is None or found[0].disabled or not found[0].mails_to:
                return
            if await invitations.mailed_since(conn, found[0].id, now - PAUSE, now):
                return
        lasts = LASTS if found[1] == invitations.NO_PASSWORD else GOOD_FOR
        async with self._portal.db.write() as conn:
            await self._write(conn, found[0], office, now, now + lasts)
            await access_log.write(conn, AccessEvent.LINK_SENT, found[0], now, where)
        self._portal.wake()

    async def _write(
        self, conn: AsyncConnection, account: Account, office: LinkOffice, now: datetime, until: datetime
    ) -> None:
        def t(key: str, **gaps: Param) -> str:
            return translate("portal", account.locale, key, strict=False, **gaps)

        name = salutation(await account_names.called(conn, account))
        greeting = t("forgotten.mail.hello_name", name=name) if name else t("forgotten.mail.hello")

        def words(link: str) -> tuple[str, str]:
            gaps = {"greeting": greeting, "login": account.login, "link": link}
            text = t("forgotten.mail.text", until=Moments(t, HOUSE_ZONE).full(until), **gaps)
            return t("forgotten.mail.subject"), text

        link = LogInLink(office, MessageKind.PASSWORD, until, words)
        await log_in_links.send(conn, account, link, now)
