"""Tells Asterisk in which queue the callers of a number wait, so that it holds even without this service."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.marks import Marks
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.telephony.astdb.telling import AT_ONCE, told
from pbx_bridge.time_slices import gently
from rules.text.phone_numbers import dial_digits

CALLED = re.compile(r"[0-9]{2,20}\Z")
FOR_BOUND = ".b"
"""Ends a route of which only agents may hear who are bound to secrecy."""

log = structlog.get_logger(__name__)


class Routes:
    """Only differences are told, after each connect what `Marks` doubt; done is what can be read back.

    Each life of the service writes a list of its own and lets it count when it is complete, as with blocked
    callers. What a route says, and who follows it, is in the context `sec-route` of
    docker/asterisk/secretariat.conf. A number without one is answered by every agent.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._list = new_id().replace("-", "")
        self._desired: dict[str, str] = {}
        self._untold: set[str] = set()
        self._refused: set[str] = set()
        self._counts = False
        self._marks = Marks(link, self._mark, "sec-route")

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
        self._refused -= different
        self._desired = wanted

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._marks.doubt()
        self._refused.clear()
        self._counts = False

    async def sync(self, hurried: Callable[[], bool] = lambda: False) -> bool:
        """True when nothing is left to tell. `hurried`: whether something else cannot wait; asked after every
        some hundred numbers, what is left is told next time."""
        try:
            if self._marks.doubted:
                missing = await self._marks.missing()
                self._untold |= self._desired.keys() if missing is None else set(missing)
            await self._marks.begin(len(self._untold))
            numbers = sorted(self._untold, key=lambda one: (one in self._refused, one))
            for some in batches(numbers, AT_ONCE):
                if not await self._tell(some):
                    break
                if hurried():
                    return False
            if not self._counts and self._may_count():
                await self._let_count()
        except (LinkGone, ActionTimeout):
            self._marks.failed()
            return False
        except NotTaken as error:
            log.warning("routes_not_taken", what=str(error))
            return not self._desired and not self._untold
        return not self._untold

    def _may_count(self) -> bool:
        """One number that is not taken keeps no others back: its callers are everybody's, as without a route.
        Callers of a company that is bound to secrecy never are: as long as theirs is missing, the list of an
        earlier life is the better one."""
        return self._untold <= self._refused and not any(
            self._desired.get(number, "").endswith(FOR_BOUND) for number in self._untold
        )

    async def _tell(self, numbers: Sequence[str]) -> bool:
        """False: the PBX takes none of it, or answers nothing."""
        saying = {number: self._desired.get(number, "") for number in numbers}
        self._marks.telling(numbers)
        done = await told(self._link, numbers, partial(self._say, saying), "sec-route")
        self._refused -= set(done.taken)
        self._refused |= done.refused.keys()
        self._untold -= {one for one in done.taken if self._desired.get(one, "") == saying[one]}
        await self._marks.told()
        if done.refused:
            what = next(iter(done.refused.values()))
            log.warning("routes_not_taken", what=what, numbers=len(done.refused))
        return len(done.taken) + len(done.refused) == len(numbers)

    async def _say(self, saying: Mapping[str, str], number: str) -> AstdbEntry:
        route = ("_SEC_ROUTE", saying[number])
        await written(self._link, number, "sec-route", ("_SEC_LIST", self._list), route)
        return AstdbEntry(f"route/{self._list}", number, saying[number])

    async def _mark(self, slot: str, mark: str) -> AstdbEntry:
        return await self._say({slot: mark}, slot)

    async def _let_count(self) -> None:
        await written(self._link, "00", "sec-routes", ("_SEC_LIST", self._list))
        await read_back(self._link, AstdbEntry("routes", "now", self._list), "sec-routes")
        self._counts = True
