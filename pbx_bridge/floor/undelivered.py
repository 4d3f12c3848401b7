"""What did not arrive, for whoever can act: seen here, sent again, or known to have arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications, undelivered
from pbx_bridge.web.i18n import translate
from pbx_bridge.web.rendering import render

log = structlog.get_logger(__name__)

PATH = "/floor/undelivered"
ZONE = ZoneInfo("Europe/Berlin")
SAID = frozenset({"again", "arrived", "gone"})


class UndeliveredPage:
    """`wake`: there is something to send. Nobody here sees an address, a number or a word of a note."""

    def __init__(self, db: Database, wake: Callable[[], None], clock: Callable[[], datetime]) -> None:
        self._db, self._wake, self._clock = db, wake, clock

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return [
            web.get(PATH, self.show, name="floor.undelivered"),
            web.post(f"{PATH}/{{message}}/again", self.again, name="floor.undelivered.again"),
            web.post(f"{PATH}/{{message}}/arrived", self.arrived, name="floor.undelivered.arrived"),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The newest first."""
        async with self._db.read() as conn:
            messages = await undelivered.listed(conn)
        said, locale = request.query.get("said", ""), request["locale"]
        return render(
            request,
            "floor/undelivered.html",
            messages=messages,
            said=said if said in SAID else "",
            at=lambda moment: moment.astimezone(ZONE),
            date=lambda moment: _date(locale, moment),
        )

    async def again(self, request: web.Request) -> web.StreamResponse:
        """Out it goes once more; what may have arrived before is marked as a possible duplicate."""
        message = request.match_info["message"]
        async with self._db.write() as conn:
            done = await undelivered.send_again(conn, message, self._clock())
        if done:
            log.info("message_sent_again", notification=message, account=request["account"].id)
            self._wake()
        return _back("again" if done else "gone")

    async def arrived(self, request: web.Request) -> web.StreamResponse:
        """A person knows that an uncertain one is there."""
        message = request.match_info["message"]
        async with self._db.write() as conn:
            done = await notifications.settle(conn, message, self._clock())
        if done:
            log.info("message_known_to_have_arrived", notification=message, account=request["account"].id)
        return _back("arrived" if done else "gone")


def _date(locale: str, day: datetime) -> str:
    return translate("floor", locale, "days.date", on=day)


def _back(said: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{PATH}?said={said}"})
