"""Who may import whom: the contracts hold, cover every room, and do report what is planted."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

CORE = {
    "pbx_bridge.calls.events",
    "pbx_bridge.calls.effects",
    "pbx_bridge.calls.message",
    "pbx_bridge.calls.machine",
    "pbx_bridge.calls.state",
    "pbx_bridge.calls.registry",
    "pbx_bridge.calls.from_snapshot",
    "pbx_bridge.directory.index",
    "pbx_bridge.transfers.machine",
    "pbx_bridge.ami.decode",
}


def contracts(root: Path) -> dict[str, dict[str, Any]]:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over a copy of the house, with the copy's own modules on the path."""
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; "
    code += "sys.exit(lint_imports(no_cache=True))"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    shutil.copy(root / "pyproject.toml", tmp_path)
    for package in ("pbx_bridge", "rules"):
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize(
    "module, line, contract",
    [
        ("rules/__init__.py", "import asyncio", "rules decides and touches nothing"),
        ("pbx_bridge/calls/events.py", "import socket", "Machines, events, registry and decoder do no I/O"),
        ("pbx_bridge/web/__init__.py", "import panoramisk", "panoramisk lives only in ami"),
        (
            "pbx_bridge/desk/__init__.py",
            "import sqlalchemy",
            "SQLAlchemy and its drivers live only in storage",
        ),
        ("pbx_bridge/calls/__init__.py", "import pbx_bridge.desk", "Rooms import downwards only"),
        ("pbx_bridge/transfers/__init__.py", "import pbx_bridge.outbox", "Rooms import downwards only"),
        ("pbx_bridge/errors.py", "import pbx_bridge.log", "Rooms import downwards only"),
        ("pbx_bridge/editing/__init__.py", "import pbx_bridge.importing", "Rooms import downwards only"),
        (
            "pbx_bridge/desk/screen/__init__.py",
            "import pbx_bridge.desk.notes",
            "A desk is built of layers",
        ),
        (
            "pbx_bridge/desk/notes/__init__.py",
            "import pbx_bridge.desk.session",
            "A desk is built of layers",
        ),
        (
            "pbx_bridge/storage/notes/__init__.py",
            "import pbx_bridge.storage.outbox",
            "Storage is built of aggregates",
        ),
        ("rules/presence/__init__.py", "import rules.calls", "Rules about the whole"),
        ("rules/text/__init__.py", "import rules.model", "Rules about the whole"),
    ],
)
def test_a_planted_import_is_reported(copy: Path, module: str, line: str, contract: str) -> None:
    with (copy / module).open("a") as file:
        file.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(re.escape(contract) + r".* BROKEN", done.stdout)


def test_every_room_has_its_layer(root: Path) -> None:
    layers = " ".join(contracts(root)["layers"]["layers"])
    modules = {path.stem for path in (root / "pbx_bridge").iterdir() if path.suffix == ".py"}
    rooms = {path.parent.name for path in (root / "pbx_bridge").glob("*/__init__.py")}
    homeless = [name for name in (modules | rooms) - {"__init__"} if f"pbx_bridge.{name}" not in layers]
    assert homeless == []


def test_every_part_of_storage_has_its_layer(root: Path) -> None:
    layers = " ".join(contracts(root)["storage-layers"]["layers"])
    parts = {path.parent.name for path in (root / "pbx_bridge" / "storage").glob("*/__init__.py")}
    assert [name for name in parts if f"pbx_bridge.storage.{name}" not in layers] == []


def test_rules_stand_on_few_libraries_each_of_which_decides_and_touches_nothing(root: Path) -> None:
    imported = set[str]()
    for file in (root / "rules").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    assert imported - sys.stdlib_module_names - {"rules"} == {"email_validator", "holidays", "phonenumbers"}


def test_the_pure_core_is_all_named(root: Path) -> None:
    there = {name for name in CORE if (root / (name.replace(".", "/") + ".py")).exists()}
    assert set(contracts(root)["core-pure"]["source_modules"]) == there


@pytest.mark.parametrize(
    "module", ["rules/planted.py", "pbx_bridge/calls/machine.py", "pbx_bridge/ami/decode.py"]
)
@pytest.mark.parametrize(
    "code",
    [
        "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
        "import time\n\nNOW = time.time()\n",
        "import random\n\nCHANCE = random.random()\n",
    ],
)
def test_a_clock_in_the_core_is_reported(root: Path, module: str, code: str) -> None:
    done = ruff(root, module, code)
    assert "TID251" in done.stdout


def test_the_shell_may_ask_the_clock(root: Path) -> None:
    done = ruff(root, "pbx_bridge/calls/dispatcher.py", "import time\n\nNOW = time.time()\n")
    assert "TID251" not in done.stdout


def test_every_ignored_rule_has_its_reason(root: Path) -> None:
    text = (root / "pyproject.toml").read_text()
    ruff_part = text[text.index("ignore = [") : text.index("[tool.ruff.lint.flake8-tidy-imports")]
    ignored = [line for line in ruff_part.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line)]
    assert ignored
    assert [line for line in ignored if "# " not in line] == []


def ruff(root: Path, module: str, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", module, "-"]
    return subprocess.run(
        command, cwd=root, input=f'"""Planted."""\n\n{code}', capture_output=True, text=True, check=False
    )
