"""Our JavaScript imports downwards: no file leads back to itself, and the views of the desk stand on top."""

from __future__ import annotations

import graphlib
import posixpath
import re
from pathlib import Path

import pytest

IMPORT = re.compile(r'^(?:import|export)\b[^;"\']*["\'](\.[^"\']+)["\']', re.MULTILINE)
FOUND_LATE = re.compile(r"\bimport\(")
TOP = "desk/main.js"
"""Puts the desk's page together, so it knows the views."""


def scripts(folder: Path) -> dict[str, str]:
    """Text of each script, by its address below /static/."""
    return {
        str(path.relative_to(folder)).replace("/static/", "/", 1): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*/static/**/*.js"))
    }


def imports(folder: Path) -> dict[str, list[str]]:
    """What each script imports, both by their addresses."""
    return {
        script: [posixpath.normpath(f"{posixpath.dirname(script)}/{name}") for name in IMPORT.findall(text)]
        for script, text in scripts(folder).items()
    }


def circle(graph: dict[str, list[str]]) -> list[str]:
    """Scripts of which each imports the one before it, and the first the last; none when there is no such."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_script_imports_itself_by_way_of_others(root: Path) -> None:
    assert circle(imports(root / "pbx_bridge")) == []


def test_each_import_is_there_and_is_seen(root: Path) -> None:
    graph = imports(root / "pbx_bridge")
    assert len(graph["desk/main.js"]) > 20, "imports are not read any more"
    assert {name for names in graph.values() for name in names} - graph.keys() == set()
    assert [name for name, text in scripts(root / "pbx_bridge").items() if FOUND_LATE.search(text)] == []


def test_only_the_page_knows_the_desks_views(root: Path) -> None:
    below = {
        script: [name for name in names if name.startswith("desk/view/")]
        for script, names in imports(root / "pbx_bridge").items()
        if not script.startswith("desk/view/") and script != TOP
    }
    assert {script: views for script, views in below.items() if views} == {}


@pytest.mark.parametrize(
    "last",
    [
        'import { a } from "./a.js";',
        'export * from "./a.js";',
        'import "./a.js";',
        'import {\n  a,\n} from "./a.js";',
    ],
)
def test_a_circle_is_noticed(tmp_path: Path, last: str) -> None:
    texts = {
        "desk/static/a.js": 'import { b } from "../web/b.js";',
        "web/static/b.js": 'import "../desk/view/c.js";',
    }
    for name, text in {**texts, "desk/static/view/c.js": last.replace("./a", "../a")}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"// A script.\n\n{text}\n")
    assert set(circle(imports(tmp_path))) == {"desk/a.js", "web/b.js", "desk/view/c.js"}
