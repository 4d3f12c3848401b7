"""What belongs to no company, or what the house alone decides about one, can be undone for a day: lines,
teams, who answers for a company, and whether it is confidential.

Steps of companies (`undo`) are theirs: they see them among their last changes and may take them back. These
here nobody of a company sees. They are few and small, so a step keeps all rows that it could reach, before
and after: when it is taken back, not one of them may be different, not even one that came in between.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, bindparam, select
from sqlalchemy.exc import IntegrityError

from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.packed import packed, unpacked
from pbx_bridge.storage.db.sql import changed, execute_all, insert_all, rows_among
from pbx_bridge.storage.db.types import row_from_json, row_to_json
from pbx_bridge.time_slices import gently
from rules.vocabulary import ServiceState

MARK = "house-"
"""With this the id of a step begins: whoever has one knows where it is taken back."""
KEPT = timedelta(days=1)
MOST_ROWS = 10_000
"""Rows of one step, which is one text."""

Row = dict[str, Any]
Picture = dict[tuple[str, tuple[Any, ...]], Row]
"""By table and primary key."""


@dataclass(frozen=True, slots=True)
class HouseReach:
    """What a change can write. `lines`: numbers in E.164; `teams`: ids, with who is in them; `confidential`,
    `answering`: ids of companies."""

    lines: Sequence[str] = ()
    teams: Sequence[str] = ()
    confidential: Sequence[str] = ()
    answering: Sequence[str] = ()


@dataclass(slots=True)
class HouseStep:
    """A change being made; `id` names it afterwards, and is empty when nothing was different in the end.
    `told`: what the access log says of it."""

    id: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back, and the `step` that does it again. `companies`: ids of those whose lines, mark or
    answering are different now, `answering`: of the latter two; `numbers`: lines (E.164) that are the
    house's again."""

    step: str
    deed: str
    told: str
    companies: frozenset[str]
    answering: frozenset[str]
    numbers: frozenset[str]


_ANSWERING = ("team_id", "overflow_after", "overflow_team_id", "language")


class _HousePart(NamedTuple):
    """Rows of `table` whose `column` is one of `values`, as far as `columns` go."""

    table: Table
    column: ColumnElement[Any]
    values: Sequence[str]
    columns: tuple[str, ...]


def _parts(reach: HouseReach) -> tuple[_HousePart, ...]:
    """Those that others refer to first."""
    whole = (
        (t.team, t.team.c.id, reach.teams),
        (t.team_member, t.team_member.c.team_id, reach.teams),
        (t.line, t.line.c.number, reach.lines),
    )
    parts = [_HousePart(table, column, values, tuple(table.c.keys())) for table, column, values in whole]
    companies = {*reach.confidential, *reach.answering}
    mark, answering = ("confidential",) if reach.confidential else (), _ANSWERING if reach.answering else ()
    company = _HousePart(t.customer, t.customer.c.id, sorted(companies), ("id", *mark, *answering))
    return (*parts, company)


@contextlib.asynccontextmanager
async def recorded(
    conn: AsyncConnection, account_id: str | None, deed: str, now: datetime, reach: HouseReach
) -> AsyncIterator[HouseStep]:
    """Whatever the block writes within `reach` can be undone under `HouseStep.id`. `deed`: code of what is
    done, for the words that offer undoing."""
    step, before = HouseStep(), await _picture(conn, reach)
    yield step
    after = await _picture(conn, reach)
    if before != after:
        step.id = await _store(conn, account_id, deed, step.told, now, reach, (before, after))


async def undo(
    conn: AsyncConnection, account_id: str | None, step_id: str, now: datetime
) -> Refused | TakenBack:
    """Put back what the step replaced.

    Refused: not_found (or older than a day, or undone already); undo_overtaken: changed again since, or what
    it needs is gone; undo_company_ended: a line would be that of a company that has none any more.
    """
    step = t.house_step.c
    mine = (step.id == step_id) & step.undone.is_(False) & (step.at > now - KEPT)
    row = (await conn.execute(select(t.house_step).where(mine))).one_or_none()
    if row is None:
        return Refused("not_found")
    reach, before, after = await _stored(row.diff)
    if await _picture(conn, reach) != after:
        return Refused("undo_overtaken")
    had, has = _owners(after), _owners(before)
    if await _has_ended(conn, {owner for owner, _ in has["line"] - had["line"]}):
        return Refused("undo_company_ended")
    try:
        # A savepoint: where a row cannot be put back, nothing of this stays, and the transaction lives on.
        async with conn.begin_nested():
            # Compare and set: of two who undo the same at once, one does and the other finds nothing.
            if not await changed(conn, t.house_step.update().where(mine).values(undone=True)):
                return Refused("not_found")
            await _restore(conn, _parts(reach), before, after)
    except IntegrityError:  # a company that had a line is gone, or one has been given this team
        return Refused("undo_overtaken")
    again = await _store(conn, account_id, row.deed, f"↶ {row.told}", now, reach, (after, before))
    differ = {name: frozenset(owner for owner, _ in had[name] ^ has[name]) for name in had}
    numbers = _numbers(before) - _numbers(after)
    return TakenBack(
        again, row.deed, row.told, differ["line"] | differ["customer"], differ["customer"], numbers
    )


