"""`pbx-bridge demo --check`: every scenario played through real desks and real calls, and judged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol, show
from pbx_bridge.demo.scenarios import SCENARIOS

Scenario = Callable[[Playhouse, Protocol], Awaitable[None]]
LIMIT = 60.0  # seconds for one scenario


async def play_all(house: Playhouse, console: Console) -> int:
    """Play them one after the other, as calls share the agents; the exit status."""
    protocols = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")
        for number, scenario in enumerate(SCENARIOS, start=1):
            progress.update(task, description=f"{number}/{len(SCENARIOS)} {title(scenario)}")
            protocols.append(await play(house, scenario))
    return show(protocols, console)


async def play(house: Playhouse, scenario: Scenario) -> Protocol:
    """One scenario. What goes wrong in it is a finding, and the next one begins on a clean stage."""
    said, began = Protocol(title(scenario)), time.monotonic()
    try:
        async with asyncio.timeout(LIMIT):
            await house.begin()
            await scenario(house, said)
    except Exception as error:  # whatever it is, it was not promised
        said.see("check", "the scenario goes to its end", f"{type(error).__name__}: {error}", kept=False)
    try:
        await house.end()
    except TimeoutError as error:
        said.see("check", "a clean stage afterwards", str(error), kept=False)
    said.seconds = time.monotonic() - began
    return said


def title(scenario: Scenario) -> str:
    """The first line of its docstring."""
    return (scenario.__doc__ or "").strip().splitlines()[0].rstrip(".")
