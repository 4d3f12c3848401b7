"""The desk's addresses: the page, which holds nothing of any call, the socket, and the agent's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from aiohttp import web

from pbx_bridge.desk.session.commands import Seat
from pbx_bridge.desk.session.socket import DeskSockets
from pbx_bridge.directory.staff import Staff
from pbx_bridge.errors import ForbiddenError
from pbx_bridge.storage.access import accounts, agents, pause_reasons
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.i18n import languages, names_of_languages, page_texts
from pbx_bridge.web.kit.pause_names import own_names
from pbx_bridge.web.rendering import render
from rules.model import Agent
from rules.presence.pause_reasons import PauseChoice, choices, offered
from rules.vocabulary import CloseReason

PAGE, SOCKET, LANGUAGE, LOG_OUT = "/desk", "/desk/socket", "/desk/language", "/logout"


def menus(reasons: Iterable[PauseChoice]) -> Mapping[str, str]:
    """What the page offers, in this order."""
    pauses = [one.code for one in offered(reasons)]
    return {"pauses": " ".join(pauses), "closes": " ".join(CloseReason)}


def sentences(locale: str) -> dict[str, str]:
    """All that the scripts say, with the names of companies' languages."""
    return {**page_texts("desk", locale), **page_texts("web", locale, "spoken")}


class DeskPages:
    """For log-ins that have a phone; `auth.permissions` lets agents and supervisors in."""

    def __init__(self, db: Database, staff: Staff, sockets: DeskSockets, in_time: timedelta) -> None:
        self._db, self._staff, self._sockets, self._in_time = db, staff, sockets, in_time

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return [
            web.get(PAGE, self.page, name="desk"),
            web.get(SOCKET, self.socket, name="desk.socket"),
            web.post(LANGUAGE, self.language, name="desk.language"),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The frame, in the agent's language."""
        agent = await self._agent(request)
        async with self._db.read() as conn:
            reasons = choices(await pause_reasons.kept(conn))
        locale = request["locale"]
        return render(
            request,
            "desk/desk.html",
            texts={**sentences(locale), **own_names(reasons, locale, "pauses")},
            languages=names_of_languages(),
            menus=menus(reasons),
            in_time=f"{self._in_time.total_seconds():g}",
            agent_name=agent.name,
            socket_url=SOCKET,
            logout_url=LOG_OUT,
        )

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Until it is closed."""
        agent = await self._agent(request)
        seat = Seat(request["account"].id, agent.id, request["session"].id)
        return await self._sockets.serve(request, seat, agent)

    async def language(self, request: web.Request) -> web.StreamResponse:
        """The agent's own choice, from now on and wherever they log in; one that we lack changes nothing."""
        wanted = (await form_of(request)).get("locale")
        if wanted in languages():
            async with self._db.write() as conn:
                await accounts.set_locale(conn, request["account"].id, wanted)
                await data_version.touch(conn, None, datetime.now(UTC))
        raise web.HTTPSeeOther(PAGE)

    async def _agent(self, request: web.Request) -> Agent:
        """Whose desk it is: only the log-in tells. A supervisor without a phone has none."""
        async with self._db.read() as conn:
            found = await agents.by_account(conn, request["account"].id)
        known = self._staff.agent(found.id) if found else None
        if known is None:
            raise ForbiddenError
        return known
