"""Many numbers are told at once and then read back: the dial plan does one while the next is on its way. What
it does not take at one of them holds up no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from pbx_bridge.ami.errors import Unsendable
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back
from pbx_bridge.time_slices import gently

AT_ONCE = 200
"""Numbers of which the PBX is told before it is asked whether it knows them."""
REFUSED_AT_MOST = 3
"""Numbers of one round that are not taken while no other is, two seconds each: the PBX may know nothing of it
at all."""

Write = Callable[[str], Awaitable[AstdbEntry]]


class Telling(NamedTuple):
    """`taken`: can be read back; `refused`: why not, by number. What is in neither was not asked for, as too
    much was refused."""

    taken: Sequence[str]
    refused: Mapping[str, str]


async def told(link: AstdbLink, numbers: Sequence[str], write: Write, context: str) -> Telling:
    """`write` begins with a number and says what is to stand there. Raises LinkGone, ActionTimeout."""
    entries: dict[str, AstdbEntry] = {}
    refused: dict[str, str] = {}
    taken: list[str] = []
    async for number in gently(numbers):
        if not entries and len(refused) >= REFUSED_AT_MOST:
            break
        try:
            entries[number] = await write(number)
        except (NotTaken, Unsendable) as error:
            refused[number] = str(error) or type(error).__name__
    silent = 0
    async for number in gently(entries):
        if silent >= REFUSED_AT_MOST:
            break
        try:
            await read_back(link, entries[number], context)
        except NotTaken as error:
            refused[number] = str(error)
            silent += 1
        else:
            taken.append(number)
    return Telling(taken, refused)
