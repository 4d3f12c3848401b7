"""The demo starts, ends with Ctrl-C, and starts again at once, whatever became of the last one."""

from __future__ import annotations

import signal
from pathlib import Path

import aiohttp
import pytest

from tests.demo_process import running_demo, start
from tests.pbx.room import open_folder

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("asterisk_tree")]


async def test_it_ends_with_ctrl_c_and_starts_again_at_once_with_the_same_ports(root: Path) -> None:
    with open_folder() as folder:
        first = await start(folder, root)
        assert "nur-zum-ausprobieren" in first.said
        status, words = await first.end()
        assert (status, "ended" in words) == (0, True), words
        again = await start(folder, root, "--port", first.url.rpartition(":")[2], "--sip-port", "0")
        assert again.url == first.url
        assert (await again.end(signal.SIGTERM))[0] == 0


async def test_a_killed_demo_does_not_hinder_the_next_one(root: Path) -> None:
    with open_folder() as folder:
        killed = await start(folder, root)
        killed.process.kill()
        await killed.process.wait()
        async with (
            running_demo(folder, root) as demo,
            aiohttp.ClientSession() as browser,
            browser.get(f"{demo.url}/demo") as page,
        ):
            assert "nur-zum-ausprobieren" in await page.text()


async def test_a_second_demo_in_the_same_folder_says_so_and_does_no_harm(root: Path) -> None:
    with open_folder() as folder:
        async with running_demo(folder, root) as demo:
            with pytest.raises(AssertionError, match="runs here already"):
                await start(folder, root)
            async with aiohttp.ClientSession() as browser, browser.get(f"{demo.url}/readyz") as answer:
                assert answer.status == 200
