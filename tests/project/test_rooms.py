"""What a room gives is taken: its routes, effects and parts, and its end; and what of it calls need."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from pbx_bridge.bootstrap import Rooms, assemble
from pbx_bridge.settings import Settings

ENDS = ("settle", "drain", "close")
VITAL = {"journal", "dispatcher", "link", "desk"}
"""What carries calls; their crash ends the process, so that it is started anew."""


@pytest.fixture
def rooms() -> Rooms:
    """Put together, with nothing behind them."""
    nothing = MagicMock()
    return assemble(Settings(), nothing, nothing, lambda: datetime.now(UTC), lambda _put: nothing)


def each(rooms: Rooms) -> Iterator[tuple[str, object]]:
    """The rooms by the names of their fields."""
    for field in dataclasses.fields(rooms):
        room = getattr(rooms, field.name)
        if type(room).__module__.endswith(".room"):
            yield field.name, room


def given(rooms: Rooms, what: str) -> list[Any]:
    """All that the rooms give of it."""
    found = [one for _, room in each(rooms) for one in getattr(room, what, list)()]
    assert found
    return found


def test_every_room_file_is_a_room_of_the_service(root: Path, rooms: Rooms) -> None:
    files = {path.parent.name for path in (root / "pbx_bridge").glob("*/room.py")}
    assert {type(room).__module__.split(".")[1] for _, room in each(rooms)} == files


def test_a_room_makes_parts_of_its_own_only(root: Path) -> None:
    """What belongs to another room is made there and given."""
    files = list((root / "pbx_bridge").glob("*/room.py"))
    others = {path.parent.name for path in files}
    found = [
        f"{path.parent.name} makes {made}"
        for path in files
        for made, room in _made(ast.parse(path.read_text(encoding="utf-8")))
        if room in others - {path.parent.name}
    ]
    assert found == []


def _made(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each class of ours of which an object is made, with the package that it comes from."""
    imported = {
        one.asname or one.name: (statement.module or "").split(".")[1]
        for statement in ast.walk(tree)
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("pbx_bridge.")
        for one in statement.names
    }
    for call in ast.walk(tree):
        name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        if name in imported and name[0].isupper():
            yield name, imported[name]


def test_all_parts_run(rooms: Rooms) -> None:
    names = [part.name for part in rooms.parts]
    assert len(names) == len(set(names)), "a part that fails is known by its name"
    assert {part.name for part in given(rooms, "parts")} - set(names) == set()


def test_all_routes_are_served(rooms: Rooms) -> None:
    served = {route.resource.canonical for route in rooms.web.router.routes() if route.resource}
    assert {route.path for route in given(rooms, "routes")} - served == set()


def test_all_effects_are_bound(rooms: Rooms) -> None:
    bound = [handler for handlers in rooms.effects.values() for handler in handlers]
    effects = [*given(rooms, "effects"), *given(rooms, "effects_at_once")]
    wanted = [handler for _, handlers in effects for handler in handlers]
    assert [handler for handler in wanted if handler not in bound] == []


def test_what_calls_need(rooms: Rooms) -> None:
    assert {part.name for part in rooms.parts if part.vital} == VITAL


def test_every_end_is_called(root: Path, rooms: Rooms) -> None:
    text = (root / "pbx_bridge" / "serve.py").read_text(encoding="utf-8")
    ending = {name for name, room in each(rooms) if any(hasattr(room, end) for end in ENDS)}
    assert ending - set(re.findall(r"rooms\.(\w+)", text)) == set()
