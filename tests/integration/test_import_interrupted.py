"""A file of employees comes in when the service is killed: all of it or nothing, and the page says which."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, FormData

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from tests.integration.serve_process import ServeProcess
from tests.sample_company import SampleCompany, furnish

PATH = "/portal/mitarbeiter/import"
NEW = 3_000
FILE = "Name;E-Mail\n" + "".join(f"Person{n:04} Nummer{n:04};p{n}@example.org\n" for n in range(NEW))
MOMENTS = (0.2, 0.6, 1.1)
"""Of the time that taking over needs, when the service dies."""


@dataclass
class Customer:
    """Somebody of Mustermann AG before a browser, and the service as a process of its own."""

    process: ServeProcess
    address: str
    db: Database
    house: SampleCompany
    browser: ClientSession

    async def get(self, path: str) -> tuple[str, str]:
        """Where it led, and what stands there."""
        async with self.browser.get(self.address + path) as answer:
            assert answer.status == 200, answer.status
            return answer.url.path_qs, await answer.text()

    async def post(self, path: str, fields: dict[str, str], file: str = "") -> str:
        """Where it led."""
        _, page = await self.get("/portal/mitarbeiter")
        data = FormData({"csrf": _hidden(page, "csrf")} | fields)
        if file:
            data.add_field("file", file.encode(), filename="liste.csv")
        async with self.browser.post(self.address + path, data=data) as answer:
            return answer.url.path_qs

    async def preview(self, job: str) -> str:
        """Wait until the file has been read."""
        _, page = await self.get(job)
        while "data-progress" in page:
            await asyncio.sleep(0.05)
            _, page = await self.get(job)
        return page

    async def count(self) -> int:
        async with self.db.read() as conn:
            company = await customers.load_customer(conn, self.house.customer_id)
        assert company
        return len(company.employees)


@pytest.fixture
async def customer(tmp_path: Path) -> AsyncIterator[Customer]:
    db = Database(f"sqlite:///{tmp_path}/house.db")
    await migrate.upgrade(db)
    house, port = await furnish(db), free_port()
    async with db.write() as conn:
        account = Account("", "buero", Role.CUSTOMER, "de", house.customer_id)
        account_id = await accounts.insert(conn, account, "no password", datetime.now(UTC))
        sessions = Sessions(db, AuthSettings(), lambda: datetime.now(UTC))
        token, _ = await sessions.begin(
            conn, Account(account_id, "buero", Role.CUSTOMER, "de", house.customer_id)
        )
    sections: dict[str, dict[str, Any]] = {
        "web": {"port": port, "public_url": f"http://127.0.0.1:{port}"},
        "database": {"url": f"sqlite:///{tmp_path}/house.db"},
        "ami": {"port": free_port()},
        "log": {"level": "info", "format": "json"},
    }
    process = ServeProcess(tmp_path / "settings.toml", sections, {"PBX_BRIDGE_AMI_SECRET": "none"})
    await process.start()
    jar = CookieJar(unsafe=True)
    async with ClientSession(cookies={"session": token}, cookie_jar=jar) as browser:
        yield Customer(process, f"http://127.0.0.1:{port}", db, house, browser)
    await process.kill()
    await db.close()


async def test_a_death_while_it_is_read_loses_neither_file_nor_list(customer: Customer) -> None:
    job = await customer.post(PATH, {}, FILE)
    await customer.process.kill()
    assert await customer.count() == 2

    await customer.process.start()
    page = await customer.preview(job)

    assert "Übernommen ist noch nichts" in page
    assert f"<strong>{NEW}</strong>" in page
    where = await customer.post(job, {"seen": _hidden(page, "seen")})
    assert "said=employees_imported" in where
    assert await customer.count() == NEW + 2


async def test_a_death_at_any_moment_of_taking_over_leaves_all_or_nothing(customer: Customer) -> None:
    takes = await _take_over(customer)
    ends: set[str] = set()
    for moment in MOMENTS:
        job, fields = await _previewed(customer)
        taking = asyncio.create_task(customer.post(job, fields))
        await asyncio.wait({taking}, timeout=takes * moment)
        await customer.process.kill()
        await asyncio.gather(taking, return_exceptions=True)
        count = await customer.count()
        await customer.process.start()
        where, page = await customer.get(job)
        if count == 2:
            page = await customer.preview(job)
            assert "Übernommen ist noch nichts" in page
            assert f"<strong>{NEW}</strong>" in page
        else:
            assert count == NEW + 2, "half of it"
            assert "said=employees_imported" in where
            await customer.post(
                "/portal/rueckgaengig", {"step": _hidden(page, "step"), "back": "/portal/mitarbeiter"}
            )
            assert await customer.count() == 2
        ends.add("nothing" if count == 2 else "all")
    assert "nothing" in ends, "no death was early enough to prove anything"


async def _take_over(customer: Customer) -> float:
    """Once without an accident, and back again; how long it took, in seconds."""
    job, fields = await _previewed(customer)
    began = time.monotonic()
    await customer.post(job, fields)
    took = time.monotonic() - began
    _, page = await customer.get(job)
    await customer.post(
        "/portal/rueckgaengig", {"step": _hidden(page, "step"), "back": "/portal/mitarbeiter"}
    )
    assert await customer.count() == 2
    return took


async def _previewed(customer: Customer) -> tuple[str, dict[str, str]]:
    job = await customer.post(PATH, {}, FILE)
    return job, {"seen": _hidden(await customer.preview(job), "seen")}


def _hidden(page: str, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match, f"no field {name}"
    return match[1]
