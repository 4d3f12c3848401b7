"""The machine's own mirror is found in both forms of apt's sources."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from pbx_bridge.asterisk.apt_mirror import machine_mirror

DEB822 = """\
# the usual file
Types: deb
URIs: http://apt.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: {keyring}

Types: deb
URIs: http://apt.example/debian-security
Suites: bookworm-security
Components: main
"""
OFF = "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\n"
NOT_OURS = "# deb http://no.example bookworm main\ndeb-src http://no.example bookworm main\n"
ONE_LINE = "deb [arch=amd64 signed-by={keyring}] http://apt.example/debian bookworm main contrib # ours\n"


@pytest.fixture(autouse=True)
def bookworm(monkeypatch: pytest.MonkeyPatch) -> None:
    release = {"ID": "debian", "VERSION_CODENAME": "bookworm"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    file = tmp_path / "keyring.gpg"
    file.touch()
    return file


@pytest.mark.parametrize(
    "file, text",
    [
        ("sources.list", ONE_LINE),
        ("sources.list.d/ours.list", NOT_OURS + ONE_LINE),
        ("sources.list.d/debian.sources", DEB822),
        ("sources.list.d/debian.sources", f"{OFF}\n{DEB822}"),
    ],
)  # fmt: skip
def test_the_source_of_the_running_release_is_taken(
    tmp_path: Path, keyring: Path, file: str, text: str
) -> None:
    source = tmp_path / "apt" / file
    source.parent.mkdir(parents=True)
    source.write_text(text.format(keyring=keyring))
    (tmp_path / "apt" / "sources.list.d").mkdir(exist_ok=True)
    mirror = machine_mirror(tmp_path / "apt")
    assert mirror is not None
    assert mirror.source_line("forky") == f"deb [signed-by={keyring}] http://apt.example/debian forky main\n"


def test_sources_of_other_people_are_no_mirror(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(
        "deb http://node.example/node nodistro main\ndeb cdrom:[x] bookworm main\n"
    )
    assert machine_mirror(tmp_path) is None
