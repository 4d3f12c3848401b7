"""The service with the system calls that its unit allows, and no others: it starts, answers, ends as ever."""

from __future__ import annotations

import ctypes.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pbx_bridge.asterisk.ports import free_port
from tests.integration.lone_service import answers, settings_of
from tests.integration.serve_process import ServeProcess
from tests.until import eventually, until

LIBRARY = ctypes.util.find_library("seccomp")
HERE = LIBRARY is not None and shutil.which("systemd-analyze") is not None
CLOSE = """#!{python}
import ctypes, os, sys

library = ctypes.CDLL({library!r})
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_rule_add.argtypes = (ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint)
library.seccomp_load.argtypes = (ctypes.c_void_p,)
EPERM, ALLOW = 0x00050001, 0x7FFF0000
calls = library.seccomp_init(EPERM)
for name in {names!r}:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number >= 0 and library.seccomp_rule_add(calls, ALLOW, number, 0):
        sys.exit("not added: " + name)
if library.seccomp_load(calls):
    sys.exit("not loaded")
os.execv({python!r}, [{python!r}, *sys.argv[1:]])
"""


def names_of(group: str) -> set[str]:
    """The system calls of one of systemd's groups, those of groups within it too."""
    command = ["systemd-analyze", "syscall-filter", group]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    listed = [
        line.strip() for line in said.splitlines()[1:] if line.strip() and not line.strip().startswith("#")
    ]
    inner = [names_of(name) for name in listed if name.startswith("@")]
    return {name for name in listed if not name.startswith("@")}.union(*inner)


def allowed(unit: str) -> set[str]:
    """What is left of the first line after those that take away."""
    given, *taken = re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE)
    assert all(group.startswith("~") for group in taken)
    return names_of(given).difference(*(names_of(group[1:]) for group in taken))


@pytest.mark.skipif(not HERE, reason="systemd or libseccomp is missing here")
async def test_it_needs_no_other_system_call(root: Path, tmp_path: Path) -> None:
    names = sorted(allowed((root / "docs/pbx-bridge.service").read_text()))
    assert "openat" in names
    assert "mount" not in names
    python = tmp_path / "python"
    python.write_text(CLOSE.format(python=sys.executable, library=LIBRARY, names=names))
    python.chmod(0o700)
    port = free_port()
    settings = settings_of(f"sqlite:///{tmp_path / 'house.db'}", port)
    service = ServeProcess(tmp_path / "settings.toml", settings, {}, str(python))
    await service.begin("--upgrade")
    try:
        await until(
            lambda: any('"ready"' in line for line in service.said), 90, lambda: "\n".join(service.said)
        )
        await eventually(lambda: answers(port), "it answers")
        assert re.search(r"^Seccomp:\s+2$", Path(f"/proc/{service.pid}/status").read_text(), re.MULTILINE)
        assert await service.stop() == 0
    finally:
        await service.kill()
