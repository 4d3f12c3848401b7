"""One deed that a transaction does as its last: for what others wait for, which then is locked for no
longer than the commit takes, and behind all other locks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncConnection

LastDeed = Callable[[AsyncConnection], Awaitable[None]]
_KEY = "pbx_bridge_last_deed"


def set_to(conn: AsyncConnection, deed: LastDeed) -> None:
    """The running transaction does this at its end; there is one."""
    conn.info[_KEY] = deed


def of(conn: AsyncConnection) -> LastDeed | None:
    """The one that the running transaction has, if any."""
    found: LastDeed | None = conn.info.get(_KEY)
    return found


def none_yet(conn: AsyncConnection) -> None:
    """A transaction begins; the one before on this connection may have been broken off."""
    conn.info.pop(_KEY, None)


async def done(conn: AsyncConnection) -> None:
    """The transaction ends."""
    if deed := conn.info.pop(_KEY, None):
        await deed(conn)
