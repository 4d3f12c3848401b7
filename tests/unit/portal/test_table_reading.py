"""Large files, and files made to keep us busy: nobody else waits, and it is said in words what is wrong.

That nobody waits is seen by the watch of all tests (`tests.loop_watch`).
"""

from __future__ import annotations

import resource

import pytest

from pbx_bridge import limited_process
from pbx_bridge.web.kit import table_reading
from pbx_bridge.web.kit.table_reading import SMALL, read
from rules.fault import Fault
from rules.files.csv_text import Table, parse
from tests.unit.portal.conftest import Client
from tests.unit.portal.uploading import upload

PATHS = ("/portal/mitarbeiter/import", "/portal/vip-kunden/import")
LONG = 3_900_000
MADE_TO_HARM = {
    "one row of cells": "Name" + ";x" * (LONG // 2),
    "one row of empty cells": "Name" + ";" * LONG,
    "one row of cells that have line breaks": "Name\n" + '"\n";' * (LONG // 4),
    "a quote that does not end": 'Name\n"' + "x;y\n" * (LONG // 4),
    "one cell": "Name\n" + "x" * LONG,
    "one header": "x" * LONG,
    "commas": "Name,x\n" + "," * LONG,
    "tabs": "Name\tx\n" + "y\t" * (LONG // 2),
    "old line ends": "Name\r" + '"\r";' * (LONG // 4),
}


def knows(header: str) -> bool:
    return header == "Name"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", MADE_TO_HARM)
async def test_a_file_made_to_harm_is_refused_in_words(client: Client, path: str, kind: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    page = await upload(client, path, MADE_TO_HARM[kind])
    assert page.status == 422
    assert "Vielleicht fehlt ein Anführungszeichen." in page.text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes"


async def test_a_file_of_empty_lines_has_no_line(client: Client) -> None:
    page = await upload(client, PATHS[0], "Name\n" + "\n" * 1_000_000)
    assert page.status == 422
    assert "Unter den Namen der Spalten steht keine Zeile." in page.text


@pytest.mark.parametrize("rows", [1, 10, 20_000, 30_000])
async def test_a_process_of_its_own_says_the_same(rows: int) -> None:
    text = "\ufeffsep=;\r\nName;Notiz\r\n" + "".join(
        f'Person {n};"Zeile\r\nnoch ""eine"" {"x" * 20} \'=1 \u2028 €"\r\n' for n in range(rows)
    )
    found = await read(text, knows)
    assert isinstance(found, Table)
    assert found == parse(text, knows)
    assert len(text) > SMALL or rows < 20_000


async def test_what_takes_too_long_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reading, "LIMITS", limited_process.Limits(seconds=10, memory=1 << 20))
    assert await read("Name\n" + "x\n" * SMALL, knows) == Fault("", "csv_unreadable")
