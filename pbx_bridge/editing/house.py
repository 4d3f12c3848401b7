"""What the house changes that is no company's own: written down in the access log, and taken back for a day.

Steps of a company are its people's; those of the house nobody but operators sees (`storage.undo.house_undo`).
"""

from __future__ import annotations

from pbx_bridge.editing import queues
from pbx_bridge.editing.change import Editor
from pbx_bridge.errors import Refused
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers, data_version, taken_names, teams
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.undo import house_undo
from pbx_bridge.storage.undo.house_undo import HouseStep, TakenBack


async def note(
    conn: AsyncConnection, editor: Editor, step: HouseStep, event: AccessEvent, detail: str
) -> None:
    """Into the access log, and into the step, so that the log says later what was taken back."""
    step.told = f"{event.value} · {detail}"
    await access_log.write_all(conn, event, [editor.login], editor.now, editor.where, detail=detail)


async def take_back(conn: AsyncConnection, editor: Editor, step_id: str) -> Refused | TakenBack:
    """Put back what the step replaced, and tell everybody who keeps it in memory. Refused: as
    `house_undo.undo`, and what the form would refuse by now: undo_number_claimed, undo_queues_full."""
    kept = await conn.begin_nested()
    done = await house_undo.undo(conn, editor.account_id, step_id, editor.now)
    refused = done if isinstance(done, Refused) else await _refusal(conn, done, editor)
    if refused is not None or isinstance(done, Refused):
        await kept.rollback()
        return done if refused is None else refused
    await kept.commit()
    who = [editor.login]
    undone = AccessEvent.HOUSE_UNDONE
    await access_log.write_all(conn, undone, who, editor.now, editor.where, detail=done.told)
    await data_version.touch(conn, None, editor.now)
    for company in sorted(done.companies):
        await data_version.touch(conn, company, editor.now)
    return done


async def _refusal(conn: AsyncConnection, done: TakenBack, editor: Editor) -> Refused | None:
    """Why it cannot be as it was, although nobody has touched these rows since."""
    if await taken_names.public_among(conn, done.numbers):
        return Refused("undo_number_claimed")
    for company in done.answering:
        answering = await teams.answering_of(conn, company)
        bound = await customers.confidential(conn, company)
        if await queues.are_full(conn, company, answering, editor.now, bound=bound):
            return Refused("undo_queues_full")
    return None
