"""Tells Asterisk in which queue the callers of a number wait, so that it holds even without this service."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone, Unsendable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.time_slices import gently
from rules.text.phone_numbers import dial_digits

CALLED = re.compile(r"[0-9]{2,20}\Z")
AT_ONCE = 200
"""Numbers of which the PBX is told before it is asked whether it knows them."""

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

    async def set_desired(self, routes: Mapping[str, str]) -> None:
        """Number (E.164) → route, all of them."""
        wanted: dict[str, str] = {}
        different: set[str] = set()
        async for number, route in gently(routes.items()):
            if CALLED.match(digits := dial_digits(number)):
                wanted[digits] = route
                if self._desired.get(digits) != route:
                    different.add(digits)
        async for number in gently(tuple(self._desired)):
            if number not in wanted:
                different.add(number)
        self._untold |= different
        self._desired = wanted

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._untold |= self._desired.keys()
        self._counts = False

    async def sync(self, hurried: Callable[[], bool] = lambda: False) -> bool:
        """True when nothing is left to tell. `hurried`: whether something else cannot wait; asked after every
        some hundred numbers, what is left is told next time."""
        try:
            for numbers in batches(tuple(self._untold), AT_ONCE):
                await self._tell(numbers)
                if hurried():
                    return False
            if self._untold:
                return False  # as long as one is missing, the list of an earlier life is the better one
            if not self._counts:
                await self._let_count()
        except (LinkGone, ActionTimeout):
            return False
        except NotTaken as error:
            log.warning("routes_not_taken", what=str(error))
            return not self._desired and not self._untold
        return not self._untold

    async def _tell(self, numbers: Sequence[str]) -> None:
        """Write all, then read all back: the dial plan does one number while the next is on its way. One that
        is not taken keeps no other waiting; raises NotTaken if none of them is."""
        told: dict[str, str] = {}
        refused: NotTaken | Unsendable | None = None
        for number in numbers:
            route = self._desired.get(number, "")
            try:
                await written(
                    self._link, number, "sec-route", ("_SEC_LIST", self._list), ("_SEC_ROUTE", route)
                )
                told[number] = route
            except (NotTaken, Unsendable) as error:
                refused = error
        if refused and not told:
            raise NotTaken(str(refused)) from refused
        if refused:
            log.warning("routes_not_taken", what=str(refused), numbers=len(numbers) - len(told))
        for number, route in told.items():
            await read_back(self._link, AstdbEntry(f"route/{self._list}", number, route), "sec-route")
            if self._desired.get(number, "") == route:
                self._untold.discard(number)

    async def _let_count(self) -> None:
        await written(self._link, "00", "sec-routes", ("_SEC_LIST", self._list))
        await read_back(self._link, AstdbEntry("routes", "now", self._list), "sec-routes")
        self._counts = True
