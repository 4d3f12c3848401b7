"""A mail under way while the service ends, in order or dead at once: known, or uncertain before long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Outcome, State
from tests.clumsy_mail_server import ClumsyServer, running_clumsy_server
from tests.integration.lone_service import settings_of
from tests.integration.serve_process import ServeProcess
from tests.unit.outbox.office import Office, office
from tests.until import until

__all__ = ["office"]
MINUTE = timedelta(minutes=1)


@asynccontextmanager
async def process(folder: Path, office: Office, mail: ClumsyServer) -> AsyncIterator[ServeProcess]:
    """Its settings as they come, but for a minute that the mail server may think."""
    sections = settings_of(office.db.url.render_as_string(hide_password=False), free_port())
    chosen = asdict(mail.settings(timeout_seconds=60))
    sections["mail"] = {key: chosen[key] for key in ("host", "port", "starttls", "timeout_seconds")}
    sections["delivery"] = {"drain_seconds": 3}
    service = ServeProcess(folder / "settings.toml", sections, {})
    await service.start()
    try:
        yield service
    finally:
        await service.kill()


async def put(office: Office) -> str:
    now = datetime.now(UTC)
    return await office.put(created_at=now, due_at=now)


async def at_the_dot(mail: ClumsyServer, copies: int = 1) -> None:
    """All of the message is there, and the server thinks."""
    await until(lambda: len(mail.dots) == copies, message="the final dot")


async def tries(office: Office, one: str) -> list[Outcome | None]:
    async with office.db.read() as conn:
        return [attempt.outcome for attempt in await notifications.attempts_of(conn, one)]


async def later(office: Office, one: str, column: str) -> None:
    """As if the time had come."""
    just_now = datetime.now(UTC) - timedelta(seconds=1)
    async with office.db.write() as conn:
        await conn.execute(
            t.notification.update().where(t.notification.c.id == one).values({column: just_now})
        )


@pytest.mark.parametrize("answered", [True, False], ids=["answered meanwhile", "never answered"])
async def test_stopped_in_order(office: Office, tmp_path: Path, answered: bool) -> None:
    async with running_clumsy_server() as mail, process(tmp_path, office, mail) as service:
        mail.thinking.clear()
        one = await put(office)
        await at_the_dot(mail)
        stopping = asyncio.create_task(service.stop())
        await asyncio.sleep(1)
        if answered:
            mail.thinking.set()
        assert await stopping == 0
        assert await tries(office, one) == [Outcome.SENT if answered else Outcome.UNCERTAIN]

        mail.thinking.set()
        await later(office, one, "due_at")
        await service.start()
        await office.becomes(one, State.SENT)
    assert ["X-Possible-Duplicate: yes" in dot.decode() for dot in mail.dots] == (
        [False] if answered else [False, True]
    )


async def test_dead_at_once(office: Office, tmp_path: Path) -> None:
    async with running_clumsy_server() as mail, process(tmp_path, office, mail) as service:
        mail.thinking.clear()
        one = await put(office)
        await at_the_dot(mail)
        await service.kill()
        mail.thinking.set()

        held = (await office.look(one)).lease_until
        assert held is not None
        assert held < datetime.now(UTC) + MINUTE
        await later(office, one, "lease_until")
        await service.start()
        await office.becomes(one, State.WAITING)
        assert await tries(office, one) == [Outcome.UNCERTAIN]
        await later(office, one, "due_at")
        await office.becomes(one, State.SENT)
    assert ["X-Possible-Duplicate: yes" in dot.decode() for dot in mail.dots] == [False, True]
