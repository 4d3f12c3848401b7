"""One program for every chore; each command imports its room only when it is called."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, cast

import structlog
import typer

from pbx_bridge import __version__
from pbx_bridge.cli_audit import audit
from pbx_bridge.cli_settings import read_settings
from pbx_bridge.cli_users import user
from pbx_bridge.errors import StorageDownError
from pbx_bridge.settings import SettingsError, doubts

FAILED, WRONG_USE = 1, 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # pages of every variable, secrets and people among them
    help="pbx-bridge: the telephone secretariat on Asterisk.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
pbx = typer.Typer(no_args_is_help=True, help="An Asterisk of our own, without root or Docker.")
app.add_typer(db, name="db")
app.add_typer(user, name="user")
app.add_typer(audit, name="audit")
app.add_typer(pbx, name="pbx")

SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="Settings file; default ./settings.toml.", dir_okay=False)
]


def main() -> None:
    """Entry point of `pbx-bridge`: wrong settings end with one message and exit code 2, a database that does
    not answer with one and 1."""
    try:
        app()
    except SettingsError as error:
        typer.echo(error, err=True)
        sys.exit(WRONG_USE)
    except StorageDownError as error:
        typer.echo(f"database: {error}", err=True)
        sys.exit(FAILED)


@app.callback(invoke_without_command=True)
def begin(
    context: typer.Context,
    settings: SettingsFile = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Remember which settings are meant; every command reads them when it needs them."""
    if version:
        typer.echo(f"pbx-bridge {__version__}")
        raise typer.Exit
    context.obj = settings


@app.command()
def serve(
    context: typer.Context,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="First do what `db upgrade` does.")] = False,
) -> None:
    """Run the service until it is told to stop (SIGTERM, SIGINT); a terminal that is closed does not."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    settings, said = read_settings(context), structlog.get_logger(__name__)
    for key, words in doubts(settings):
        said.warning("settings_doubtful", setting=key, why=words)
    from pbx_bridge import cli_db
    from pbx_bridge.serve import serve as run_service

    try:
        asyncio.run(run_service(settings, upgrade=upgrade))
    except cli_db.NOT_OURS as error:
        typer.echo(cli_db.unfit_words(error), err=True)
        raise typer.Exit(FAILED) from None
    except Exception:
        said.exception("service_failed")
        raise typer.Exit(FAILED) from None


@app.command()
def check(context: typer.Context) -> None:
    """Show the settings in effect and try every connection."""
    settings = read_settings(context)
    from pbx_bridge import checks

    raise typer.Exit(asyncio.run(checks.report(settings)))


@app.command()
def demo(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Play every scenario and judge it.")] = False,
    port: Annotated[int | None, typer.Option(help="Web port; 0 = any free one.")] = None,
    sip_port: Annotated[int | None, typer.Option(help="SIP port of the demo's PBX; 0 = any.")] = None,
) -> None:
    """Run a whole secretariat to play with: PBX, phones, mailbox and a cast."""
    from pbx_bridge.demo import main as room

    raise typer.Exit(room.run(context.obj, check=check, port=port, sip_port=sip_port))


@app.command("set-up")
def set_up(folder: Annotated[Path, typer.Argument(file_okay=False)]) -> None:
    """Copy settings.toml, Asterisk's configuration and the unit of systemd into a folder, to be filled in."""
    from pbx_bridge.asterisk import commands

    raise typer.Exit(commands.set_up(folder))


@app.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True)],
    dry_run: Annotated[bool, typer.Option(help="Tell what would be different, store nothing.")] = False,
) -> None:
    """Load customers, lines, tariffs and employees from one TOML file, all or nothing."""
    settings = read_settings(context)
    from pbx_bridge.auth.passwords import Passwords
    from pbx_bridge.importing import importer
    from pbx_bridge.transfers.dial_rules import dial_rules

    hash_password, allowed = Passwords(settings.auth).hash, dial_rules(settings.transfers)
    loading = importer.import_file(settings, file, hash_password, allowed, dry_run=dry_run)
    raise typer.Exit(asyncio.run(loading))


@app.command()
def record(
    context: typer.Context, file: Path, seconds: Annotated[float, typer.Option(help="0 = until Ctrl-C.")] = 0
) -> None:
    """Write the raw AMI stream into a file, for tests and support. It holds personal data."""
    settings = read_settings(context)
    from pbx_bridge.ami import recording

    ended = asyncio.run(recording.record(settings.ami, file, seconds))
    typer.echo(f"{ended.reason}: {ended.detail}", err=True)
    raise typer.Exit(0 if ended.reason == "shutdown" else 1)


