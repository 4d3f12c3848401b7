"""Tells Asterisk in which queue the callers of a number wait, so that it holds even without this service."""

from __future__ import annotations

import re
from collections.abc import Mapping

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.time_slices import gently
from rules.text.phone_numbers import dial_digits

CALLED = re.compile(r"[0-9]{2,20}\Z")

log = structlog.get_logger(__name__)


class Routes:
    """Only differences are told, after each connect everything; done is what can be read back.

    Each life of the service writes a list of its own and lets it count when it is complete, as with blocked
    callers. What a route says, and who follows it, is in the context `sec-route` of
    docker/asterisk/secretariat.conf. A number without one is answered by every agent.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._list = new_id().replace("-", "")
        self._desired: dict[str, str] = {}
        self._untold: set[str] = set()
        self._counts = False

    def set_desired(self, routes: Mapping[str, str]) -> None:
        """Number (E.164) → route, all of them."""
        digits = ((dial_digits(number), route) for number, route in routes.items())
        wanted = {number: route for number, route in digits if CALLED.match(number)}
        self._untold |= {number for number, _ in self._desired.items() ^ wanted.items()}
        self._desired = wanted

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._untold |= self._desired.keys()
        self._counts = False

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        try:
            async for number in gently(sorted(self._untold)):
                await self._tell(number)
            if not self._counts:
                await self._let_count()
        except (LinkGone, ActionTimeout):
            return False
        except NotTaken as error:
            log.warning("routes_not_taken", what=str(error))
            return not self._desired and not self._untold
        return not self._untold

    async def _tell(self, number: str) -> None:
        route = self._desired.get(number, "")
        told = ("_SEC_LIST", self._list), ("_SEC_ROUTE", route)
        await written(self._link, number, "sec-route", *told)
        await read_back(self._link, AstdbEntry(f"route/{self._list}", number, route), "sec-route")
        if self._desired.get(number, "") == route:
            self._untold.discard(number)

    async def _let_count(self) -> None:
        await written(self._link, "00", "sec-routes", ("_SEC_LIST", self._list))
        await read_back(self._link, AstdbEntry("routes", "now", self._list), "sec-routes")
        self._counts = True
