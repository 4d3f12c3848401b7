"""Tells Asterisk in which queue the callers of a number wait, so that it holds even without this service."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.mirrored import MirroredEntries
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.time_slices import gently
from rules.text.phone_numbers import dial_digits

CALLED = re.compile(r"[0-9]{2,20}\Z")
FOR_BOUND = ".b"
"""Ends a route of which only agents may hear who are bound to secrecy."""

log = structlog.get_logger(__name__)


class Routes:
    """Each life of the service writes a list of its own and lets it count when it is complete, as with
    blocked callers. What a route says, and who follows it, is in the context `sec-route` of
    docker/asterisk/secretariat.conf. A number without one is answered by every agent.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._list = new_id().replace("-", "")
        self._entries = MirroredEntries(link, self._say, "sec-route")
        self._counts = False

    async def set_desired(self, routes: Mapping[str, str]) -> None:
        """Number (E.164) → route, all of them."""
        wanted: dict[str, str] = {}
        different: set[str] = set()
        before = self._entries.desired
        async for number, route in gently(routes.items()):
            if CALLED.match(digits := dial_digits(number)):
                wanted[digits] = route
                if before.get(digits) != route:
                    different.add(digits)
        async for number in gently(tuple(before)):
            if number not in wanted:
                different.add(number)
        self._entries.want(wanted, different)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._entries.doubt()
        self._counts = False

    async def sync(self, hurried: Callable[[], bool] = lambda: False) -> bool:
        """True when nothing is left to tell. `hurried`: whether something else cannot wait; asked after every
        some hundred numbers, what is left is told next time."""
        try:
            if not await self._entries.tell(_say_refused, hurried):
                return False
            if not self._counts and self._may_count():
                await self._let_count()
        except (LinkGone, ActionTimeout):
            self._entries.failed()
            return False
        except NotTaken as error:
            log.warning("routes_not_taken", what=str(error))
            return not self._entries.desired and not self._entries.untold
        return not self._entries.untold

    def _may_count(self) -> bool:
        """One number that is not taken keeps no others back: its callers are everybody's, as without a route.
        Callers of a company that is bound to secrecy never are: as long as theirs is missing, the list of an
        earlier life is the better one."""
        routes = self._entries
        return routes.untold <= routes.refused and not any(
            routes.desired.get(number, "").endswith(FOR_BOUND) for number in routes.untold
        )

    async def _say(self, number: str, said: str) -> AstdbEntry:
        await written(self._link, number, "sec-route", ("_SEC_LIST", self._list), ("_SEC_ROUTE", said))
        return AstdbEntry(f"route/{self._list}", number, said)

    async def _let_count(self) -> None:
        await written(self._link, "00", "sec-routes", ("_SEC_LIST", self._list))
        await read_back(self._link, AstdbEntry("routes", "now", self._list), "sec-routes")
        self._counts = True


def _say_refused(refused: Mapping[str, str]) -> None:
    log.warning("routes_not_taken", what=next(iter(refused.values())), numbers=len(refused))
