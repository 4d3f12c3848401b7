"""Tariffs with their prices and with how many companies have each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import prices
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing
from rules.billing.terms import Terms
from rules.model import Tariff


@dataclass(frozen=True, slots=True)
class ListedTariff:
    """`terms`: all versions, oldest first; `companies`: how many have it now."""

    tariff: Tariff
    terms: tuple[Terms, ...]
    companies: int


async def listed(conn: AsyncConnection) -> tuple[ListedTariff, ...]:
    """All by name: three statements, however many there are."""
    tariffs, terms = await customers.load_tariffs(conn), await prices.of_all_tariffs(conn)
    tariff_id = t.customer.c.tariff_id
    rows = await conn.execute(select(tariff_id, func.count().label("companies")).group_by(tariff_id))
    companies = {row.tariff_id: row.companies for row in rows}
    return tuple([ListedTariff(one, terms.get(one.id, ()), companies.get(one.id, 0)) for one in tariffs])


async def one(conn: AsyncConnection, wanted: str) -> ListedTariff | None:
    """The tariff with this id."""
    tariff = next((each for each in await customers.load_tariffs(conn) if each.id == wanted), None)
    if tariff is None:
        return None
    query = select(func.count()).select_from(t.customer).where(t.customer.c.tariff_id == wanted)
    companies = (await conn.execute(query)).scalar_one()
    return ListedTariff(tariff, await prices.of_tariff(conn, wanted), companies)


async def named(conn: AsyncConnection, name: str) -> Tariff | None:
    """The tariff that is called so, whatever the case of its letters."""
    wanted = name.strip().casefold()
    return next((one for one in await customers.load_tariffs(conn) if one.name.casefold() == wanted), None)


async def is_there(conn: AsyncConnection, wanted: str) -> bool:
    """Whether there is a tariff with this id; PostgreSQL keeps it there until the transaction ends."""
    return bool(await existing(conn, t.tariff, [wanted]))