def _numbers(picture: Picture) -> frozenset[str]:
    return frozenset(row["number"] for (name, _), row in picture.items() if name == "line")


def _owners(picture: Picture) -> dict[str, set[tuple[str, str]]]:
    """Of lines the company and the line, of companies what the house has decided about them."""
    found: dict[str, set[tuple[str, str]]] = {"line": set(), "customer": set()}
    for (name, _), row in picture.items():
        if name == "line" and row["customer_id"]:
            found[name].add((row["customer_id"], row["id"]))
        elif name == "customer":
            found[name].add((row["id"], str(sorted(row.items()))))
    return found


async def _has_ended(conn: AsyncConnection, companies: Collection[str]) -> bool:
    ended = t.customer.c.service == ServiceState.ENDED.value
    query = select(t.customer.c.id).where(t.customer.c.id.in_(companies), ended).limit(1)
    return bool(companies) and (await conn.execute(query)).first() is not None


async def _picture(conn: AsyncConnection, reach: HouseReach) -> Picture:
    found: Picture = {}
    for part in _parts(reach):
        query = select(*(part.table.c[name] for name in part.columns))
        async for one in rows_among(conn, query, part.column, part.values):
            row = row_to_json(one._mapping)
            found[str(part.table.name), _key(part.table, row)] = row
    return found


def _key(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


async def _store(
    conn: AsyncConnection,
    account_id: str | None,
    deed: str,
    told: str,
    now: datetime,
    reach: HouseReach,
    pictures: tuple[Picture, Picture],
) -> str:
    """Keep a step; those older than a day go."""
    await conn.execute(t.house_step.delete().where(t.house_step.c.at <= now - KEPT))
    before, after = pictures
    rows = [(name, before.get((name, key)), after.get((name, key))) for name, key in {**before, **after}]
    (diff,) = await packed([asdict(reach), *rows], MOST_ROWS)
    step_id = f"{MARK}{new_id()}"
    values = {"id": step_id, "account_id": account_id, "deed": deed, "told": told, "at": now, "diff": diff}
    await conn.execute(t.house_step.insert(), values)
    return step_id


async def _stored(diff: str) -> tuple[HouseReach, Picture, Picture]:
    reach, before, after = HouseReach(), Picture(), Picture()
    async for value in unpacked(diff):
        if isinstance(value, dict):
            reach = replace(reach, **value)
            continue
        name, was, became = value
        for picture, row in ((before, was), (after, became)):
            if row is not None:
                picture[name, _key(t.metadata.tables[name], row)] = row
    return reach, before, after


async def _restore(
    conn: AsyncConnection, parts: Sequence[_HousePart], before: Picture, after: Picture
) -> None:
    """What came goes, children first; then what was is put back, parents first."""
    for part in reversed(parts):
        came = [row async for row in _rows(part.table, after) if _at(part.table, row) not in before]
        await execute_all(conn, part.table.delete().where(_same(part.table)), _bound(part.table, came))
    for part in parts:
        rows = [row async for row in _rows(part.table, before)]
        gone = [row for row in rows if _at(part.table, row) not in after]
        await insert_all(conn, part.table, (row_from_json(part.table, row) for row in gone))
        other = [row for row in rows if after.get(_at(part.table, row), row) != row]
        rest = [name for name in part.columns if name not in part.table.primary_key.columns]
        if other and rest:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rest}
            statement = part.table.update().where(_same(part.table)).values(values)
            await execute_all(conn, statement, _bound(part.table, other, rest))


def _at(table: Table, row: Row) -> tuple[str, tuple[Any, ...]]:
    return str(table.name), _key(table, row)


async def _rows(table: Table, picture: Picture) -> AsyncIterator[Row]:
    async for (name, _), row in gently(picture.items()):
        if name == table.name:
            yield row


def _same(table: Table) -> ColumnElement[bool]:
    return and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))


def _bound(table: Table, rows: Iterable[Row], rest: Sequence[str] = ()) -> Iterable[Row]:
    for row in rows:
        key = {f"key_{column.name}": row[column.name] for column in table.primary_key}
        moments = row_from_json(table, row)
        yield key | {f"new_{name}": moments[name] for name in rest}
