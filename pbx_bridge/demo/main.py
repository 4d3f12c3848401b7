"""`pbx-bridge demo`: a whole secretariat on this machine, from one command to the first call."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from pbx_bridge import log
from pbx_bridge.asterisk.cache import cache_folder
from pbx_bridge.asterisk.debian import FetchError
from pbx_bridge.asterisk.locate import AsteriskTree, locate
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.runner import AsteriskFailed
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.demo import cast, check, folders
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.demo.house_settings import for_stage
from pbx_bridge.demo.pages import DemoPages
from pbx_bridge.demo.phones import Phones
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.scenes import Callers
from pbx_bridge.demo.stage import FOR_PEOPLE, FOR_THE_CHECK, DemoStage, Pace
from pbx_bridge.serve import serve
from pbx_bridge.settings import Settings, load
from pbx_bridge.storage.db.engine import Database
from rules.model import Customer

WEB_PORT, SIP_PORT = 8080, 5080
WIDTH = 160  # characters of a line in a log
START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class DemoHouse:
    """A demo that runs: the service on its stage."""

    stage: DemoStage
    settings: Settings
    db: Database
    companies: tuple[Customer, ...]
    service: asyncio.Task[None]


def run(settings_path: Path | None, *, check: bool, port: int | None, sip_port: int | None) -> int:
    """The demo until Ctrl-C, or every scenario; the exit status. Ports: None = the usual one, 0 = any."""
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    yours = load(settings_path, os.environ)
    try:
        tree = locate(cache_folder(), yours.pbx.suite or None)
        return asyncio.run(
            _check(yours, tree, console) if check else _run(yours, tree, console, port, sip_port)
        )
    except (KeyboardInterrupt, asyncio.CancelledError):  # Ctrl-C, SIGTERM
        return 130 if check else 0
    except (FetchError, AsteriskFailed, folders.AlreadyRunning, cast.CastRefused) as error:
        console.print(str(error), markup=False, highlight=False)
        return 1


async def _run(
    yours: Settings, tree: AsteriskTree, console: Console, port: int | None, sip_port: int | None
) -> int:
    _end_on_sigterm()
    web_port = _port(WEB_PORT, port, console, "web")
    sip = _port(SIP_PORT, sip_port, console, "SIP")
    with folders.own_folder() as folder:
        async with _house(yours, tree, folder, FOR_PEOPLE, web_port, sip) as house:
            console.print(_welcome(house), highlight=False)
            await house.service
    console.print("The demo has ended. Nothing of it runs any more.")
    return 0


async def _check(yours: Settings, tree: AsteriskTree, console: Console) -> int:
    _end_on_sigterm()
    with folders.passing_folder() as folder:
        async with _house(yours, tree, folder, FOR_THE_CHECK, free_port(), free_port()) as house:
            url = house.settings.web.public_url
            anna, ben = (who for who in cast.log_ins() if who.phone)
            async with Desk(url, anna) as at_anna, Desk(url, ben) as at_ben:
                playhouse = Playhouse(house.stage, at_anna, at_ben, house.db, house.companies)
                return await check.play_all(playhouse, console)


@asynccontextmanager
async def _house(
    yours: Settings, tree: AsteriskTree, folder: Path, pace: Pace, port: int, sip_port: int
) -> AsyncIterator[DemoHouse]:
    """Stage, database with the cast, and the service as `serve` runs it, with the demo's pages besides."""
    async with DemoStage(tree, folder, pace, sip_port) as stage:
        settings = for_stage(yours, stage, port, quiet=pace is FOR_THE_CHECK)
        log.configure(settings.log.level, settings.log.format)
        db = Database(settings.database.full_url())
        companies = await cast.furnish(db, datetime.now(UTC), Passwords(settings.auth).hash)
        phones, callers = Phones(stage.far, companies), Callers(stage.far)
        await phones.reset()
        pages = DemoPages(stage, phones, callers, companies, settings)
        ready = asyncio.Event()
        service = asyncio.create_task(serve(settings, extend=pages.attach, ready=ready.set))
        try:
            await _started(service, ready)
            yield DemoHouse(stage, settings, db, companies, service)
        finally:
            callers.close()
            service.cancel()
            with suppress(asyncio.CancelledError):
                await service
            await db.close()


async def _started(service: asyncio.Task[None], ready: asyncio.Event) -> None:
    """Wait until the web server listens. Raises what the service has died of."""
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({service, waiting}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if service.done():
        await service
    if not ready.is_set():
        raise TimeoutError(f"the service did not start within {START_SECONDS:g} s")


def _end_on_sigterm() -> None:
    """SIGTERM ends the demo as Ctrl-C does."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _port(usual: int, wanted: int | None, console: Console, what: str) -> int:
    """The wanted port, else the usual one, else any; says so when it had to take another one."""
    if wanted == 0:
        return free_port()
    port = wanted or usual
    if _is_free(port):
        return port
    other = free_port()
    console.print(
        f"Port {port} ({what}) is taken by something else, so the demo uses {other}.", highlight=False
    )
    return other


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will do
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _welcome(house: DemoHouse) -> str:
    url = house.settings.web.public_url
    people = "\n".join(
        f"  {who.login:<12} {who.password:<17} {who.name or who.role}" for who in cast.log_ins()
    )
    line = cast.own_lines()[0].lstrip("+")
    return f"""
The secretariat is open.

  {url}/demo            callers and telephones: press a button, somebody calls
  {url}/desk            the agent's desk
  {url}/portal          a company's own portal
  {url}/floor           the floor, for supervisors
  {url}/admin           the operator's office
  {url}/demo/mailbox    every mail and SMS that goes out

Log in with:
{people}

Your own SIP client can call in, too: sip:{line}@127.0.0.1:{house.stage.config.sip_port}
Ctrl-C ends everything.
"""
