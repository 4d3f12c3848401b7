"""The house's pool of numbers: put in, taken out, shared by companies or free. Each of it the house can undo.

Lines of nobody belong to no company, so this writes in a transaction of its own; whoever keeps lines in
memory is told, and the PBX with them. Whose a line is, is said by `company_lines`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.editing import house
from pbx_bridge.editing.change import Editor
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import data_version, line_list, lines, taken_names
from pbx_bridge.storage.customers.line_list import ListedLine, PoolState
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.editing import lines as written
from pbx_bridge.storage.undo import house_undo
from pbx_bridge.storage.undo.house_undo import HouseReach
from pbx_bridge.time_slices import finished
from rules.fault import Fault
from rules.fields.customer import CustomerSettings
from rules.office.typed_lines import read_lines

YES = "yes"


@dataclass(frozen=True, slots=True)
class LinesAdded:
    """`numbers`: those that were named, which are in the pool now, E.164; `added`: how many of them are new;
    `step` undoes that, "" for none."""

    numbers: tuple[str, ...]
    added: int
    step: str


async def add(conn: AsyncConnection, editor: Editor, wanted: W) -> LinesAdded | Rejected[W]:
    """All numbers that the texts name (`numbers`, `shared`); those that are there stay as they are. One that
    a company calls its own is refused with its name: callers would not reach the company any more."""
    region = CustomerSettings.region
    read = await finished(read_lines(wanted.values["numbers"], region))
    if isinstance(read, Fault):
        return Rejected(wanted, (read,))
    claimed = await taken_names.public_among(conn, read)
    if claimed:
        number, company = min(claimed.items())
        return Rejected(wanted, (Fault("numbers", "lines_claimed", {"entry": number, "company": company}),))
    if not wanted.ready:
        return Rejected(wanted)
    there = await lines.among(conn, read)
    new = tuple(number for number in read if number not in there)
    if not new:
        return LinesAdded(read, 0, "")
    shared, reach = wanted.values["shared"] == YES, HouseReach(lines=new)
    async with house_undo.recorded(conn, editor.account_id, "lines_added", editor.now, reach) as step:
        await written.add(conn, new, region, editor.now, shared=shared)
        told = new[0] if len(new) == 1 else f"{new[0]} – {new[-1]} · {len(new)}"
        await house.note(conn, editor, step, AccessEvent.LINES_ADDED, told)
    await data_version.touch(conn, None, editor.now)
    return LinesAdded(read, len(new), step.id)


async def remove(conn: AsyncConnection, editor: Editor, line_id: str) -> str | Refused:
    """A free line is no longer the house's. Returns the step that undoes it. Raises NotFoundError. Refused:
    line_not_free."""
    line = await _line(conn, line_id)
    if line.state is not PoolState.FREE:
        return Refused("line_not_free")
    reach = HouseReach(lines=[line.number])
    async with house_undo.recorded(conn, editor.account_id, "line_removed", editor.now, reach) as step:
        await written.remove(conn, line_id)
        await house.note(conn, editor, step, AccessEvent.LINE_REMOVED, line.number)
    await data_version.touch(conn, None, editor.now)
    return step.id


async def share(conn: AsyncConnection, editor: Editor, line_id: str, *, shared: bool) -> str | Refused:
    """Companies share a line of nobody from now on, or it is free. Returns the step that undoes it, "" if it
    was so already. Raises NotFoundError. Refused: line_not_nobodys."""
    line = await _line(conn, line_id)
    if line.customer_id is not None:
        return Refused("line_not_nobodys")
    code, reach = "line_shared" if shared else "line_unshared", HouseReach(lines=[line.number])
    async with house_undo.recorded(conn, editor.account_id, code, editor.now, reach) as step:
        if await written.share(conn, line_id, editor.now, shared=shared):
            told = f"{line.number} · {'– > shared' if shared else 'shared > –'}"
            await house.note(conn, editor, step, AccessEvent.LINE_ASSIGNED, told)
            await data_version.touch(conn, None, editor.now)
    return step.id


async def _line(conn: AsyncConnection, line_id: str) -> ListedLine:
    line = await line_list.one(conn, line_id)
    if line is None:
        raise NotFoundError
    return line
