"""The unit of systemd is one that systemd understands, and keeps the service to what it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pbx_bridge.settings import Settings

ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture(scope="module")
def unit(root: Path) -> str:
    return (root / "docs/pbx-bridge.service").read_text()


@pytest.mark.skipif(ANALYZE is None, reason="no systemd on this machine")
def test_systemd_has_nothing_to_say_against_it(unit: str, tmp_path: Path) -> None:
    """With a program that is there; a line that systemd does not know, or reads otherwise, is a warning."""
    file = tmp_path / "pbx-bridge.service"
    file.write_text(re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit, flags=re.MULTILINE))
    command = [str(ANALYZE), "verify", "--man=no", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_neither_pbx_nor_database_takes_the_service_down(unit: str) -> None:
    (after,) = re.findall(r"^After=(.*)$", unit, re.MULTILINE)
    assert {"asterisk.service", "postgresql.service"} <= set(after.split())
    assert re.findall(r"^(?:Requires|BindsTo|PartOf|Requisite)=", unit, re.MULTILINE) == []
    assert "Restart=always" in unit


def test_it_may_write_where_voice_messages_lie(unit: str, root: Path) -> None:
    """Everything else is closed to it; the folder is the one of operating.md and of the image."""
    assert "ProtectSystem=strict" in unit
    (folder,) = re.findall(r"^ReadWritePaths=-(.*)$", unit, re.MULTILINE)
    assert f"`@VOICE@` `@VOICE_MAX@` `@SOUNDS@` | `{folder}`" in (root / "docs/operating.md").read_text()
    assert f"default VOICE {folder}" in (root / "docker/fill-in").read_text()


def test_it_gives_an_orderly_end_its_time(unit: str) -> None:
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert int(seconds) > Settings().delivery.drain_seconds + 10
