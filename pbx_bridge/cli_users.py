"""`pbx-bridge user …`: who may log in."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from pbx_bridge.cli_settings import read_settings

user = typer.Typer(no_args_is_help=True, help="Who may log in.")


@user.command("add")
def user_add(
    context: typer.Context,
    login: str,
    role: Annotated[str, typer.Option(help="agent, supervisor, customer or operator.")],
    name: Annotated[str, typer.Option(help="First and last name.")],
    customer: Annotated[str, typer.Option(help="Customer's name, for role customer.")] = "",
    phone: Annotated[str, typer.Option(help='Phone as the PBX knows it, e.g. "PJSIP/anna".')] = "",
    email: Annotated[str, typer.Option(help="Where a link for a forgotten password goes.")] = "",
    bound: Annotated[bool, typer.Option("--bound", help="An agent bound to secrecy (§ 203 StGB).")] = False,
) -> None:
    """Add somebody who may log in; the password is asked, or read from standard input."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    password = _password()
    raise typer.Exit(
        asyncio.run(
            commands.add_user(
                settings,
                login=login,
                role=role,
                name=name,
                customer=customer,
                phone=phone,
                password=password,
                email=email,
                bound=bound,
            )
        )
    )


@user.command("list")
def user_list(context: typer.Context) -> None:
    """Show who may log in."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    for line in asyncio.run(commands.list_users(settings)):
        typer.echo(line)


@user.command("lock")
def user_lock(
    context: typer.Context,
    login: str,
    undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False,
) -> None:
    """Keep somebody out from now on, wherever they are logged in."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    raise typer.Exit(asyncio.run(commands.lock_user(settings, login, locked=not undo)))


@user.command("delete")
def user_delete(context: typer.Context, login: str) -> None:
    """Take somebody's log-in away for good; notes and calls stay."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    raise typer.Exit(asyncio.run(commands.delete_user(settings, login)))


@user.command("log-out")
def user_log_out(context: typer.Context, login: str) -> None:
    """End all sessions of somebody; the password stays as it is."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    raise typer.Exit(asyncio.run(commands.log_out_user(settings, login)))


@user.command("reset-factor")
def user_reset_factor(context: typer.Context, login: str) -> None:
    """Forget somebody's second factor: the phone is lost, and the recovery codes too."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    raise typer.Exit(asyncio.run(commands.reset_factor(settings, login)))


@user.command("phone")
def user_phone(
    context: typer.Context,
    login: str,
    take_away: Annotated[bool, typer.Option("--take-away", help="It logs in no more.")] = False,
) -> None:
    """Give an agent's phone a password, and say once what to type into it; it works without a reload."""
    settings = read_settings(context)
    from pbx_bridge.auth import commands

    change = commands.take_phone if take_away else commands.give_phone
    raise typer.Exit(asyncio.run(change(settings, login)))


def _password() -> str:
    """Asked twice at a terminal; otherwise the first line of standard input, so that scripts can pipe it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
