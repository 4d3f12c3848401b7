"""What a new company must not have twice: its name, a line, a number; and what is free."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers, teams
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_among
from pbx_bridge.storage.db.words import is_text
from rules.office.new_company import NewCompanyFacts


async def facts_for(conn: AsyncConnection, name: str, line: str) -> NewCompanyFacts:
    """`line`: E.164, or "" for none."""
    company = t.customer.c.name
    same = select(company).where(or_(company == name, is_text(company, name))).limit(1)
    owned = select(company.label("owner"), t.line.c.shared).select_from(t.line.outerjoin(t.customer))
    found = (await conn.execute(owned.where(t.line.c.number == line))).one_or_none()
    public = select(company).join(t.public_number, t.public_number.c.customer_id == t.customer.c.id)
    return NewCompanyFacts(
        tariffs={one.id: one for one in await customers.load_tariffs(conn) if not one.retired},
        same_name=await _first(conn, same),
        line_owner=(found.owner or "") if found else "",
        line_shared=bool(found and found.shared and not found.owner),
        number_owner=await _first(conn, public.where(t.public_number.c.number == line)) if line else "",
        teams=frozenset(await teams.names(conn)),
    )


async def free_lines(conn: AsyncConnection, most: int = 5) -> tuple[str, ...]:
    """The first free lines, E.164."""
    free = t.line.c.customer_id.is_(None), t.line.c.shared.is_(False)
    query = select(t.line.c.number).where(*free).order_by(t.line.c.number)
    return tuple((await conn.execute(query.limit(most))).scalars())


async def public_among(conn: AsyncConnection, numbers: Collection[str]) -> dict[str, str]:
    """The names of the companies whose own numbers some of these (E.164, any number of them) are."""
    own = t.public_number.c
    query = select(own.number, t.customer.c.name).join(t.customer, t.customer.c.id == own.customer_id)
    return {row.number: row.name async for row in rows_among(conn, query, own.number, numbers)}


async def _first(conn: AsyncConnection, query: Select[Any]) -> str:
    found: str | None = (await conn.execute(query)).scalar()
    return found or ""
