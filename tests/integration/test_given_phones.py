"""A phone that was given works at once, without a file or a reload, and is nobody's when it is taken."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.auth import commands
from pbx_bridge.calls import events as ev
from pbx_bridge.serve import running
from pbx_bridge.settings import Secret, Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from rules.access.phones import password_digest
from tests.desk_room import desk_room
from tests.fake_astdb import FakeAstdb
from tests.pbx.raw_sip import RawSip, raw_sip
from tests.pbx.room import open_folder, quick_config
from tests.pbx.sip_message import Invite, answers
from tests.pbx.watch import watching
from tests.sample_company import furnish
from tests.until import until

TRUNK, ELSEWHERE = "127.0.0.1", "127.0.0.2"
CARLA: dict[str, Any] = {"role": "agent", "name": "Carla Brandt", "customer": "", "phone": "PJSIP/carla"}
PATIENCE = 60.0


@dataclass
class Office:
    """A PBX without any phone in its files, with the service running."""

    pbx: RunningAsterisk
    settings: Settings
    trunk: RawSip
    phone: RawSip

    async def logs_in(self, password: str) -> int:
        """Carla's phone logs in with this password; the last answer."""
        return await self.phone.register("carla", password)

    async def will(self, password: str, status: int) -> None:
        """The PBX has been told: a log-in with this password is answered so."""
        async with asyncio.timeout(PATIENCE):
            while await self.logs_in(password) != status:
                await asyncio.sleep(0.1)

    async def is_offered_a_call(self) -> None:
        """Somebody calls, and Carla answers."""
        before = len(self.phone.rung)
        async with watching(self.pbx) as watch:
            call = self.trunk.send(Invite())
            await watch.seen("AgentConnect", PATIENCE, Interface="PJSIP/carla")
            assert len(self.phone.rung) == before + 1
            self.trunk.hang_up(call)
            await watch.seen("AgentComplete", PATIENCE)


@asynccontextmanager
async def open_office(tree: AsteriskTree) -> AsyncIterator[Office]:
    port = free_port()
    config = quick_config(port, ())
    with open_folder() as folder:
        settings = stored_at(f"sqlite:///{folder / 'office.db'}")
        db = Database(settings.database.url)
        await migrate.upgrade(db)
        await db.close()
        secret = Secret(config.ami_secret)
        ami = replace(settings.ami, port=config.ami_port, secret=secret, backoff_min_seconds=0.1)
        settings = replace(settings, ami=ami, calls=replace(settings.calls, wrap_up_seconds=0.5))
        address = (TRUNK, config.sip_port)
        async with (
            RunningAsterisk(tree, config, folder / "pbx") as pbx,
            raw_sip((TRUNK, port), address) as trunk,
            raw_sip((ELSEWHERE, port), address) as phone,
            running(settings),
        ):
            yield Office(pbx, settings, trunk, phone)


def stored_at(url: str) -> Settings:
    """Settings with this database, and any free port for the web server."""
    plain = Settings()
    return replace(plain, database=replace(plain.database, url=url), web=replace(plain.web, port=0))


async def test_what_is_given_and_taken_reaches_a_pbx_that_is_there_and_one_that_comes_back(
    sqlite_url: str,
) -> None:
    db = Database(sqlite_url)
    await furnish(db)
    await db.close()
    async with desk_room(sqlite_url) as room:
        assert await commands.give_phone(stored_at(sqlite_url), "anna") == 0
        await until(lambda: room.pbx.walls.phones.keys() == {"anna"}, message="anna has a phone")
        room.pbx.walls = FakeAstdb()
        room.pbx.tell(ev.LinkUp("22.10.1"))
        await room.pbx.snapshot()
        await until(lambda: room.pbx.walls.phones.keys() == {"anna"}, message="and still has it")
        assert await commands.lock_user(stored_at(sqlite_url), "anna", locked=True) == 0
        await until(lambda: not room.pbx.walls.phones, message="it logs in no more")


@pytest.mark.asterisk
async def test_a_given_phone_works_without_a_file_survives_the_pbx_and_is_taken_away(
    asterisk_tree: AsteriskTree, capsys: pytest.CaptureFixture[str]
) -> None:
    async def given() -> str:
        assert await commands.give_phone(office.settings, "carla") == 0
        found = re.search(r"(?m)^  password +(\S+)$", capsys.readouterr().out)
        assert found
        return found[1]

    async with open_office(asterisk_tree) as office:
        office.phone.phones[b"carla"] = answers
        password = "nur-zum-ausprobieren"
        assert await commands.add_user(office.settings, login="carla", password=password, **CARLA) == 0
        assert await office.logs_in("irgendwas") == 401
        first = await given()
        await office.will(first, 200)
        assert await office.logs_in("irgendwas") == 401
        async with watching(office.pbx) as watch:
            await watch.add_agent("carla")
        await office.is_offered_a_call()

        await office.pbx.restart()
        await office.is_offered_a_call()

        second = await given()
        await office.will(first, 401)
        async with watching(office.pbx) as watch:
            contacts = await watch.manager.action("Getvar", Variable="PJSIP_AOR(carla,contact)")
            assert contacts.get("Value") == "", "whoever had the old password is rung no more"
        await office.will(second, 200)
        await office.is_offered_a_call()

        assert await commands.take_phone(office.settings, "carla") == 0
        await office.will(second, 401)
        said = office.pbx.log.read_text()
        for password in (first, second):
            assert password not in said
            assert password_digest("carla", password) not in said
