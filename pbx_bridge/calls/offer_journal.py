"""Writes down whose phones rang for a call in vain: what support is asked when somebody says that nobody
answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.journal import Journal
from pbx_bridge.calls.state import CallState
from pbx_bridge.storage.calls import offers
from pbx_bridge.storage.calls.offers import StoredOffer
from pbx_bridge.storage.db.ids import new_id

IN_VAIN = frozenset(
    {fx.OfferGoneReason.NOT_ANSWERED, fx.OfferGoneReason.CALLER_GONE, fx.OfferGoneReason.PICKED}
)
"""Where a colleague was faster nobody asks why; with a queue that rings all of thirty phones these would be
nearly all rows."""


class OfferJournal:
    """Handlers of what rings. When it began is kept in memory until it is over, so an offer costs one row at
    most, and one that is answered none. They are plain functions: the pop, which the next handler sends,
    waits for no turn of the loop. `calls`: the registry's view, by the PBX's name."""

    def __init__(
        self,
        journal: Journal,
        calls: Mapping[str, CallState],
        agent_id: Callable[[str | None], str | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._journal, self._calls, self._agent_id, self._clock = journal, calls, agent_id, clock
        self._since: dict[str, dict[str, datetime]] = {}

    def offered(self, effect: fx.Offered) -> None:
        """This phone rings from now on."""
        self._since.setdefault(effect.call, {})[effect.interface] = self._clock()

    def gone(self, effect: fx.OfferGone) -> None:
        """It rings no more. One of which an earlier run of the service saw the beginning tells nothing."""
        since = self._since.get(effect.call, {}).pop(effect.interface, None)
        call = self._calls.get(effect.call)
        if since is None or call is None or effect.reason not in IN_VAIN:
            return
        agent = self._agent_id(effect.interface)
        row = StoredOffer(new_id(), call.id, agent, since, self._clock(), effect.reason)
        self._journal.write(lambda conn: offers.insert(conn, row))

    def ended(self, effect: fx.CallEnded) -> None:
        """Nothing rings for it any longer."""
        self._since.pop(effect.call, None)
