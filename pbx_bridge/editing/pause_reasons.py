"""Why agents pause: a reason is made, named, put in its place or retired, and never deleted.

It belongs to no company, so this writes in a transaction of its own, as prices do. A desk reads the reasons
with its page; one that is open offers the new ones when it is opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log, pause_reasons
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from rules.presence.pause_reasons import OWN, PauseChoice, choices, read_pause_reason


async def add(
    conn: AsyncConnection, wanted: W, languages: Sequence[str], by: By
) -> PauseChoice | Rejected[W]:
    """One of the house's own."""
    others = choices(await pause_reasons.kept(conn))
    code = f"{OWN}{new_id().replace('-', '')}"
    return await _store(conn, wanted, code, others, languages, by, None)


async def save(
    conn: AsyncConnection, code: str, values: Callable[[PauseChoice], W], languages: Sequence[str], by: By
) -> PauseChoice | Rejected[W]:
    """`values`: the texts wanted, over what is stored. Raises NotFoundError for a code of nothing."""
    all_of_them = choices(await pause_reasons.kept(conn))
    stored = next((one for one in all_of_them if one.code == code), None)
    if stored is None:
        raise NotFoundError
    others = tuple(one for one in all_of_them if one.code != code)
    return await _store(conn, values(stored), code, others, languages, by, stored)


async def _store(
    conn: AsyncConnection,
    wanted: W,
    code: str,
    others: tuple[PauseChoice, ...],
    languages: Sequence[str],
    by: By,
    stored: PauseChoice | None,
) -> PauseChoice | Rejected[W]:
    read = read_pause_reason(wanted.values, code, others, languages)
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    await pause_reasons.put(conn, read)
    if read != stored:
        detail = f"{_in_words(stored) if stored else '–'} > {_in_words(read)}"
        event = AccessEvent.PAUSE_REASON_CHANGED
        await access_log.write_all(conn, event, [by.login], by.now, by.where, detail=detail)
    return read


def _in_words(one: PauseChoice) -> str:
    """By its names, else its code; "retired" where it is offered no more."""
    name = ", ".join(dict.fromkeys(filter(None, one.names.values()))) or one.code
    return f"{name} · {'retired' if one.retired else one.place}"
