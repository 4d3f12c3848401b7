"""What the dial plan was asked to write is believed when it can be read back."""

from __future__ import annotations

import asyncio
from typing import NamedTuple, Protocol

from pbx_bridge.ami.actions import Action, DBGet, Originate, Response
from pbx_bridge.ami.errors import ActionFailed
from pbx_bridge.storage.db.ids import new_id

DONE_SECONDS = 2.0
LOOK_SECONDS = 0.02
READ_LENGTH = 255
"""Letters of a value that Asterisk 16 says when asked; newer ones say all."""


class AstdbLink(Protocol):
    """What is needed of `pbx_bridge.ami.AmiLink`."""

    async def send(self, action: Action) -> Response: ...


class AstdbEntry(NamedTuple):
    """Of Asterisk's own database; `value` "" stands for none."""

    family: str
    key: str
    value: str


class NotTaken(Exception):
    """The PBX did not do what it was told; its log says more."""


async def written(link: AstdbLink, number: str, context: str, *told: tuple[str, str]) -> None:
    """The dial plan begins with it at extension `number` of its `context`. Raises NotTaken, LinkGone,
    ActionTimeout."""
    action = Originate(
        attempt=f"{context.removeprefix('sec-')}-{new_id()}",
        channel=f"Local/{number}@{context}/n",
        context="sec-line",
        exten="done",
        variables=told,
    )
    try:
        await link.send(action)
    except ActionFailed as error:
        raise NotTaken(error.message) from error


async def read_back(link: AstdbLink, entry: AstdbEntry, context: str) -> None:
    """Wait until it stands there. Raises NotTaken, LinkGone, ActionTimeout."""
    end = asyncio.get_running_loop().time() + DONE_SECONDS
    while not await stands(link, entry):
        if asyncio.get_running_loop().time() > end:
            raise NotTaken(f"the dial plan does not know the context {context}, or cannot follow it")
        await asyncio.sleep(LOOK_SECONDS)


async def stands(link: AstdbLink, entry: AstdbEntry) -> bool:
    """Whether it is there now. Raises LinkGone, ActionTimeout."""
    found = await _read(link, entry)
    return found == entry.value or (len(found) == READ_LENGTH and entry.value.startswith(found))


async def _read(link: AstdbLink, entry: AstdbEntry) -> str:
    try:
        answer = await link.send(DBGet(entry.family, entry.key))
    except ActionFailed:
        return ""
    return next((frame.get("Val") for frame in answer.events if frame.get("Val")), "")
