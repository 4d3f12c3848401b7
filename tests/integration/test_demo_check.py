"""The whole product from outside: every scenario, played by real calls through real desks."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from pbx_bridge.demo.scenarios import SCENARIOS
from tests.pbx.room import open_folder

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]
LIMIT = 150  # seconds; 15 is usual


@pytest.mark.usefixtures("asterisk_tree")
async def test_every_scenario_ends_as_promised(root: Path) -> None:
    with open_folder() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pbx_bridge", "demo", "--check"),
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(root)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    words = said.decode()
    assert process.returncode == 0, words
    assert f"{len(SCENARIOS)} scenarios" in words
