"""What did not arrive, for whoever can act: seen here, sent again, or known to have arrived."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from pbx_bridge.outbox.by_hand import DeliveryByHand
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import undelivered
from pbx_bridge.web.i18n import translate
from pbx_bridge.web.rendering import render

PATH = "/floor/undelivered"
ZONE = ZoneInfo("Europe/Berlin")
SAID = frozenset({"again", "arrived", "gone"})


class UndeliveredPage:
    """Nobody here sees an address, a number or a word of a note."""

    def __init__(self, db: Database, by_hand: DeliveryByHand) -> None:
        self._db, self._by_hand = db, by_hand

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
        done = await self._by_hand.send_again(request.match_info["message"], request["account"].id)
        return _back("again" if done else "gone")

    async def arrived(self, request: web.Request) -> web.StreamResponse:
        """A person knows that an uncertain one is there."""
        done = await self._by_hand.arrived(request.match_info["message"], request["account"].id)
        return _back("arrived" if done else "gone")


def _date(locale: str, day: datetime) -> str:
    return translate("floor", locale, "days.date", on=day)


def _back(said: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{PATH}?said={said}"})
