"""A service that leads dies, or hangs, in the middle of a call: the one that stands by goes on with it, on a
real PBX that lets in one at a time."""

from __future__ import annotations

import signal
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from pbx_bridge.asterisk.config import PbxConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.demo import cast
from pbx_bridge.desk import protocol as p
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.db.engine import Database
from tests.integration.serve_process import ServeProcess
from tests.integration.whole_house import WholeHouse, open_house, shows
from tests.mail_server import PASSWORD
from tests.pbx.room import open_room
from tests.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.postgres]

START = 90.0
"""Seconds that a process may take."""


def second_of(house: WholeHouse, folder: Path) -> tuple[ServeProcess, str]:
    """Of the same settings, on another port; and its address."""
    settings: dict[str, dict[str, Any]] = tomllib.loads((house.folder / "settings.toml").read_text())
    url = f"http://localhost:{(port := free_port())}"
    settings["web"] |= {"port": port, "public_url": url}
    secret = {"PBX_BRIDGE_AMI_SECRET": house.phones.config.ami_secret, "PBX_BRIDGE_MAIL_PASSWORD": PASSWORD}
    return ServeProcess(folder / "second.toml", settings, secret), url


async def stored(url: str, query: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(query)
    await connection.close()
    return [tuple(row.values()) for row in rows]


async def says(service: ServeProcess, word: str) -> None:
    """A line of its log has this word."""
    await until(lambda: any(f'"{word}"' in line for line in service.said), START, word)


@pytest.mark.parametrize("lease, hangs", [(600, False), (10, True)], ids=["dies", "hangs"])
async def test_the_call_goes_on_at_the_one_that_stood_by(
    asterisk_tree: AsteriskTree, postgres_url: str, tmp_path: Path, lease: float, *, hangs: bool
) -> None:
    db = Database(postgres_url)
    companies = await cast.furnish(db, datetime.now(UTC), Passwords(AuthSettings()).hash)
    await db.close()
    async with (
        open_room(asterisk_tree, kind=PbxConfig) as room,
        open_house(room, database={"url": postgres_url, "lease_seconds": lease}) as house,
    ):
        house.companies = companies
        second, url = second_of(house, tmp_path)
        house.stack.push_async_callback(second.kill)
        await second.begin()
        await says(second, "standing_by")
        anna = await house.desk("anna")
        call = await house.talk(anna)
        typed = p.NoteBody(concern="Ein halber Sa")
        assert (await anna.ask(p.SaveDraft, call=call, revision=1, body=typed)).ok

        if hangs:
            house.service.signal(signal.SIGSTOP)
            await until(lambda: house.service.ended, START, "the one that stands by has ended it")
        await house.service.kill()
        await says(second, "ready")
        house.url = url
        anna = await house.desk("anna")
        view = await shows(anna, call, lambda view: "hold" in view.may)
        assert view.phase == "talking"
        found = anna.open(call)
        assert found
        assert found.draft
        assert found.draft.body == typed
        await house.put_through(anna, call, "Erika Beispiel")
        assert (await house.save(anna, call, "Von zweien eine.", "Erika Beispiel")).ok
        await house.hang_up()
        await until(lambda: not anna.open(call), START, "the call is over, with its note")
        assert await stored(postgres_url, "SELECT term FROM pbx") == [(2,)]
        assert await stored(postgres_url, "SELECT outcome, pbx FROM call") == [("noted", "")]
        assert await stored(postgres_url, "SELECT count(*) FROM call_note") == [(1,)]
        assert await stored(postgres_url, "SELECT result FROM attempt") == [("joined",)]
        await until(lambda: house.arrived("Hans Müller"), START, "the mail, a short one")
        assert len(house.arrived("Hans Müller")) == 1
