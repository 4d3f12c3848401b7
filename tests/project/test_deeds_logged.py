"""Whoever changes something of the house leaves an entry in the access log: each use case that writes in a
transaction of its own is asked. Those of a company, with a `Change`, get theirs when it ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

READS = frozenset({"erasing.caller", "erasing.employee", "erasing.found", "queues.are_full"})
"""These write nothing."""
LOGS = ("access_log.write", "account_changes.", "house.note")


def test_each_use_case_of_the_house_leaves_an_entry(root: Path) -> None:
    files = [*sorted((root / "pbx_bridge/editing").glob("*.py")), root / "pbx_bridge/outbox/by_hand.py"]
    silent, asked = set[str](), set[str]()
    for path in files:
        functions = {node.name: node for node in _functions(path)}
        for name, node in functions.items():
            if _is_use_case(node, methods=path.stem == "by_hand"):
                asked.add(f"{path.stem}.{name}")
                if not _leaves_entry(name, functions):
                    silent.add(f"{path.stem}.{name}")
    assert {"tariffs.add_terms", "lines.remove", "by_hand.settle", "pause_reasons.save"} <= asked
    assert silent == READS


def test_one_that_leaves_none_is_noticed() -> None:
    tree = ast.parse("async def save(conn: AsyncConnection) -> None:\n    await written.put(conn)\n")
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)}
    assert _is_use_case(functions["save"], methods=False)
    assert not _leaves_entry("save", functions)


def _functions(path: Path) -> Iterator[ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef))


def _is_use_case(node: ast.AsyncFunctionDef, *, methods: bool) -> bool:
    """One that others call, on the connection or the object that they give it."""
    first = node.args.args[0] if node.args.args else None
    kind = ast.unparse(first.annotation) if first is not None and first.annotation else ""
    is_method = first is not None and first.arg == "self"
    return not node.name.startswith("_") and (kind == "AsyncConnection" or (methods and is_method))


def _leaves_entry(name: str, functions: Mapping[str, ast.AsyncFunctionDef]) -> bool:
    """By itself, or by what it calls of its own module."""
    waiting, seen = [name], set[str]()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        called = {ast.unparse(node.func) for node in ast.walk(functions[one]) if isinstance(node, ast.Call)}
        if any(call.startswith(LOGS) for call in called):
            return True
        own = {call.removeprefix("self.") for call in called}
        waiting += [call for call in own if call in functions and call not in seen]
    return False
