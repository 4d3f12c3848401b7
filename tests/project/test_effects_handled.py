"""Each effect has its handlers, in their order, or is ignored for a reason; each message is read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from pbx_bridge.bootstrap import IGNORED, assemble
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import event_groups
from pbx_bridge.calls.commands import AgentRequest
from pbx_bridge.calls.effect_runner import EffectRunner, Handler
from pbx_bridge.calls.message import CallEffect, CallMessage, Effect, Message
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.settings import Settings
from pbx_bridge.transfers import messages as msg

BASES = {CallEffect, CallMessage, AgentRequest, msg.Ask}
READERS = ("calls", "transfers", "telephony")


def kinds(base: type[object]) -> Iterator[type[object]]:
    """All classes of ours below it that can be made; slots leave a twin of each behind, which is none."""
    for kind in base.__subclasses__():
        current = getattr(sys.modules.get(kind.__module__), kind.__name__, None)
        if current is kind and kind.__module__.startswith("pbx_bridge.") and kind not in BASES:
            yield kind
        yield from kinds(kind)


@pytest.fixture
def effects() -> Mapping[type[Effect], tuple[Handler, ...]]:
    """What the rooms do about each, in this order; behind them is nothing."""
    nothing = MagicMock()
    return assemble(Settings(), nothing, nothing, lambda: datetime.now(UTC), lambda _put: nothing).effects


def name_of(handler: Handler) -> str:
    """As "Journal.arrived"."""
    return handler.__qualname__


def test_each_effect_has_a_handler_or_a_reason(effects: Mapping[type[Effect], tuple[Handler, ...]]) -> None:
    assert set(kinds(Effect)) == effects.keys() | IGNORED.keys()
    assert not effects.keys() & IGNORED.keys()
    assert all(IGNORED.values())


IN_ORDER: tuple[tuple[type[Effect], str, str, str], ...] = (
    # effect             first                           then                              why
    (fx.TurnedAway,      "Journal.turned_away",          "RememberedCalls.over",           "as stored"),
    (fx.Answered,        "Journal.answered",             "DeskHandlers.answered",          "asks the PBX"),
    (fx.CallEnded,       "Journal.ended",                "RememberedCalls.over",           "as stored"),
    (fx.CallEnded,       "Journal.ended",                "DeskHandlers.call_ended",        "row first"),
    (fx.Remembered,      "Journal.remembered",           "RememberedCalls.remembered",     "as stored"),
    (fx.Answered,        "DeskHandlers.answered",        "WrapUp.answered",                "asks the PBX"),
    (fx.AgentChanged,    "WrapUp.agent_changed",         "DeskHandlers.agent_changed",     "as shown"),
    (fx.AgentChanged,    "DeskHandlers.agent_changed",   "QueueAccess.agent_changed",      "asks the PBX"),
    (fx.WaitingChanged,  "DeskHandlers.waiting_changed", "CallerPriority.waiting_changed", "asks the PBX"),
    (Resynced,           "Journal.resynced",             "AttemptJournal.resynced",        "row first"),
    (Resynced,           "AttemptJournal.resynced",      "DeskHandlers.resynced",          "row first"),
    (Resynced,           "WrapUp.resynced",              "DeskHandlers.resynced",          "as shown"),
    (Resynced,           "DeskHandlers.resynced",        "AstdbSync.resynced",             "asks the PBX"),
    (Resynced,           "DeskHandlers.resynced",        "QueueAccess.resynced",           "asks the PBX"),
)  # fmt: skip
"""Where it matters. As stored: the PBX forgets a call, and a desk shows one, when the journal has settled
what it was told before. Row first: an attempt refers to its call, and a note to both. As shown: an
agent reads when the wrap-up ends by itself. Asks the PBX: whatever comes behind waits as long as that takes,
so rows and screens come before."""


@pytest.mark.parametrize("effect, first, then, why", IN_ORDER)
def test_the_order_of_handlers(
    effects: Mapping[type[Effect], tuple[Handler, ...]], effect: type[Effect], first: str, then: str, why: str
) -> None:
    names = [name_of(handler) for handler in effects[effect]]
    assert names.index(first) < names.index(then), why


def test_the_floor_looks_at_what_all_others_have_made(
    effects: Mapping[type[Effect], tuple[Handler, ...]],
) -> None:
    assert {name_of(handlers[-1]) for handlers in effects.values()} == {"Floor.moved"}


def test_what_has_a_call_says_so() -> None:
    """Reducers ask every message by `of_call`; one that has a call and does not say so is missed."""
    named = {kind for kind in kinds(Message) if "call" in kind.__annotations__}
    assert {kind for kind in named if not issubclass(kind, CallMessage)} == set()


def test_each_message_is_read(root: Path) -> None:
    """By its name in a `match` or an `isinstance`, or by its line in a table."""
    read = {kind.__name__ for kind in event_groups.IGNORED}
    for room in READERS:
        for path in (root / "pbx_bridge" / room).rglob("*.py"):
            read |= set(names_read(ast.parse(path.read_text())))
    assert {kind.__name__ for kind in kinds(Message)} - read == set()


def names_read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.MatchClass):
            yield ast.unparse(node.cls).rpartition(".")[2]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            yield from (ast.unparse(one).rpartition(".")[2] for one in leaves(node.args[1]))
        elif isinstance(node, ast.Dict):
            yield from (ast.unparse(one).rpartition(".")[2] for one in node.keys if one)


def leaves(kinds: ast.expr) -> Iterator[ast.expr]:
    if isinstance(kinds, ast.BinOp):
        yield from (*leaves(kinds.left), *leaves(kinds.right))
    elif isinstance(kinds, ast.Tuple):
        for one in kinds.elts:
            yield from leaves(one)
    else:
        yield kinds


def test_an_effect_that_nobody_handles_is_no_secret(caplog) -> None:  # type: ignore[no-untyped-def]
    EffectRunner({}).put(CallEffect("p"))
    assert "no handler" in caplog.text
