"""Each effect has a handler, or is ignored for a reason that is written down; each message is read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import MagicMock

from pbx_bridge.calls import signs
from pbx_bridge.calls.effect_runner import EffectRunner
from pbx_bridge.calls.message import CallEffect, Effect, Message
from pbx_bridge.house import IGNORED, effect_table
from pbx_bridge.transfers import messages as msg

BASES = {CallEffect, msg.Wish, msg.Ask}
READERS = ("calls", "transfers", "telephony")


def kinds(base: type[object]) -> Iterator[type[object]]:
    """All classes of ours below it that can be made; slots leave a twin of each behind, which is none."""
    for kind in base.__subclasses__():
        current = getattr(sys.modules.get(kind.__module__), kind.__name__, None)
        if current is kind and kind.__module__.startswith("pbx_bridge.") and kind not in BASES:
            yield kind
        yield from kinds(kind)


def test_each_effect_has_a_handler_or_a_reason() -> None:
    parts = [MagicMock() for _ in range(effect_table.__code__.co_argcount)]
    table = effect_table(*parts)
    assert set(kinds(Effect)) == table.keys() | IGNORED.keys()
    assert not table.keys() & IGNORED.keys()
    assert all(IGNORED.values())


def test_each_message_is_read(root: Path) -> None:
    """By its name in a `match` or an `isinstance`, or by its line in a table."""
    read = {kind.__name__ for kind in signs.IGNORED}
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
