"""What a new company must not have twice: its name, a line, a number; and what is free."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.customers.new_company import NewCompanyFacts


async def facts_for(conn: AsyncConnection, name: str, line: str) -> NewCompanyFacts:
    """`line`: E.164, or "" for none."""
    company = t.customer.c.name
    same = select(company).where(or_(company == name, func.lower(company) == name.lower())).limit(1)
    owned = select(company.label("owner"), t.line.c.id).select_from(t.line.outerjoin(t.customer))
    found = (await conn.execute(owned.where(t.line.c.number == line))).one_or_none()
    public = select(company).join(t.public_number, t.public_number.c.customer_id == t.customer.c.id)
    shared = select(exists().select_from(t.public_number))
    return NewCompanyFacts(
        tariffs={one.id: one for one in await customers.load_tariffs(conn) if not one.retired},
        same_name=await _first(conn, same),
        line_there=found is not None,
        line_owner=(found.owner or "") if found else "",
        number_owner=await _first(conn, public.where(t.public_number.c.number == line)) if line else "",
        lines_are_shared=bool((await conn.execute(shared)).scalar_one()),
    )


async def free_lines(conn: AsyncConnection, most: int = 5) -> tuple[str, ...]:
    """The first lines that are nobody's, E.164."""
    query = select(t.line.c.number).where(t.line.c.customer_id.is_(None)).order_by(t.line.c.number)
    return tuple((await conn.execute(query.limit(most))).scalars())


async def _first(conn: AsyncConnection, query: Select[Any]) -> str:
    found: str | None = (await conn.execute(query)).scalar()
    return found or ""
