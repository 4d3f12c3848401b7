"""Every setting is read: where the sections have no fields the type checker misses each that is."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from typing import get_type_hints

import pytest
from mypy import api

from pbx_bridge.settings import Settings, sections

MISSED = re.compile(r'^(\S+?):\d+: error: "(\w+)" has no attribute "(\w+)"', re.MULTILINE)
CHECKS_ONLY = "pbx_bridge/settings/consistency.py"


def bare(source: str) -> str:
    """The sections without their fields; what they make of them stays."""
    tree = ast.parse(source)
    for section in tree.body:
        if isinstance(section, ast.ClassDef) and section.name != "Settings":
            section.body = [part for part in section.body if not isinstance(part, ast.AnnAssign)]
    return ast.unparse(tree)


@pytest.mark.slow
def test_every_setting_is_read(root: Path, tmp_path: Path) -> None:
    real = Path(sections.__file__).relative_to(root)
    without = tmp_path / "sections.py"
    without.write_text(bare((root / real).read_text()), encoding="utf-8")
    cache = tmp_path / "cache"
    if (root / ".mypy_cache").is_dir():
        shutil.copytree(root / ".mypy_cache", cache)  # what `make lint` knows of the libraries
    report, _, _ = api.run(
        [
            *("--config-file", str(root / "pyproject.toml"), "--cache-dir", str(cache)),
            *("--no-pretty", "--shadow-file", str(real), str(without)),
            *("-p", "pbx_bridge"),
        ]
    )
    read = {(cls, key) for file, cls, key in MISSED.findall(report) if file != CHECKS_ONLY}
    all_of_them = {
        (cls.__name__, key) for cls in get_type_hints(Settings).values() for key in get_type_hints(cls)
    }
    assert len(all_of_them) > 80
    assert all_of_them - read == set()
