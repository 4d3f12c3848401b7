"""A class name has one meaning, and no function is too long."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

LONGEST_FUNCTION = 60
LONGEST_BOOTSTRAP = 150

MESSAGES = "pbx_bridge/desk/protocol/"
"""The language of the desk: always written `p.Ring`; its words are those of what it speaks of."""

TWICE = {
    "Asked": "what was asked of a page, private to each form",
    "Notification": "who is told what, as decided and as stored",
    "Row": "a line of a table, private to each page",
}
"""Names that have two meanings still, and which; a new one needs a better name, not a line here."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def trees(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of these folders, by its path."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))


def meanings(root: Path) -> dict[str, list[str]]:
    """Where each class is, but for the messages of the desk."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, tree in trees(root, "pbx_bridge", "rules"):
        if not name.startswith(MESSAGES):
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    found[node.name].append(name)
    return found


def with_several(root: Path) -> dict[str, list[str]]:
    """Class names with more than one meaning, and where these are."""
    return {name: where for name, where in meanings(root).items() if len(where) > 1}


def test_a_class_name_has_one_meaning(root: Path) -> None:
    assert {name: where for name, where in with_several(root).items() if name not in TWICE} == {}


def too_long(tree: ast.Module) -> Iterator[str]:
    """Functions of this module that are."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION:
            yield node.name


def test_the_rooms_are_put_together_on_one_page(root: Path) -> None:
    """Whatever a room needs inside is its own affair."""
    text = (root / "pbx_bridge" / "bootstrap.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_BOOTSTRAP


def all_too_long(root: Path) -> set[str]:
    """Each as module:function."""
    return {
        f"{name}:{long}"
        for name, tree in trees(root, "pbx_bridge", "rules", "tests")
        for long in too_long(tree)
    }


def test_no_function_is_too_long(root: Path) -> None:
    assert all_too_long(root) == set()


def test_no_exception_outlives_its_reason(root: Path) -> None:
    """A line that nothing needs any more would let the next one in unseen."""
    assert TWICE.keys() - with_several(root).keys() == set()


def test_a_function_that_is_too_long_is_noticed() -> None:
    body = "\n".join(f"    x = {number}" for number in range(LONGEST_FUNCTION))
    assert list(too_long(ast.parse(f"async def long() -> None:\n{body}\n"))) == ["long"]
    assert list(too_long(ast.parse(f"def fine() -> None:\n{body}\n".replace("    x = 0\n", "")))) == []
