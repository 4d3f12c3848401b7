"""Of what the operator was told by mail or SMS: the alarms that are on, and those of before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from rules.model import Channel
from rules.office.alarms import Alarm
from rules.office.needs import Concern


@dataclass(frozen=True, slots=True)
class PastAlarm:
    """One as it stands in the list of all. `first_at`: when it was told first; `told_by`: how, the last time;
    `over_at`: when it was told that it is over, None: it is on (all aware)."""

    cause: str
    since: datetime
    first_at: datetime
    told_by: Channel
    over_at: datetime | None


async def present(conn: AsyncConnection) -> tuple[Alarm, ...]:
    """Those that are on; a cause that this program does not know is left alone."""
    rows = await conn.execute(select(t.alarm).where(t.alarm.c.over_at.is_(None)).order_by(t.alarm.c.id))
    known = {cause.value for cause in Concern}
    return tuple(
        [Alarm(Concern(row.cause), row.since, row.told_at, row.gone_at) for row in rows if row.cause in known]
    )


async def last_told(conn: AsyncConnection) -> datetime | None:
    """When anybody was told anything, also that something is over."""
    c = t.alarm.c
    moments = (await conn.execute(select(func.max(c.told_at), func.max(c.over_at)))).one()
    return max((one for one in moments if one is not None), default=None)


async def keep(
    conn: AsyncConnection, before: Iterable[Alarm], after: Iterable[Alarm], way: Channel | None, now: datetime
) -> None:
    """What is different. `before`: as it is stored; `way`: how it was told since then, None: nothing was."""
    old, new = {one.cause: one for one in before}, {one.cause: one for one in after}
    c = t.alarm.c
    for cause, alarm in old.items():
        this = (c.cause == cause.value) & c.over_at.is_(None)
        if cause not in new:
            await conn.execute(t.alarm.update().where(this).values(over_at=now))
        elif new[cause] != alarm:
            values = {"told_at": new[cause].told_at, "gone_at": new[cause].gone_at}
            again = new[cause].told_at != alarm.told_at and way is not None
            told_by = {"told_by": way.value} if again and way is not None else {}
            await conn.execute(t.alarm.update().where(this).values(values | told_by))
    for cause, alarm in new.items():
        if cause not in old:
            row = {
                "id": new_id(),
                "cause": cause.value,
                "since": alarm.since,
                "first_at": alarm.told_at,
                "told_at": alarm.told_at,
                "told_by": (way or Channel.EMAIL).value,
                "gone_at": alarm.gone_at,
            }
            await conn.execute(t.alarm.insert().values(row))


async def latest(conn: AsyncConnection, most: int) -> tuple[PastAlarm, ...]:
    """The newest first."""
    query = select(t.alarm).order_by(t.alarm.c.first_at.desc(), t.alarm.c.id.desc()).limit(most)
    return tuple(
        [
            PastAlarm(row.cause, row.since, row.first_at, Channel(row.told_by), row.over_at)
            for row in await conn.execute(query)
        ]
    )


async def forget(conn: AsyncConnection, before: datetime) -> None:
    """Those that were over by then."""
    await conn.execute(t.alarm.delete().where(t.alarm.c.over_at < before))
