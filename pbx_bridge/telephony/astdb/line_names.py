"""Tells Asterisk the company of each line, so that the agents' phones show it even without this service."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

import structlog

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.marks import Marks
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, written
from pbx_bridge.time_slices import gently
from rules.text.phone_numbers import dial_digits

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Lines that are told before a mark may follow."""
SHOWN_LENGTH = 40
"""Phones show less; Asterisk's database takes more."""


class LineNames:
    """Only differences are told, after each connect what `Marks` doubt.

    The AMI user may not write Asterisk's database itself (that privilege would open much more), so a little
    dial plan does it: one Originate a line, with the name percent-encoded.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._desired: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._untold: set[str] = set()
        self._marks = Marks(link, self._mark, "sec-line")

    def set_desired(self, names: Mapping[str, str]) -> None:
        """Line number (E.164) → company, all of them; a line that is not in it any longer is cleared."""
        self.change({**dict.fromkeys(self._desired, ""), **names})

    def change(self, names: Mapping[str, str]) -> None:
        """What is different at these lines; "": cleared, whether or not this life of the service named it: an
        earlier one may have."""
        self._desired |= names
        self._untold |= names.keys()

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._marks.doubt()

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        try:
            if self._marks.doubted:
                self._doubt(await self._marks.missing())
            await self._marks.begin(len(self._untold))
            for some in batches(tuple(self._untold), AT_ONCE):
                await self._tell(some)
                await self._marks.told()
        except (LinkGone, ActionTimeout):
            self._marks.failed()
            return False
        return True

    def _doubt(self, missing: Collection[str] | None) -> None:
        if missing is None:
            self._told.clear()
            self._untold |= self._desired.keys()
            return
        for number in missing:
            self._told.pop(number, None)
        self._untold |= set(missing)

    async def _tell(self, numbers: Sequence[str]) -> None:
        async for number in gently(numbers):
            name = self._desired[number]  # may change while the PBX is told, hence the look at it afterwards
            if self._told.get(number) != name:
                self._marks.telling([number])
                try:
                    await self._link.send(_put(number, name))
                except (ActionFailed, Unsendable) as error:
                    # Refused for good, so it counts as told: to try again would be refused for ever.
                    log.warning("line_name_not_told", error=type(error).__name__)
                self._told[number] = name
            if self._desired[number] == name:
                self._untold.discard(number)

    async def _mark(self, slot: str, mark: str) -> AstdbEntry:
        await written(self._link, slot, "sec-line", ("_SEC_COMPANY", mark))
        return AstdbEntry("line", slot, mark)


def _put(number: str, name: str) -> Originate:
    """The rest is in the context `sec-line` of docker/asterisk/secretariat.conf."""
    return Originate(
        attempt=f"line-{new_id()}",
        channel=f"Local/{dial_digits(number)}@sec-line/n",
        context="sec-line",
        exten="done",
        variables=(("_SEC_COMPANY", quote(name[:SHOWN_LENGTH], safe="")),),
    )
