"""`pbx-bridge pbx fetch | run | check`; each returns the exit status."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from pbx_bridge.asterisk.cache import cache_folder
from pbx_bridge.asterisk.config import PbxConfig, PhoneConfig, Timers
from pbx_bridge.asterisk.debian import FetchError
from pbx_bridge.asterisk.locate import locate
from pbx_bridge.asterisk.ports import free_port, speech_ports
from pbx_bridge.asterisk.runner import AsteriskFailed, RunningAsterisk
from pbx_bridge.asterisk.set_up import write_set_up
from pbx_bridge.asterisk.speech import write_announcements
from pbx_bridge.asterisk.tools import ToolMissing, chromium, kannel, postgres, sipp
from pbx_bridge.private_files import private_file, private_folder
from pbx_bridge.settings import PbxSettings, Settings, TransferSettings

MANAGER, PHONE = "ami.secret", "phone-{}.secret"  # files in the run folder


def fetch(settings: PbxSettings, *, tests: bool = False) -> int:
    """Asterisk, and with `tests` all else that the tests run for real; at once if it is there already."""
    cache = cache_folder()
    try:
        asterisk = locate(cache, settings.suite or None)
        typer.echo(f"Asterisk {asterisk.version}: {asterisk.command[-1]}")
        for tool in (sipp, kannel, postgres, chromium) if tests else ():
            typer.echo(f"{tool.__name__}: {tool(cache).program}")
    except (FetchError, ToolMissing) as error:
        return _fail(error)
    return 0


def announcements(folder: Path) -> int:
    """Speak those that are missing into this folder; what is there is left as it is."""
    try:
        written, there = write_announcements(folder, cache_folder())
    except (FetchError, OSError) as error:
        return _fail(error)
    typer.echo(f"{folder}: {', '.join(written) or 'nothing new'}")
    if there:
        typer.echo(f"as they were: {', '.join(there)}")
    return 0


def set_up(folder: Path) -> int:
    """Copy what an installation is set up from into this folder; what is there already is not touched."""
    try:
        written = write_set_up(folder)
    except OSError as error:
        return _fail(error)
    typer.echo("\n".join(map(str, written)))
    return 0


def run(settings: Settings) -> int:
    """Our Asterisk with our configuration, until Ctrl-C or SIGTERM."""
    run_dir = settings.pbx.run_dir.absolute()
    try:
        config = configuration(
            settings,
            settings.ami.secret.reveal() or _own_secret(run_dir / MANAGER),
            lambda name: _own_secret(run_dir / PHONE.format(name)),
        )
        asyncio.run(_run(_asterisk(settings, config, run_dir)))
    except (FetchError, AsteriskFailed) as error:
        return _fail(error)
    return 0


def check(settings: Settings) -> int:
    """Our Asterisk starts with our configuration, on free ports and in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="pbx-") as folder:
        Path(folder).chmod(0o755)
        config = replace(
            configuration(settings, secrets.token_urlsafe(24), lambda _name: secrets.token_urlsafe(24)),
            ami_port=free_port(), sip_port=free_port(), rtp_ports=speech_ports(20),
        )  # fmt: skip
        try:
            typer.echo(asyncio.run(_check(_asterisk(settings, config, Path(folder) / "pbx"))))
        except (FetchError, AsteriskFailed) as error:
            return _fail(error)
    return 0


def configuration(settings: Settings, manager_secret: str, secret_of: Callable[[str], str]) -> PbxConfig:
    """Our configuration with what the settings say. `secret_of`: the password with which the phone of this
    name proves who it is."""
    pbx = settings.pbx
    host = pbx.trunk_peer.partition(":")[0]
    return PbxConfig(
        ami_port=pbx.ami_port,
        ami_user=settings.ami.username,
        ami_secret=manager_secret,
        sip_port=pbx.sip_port,
        rtp_ports=range(pbx.rtp_start, pbx.rtp_end + 1),
        trunk_peer=pbx.trunk_peer,
        # On one machine phones and trunk share the address; then the port tells them apart.
        trunk_host=pbx.trunk_peer if host.startswith("127.") else host,
        phones=tuple(
            PhoneConfig(name, None if where == "register" else where, secret_of(name))
            for name, where in pbx.phones.items()
        ),
        timers=_timers(settings.transfers),
        internal=settings.transfers.internal,
        internal_via=pbx.internal_via,
        caller=settings.calls.caller,
        caller_shown=settings.transfers.caller_shown,
        name=pbx.name,
        sounds=str(settings.nobody_free.sounds.absolute()),
    )


def _timers(wanted: TransferSettings) -> Timers:
    """The put-through's time limits in whole seconds, as the dial plan counts; the queue's stay."""
    return Timers(
        ring=round(wanted.ring_seconds),
        grace=round(wanted.grace_seconds),
        wait_max=round(wanted.wait_seconds),
        park=round(wanted.park_seconds),
        hold_max=round(wanted.hold_limit_seconds),
    )


def _asterisk(settings: Settings, config: PbxConfig, run_dir: Path) -> RunningAsterisk:
    return RunningAsterisk(locate(cache_folder(), settings.pbx.suite or None), config, run_dir)


async def _run(asterisk: RunningAsterisk) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with asterisk:
        typer.echo(f"Asterisk {asterisk.tree.version} runs, manager at 127.0.0.1:{asterisk.config.ami_port}.")
        typer.echo(f"Log and secrets: {asterisk.run_dir}. Ctrl-C ends it.")
        ends = [asyncio.create_task(stop.wait()), asyncio.create_task(asterisk.ended())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            raise AsteriskFailed(f"Asterisk has ended by itself; {asterisk.log} may say why.")


async def _check(asterisk: RunningAsterisk) -> str:
    async with asterisk:
        return f"Asterisk {asterisk.tree.version} starts with our configuration and answers."


def _own_secret(file: Path) -> str:
    """Made once, kept in the run folder for those who log in here by hand."""
    if not file.exists():
        private_folder(file.parent)
        private_file(file)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


def _fail(error: Exception) -> int:
    sys.stderr.write(f"{error}\n")
    return 1
