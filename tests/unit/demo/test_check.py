from __future__ import annotations

import io
from typing import cast

from rich.console import Console

from pbx_bridge.demo import check
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol, show
from pbx_bridge.demo.scenarios import SCENARIOS


class EmptyHouse:
    """A playhouse in which nothing happens; `stuck`: it cannot be cleared afterwards."""

    def __init__(self, *, stuck: bool = False) -> None:
        self._stuck = stuck

    async def begin(self) -> None: ...

    async def end(self) -> None:
        if self._stuck:
            raise TimeoutError("an empty screen")


async def keeps(_: Playhouse, said: Protocol) -> None:
    """One promise, kept."""
    said.expect("Anna's desk", "company", "Mustermann AG", "Mustermann AG")


async def breaks(_: Playhouse, said: Protocol) -> None:
    """One of two promises, broken."""
    said.expect("caller", "is", "talking", "talking")
    said.expect("Anna's desk", "company", "Mustermann AG", "Praxis Dr. Sommer")


async def promises_nothing(_: Playhouse, __: Protocol) -> None:
    """Nothing at all."""


async def stumbles(_: Playhouse, said: Protocol) -> None:
    """Something that nobody promised."""
    said.expect("caller", "is", "talking", "talking")
    raise TimeoutError("Erika's phone did not ring")


async def played(scenario: check.Scenario, *, stuck: bool = False) -> Protocol:
    return await check.play(cast("Playhouse", EmptyHouse(stuck=stuck)), scenario)


def printed(*protocols: Protocol) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=160)
    status = show(protocols, console)
    return status, cast("io.StringIO", console.file).getvalue()


async def test_kept_promises_give_status_0() -> None:
    status, words = printed(await played(keeps))
    assert status == 0
    assert "1 scenarios, 1 promises, all kept" in words


async def test_one_broken_promise_names_its_scenario_and_gives_status_1() -> None:
    status, words = printed(await played(keeps), await played(breaks))
    assert status == 1
    assert "1 of 2 scenarios not as promised: One of two promises, broken" in words
    assert "Praxis Dr. Sommer" in words


async def test_a_scenario_that_promises_nothing_is_not_kept() -> None:
    assert printed(await played(promises_nothing))[0] == 1


async def test_a_scenario_that_stumbles_is_a_finding_and_not_the_end() -> None:
    status, words = printed(await played(stumbles), await played(keeps))
    assert status == 1
    assert "Erika's phone did not ring" in words


async def test_a_stage_that_cannot_be_cleared_is_a_finding() -> None:
    protocol = await played(keeps, stuck=True)
    assert not protocol.kept
    assert protocol.findings[-1].seen == "an empty screen"


def test_every_scenario_has_a_title_of_its_own() -> None:
    titles = [check.title(scenario) for scenario in SCENARIOS]
    assert all(titles)
    assert len(set(titles)) == len(titles)
