"""The wheel, installed as operators do, far from any checkout; libraries are those of the tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from pbx_bridge.asterisk.cache import cache_folder
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.set_up import ANY_RUN
from tests import wheel as building
from tests.integration.lone_service import settings_of
from tests.integration.serve_process import ServeProcess

wheel = building.wheel

SUITE = "PBX_BRIDGE_ASTERISK_SUITE"

MAIL = """
from datetime import UTC, datetime
from pbx_bridge.asterisk.config import PbxConfig, render
from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, compose
from rules.model import CallNote, Channel, Customer, Employee, MessageKind, Tariff
from rules.outbox.notification import Notification, Told
import pathlib, pbx_bridge, rules, sys

for room in (pbx_bridge, rules):
    assert room.__file__.startswith(sys.prefix), room.__file__
erika = Employee("e1", "Erika Beispiel", "Erika", "Beispiel", email="erika@mustermann.example")
house = Customer("c1", "Mustermann AG", Tariff("t1", "Vermittlung", put_through=True), "", employees=(erika,))
note = CallNote("n1", "Hans Müller", "Angebot", callback_number="+491713920042", recipients=("e1",))
at = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
told = MessageFacts(note=note, customer=house, agent="Anna Keller", at=at)
mail = Notification("e1", Channel.EMAIL, MessageKind.NOTE, erika.email, (), Told.RECIPIENT)
for language in ("de", "en"):
    text = compose(mail, told, words_of(language))
    assert text.html and "<" in text.html
    print(text.subject)
etc = pathlib.Path("etc")
etc.mkdir()
speech = range(10000, 10010)
pbx = PbxConfig(ami_port=5038, sip_port=5060, rtp_ports=speech, trunk_peer="127.0.0.1:5070", ami_secret="x")
run = dict.fromkeys(("RUN_DIR", "DATA", "MODULES", "MOH", "SILENCE", "VOICE"), "x")
render(pbx, etc, run)
print(len(list(etc.glob("secretariat*.conf"))))
"""
"""Said by the installed program only: what it reads comes out of the wheel."""


@dataclass(frozen=True)
class Installed:
    """`bin`: its programs; `home`: an empty folder to start them in."""

    bin: Path
    home: Path

    def run(self, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """One of its programs to its end."""
        return subprocess.run(
            [str(self.bin / command[0]), *command[1:]], cwd=self.home, env=outside() | environ,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip


def outside() -> dict[str, str]:
    """The environment, without what would lead Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder, home = tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("home")
    make = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(make, check=True, timeout=300)
    python = folder / "bin" / "python"
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-compile"]
    pip = [sys.executable, "-m", "pip", "--python", str(python), *install, str(wheel)]
    subprocess.run(pip, check=True, timeout=300, cwd=home, env=outside())
    (packages,) = folder.glob("lib/python*/site-packages")
    # A line of this kind adds a folder, and not what that folder's own lines add: the checkout stays out.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(folder / "bin", home)


def test_mails_in_both_languages_and_the_dial_plan_come_out_of_the_wheel(installed: Installed) -> None:
    done = installed.run("python", "-c", MAIL)
    assert done.returncode == 0, done.stderr
    german, english, plans = done.stdout.splitlines()
    assert german == "Anruf für Sie: Hans Müller, bitte zurückrufen"
    assert "Hans Müller" in english
    assert english != german
    assert int(plans) >= 5


def test_it_gives_out_what_it_is_set_up_from(installed: Installed, root: Path) -> None:
    done = installed.run("pbx-bridge", "set-up", "mine")
    assert done.returncode == 0, done.stderr
    mine = installed.home / "mine"
    assert (mine / "settings.toml").read_bytes() == (root / "settings.toml").read_bytes()
    theirs = {file.name for file in (root / "docker/asterisk").glob("*.conf")}
    assert {file.name for file in (mine / "asterisk").iterdir()} == theirs | {*ANY_RUN, "music"}
    # As operating.md has it filled in: what was given out is all that is needed.
    etc = installed.home / "asterisk"
    etc.mkdir()
    trunk = {"TRUNK_PEER": "sip.provider.example", "TRUNK_HOST": "sip.provider.example", "AMI_SECRET": "x"}
    places = {"TEMPLATES": str(mine / "asterisk"), "ETC": str(etc)}
    subprocess.run([str(mine / "fill-in")], env=os.environ | trunk | places, check=True, timeout=60)
    assert f"directory = {mine / 'asterisk' / 'music'}" in (etc / "musiconhold.conf").read_text()
    (mine / "settings.toml").write_text("changed")
    again = installed.run("pbx-bridge", "set-up", "mine")
    assert again.returncode == 1
    assert again.stderr.startswith("mine/settings.toml is there already; nothing was written.")
    assert (mine / "settings.toml").read_text() == "changed"


async def test_it_makes_its_database_and_serves_pages_with_their_styles(
    installed: Installed, root: Path
) -> None:
    port, file = free_port(), installed.home / "settings.toml"
    settings = settings_of(f"sqlite:///{installed.home / 'house.db'}", port)
    service = ServeProcess(file, settings, {}, str(installed.bin / "python"), installed.home)
    made = installed.run("pbx-bridge", "--settings", str(file), "db", "upgrade")
    assert (made.returncode, made.stdout[:14]) == (0, "Database made,"), made.stderr
    await service.start()
    try:
        checked = installed.run("pbx-bridge", "--settings", str(file), "check")
        assert checked.returncode == 1, "there is no PBX"
        assert "schema" in checked.stdout, checked.stderr
        async with aiohttp.ClientSession(f"http://localhost:{port}") as browser:
            for language in ("de", "en"):
                asked = {"Accept": "text/html", "Accept-Language": language}
                async with browser.get("/", headers=asked) as answer:
                    page = await answer.text()
                    assert answer.status == 200
                assert f'lang="{language}"' in page
            linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
            assert any(".css" in address for address in linked)
            for address in linked:
                async with browser.get(address) as answer:
                    assert answer.status == 200, address
                    assert await answer.read()
        # The health check of its container, which knows the service by the environment only.
        alive = [sys.executable, str(root / "docker/alive")]
        there = os.environ | {"PBX_BRIDGE_WEB_PORT": str(port)}
        assert subprocess.run(alive, env=there, timeout=60, check=False).returncode == 0
        assert await service.stop() == 0
        assert subprocess.run(alive, env=there, timeout=60, check=False).returncode == 1
    finally:
        await service.kill()


@pytest.mark.asterisk
def test_it_runs_an_asterisk_with_the_configuration_it_brought(
    installed: Installed, asterisk_tree: AsteriskTree
) -> None:
    """Of the one that is fetched already; the folder is one that Asterisk's user can get into."""
    cached = {"PBX_BRIDGE_CACHE": str(cache_folder()), "PBX_BRIDGE_PBX_SUITE": os.environ.get(SUITE, "")}
    done = installed.run("pbx-bridge", "pbx", "check", **cached)
    assert done.returncode == 0, done.stderr
    assert f"Asterisk {asterisk_tree.version} starts with our configuration" in done.stdout
