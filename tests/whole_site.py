"""Every route of the service behind its middleware and on a port, without PBX and without work behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import aiohttp

from pbx_bridge.bootstrap import Rooms, assemble
from pbx_bridge.demo.cast import own_lines
from pbx_bridge.demo.pages import DemoPages
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.server import listening

GAP = re.compile(r"\{(\w+)[^}]*\}")


@dataclass(frozen=True, slots=True)
class WholeSite:
    """`routes`: name, method and path of each, gaps filled with something that does not exist."""

    rooms: Rooms
    port: int
    routes: tuple[tuple[str, str, str], ...]

    async def log_in(self, role: Role, customer_id: str | None = None) -> str:
        """The headers of somebody who is logged in and sends the token, joined by CRLF."""
        async with self.rooms.db.write() as conn:
            account = Account("", f"{role}-{len(await accounts.load_all(conn))}", role, "de", customer_id)
            account_id = await accounts.insert(conn, account, "no password", datetime.now(UTC))
            token, session = await self.rooms.sessions.begin(conn, replace(account, id=account_id))
        return f"Cookie: session={token}\r\nX-CSRF-Token: {session.csrf}"


@asynccontextmanager
async def whole_site(db: Database, settings: Settings | None = None) -> AsyncIterator[WholeSite]:
    """Until the block ends; `db` is upgraded."""
    settings = settings or Settings()
    settings = replace(settings, web=replace(settings.web, port=0))
    async with aiohttp.ClientSession() as session:
        rooms = assemble(settings, db, session, lambda: datetime.now(UTC))
        nobody, nobodies = Mock(), cast(Any, [SimpleNamespace(name="", hue=0) for _ in own_lines()])
        DemoPages(nobody, nobody, nobody, nobodies, settings).attach(rooms.web)
        async with listening(rooms.web, settings) as port:
            found = [
                (route.name or "", route.method, GAP.sub("none", route.resource.canonical))
                for route in rooms.web.router.routes()
                if route.resource
            ]
            yield WholeSite(rooms, port, tuple(found))
