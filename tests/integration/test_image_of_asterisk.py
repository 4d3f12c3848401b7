"""What the image of Asterisk does: `fill-in` becomes the real one, and its health check asks it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, STDOUT
from pathlib import Path

import pytest

from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.hold_music import write_hold_music
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port, speech_ports
from tests.until import PATIENCE, eventually

FOLDERS = ("etc", "lib", "log", "run", "spool", "templates/music", "given", "voice")


def templates(root: Path, folder: Path) -> None:
    """As the Dockerfile copies them; asterisk.conf, in the image Debian's, says where this one has all."""
    for file in (*(root / "docker/asterisk").glob("*.conf"), *SHARED.glob("*.conf")):
        shutil.copy(file, folder)
    write_hold_music(folder / "music" / "melody.wav")


def environ(folder: Path, tree: AsteriskTree) -> dict[str, str]:
    """What compose gives it; much is empty, and the folder for music is, too."""
    speech = speech_ports(20)
    (folder / "ami").write_text("ein-langes-geheimnis\n")
    return {
        "PATH": os.environ["PATH"], "TEMPLATES": str(folder / "templates"), "ETC": str(folder / "etc"),
        "AMI_SECRET_FILE": str(folder / "ami"), "TRUNK_PEER": "127.0.0.1:5070", "TRUNK_HOST": "127.0.0.1",
        "AMI_PORT": str(free_port()), "SIP_ADDRESS": f"127.0.0.1:{free_port()}", "ALLOWED": "", "RING": "",
        "RTP_START": str(speech.start), "RTP_END": str(speech.stop - 1), "MOH": str(folder / "given"),
        "VOICE": str(folder / "voice"), "RUN_DIR": str(folder), "MODULES": str(tree.module_dir),
        "DATA": str(tree.data_dir),
    }  # fmt: skip


async def asked(tree: AsteriskTree, folder: Path, *options: str) -> tuple[int, str]:
    """Exit code and words of a second `asterisk` that asks the first by its control socket."""
    process = await asyncio.create_subprocess_exec(
        *tree.command, "-C", str(folder / "etc/asterisk.conf"), *options,
        stdin=DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode(errors="replace")


@pytest.mark.asterisk
async def test_it_comes_up_healthy_may_put_through_and_has_music(
    root: Path, tmp_path: Path, asterisk_tree: AsteriskTree
) -> None:
    for name in FOLDERS:
        (tmp_path / name).mkdir(parents=True)
    templates(root, tmp_path / "templates")
    dockerfile = (root / "docker/Dockerfile").read_text()
    (check,) = re.findall(r'^HEALTHCHECK .*CMD (\["/usr/sbin/asterisk".*\])$', dockerfile, re.MULTILINE)
    health = json.loads(check)[1:]

    async def healthy() -> bool:
        return (await asked(asterisk_tree, tmp_path, *health))[0] == 0

    with (tmp_path / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            str(root / "docker/fill-in"), *asterisk_tree.command, "-f", "-n",
            "-C", str(tmp_path / "etc/asterisk.conf"),
            env=environ(tmp_path, asterisk_tree), stdin=DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
    try:
        await eventually(healthy, "healthy")
        assert process.returncode is None, (tmp_path / "said").read_text()
        _, numbers = await asked(asterisk_tree, tmp_path, "-rx", "dialplan show globals")
        assert "SEC_ALLOWED=^49([2-9][0-9]|1[567])[0-9]{3,11}$" in numbers
        _, music = await asked(asterisk_tree, tmp_path, "-rx", "moh show files")
        assert "templates/music/melody" in music
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
        assert not await healthy()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
