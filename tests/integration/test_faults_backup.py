"""A house is backed up while notes are saved, killed, and restored over what it left, again and again."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pbx_bridge.settings import DatabaseSettings
from pbx_bridge.storage.maintenance.backup import backup
from pbx_bridge.storage.maintenance.restore import restore
from tests.integration.serve_process import ROOT
from tests.integration.test_faults_killed import Writer, concern
from tests.integration.whole_house import WholeHouse, open_house
from tests.until import until

ROUNDS, CALLS = 3, 40


def notes(file: Path) -> set[str]:
    """Calls with a note; the file is whole."""
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        found = [row[0] for row in opened.execute("SELECT call_id FROM call_note")]
    assert len(found) == len(set(found)), "one note a call"
    return set(found)


async def chore(house: WholeHouse, *words: str) -> tuple[int, str]:
    """As an operator types it; exit code and words, without the log."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pbx_bridge", "--settings", str(house.folder / "settings.toml"), "db", *words,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, refused = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (said or refused).decode()


async def test_every_acknowledged_note_is_in_the_backup_and_the_database_opens_clean(
    record_property: Callable[[str, object], None],
) -> None:
    seed = random.randrange(10_000)
    record_property("seed", seed)
    chance = random.Random(seed)
    async with open_house(None, open_calls=CALLS) as house:
        settings = DatabaseSettings(url=f"sqlite:///{house.folder / 'house.db'}")
        writer, held = Writer(house, await house.desk("anna")), 0
        for number in range(ROUNDS):
            kept = house.folder / f"kept-{number}"
            await back_up_and_kill(writer, settings, kept, chance)
            await asyncio.to_thread(restore, settings, kept)
            writer.acknowledged = notes(house.folder / "house.db")
            assert writer.acknowledged == notes(kept), f"round {number}"
            held += len(house.ask("SELECT id FROM notification WHERE state = 'uncertain'"))
            await house.service.start()
            writer.desk = await house.desk("anna")  # everybody has to log in again
        await judge(house, writer, held)


async def back_up_and_kill(
    writer: Writer, settings: DatabaseSettings, kept: Path, chance: random.Random
) -> None:
    """In the midst of writing; the service dies while the copy is made, or soon after."""
    writing = asyncio.create_task(writer.write())
    goal = len(writer.acknowledged) + 2
    await until(lambda: len(writer.acknowledged) >= goal, 40, "notes")
    acknowledged = set(writer.acknowledged)
    copying = asyncio.create_task(asyncio.to_thread(backup, settings, kept))
    await asyncio.sleep(chance.uniform(0, 0.1))
    await writer.house.service.kill()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await copying
    await writer.desk.disconnect()
    assert acknowledged <= notes(kept)


async def judge(house: WholeHouse, writer: Writer, held: int) -> None:
    """The rest is written; nothing went out twice of itself; what was held back goes out when told to."""
    await writer.write()
    await house.delivered()
    assert len(house.ask("SELECT id FROM call_note")) == CALLS
    copies = Counter(mail["Message-ID"] for mail in house.mail.inbox if "X-Possible-Duplicate" not in mail)
    assert set(copies.values()) == {1}
    refused, words = await chore(house, "restore", str(house.folder / "kept-0"))
    assert (refused, "A service runs" in words) == (1, True)

    code, words = await chore(house, "held")
    waiting = house.ask("SELECT id FROM notification WHERE state = 'uncertain'")
    assert code == 0
    assert words.startswith(f"{len(waiting)} e-mails" if waiting else "No message")
    assert len(waiting) <= held
    assert (await chore(house, "held", "--send"))[0] == 0
    await house.delivered()
    for call in house.ask("SELECT call_id FROM call_note"):
        assert house.arrived(concern(call)), "in the end each note has arrived"
