"""What the wheel brings along is all that the program needs, whatever kind of file somebody adds next."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from zipfile import ZipFile

from pbx_bridge.asterisk.set_up import IN_CHECKOUT
from tests import wheel as building

wheel = building.wheel

SET_UP = "pbx_bridge/asterisk/set_up_files"


def tracked(root: Path, *under: str) -> set[str]:
    """What git knows there, and what it would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return {name for name in names.split("\0") if name and (root / name).is_file()}


def test_it_has_each_file_of_the_program_and_no_other(root: Path, wheel: Path) -> None:
    wanted = tracked(root, "pbx_bridge", "rules")
    wanted |= {"pbx_bridge/schema.sql"}
    for name, place in IN_CHECKOUT.items():
        wanted |= {f"{SET_UP}/{name}{file.removeprefix(place)}" for file in tracked(root, place)}
    with ZipFile(wheel) as archive:
        there = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert (sorted(wanted - there), sorted(there - wanted)) == ([], [])


def test_what_an_installation_is_set_up_from_is_in_it_byte_by_byte(root: Path, wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        for name, place in IN_CHECKOUT.items():
            for file in tracked(root, place):
                assert (
                    archive.read(f"{SET_UP}/{name}{file.removeprefix(place)}") == (root / file).read_bytes()
                )
        assert archive.read("pbx_bridge/schema.sql") == (root / "schema.sql").read_bytes()


def test_the_wheel_is_told_of_the_same_files_as_the_program(root: Path) -> None:
    built = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    told = {place: into for place, into in built["force-include"].items() if place != "schema.sql"}
    assert told == {place: f"{SET_UP}/{name}" for name, place in IN_CHECKOUT.items()}