@app.command()
def replay(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True)],
    port: Annotated[int, typer.Option(help="Be a PBX on this port of loopback that says it again.")] = 0,
    speed: Annotated[float, typer.Option(help="2 = twice as fast, 0 = as fast as possible.")] = 1,
) -> None:
    """Read a recorded AMI stream and print what we make of it, or play it to whoever logs in at --port."""
    read_settings(context)
    from pbx_bridge.ami import playback, recording

    if port:
        asyncio.run(playback.play(file, port, speed))
    for line in recording.replay(file):
        typer.echo(line)


@db.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to the schema of this version; makes it if there is none."""
    settings = read_settings(context)
    from pbx_bridge import cli_db

    try:
        asyncio.run(cli_db.upgrade(settings))
    except cli_db.NOT_OURS as error:
        typer.echo(cli_db.unfit_words(error), err=True)
        raise typer.Exit(FAILED) from None


@db.command()
def backup(context: typer.Context, file: Annotated[Path, typer.Argument(dir_okay=False)]) -> None:
    """Copy the database into one file, checked, while the service runs or not."""
    settings = read_settings(context)
    from pbx_bridge import cli_db

    _chore(lambda: cli_db.backed_up(settings, file))


@db.command()
def restore(context: typer.Context, file: Annotated[Path, typer.Argument(dir_okay=False)]) -> None:
    """Put a backup in the place of the database, with the service stopped; holds back what was to be sent."""
    settings = read_settings(context)
    from pbx_bridge import cli_db

    _chore(lambda: cli_db.put_back(settings, file))


@db.command()
def held(
    context: typer.Context,
    send: Annotated[bool, typer.Option("--send", help="Send them now.")] = False,
    gone: Annotated[bool, typer.Option("--gone", help="They had gone out: let them be.")] = False,
    hold: Annotated[bool, typer.Option("--hold", help="After a restore by other means: hold back.")] = False,
) -> None:
    """Show the messages that a restore holds back, as they may have gone out since the backup."""
    settings = read_settings(context)
    if send + gone + hold > 1:
        raise typer.BadParameter("only one of --send, --gone and --hold")
    from pbx_bridge import cli_db

    _chore(lambda: asyncio.run(cli_db.held_back(settings, _chosen(send=send, gone=gone, hold=hold))))


def _chosen(**wishes: bool) -> Literal["show", "send", "gone", "hold"]:
    found = next((name for name, wished in wishes.items() if wished), "show")
    return cast('Literal["show", "send", "gone", "hold"]', found)


def _chore(deed: Callable[[], str]) -> None:
    """Its words, or why it was not done, with exit code 1."""
    from pbx_bridge import cli_db
    from pbx_bridge.errors import UserError
    from pbx_bridge.storage.maintenance.backup import ChoreRefusedError

    try:
        typer.echo(deed(), nl=False)
    except ChoreRefusedError as error:
        typer.echo(cli_db.refused_words(error), err=True)
        raise typer.Exit(FAILED) from None
    except UserError as error:
        typer.echo(error, err=True)
        raise typer.Exit(FAILED) from None


@pbx.command()
def fetch(
    context: typer.Context,
    tests: Annotated[bool, typer.Option("--tests", help="Also SIPp and Kannel.")] = False,
) -> None:
    """Fetch Asterisk into the cache folder, verified by apt."""
    settings = read_settings(context)
    from pbx_bridge.asterisk import commands

    raise typer.Exit(commands.fetch(settings.pbx, tests=tests))


@pbx.command("run")
def pbx_run(context: typer.Context) -> None:
    """Run our Asterisk with our configuration until Ctrl-C."""
    settings = read_settings(context)
    from pbx_bridge.asterisk import commands

    raise typer.Exit(commands.run(settings))


@pbx.command("check")
def pbx_check(context: typer.Context) -> None:
    """Start our Asterisk, see that it answers, stop it."""
    settings = read_settings(context)
    from pbx_bridge.asterisk import commands

    raise typer.Exit(commands.check(settings))


@pbx.command("announcements")
def pbx_announcements(context: typer.Context) -> None:
    """Have a free speech program say what callers hear when nobody is free."""
    settings = read_settings(context)
    from pbx_bridge.asterisk import commands

    raise typer.Exit(commands.announcements(settings.nobody_free.sounds))
