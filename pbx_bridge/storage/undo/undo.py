"""Changes of a company's data can be undone for a day, unless somebody changed the same again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.exc import IntegrityError

from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import account_changes, accounts
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.packed import packed, unpacked
from pbx_bridge.storage.db.sql import changed
from pbx_bridge.storage.undo import employee_deletion
from pbx_bridge.storage.undo.snapshots import (
    EVERYTHING,
    Pairs,
    Reach,
    difference,
    is_overtaken,
    picture,
    picture_after,
    restore,
)
from pbx_bridge.time_slices import emptied, gently

__all__ = ["EVERYTHING", "KEPT", "Diff", "Reach", "Step", "diff_of", "latest", "recorded", "undo"]

KEPT = timedelta(days=1)
FOR_GOOD = ("subaccount_deleted",)
"""As older versions recorded it: such a log-in would be open, without its second factor."""


@dataclass(slots=True)
class Step:
    """A change being made; `id` names it afterwards, and is empty when nothing was different in the end."""

    id: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """What a step replaced, and what hung on the employees who left with it."""

    pairs: Pairs
    links: employee_deletion.Kept


@contextlib.asynccontextmanager
async def recorded(
    conn: AsyncConnection,
    customer_id: str,
    account_id: str | None,
    change_code: str,
    now: datetime,
    *,
    leaving: Collection[str] = (),
    reach: Reach = EVERYTHING,
) -> AsyncIterator[Step]:
    """Whatever the block writes about this company can be undone under `Step.id`; who hears of it is decided
    elsewhere (editing.change).

    `change_code`: of what is done, for the words that offer undoing. `leaving`: employees the block deletes.
    `reach`: what it can write; beyond that nothing is noticed, as looking at all of a big company takes long.
    """
    step = Step()
    # Now, not afterwards: the database itself deletes what refers to an employee, and forgets whom history
    # names. Then there is nothing left to read it from.
    kept = await employee_deletion.take(conn, leaving)
    await _note_log_ins(conn, AccessEvent.DELETED, kept, account_id, now)
    # Rows are compared, not statements noted down: whoever writes may do it by any statement, in any order,
    # and what was put back in the end needs no undoing.
    before = await picture(conn, customer_id, reach, leaving)
    yield step
    after = await picture_after(conn, customer_id, reach, before)
    pairs = await difference(before, after)
    if pairs:
        step.id = await _store(conn, customer_id, account_id, change_code, now, Diff(pairs, kept))
    # Twenty thousand rows that go out of scope together are freed in one go, and no pop goes out meanwhile.
    for rows in (*before.values(), *after.values()):
        await emptied(rows)
    for changed_rows in pairs.values():
        await emptied(changed_rows)


async def undo(
    conn: AsyncConnection,
    customer_id: str,
    account_id: str | None,
    step_id: str,
    now: datetime,
    *,
    only_own: bool = False,
    but: Collection[str] = (),
) -> Refused | str:
    """Put back what the step replaced; returns the id of a step that undoes the undoing.

    `only_own`: steps of other accounts do not exist for this one; nor do those with a code among `but`.
    Refused: not_found (or older than a day, or undone already); undo_overtaken: changed again since.
    """
    mine = (t.undo_step.c.id == step_id) & (t.undo_step.c.customer_id == customer_id)
    if only_own:
        mine &= t.undo_step.c.account_id == account_id
    alive = t.undo_step.c.undone.is_(False) & (t.undo_step.c.at > now - KEPT)
    row = (await conn.execute(select(t.undo_step).where(mine & alive))).one_or_none()
    if row is None or row.deed in FOR_GOOD or row.deed in but:
        return Refused("not_found")
    diff = await diff_of(conn, row)
    # Undoing puts back whole rows. Where one is not as the step left it, it would take back what somebody
    # else did since, without a word: so nothing is undone then, not even the rest of it.
    if await is_overtaken(conn, customer_id, diff.pairs):
        return Refused("undo_overtaken")
    try:
        # A savepoint: where a row cannot be put back, nothing of this stays, and the transaction lives on.
        async with conn.begin_nested():
            # Compare and set: of two who undo the same at once, one does and the other finds nothing.
            if await changed(conn, t.undo_step.update().where(mine & alive).values(undone=True)):
                return await _take_back(conn, row, diff, account_id, now)
            return Refused("not_found")
    except IntegrityError:  # somebody new has what has to be the only one, such as a log-in
        return Refused("undo_overtaken")
    finally:
        for pairs in diff.pairs.values():
            await emptied(pairs)


async def _take_back(
    conn: AsyncConnection, step: Row[Any], diff: Diff, account_id: str | None, now: datetime
) -> str:
    # Employees whom the step added go now, with all that has come to hang on them since: the undoing is a
    # step itself, which brings them back with it.
    staff = gently(diff.pairs.get("employee", ()))
    going = [after["id"] async for before, after in staff if before is None and after]
    kept = await employee_deletion.take(conn, going)
    await restore(conn, diff.pairs)
    await employee_deletion.put_back(conn, diff.links)
    for event, moved in ((AccessEvent.DELETED, kept), (AccessEvent.RESTORED, diff.links)):
        await _note_log_ins(conn, event, moved, account_id, now)
    whose = (step.customer_id, account_id)
    return await _store(conn, *whose, step.deed, now, Diff(diff.pairs, kept), back=True)


async def _note_log_ins(
    conn: AsyncConnection,
    event: AccessEvent,
    moved: employee_deletion.Kept,
    account_id: str | None,
    now: datetime,
) -> None:
    """Log-ins that come and go with their employees."""
    if rows := moved.get("account", ()):
        whose = await accounts.by_id(conn, account_id or "")
        by = account_changes.By(now, whose.login if whose else "")
        await account_changes.note_all(conn, event, [accounts.shown(row) for row in rows], by)


async def latest(
    conn: AsyncConnection, customer_id: str, change_code: str, now: datetime
) -> tuple[str, datetime] | None:
    """Id and moment of the newest step of this kind that can still be undone."""
    mine = (t.undo_step.c.customer_id == customer_id) & (t.undo_step.c.deed == change_code)
    alive = t.undo_step.c.undone.is_(False) & (t.undo_step.c.at > now - KEPT)
    query = select(t.undo_step.c.id, t.undo_step.c.at).where(mine & alive)
    row = (await conn.execute(query.order_by(t.undo_step.c.at.desc()).limit(1))).one_or_none()
    return (row.id, row.at) if row else None


async def diff_of(conn: AsyncConnection, step: Row[Any]) -> Diff:
    """What is stored of a step."""
    if step.diff.startswith("{"):  # as it was written until the upgrade that was at most a day ago
        old = json.loads(step.diff)
        return Diff(old["rows"], old["links"])
    pairs: Pairs = {}
    links: dict[str, list[dict[str, Any]]] = {}
    text, place = step.diff, 0
    while text is not None:
        async for name, what, *value in unpacked(text):
            if what == "pair":
                pairs.setdefault(name, []).append((value[0], value[1]))
            else:
                links.setdefault(name, []).append(value[0])
        place += 1
        text = (await conn.execute(_PART, {"step": step.id, "place": place})).scalar_one_or_none()
    return Diff(pairs, links)


_PART = select(t.undo_part.c.diff).where(
    (t.undo_part.c.step_id == bindparam("step")) & (t.undo_part.c.place == bindparam("place"))
)


def _lines(diff: Diff, *, back: bool) -> Iterator[tuple[Any, ...]]:
    """`back`: pairs turned round, so that undoing an undoing is nothing else than undoing."""
    for name, pairs in diff.pairs.items():
        for before, after in pairs:
            yield (str(name), "pair", after, before) if back else (str(name), "pair", before, after)
    for name, rows in diff.links.items():
        yield from ((str(name), "link", row) for row in rows)


async def _store(
    conn: AsyncConnection,
    customer_id: str,
    account_id: str | None,
    change_code: str,
    now: datetime,
    diff: Diff,
    *,
    back: bool = False,
) -> str:
    """Keep a step, or the one that takes it back; those older than a day go."""
    await conn.execute(t.undo_step.delete().where(t.undo_step.c.at <= now - KEPT))
    who = {"customer_id": customer_id, "account_id": account_id}
    values = {"id": new_id(), **who, "deed": change_code, "at": now}
    # In several rows: one text of ten thousand employees could only be read, and written, in one long turn.
    first, *more = await packed(_lines(diff, back=back))
    await conn.execute(t.undo_step.insert(), values | {"diff": first})
    for place, text in enumerate(more, 1):
        await conn.execute(t.undo_part.insert(), {"step_id": values["id"], "place": place, "diff": text})
    return str(values["id"])
