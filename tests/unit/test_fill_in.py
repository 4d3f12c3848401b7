"""`docker/fill-in`, run as the image runs it: what it writes is what our own Asterisk has in the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from pbx_bridge.asterisk.config import SHARED, PbxConfig, render

SECRET = "ein-langes-geheimnis"
NEEDED = {
    "AMI_SECRET": SECRET,
    "TRUNK_PEER": "sip.provider.example:5060",
    "TRUNK_HOST": "sip.provider.example",
}


@dataclass(frozen=True)
class Image:
    """The folders of the image: templates with our music, and where Asterisk reads."""

    script: Path
    templates: Path
    etc: Path

    def fill_in(self, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        places = {"TEMPLATES": str(self.templates), "ETC": str(self.etc), "PATH": os.environ["PATH"]}
        return subprocess.run(
            ["/bin/sh", str(self.script), *command], env=places | environ, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    def says(self, file: str) -> str:
        return (self.etc / file).read_text()


@pytest.fixture
def image(tmp_path: Path, root: Path) -> Image:
    made = Image(root / "docker/fill-in", tmp_path / "templates", tmp_path / "etc")
    shutil.copytree(root / "docker/asterisk", made.templates)
    for file in SHARED.glob("*.conf"):
        if file.name != "asterisk.conf":  # Debian's own
            shutil.copy(file, made.templates)
    (made.templates / "music").mkdir()
    (made.templates / "music" / "melody.wav").touch()
    made.etc.mkdir()
    (made.etc / "asterisk.conf").write_text("[options]\n;systemname = my_system_name\n")
    return made


def test_what_is_not_set_is_as_in_our_own_asterisk(image: Image, tmp_path: Path) -> None:
    """Names that are handed on empty, as compose does it, are not set."""
    done = image.fill_in(**NEEDED, ALLOWED="", RING="", CALLER="", SIP_ADDRESS="127.0.0.1:5060")
    assert (done.returncode, done.stderr) == (0, "")
    ours = tmp_path / "ours"
    ours.mkdir()
    config = PbxConfig(
        ami_port=5038, sip_port=5060, rtp_ports=range(10000, 11000), trunk_peer=NEEDED["TRUNK_PEER"],
        trunk_host=NEEDED["TRUNK_HOST"], ami_secret=SECRET,
    )  # fmt: skip
    run = {
        "VOICE": "/var/spool/secretariat",
        "MOH": image.templates / "music",
        "SILENCE": image.etc / "silence",
    }
    render(config, ours, run | dict.fromkeys(("RUN_DIR", "DATA", "MODULES"), ""))
    names = {file.name for file in image.templates.glob("*.conf")} - {"pjsip_phones.conf"}
    assert "extensions.conf" in names
    assert {name for name in names if image.says(name) != (ours / name).read_text()} == set()


def test_what_is_set_holds(image: Image) -> None:
    done = image.fill_in(
        **NEEDED, RING="35", ALLOWED="^43[0-9]{4,12}$", INTERNAL="[1-8][0-9]", AMI_PORT="5039"
    )
    assert done.returncode == 0, done.stderr
    for line in ("SEC_RING = 35", "SEC_ALLOWED = ^43[0-9]{4,12}$", "SEC_INTERNAL = [1-8][0-9]"):
        assert line in image.says("extensions.conf").splitlines()
    assert "port = 5039" in image.says("manager.conf").splitlines()


def test_the_secret_comes_from_its_file_and_goes_to_no_process(image: Image, tmp_path: Path) -> None:
    (tmp_path / "ami").write_text("aus-der-datei\n")
    trunk = {name: value for name, value in NEEDED.items() if name != "AMI_SECRET"}
    done = image.fill_in("env", **trunk, AMI_SECRET_FILE=str(tmp_path / "ami"))
    assert done.returncode == 0, done.stderr
    assert "secret = aus-der-datei" in image.says("manager.conf").splitlines()
    assert "TRUNK_HOST=sip.provider.example" in done.stdout.splitlines()
    assert "aus-der-datei" not in done.stdout
    assert (image.etc / "manager.conf").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "changes, named",
    [
        ({"TRUNK_PEER": ""}, "TRUNK_PEER"),
        ({"TRUNK_HOST": ""}, "TRUNK_HOST"),
        ({"AMI_SECRET": ""}, "AMI_SECRET"),
        ({"AMI_SECRET": "halb;ganz"}, "semicolon"),
        ({"AMI_SECRET": "", "AMI_SECRET_FILE": "/nowhere"}, "/nowhere"),
        ({"AMI_SECRET": "", "AMI_SECRET_FILE": "/"}, "no file that user"),
    ],
)
def test_what_is_missing_is_named_and_nothing_starts(
    image: Image, changes: dict[str, str], named: str
) -> None:
    done = image.fill_in("echo", "started", **(NEEDED | changes))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fill-in: ")
    assert named in done.stderr
    assert not (image.etc / "manager.conf").exists()


def test_a_placeholder_that_nobody_fills_is_named_and_nothing_starts(image: Image) -> None:
    (image.templates / "new.conf").write_text("x = @OF_TOMORROW@\n")
    done = image.fill_in("echo", "started", **NEEDED)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "set OF_TOMORROW" in done.stderr


def test_callers_on_hold_hear_ours_where_no_music_is_given(image: Image, tmp_path: Path) -> None:
    """Docker makes an empty folder where one is to be mounted that nobody has made."""
    given = tmp_path / "given"
    given.mkdir()
    done = image.fill_in(**NEEDED, MOH=str(given))
    assert str(given) in done.stderr
    assert f"directory = {image.templates}/music" in image.says("musiconhold.conf").splitlines()
    (given / "own.wav").touch()
    done = image.fill_in(**NEEDED, MOH=str(given))
    assert done.stderr == ""
    assert f"directory = {given}" in image.says("musiconhold.conf").splitlines()
    (image.templates / "music" / "melody.wav").unlink()
    done = image.fill_in("echo", "started", **NEEDED)
    assert (done.returncode, done.stdout) == (1, "")
    assert "MOH" in done.stderr


def test_the_name_of_the_pbx_is_written_once_however_often_it_starts(image: Image) -> None:
    for _ in range(2):
        assert image.fill_in(**NEEDED, PBX_NAME="a").returncode == 0
    named = [line for line in image.says("asterisk.conf").splitlines() if line.startswith("systemname")]
    assert named == ["systemname = a"]


def test_what_is_started_takes_its_place(image: Image) -> None:
    done = image.fill_in("sh", "-c", "umask; exit 7", **NEEDED)
    assert (done.returncode, done.stdout.strip()) == (7, "0007")
