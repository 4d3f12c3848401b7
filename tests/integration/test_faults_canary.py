"""RELIABILITY.md section 3: nobody's name, number, address or words get into logs, figures or URLs."""

from __future__ import annotations

import re

import aiohttp
import pytest
from msgspec.structs import replace

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.whole_house import PATIENCE, WholeHouse, open_house, shows, told
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

NUMBER, CALLBACK = "491713920088", "03023125888"
BODY = p.NoteBody(
    name="Kanaria Federkleid",
    company="Vogelhaus Zwitscher",
    callback=CALLBACK,
    concern="Gelber Schnabel, zwei Flügel",
    message_to_caller="Futter kommt morgen",
)
CANARIES = (
    "Kanaria", "Federkleid", "Vogelhaus", "Schnabel", "Futter", "13920088", "23125888", "23125 888",
    "Gesang", "Petra Lange", "petra.lange", "einkauf@", "23125103",
    "Kern, T", "Tobias", "tobias.kern", "23125104",
)  # fmt: skip
"""Caller, note, and the employees who are rung and written to."""


def found(text: str) -> list[str]:
    """The canaries in a text."""
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


async def a_call_with_everything(house: WholeHouse, desk: Desk) -> None:
    """Busy, deputy, put-through; a refused mail that names its address; database and PBX away."""
    far = house.phones.far
    await far.behave(house.person("Petra Lange").extension.lstrip("+"), "busy")
    call = await house.talk(desk, number=NUMBER, name="Kanaria Gesang")
    recipients = [house.person(name).id for name in ("Petra Lange", "Kern, Tobias")]
    body = replace(BODY, recipients=recipients)
    with house.database() as other:
        other.execute("BEGIN IMMEDIATE")
        assert not (await desk.ask(p.SaveDraft, call=call, revision=1, body=body)).ok
        other.execute("ROLLBACK")
    await far.behave(house.person("Kern, Tobias").extension.lstrip("+"), "answer:0")
    await desk.ask(p.Ring, call=call, employee=house.person("Petra Lange").id)
    await shows(desk, call, lambda view: view.put_through and view.put_through.step == "consulting")
    await desk.ask(p.Connect, call=call)
    await shows(desk, call, lambda view: view.joined_with)
    house.mail.refuse[house.person("Petra Lange").email] = (
        "550 5.1.1 <petra.lange@mustermann.example> unknown"
    )
    house.mail.answers.append("cut")
    assert (await desk.ask(p.SaveNote, call=call, body=body)).ok
    await desk.ask(p.SaveNote, call=call, body=body)
    await house.phones.pbx.kill()
    await desk.until(lambda now: now.link.pbx == "down", "the banner", PATIENCE)
    await house.delivered()


async def test_no_canary_gets_out(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        await a_call_with_everything(house, await house.desk("anna"))
        async with aiohttp.ClientSession() as stranger:
            form = {"login": "Kanaria Federkleid", "password": "Futter"}
            await stranger.post(f"{house.url}/login", data=form, headers={"Origin": house.url})
            await stranger.get(f"{house.url}/desk?q=Kanaria")
            figures = await (await stranger.get(f"{house.url}/metrics")).text()
            pages = [await (await stranger.get(f"{house.url}/{path}")).text() for path in ("login", "desk")]
        assert await house.service.stop() == 0
        for event in ("ready", "ami_up", "ami_down", "desk_command_not_stored"):
            assert told(house, event), event
        assert "pbx_calls_total" in figures
        assert [line for line in house.service.said if found(line)] == []
        assert found(figures) == []
        links = [link for page in pages for link in re.findall(r'(?:href|src|action)="([^"]*)"', page)]
        assert links
        assert found(" ".join(links)) == []
        assert house.ask("SELECT caller_name FROM call_note") == ["Kanaria Federkleid"], "the canary did sing"
