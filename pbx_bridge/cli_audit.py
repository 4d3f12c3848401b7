"""`pbx-bridge audit …`: whether the access log is what was written into it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pbx_bridge.cli_settings import read_settings
from rules.access.audit_chain import Breach, ChainState, Head

BROKEN = 1
WORDS = {
    Breach.UNPLACED: "an entry without a place in the chain was put in",
    Breach.MISSING: "entries before it are missing",
    Breach.UNLINKED: "it does not follow the entry before it",
    Breach.CHANGED: "what it says was changed",
    Breach.REHASHED: "its place, time, kind or hashes were changed",
    Breach.EMPTIED_UNTOLD: "it was emptied, and no erasure says so",
    Breach.BEGINNING_GONE: "entries before it are missing, and nothing says that their time was over",
    Breach.END_GONE: "the last entries are missing, or the end was changed",
    Breach.NOTED_GONE: "it is not the one whose head was noted",
}

audit = typer.Typer(no_args_is_help=True, help="The access log.")


@audit.callback()
def access_log() -> None:
    """The access log."""


@audit.command()
def verify(
    context: typer.Context,
    noted: Annotated[
        str, typer.Option(help="A head noted earlier, PLACE:HASH: it must still be there.")
    ] = "",
) -> None:
    """Look at every entry of the access log: is the chain of hashes whole? Exit code 1 if it is not."""
    wanted = _head(noted) if noted else None
    settings = read_settings(context)
    from pbx_bridge.storage.access import audit_chain
    from pbx_bridge.storage.db.engine import database_of

    async def checked() -> ChainState:
        db = database_of(settings.database, patient=True)
        try:
            async with db.read() as conn:
                return await audit_chain.check(conn, wanted)
        finally:
            await db.close()

    state = asyncio.run(checked())
    typer.echo(words(state))
    raise typer.Exit(BROKEN if state.breach else 0)


def words(state: ChainState) -> str:
    """What was found, for whoever types the command."""
    if state.breach:
        return f"BROKEN at entry {state.broken}: {WORDS[state.breach]}. {state.count} entries were looked at."
    if not state.count:
        return "The access log is empty."
    emptied = f" {state.emptied} of them were emptied by erasures." if state.emptied else ""
    return (
        f"Whole: {state.count} entries, {state.first} to {state.head.place}.{emptied}\n"
        f"Head {state.head}\n"
        "Keep the head where nobody of this machine can change it; `--noted` looks for it later."
    )


def _head(text: str) -> Head:
    place, _, digits = text.strip().partition(":")
    if not (place.isascii() and place.isdecimal() and len(digits) == 64):
        raise typer.BadParameter("a head is PLACE:HASH, as `audit verify` prints it", param_hint="--noted")
    return Head(int(place), digits.lower())
