"""The environment script: instant when nothing changed, and never without a way to pip."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def script(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`.ci/environment.py` as a module, working in a folder of its own."""
    spec = importlib.util.spec_from_file_location("environment", root / ".ci" / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv, lock = tmp_path / ".venv", tmp_path / "requirements-dev.lock"
    lock.write_text("one==1\n")
    places = {"VENV": venv, "PYTHON": venv / "bin" / "python", "STAMP": venv / ".made-from", "LOCK": lock}
    for name, value in places.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module, "SOURCES", (lock,))
    return module


def pretend_to_install(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    installs: list[str] = []

    def install() -> None:
        installs.append(script.LOCK.read_text())
        script.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        script.PYTHON.touch()

    monkeypatch.setattr(script, "install", install)
    return installs


def test_it_installs_once_and_again_only_for_another_lock(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    installs = pretend_to_install(script, monkeypatch)
    script.main()
    script.main()
    assert installs == ["one==1\n"]
    script.LOCK.write_text("one==2\n")
    script.main()
    assert installs == ["one==1\n", "one==2\n"]


def test_an_installation_that_failed_is_tried_again(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        sys.exit("no network")

    monkeypatch.setattr(script, "install", fail)
    with pytest.raises(SystemExit):
        script.main()
    assert not script.is_current()


@pytest.mark.parametrize(
    "inside, machine, wheel, expected",
    [
        (True, True, "/w/pip-1.whl", "{venv} -m pip"),
        (False, True, "/w/pip-1.whl", "{machine} -m pip --python {venv}"),
        (False, False, "/w/pip-1.whl", "{venv} /w/pip-1.whl/pip"),
        (False, False, None, "{venv} /fetched/pip-2.whl/pip"),
    ],
)
def test_pip_is_found_wherever_it_is(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    inside: bool,
    machine: bool,
    wheel: str | None,
    expected: str,
) -> None:
    asked = subprocess.CompletedProcess[str]([], 0 if inside else 1)
    monkeypatch.setattr(script.subprocess, "run", lambda *_args, **_options: asked)
    monkeypatch.setattr(script, "has", lambda _module: machine)
    monkeypatch.setattr(script, "installed_wheel", lambda: wheel)
    monkeypatch.setattr(script, "fetched_wheel", lambda: "/fetched/pip-2.whl")
    command = " ".join(script.pip_command())
    assert command == expected.format(venv=script.PYTHON, machine=sys.executable)


def test_it_needs_nothing_but_the_standard_library(root: Path) -> None:
    source = (root / ".ci" / "environment.py").read_text()
    imported = {
        line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import", "from"))
    }
    assert imported <= sys.stdlib_module_names | {"__future__"}
