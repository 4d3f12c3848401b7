"""Two services for one PBX on PostgreSQL, as processes: one leads, one stands by and takes over."""

from __future__ import annotations

import contextlib
import json
import signal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from pbx_bridge.asterisk.ports import free_port
from tests.ami_proxy import proxy_to
from tests.integration.lone_service import answers, settings_of
from tests.integration.serve_process import ServeProcess
from tests.raw_http import ask, head
from tests.until import eventually, until

pytestmark = pytest.mark.postgres

LONG = 90.0
"""Seconds that the start of a process may take."""


class One:
    """A service of the pair."""

    def __init__(self, folder: Path, database_url: str, lease: float, answer: float = 5) -> None:
        folder.mkdir()
        self.port = free_port()
        settings = settings_of(database_url, self.port)
        settings["database"] |= {"lease_seconds": lease, "answer_timeout_seconds": answer}
        self.process = ServeProcess(folder / "settings.toml", settings, {})

    def events(self) -> list[str]:
        lines = [json.loads(line) for line in self.process.said if line.startswith("{")]
        return [line["event"] for line in lines]

    async def says(self, event: str) -> None:
        await until(lambda: event in self.events() or self.process.ended, LONG, event)
        assert event in self.events(), "\n".join(self.process.said[-20:])

    async def readiness(self) -> dict[str, Any]:
        answer = await ask(self.port, head("GET", "/readyz"))
        found: dict[str, Any] = json.loads(answer.body)
        return found


async def read(url: str, query: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(query)
    await connection.close()
    return [tuple(row.values()) for row in rows]


async def written(url: str, query: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(query)
    await connection.close()


async def test_the_second_stands_by_and_takes_over_from_one_that_died_or_hangs(
    postgres_url: str, tmp_path: Path
) -> None:
    first, second = One(tmp_path / "a", postgres_url, 600), One(tmp_path / "b", postgres_url, 2)
    try:
        await first.process.begin()
        await first.says("ready")
        await second.process.begin()
        await second.says("standing_by")
        assert await answers(second.port, "/healthz")
        assert await second.readiness() == {"ready": False, "reasons": ["standby"]}
        assert (await ask(second.port, head("GET", "/login"))).status == 503

        await first.process.kill()
        await second.says("ready")
        assert "standby" not in (await second.readiness())["reasons"]

        await first.process.begin()
        await until(lambda: "standing_by" in first.events(), LONG, "the first stands by")
        await written(postgres_url, "UPDATE pbx SET holder = 'elsewhere:1'")  # where nobody of us can end it
        second.process.signal(signal.SIGSTOP)
        await until(lambda: first.events().count("ready") == 2, LONG, "the first leads again")
        second.process.signal(signal.SIGCONT)
        await until(lambda: second.process.ended, LONG, "whoever was deposed ends")
        assert await second.process.stop() == 1
        assert second.process.said[-1].startswith("database: another service leads at the PBX now")
        assert await first.process.stop() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            second.process.signal(signal.SIGCONT)
        for one in (first, second):
            await one.process.kill()


async def test_whoever_leads_goes_on_when_the_database_falls_silent(
    postgres_url: str, tmp_path: Path
) -> None:
    """It has the same term afterwards; and who is told to end meanwhile ends."""
    url = make_url(postgres_url)
    assert url.port
    async with proxy_to(url.port) as wire:
        through = url.set(port=wire.port).render_as_string(hide_password=False)
        one = One(tmp_path / "a", through, 3, answer=2)
        try:
            await one.process.begin()
            await one.says("ready")
            wire.freeze()
            await one.says("lease_not_renewed")
            wire.thaw()

            async def renewed() -> bool:
                rows = await read(postgres_url, "SELECT term, lease_until > clock_timestamp() FROM pbx")
                return rows == [(1, True)]

            await eventually(renewed, "the lease is renewed")
            assert "deposed" not in one.events()
            wire.freeze()
            assert await one.process.stop() == 0
        finally:
            wire.thaw()
            await one.process.kill()
