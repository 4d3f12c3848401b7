"""Whoever calls back up is given at construction: no method is hung onto somebody else's object."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LIBRARIES = {"pbx_bridge/web/kit/workbook_reading.py": "expat is told in no other way"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def hung_elsewhere(tree: ast.Module) -> Iterator[str]:
    """Assignments that put an own method, or a function without a name, onto an object that is not `self`."""
    for owner in ast.walk(tree):
        if isinstance(owner, ast.ClassDef):
            methods = {node.name for node in owner.body if isinstance(node, Function)}
            for node in ast.walk(owner):
                if isinstance(node, ast.Assign) and is_ours(node.value, methods):
                    yield from (ast.unparse(node) for target in node.targets if is_foreign(target))


def is_ours(value: ast.expr, methods: set[str]) -> bool:
    if isinstance(value, ast.Lambda):
        return True
    return isinstance(value, ast.Attribute) and ast.unparse(value.value) == "self" and value.attr in methods


def is_foreign(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and ast.unparse(target.value) != "self"


def test_no_way_back_up_is_hidden(root: Path) -> None:
    found = {
        str(path.relative_to(root)): hung
        for path in sorted((root / "pbx_bridge").rglob("*.py"))
        if (hung := list(hung_elsewhere(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert {name: hung for name, hung in found.items() if name not in LIBRARIES} == {}


@pytest.mark.parametrize(
    "line, noticed",
    [
        ("screens.hand_over.lost = self._lost", True),
        ("self._screens.lost = self._lost", True),
        ("screens.lost = lambda agent: None", True),
        ("self.lost = self._lost", False),
        ("screens.on_lost(self._lost)", False),
        ("case.note = self._note", False),
    ],
)
def test_a_hidden_way_is_noticed(line: str, noticed: bool) -> None:
    code = f"class A:\n    def __init__(self, screens, case):\n        {line}\n    def _lost(self): ...\n"
    assert bool(list(hung_elsewhere(ast.parse(code)))) is noticed
