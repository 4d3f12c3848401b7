"""The command line: thin, complete in its help, and exact about wrong settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pbx_bridge import __version__, cli


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pbx_bridge", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "command", ["serve", "check", "demo", "set-up", "import", "record", "replay", "db", "user", "pbx"]
)
def test_help_names_every_chore(command: str) -> None:
    assert command in CliRunner().invoke(cli.app, ["--help"]).output


def test_version() -> None:
    assert CliRunner().invoke(cli.app, ["--version"]).output == f"pbx-bridge {__version__}\n"


def test_wrong_settings_end_with_one_message_and_code_2(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[web]\nprot = 1\nport = -1\n")
    done = run("--settings", str(path), "serve", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"2 problems with the settings ({path}):",
        '  web.prot  unknown key; did you mean "port"?',
        "  web.port  must be between 0 and 65535",
    ]


def test_help_loads_no_room(tmp_path: Path) -> None:
    code = (
        "import sys, pbx_bridge.cli; "
        "print([m for m in sys.modules if m.startswith(('sqlalchemy', 'aiohttp', 'panoramisk'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
