"""Dockerfile, compose.yaml and what lies beside them, read: tests have no engine. What can be run without one
is run in tests/unit/test_fill_in.py and tests/integration/test_installed.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.set_up import ANY_RUN
from pbx_bridge.settings import Secret, Settings
from tests.yaml_subset import read

VARIABLE = re.compile(r"\$\{(\w+)")


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    found = read((root / "docker/compose.yaml").read_text())
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def stages(root: Path) -> dict[str, list[str]]:
    """Name of a stage → its instructions, each in one line."""
    text = re.sub(r"\\\n\s*", "", (root / "docker/Dockerfile").read_text())
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("FROM "):
            found[line.split()[-1]] = []
        elif line and not line.startswith("#"):
            list(found.values())[-1].append(line)
    return found


def example(root: Path) -> dict[str, str]:
    """Every name of env.example, also of a comment → its value."""
    lines = (root / "docker/env.example").read_text().splitlines()
    return dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", "\n".join(lines), re.MULTILINE))


def keys(*, secret: bool) -> set[str]:
    """Variables of the settings that are secrets, or are not."""
    return {
        f"PBX_BRIDGE_{name}_{key}".upper()
        for name, section in get_type_hints(Settings).items()
        for key, hint in get_type_hints(section).items()
        if (hint is Secret) is secret
    }


def test_no_default_holds_a_brace(root: Path) -> None:
    """Old versions of compose end it there, and Asterisk refused every number."""
    text = (root / "docker/compose.yaml").read_text()
    assert [found for found in re.findall(r"\$\{[^}]*\}", text) if "{" in found[2:]] == []


def test_each_name_is_explained_in_the_example_and_none_is_left_over(root: Path) -> None:
    asked = set(VARIABLE.findall((root / "docker/compose.yaml").read_text()))
    there = example(root)
    assert {name for name in there if not name.startswith("PBX_BRIDGE_")} == asked
    files = {f"{name}_FILE" for name in keys(secret=True)}
    assert {name for name in there if name.startswith("PBX_BRIDGE_")} <= keys(secret=False) | files


def test_the_example_shows_the_defaults_of_fill_in(root: Path) -> None:
    script = (root / "docker/fill-in").read_text()
    lines = re.findall(r"^default (\w+) ([^\"\n]+)$", script, re.MULTILINE)
    held = {name: value.strip("'") for name, value in lines}
    shown = {name: value for name, value in example(root).items() if name in held}
    assert "ALLOWED" in shown
    assert {name: held[name] for name in shown} == shown


def test_asterisk_is_given_what_its_templates_ask_for(root: Path, compose: dict[str, Any]) -> None:
    texts = [file.read_text() for file in (root / "docker/asterisk").glob("*.conf")]
    asked = {name for text in texts for name in re.findall(r"@([A-Z_]+)@", text)}
    by_itself = {"AMI_SECRET", "AMI_USER", "SILENCE"}
    given = set(compose["services"]["asterisk"]["environment"])
    assert asked - by_itself == given - {"AMI_SECRET_FILE", "PBX_NAME"}


def test_the_database_is_made_before_the_service_starts(compose: dict[str, Any]) -> None:
    migrate, service = compose["services"]["migrate"], compose["services"]["service"]
    assert migrate["command"] == ["db", "upgrade"]
    assert migrate["restart"] == "no"
    assert "depends_on" not in migrate, "old versions cannot run it alone then"
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert migrate["image"] == service["image"]
    for volume in ("service:/app/var", "./secrets:/run/secrets:ro"):
        assert volume in migrate["volumes"]
        assert volume in service["volumes"]
    assert migrate["env_file"] == service["env_file"] == ".env"


def test_both_speak_of_the_same_manager_and_pbx(compose: dict[str, Any]) -> None:
    pbx, service = (compose["services"][name]["environment"] for name in ("asterisk", "service"))
    assert service["PBX_BRIDGE_AMI_PORT"] == pbx["AMI_PORT"]
    assert service["PBX_BRIDGE_AMI_SECRET_FILE"] == pbx["AMI_SECRET_FILE"] == "/run/secrets/ami"
    assert service["PBX_BRIDGE_PBX_NAME"] == pbx["PBX_NAME"]
    assert service["PBX_BRIDGE_NOBODY_FREE_RECORDINGS"] == pbx["VOICE"]
    assert service["PBX_BRIDGE_NOBODY_FREE_SOUNDS"] == pbx["SOUNDS"]


def test_no_secret_stands_where_inspect_shows_it(root: Path, compose: dict[str, Any]) -> None:
    bare = {*keys(secret=True), "AMI_SECRET"}
    for service in compose["services"].values():
        assert bare.isdisjoint(service.get("environment", {}))
    assert bare.isdisjoint(example(root))
    assert compose["secrets"] == {"ami": {"file": "./secrets/ami"}}
    assert compose["services"]["asterisk"]["secrets"] == ["ami"]


def test_the_service_may_end_in_order(root: Path, compose: dict[str, Any]) -> None:
    text = (root / "docs/pbx-bridge.service").read_text()
    unit = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert unit
    assert compose["services"]["service"]["stop_grace_period"] == f"{unit[1]}s"


def test_no_container_may_more_than_it_needs(compose: dict[str, Any], stages: dict[str, list[str]]) -> None:
    for service in compose["services"].values():
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    for image in ("asterisk", "service"):
        assert [line for line in stages[image] if line.startswith("USER ")]


def test_asterisk_has_its_music_and_its_control_socket(stages: dict[str, list[str]]) -> None:
    instructions = "\n".join(stages["asterisk"])
    assert re.search(r"install -d -o asterisk \S+ \S+ -m 0750 /var/run/asterisk", instructions)
    for file in ANY_RUN:
        assert f"pbx_bridge/asterisk/any_run/{file} " in instructions
    assert "COPY --from=music /made/music/ /usr/share/secretariat/music/" in instructions
    assert 'CMD ["/usr/sbin/asterisk", "-rx", "core waitfullybooted"]' in instructions


def test_the_melody_is_made_by_that_file_alone(
    root: Path, tmp_path: Path, stages: dict[str, list[str]]
) -> None:
    """The command of the image, with nothing of the house beside it."""
    (line,) = [line for line in stages["music"] if line.startswith("RUN ")]
    (tmp_path / "hold_music.py").write_bytes((root / "pbx_bridge/asterisk/hold_music.py").read_bytes())
    command = line.removeprefix("RUN ").replace("python ", f"{sys.executable} -S ")
    subprocess.run(["/bin/sh", "-ec", command], cwd=tmp_path, check=True, timeout=120)
    assert (tmp_path / "music/melody.wav").read_bytes()[:4] == b"RIFF"


def passes(path: str, patterns: list[str]) -> bool:
    """Whether .dockerignore lets this path through: the last pattern for it, or a folder above, decides."""
    ways = [path, *(str(parent) for parent in Path(path).parents if str(parent) != ".")]
    passed = True
    for pattern in patterns:
        plain = re.escape(pattern.removeprefix("!")).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(plain, way) for way in ways):
            passed = pattern.startswith("!")
    return passed


def test_the_engine_gets_what_the_images_are_made_of_and_nothing_else(
    root: Path, stages: dict[str, list[str]]
) -> None:
    lines = (root / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    copied = {
        source
        for instructions in stages.values()
        for line in instructions
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert {source for source in copied if not (root / source).exists()} == set()
    assert {source for source in copied if not passes(source.rstrip("/"), patterns)} == set()
    kept_out = (
        ".git/config", ".venv/bin/python", ".cache/x", "var/pbx-bridge.db", "docker/.env",
        "docker/secrets/ami", "docker/compose.yaml", "settings.local.toml", "tests/conftest.py",
        "rules/__pycache__/fault.pyc",
    )  # fmt: skip
    assert [path for path in kept_out if passes(path, patterns)] == []


def test_git_takes_no_secret_of_an_operator(root: Path) -> None:
    for file in ("docker/.env", "docker/secrets/ami"):
        assert subprocess.run(["git", "check-ignore", "-q", file], cwd=root, check=False).returncode == 0, (
            file
        )


def test_a_service_that_does_not_answer_is_not_alive(root: Path) -> None:
    where = {"PBX_BRIDGE_WEB_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-S", str(root / "docker/alive")],
        env=where,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "/healthz" in done.stderr


@pytest.mark.parametrize("text", ["a: 'b'", "a: b # c", "a: &x b", "a: 1\na: 2", "  a: 1", "a: b: c"])
def test_yaml_that_the_reader_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its words
        read(text)
