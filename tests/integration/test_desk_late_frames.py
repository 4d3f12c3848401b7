"""Two desks of one agent write in one note and hear of each other late; generated."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, Tab
from tests.note_room import body, room, talk

__all__ = ["body", "room"]

Body = dict[str, Any]
SEEDS = range(4)
STEPS = 80
FIELDS = {"concern": 0, "company": 1, "callback_by": 0, "message_to_caller": 1}  # which desk types there


@dataclass
class Writer:
    """A desk as the protocol's page says; it hears a frame when it is told to."""

    room: DeskRoom
    call: str
    number: int
    tab: Tab = field(init=False)
    body: Body = field(default_factory=dict)
    heard: int = 0
    mine: set[str] = field(default_factory=set)
    revision: int = 0
    base: int = 0
    asked: Body | None = None

    async def begin(self, body: Body) -> None:
        self.tab, self.body = await self.room.tab("anna"), body
        self.heard = len(self.tab.frames)

    def types(self, name: str, word: str) -> None:
        self.body = self.body | {name: f"{self.body.get(name, '')} {word}".strip()}
        self.mine.add(name)
        self.revision += 1 + self.number * 3  # each counts in its own way

    async def sends(self) -> None:
        """Its draft goes up, is answered, and the answer waits with the events before it."""
        self.revision = max(self.revision, self.base + 1)
        self.asked = {"revision": self.revision, "base": self.base, "body": self.body}
        await self.tab.ask("save_draft", call=self.call, **self.asked)

    def hears(self) -> None:
        """The next frame that concerns the draft."""
        while self.heard < len(self.tab.frames):
            frame = self.tab.frames[self.heard]
            self.heard += 1
            if frame.get("event", {}).get("type") == "draft":
                return self._takes(frame["event"]["draft"])
            if frame.get("type") == "answer":
                return self._answered(frame)
        return None

    def _takes(self, draft: dict[str, Any]) -> None:
        theirs, revision = draft["body"], draft["revision"]
        own = self.asked and (revision, theirs) == (self.asked["revision"], _whole(self.asked["body"]))
        if not own:
            self.body = theirs | {name: self.body[name] for name in self.mine}
        self.base = max(self.base, revision)

    def _answered(self, answer: dict[str, Any]) -> None:
        assert self.asked
        if answer["ok"]:
            sent = self.asked["body"]
            self.mine = {name for name in self.mine if self.body[name] != sent.get(name)}
        else:
            assert answer["code"] == "draft_outdated", answer
            self.revision = max(self.revision, int(answer["params"]["revision"]) + 1)
        self.asked = None


def _whole(body: Body) -> Body:
    empty = {"name": "", "company": "", "callback": "", "concern": "", "fields": {}, "recipients": []}
    rest = {"urgent": False, "callback_by": "", "message_to_caller": "", "callback_wanted": None}
    return empty | rest | body


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_heard_late_no_word_is_lost(
    seed: int, room: DeskRoom, body: Body, sqlite_db: Database
) -> None:
    chance, words = random.Random(seed), dict.fromkeys(FIELDS, "")
    anna = await room.tab("anna")
    call = await talk(room, anna)
    assert (await anna.ask("save_draft", call=call, revision=1, base=0, body=_whole(body))).ok
    writers = [Writer(room, call, number, revision=1, base=1) for number in (0, 1)]
    for writer in writers:
        await writer.begin(_whole(body))
    words["concern"] = body["concern"]
    for _ in range(STEPS):
        writer = chance.choice(writers)
        match chance.choice(["types", "sends", "hears"]):
            case "types":
                name = chance.choice([name for name, whose in FIELDS.items() if whose == writer.number])
                word = f"w{len(' '.join(words.values()))}"
                writer.types(name, word)
                words[name] = f"{words[name]} {word}".strip()
            case "sends" if writer.asked is None and writer.mine:
                await writer.sends()
            case _:
                writer.hears()
    await _calm(writers)
    async with sqlite_db.read() as conn:
        stored = await notes.draft(conn, call)
    assert stored
    assert {name: stored.body[name] for name in FIELDS} == words
    shown = anna.call(call)
    assert shown
    assert shown.draft
    assert {name: getattr(shown.draft.body, name) for name in FIELDS} == words


async def _calm(writers: list[Writer]) -> None:
    """Everybody hears everything, and sends what is still theirs."""
    for _ in range(6):
        for writer in writers:
            while writer.heard < len(writer.tab.frames):
                writer.hears()
            if writer.mine:
                await writer.sends()
    assert not [writer.mine for writer in writers if writer.mine]
