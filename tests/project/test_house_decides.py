"""What only the office can change of a company, its people cannot take back among their last changes."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pbx_bridge.editing.undoing import OF_THE_HOUSE

EDITING = "pbx_bridge.editing"


def test_a_way_back_of_what_the_portal_has_no_page_for_is_the_house_s(root: Path) -> None:
    words = root / "pbx_bridge/portal/locale/de/last_changes.toml"
    deeds = set(tomllib.loads(words.read_text(encoding="utf-8"))["changes"]["deed"]) - {"other"}
    used = {name for path in (root / "pbx_bridge/portal").rglob("*.py") for name in _used(path)}
    found = set[str]()
    for path in sorted((root / "pbx_bridge/editing").glob("*.py")):
        if path.stem not in used and ".record(" in path.read_text(encoding="utf-8"):
            found |= deeds & set(_texts(path))
    assert {"note_field_saved", "nobody_free_saved"} <= found, "else nothing is looked at"
    assert found == OF_THE_HOUSE


def _used(path: Path) -> Iterator[str]:
    """Names of the modules of `editing` that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == EDITING:
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{EDITING}."):
            yield str(node.module).removeprefix(f"{EDITING}.")


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
