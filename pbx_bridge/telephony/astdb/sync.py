"""Keeps in Asterisk's own database what it needs to work without us: names of lines, blocked callers, given
phones, what happens when nobody is free."""

from __future__ import annotations

from collections.abc import Mapping

from pbx_bridge.calls.message import Effect
from pbx_bridge.telephony.astdb.blocklist import Blocklist
from pbx_bridge.telephony.astdb.given_phones import GivenPhones
from pbx_bridge.telephony.astdb.line_names import LineNames
from pbx_bridge.telephony.astdb.nobody_free import NobodyFreeBook
from pbx_bridge.telephony.astdb.read_back import AstdbLink
from pbx_bridge.telephony.until_told import UntilTold


class AstdbSync:
    """What is wanted may be said at any time; the PBX is told as soon as it is there, and again each time it
    comes back."""

    def __init__(self, link: AstdbLink) -> None:
        self._names, self._blocks, self._phones = LineNames(link), Blocklist(link), GivenPhones(link)
        self._nobody_free = NobodyFreeBook(link)
        self._telling = UntilTold(self._tell)

    def change(self, names: Mapping[str, str], turned_away: Mapping[str, frozenset[str] | None]) -> None:
        """What is different: line → company ("": nobody's), and called number → callers who are turned away,
        in digits (None: it is nobody's); lines and called numbers are E.164."""
        self._names.change(names)
        self._blocks.change(turned_away)
        self._telling.wanted()

    def set_phones(self, phones: Mapping[str, str]) -> None:
        """All phones that we gave: name → digest of the password; others log in no more."""
        self._phones.set_desired(phones)
        self._telling.wanted()

    def set_nobody_free(self, said: Mapping[str, str]) -> None:
        """What holds for callers for whom nobody is free: all numbers, as `NobodyFreeBook` has it."""
        self._nobody_free.set_desired(said)
        self._telling.wanted()

    async def resynced(self, _effect: Effect) -> None:
        """The link came up: what may be missing is told anew."""
        self.doubt()
        self._telling.pbx_is_there()

    def doubt(self) -> None:
        """Another Asterisk may be there now, or be the next one that answers."""
        self._names.invalidate()
        self._blocks.invalidate()
        self._phones.invalidate()
        self._nobody_free.invalidate()

    async def run(self) -> None:
        """Until cancelled."""
        await self._telling.run()

    async def _tell(self) -> bool:
        """Blocked callers first; what is wrong with one kind does not keep the other waiting."""
        kinds = self._blocks, self._names, self._phones, self._nobody_free
        return all([await kind.sync() for kind in kinds])
