"""Every message of a desk and every file, generated from what the program itself knows of them: no text in
any field stops anything. On both databases."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args

import msgspec
import pytest

from pbx_bridge.desk.protocol import commands as protocol
from pbx_bridge.desk.protocol.values import NoteBody
from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.integration.test_every_route import LONG, ODD
from tests.planted import texts
from tests.sample_company import NOW, furnish
from tests.unit.importing.import_keys import OF_COMPANY, OF_EMPLOYEE
from tests.until import until

HALF = "\ud83d"
TEXTS = (ODD, LONG, HALF, "", "\x00", "x" * 64)
GOOD = "drei Birnen am Baum"
BROKEN = frozenset({"internal"})


@pytest.fixture
async def room(database_url: str, db: Database) -> AsyncIterator[DeskRoom]:
    await furnish(db)
    async with desk_room(database_url) as opened:
        yield opened


def kinds() -> Iterator[tuple[str, type[protocol.Command]]]:
    for kind in get_args(protocol.ClientCommand):
        yield str(kind.__struct_config__.tag), kind


def sent(kind: type[protocol.Command], text: str, call: str) -> Iterator[dict[str, Any]]:
    """One for each field that takes text, anywhere in the message."""
    plain: dict[str, Any] = {"call": call} if "call" in kind.__struct_fields__ else {}
    for name in kind.__struct_fields__:
        if name == "body":
            for inner in NoteBody.__struct_fields__:
                for value in (text, [text], {text: text}):
                    yield plain | {"body": {inner: value}}
        elif name != "id":
            yield plain | {name: text}
            yield plain | {name: [text]}
    yield plain | {"odd": text, text: text}


async def test_no_text_in_a_message_is_too_odd(room: DeskRoom, db: Database) -> None:
    anna = await room.tab("anna")
    room.pbx.ring_and_answer("1.1")
    call = room.id_of("1.1")
    await until(lambda: anna.phase(call) == "talking", message="the call")
    wrong, numbers = list[str](), itertools.count()
    for text, (tag, kind) in itertools.product(TEXTS, kinds()):
        for values in sent(kind, text, call):
            answer = await _asked(anna, f"m{next(numbers)}", tag, values)
            wrong += [f"{tag} {ascii(values)[:80]}: {answer}"] if answer in BROKEN else []
        if text and len(text) <= 64:
            await anna.socket.send_str(json.dumps({"type": text, "id": text}))
    assert wrong == []
    assert (await anna.ask("ready")).ok, "the socket lives"
    for name, stored in (await texts(db)).items():
        assert not any("\x00" in one for one in stored), name


async def _asked(anna: Tab, command_id: str, tag: str, values: dict[str, Any]) -> str:
    """The code of the answer."""
    await anna.socket.send_str(json.dumps({"type": tag, "id": command_id} | values))
    await until(lambda: command_id in anna.answers, message=f"an answer to {tag} {ascii(values)[:60]}")
    return anna.answers[command_id].code or ""


def test_each_message_has_a_field_that_was_tried() -> None:
    assert {tag for tag, _ in kinds()} >= {"ready", "find", "save_note", "correct_note", "block_caller"}
    assert msgspec.json.decode(json.dumps({"a": HALF}).replace("\\ud83d", "\\u0061")) == {"a": "a"}


def _with(value: Any, text: str) -> Any:
    """The same with this text wherever there is one."""
    if isinstance(value, str):
        return text
    if isinstance(value, list):
        return [_with(one, text) for one in value] or [text]
    if isinstance(value, dict):
        return {name: _with(one, text) for name, one in value.items()}
    return value


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """An import file with this text in one place after the other."""
    person = {"name": "Erika Beispiel"}
    company = {"name": "Mustermann AG", "employee": [person]}
    for name, key in OF_COMPANY.items():
        yield {"customer": [company | {name: _with(key.values[0][0], text)}]}
    for name, key in OF_EMPLOYEE.items():
        yield {"customer": [company | {"employee": [person | {name: _with(key.values[0][0], text)}]}]}
    names = ("name", "tariff", "greeting", "line")
    yield from ({"customer": [company | {name: text}]} for name in names)
    yield {"customer": [company | {"employee": [{"name": text}]}]}
    people = {
        "login": "neu",
        "role": "customer",
        "customer": "Mustermann AG",
        "password": "drei Birnen am Baum",
    }
    yield from ({"user": [people | {name: text}]} for name in (*people, "email", "employee", "locale"))
    agent = {"login": "dora", "given_name": "Dora", "family_name": "Lang", "interface": "PJSIP/dora"}
    agent |= {"password": GOOD}
    yield from ({"agent": [agent | {name: text}]} for name in agent)
    yield {"tariff": [{"name": text, "put_through": True}]}
    yield {"line": [{"number": text}]}
    yield {text: [{text: text}]}


@pytest.mark.parametrize("text", [ODD, LONG, HALF, "\x00"], ids=["odd", "long", "half", "NUL"])
async def test_no_text_in_an_import_is_too_odd(db: Database, text: str) -> None:
    """Stored clean, or refused with what to mend: never half, never a traceback."""
    await furnish(db)
    for document in _documents(text):
        found = await import_document(db, document, NOW, lambda word: f"hash {len(word)}")
        assert isinstance(found, Imported) or found, ascii(document)[:200]
    for name, stored in (await texts(db)).items():
        assert not any("\x00" in one for one in stored), name
        assert all(one.encode() is not None for one in stored)
