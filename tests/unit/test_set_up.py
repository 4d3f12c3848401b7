"""What an installation is set up from, and where it keeps what it fetches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pbx_bridge import cli
from pbx_bridge.asterisk import cache
from pbx_bridge.asterisk.set_up import IN_CHECKOUT, write_set_up


def test_all_of_it_is_written_into_a_new_folder(tmp_path: Path, root: Path) -> None:
    mine = tmp_path / "a" / "b"
    done = CliRunner().invoke(cli.app, ["set-up", str(mine)])
    assert done.exit_code == 0
    assert done.output.splitlines() == [str(mine / name) for name in IN_CHECKOUT]
    assert (mine / "settings.toml").read_bytes() == (root / "settings.toml").read_bytes()
    assert (mine / "asterisk/music/melody.wav").read_bytes()[:4] == b"RIFF"
    assert "queue_log = no" in (mine / "asterisk/logger.conf").read_text()
    assert os.access(mine / "fill-in", os.X_OK)


@pytest.mark.parametrize("name", IN_CHECKOUT)
def test_what_is_there_is_not_touched_and_nothing_is_written_beside_it(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(FileExistsError, match=name):
        write_set_up(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_folder_that_takes_no_file_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = CliRunner().invoke(cli.app, ["set-up", str(tmp_path / "file" / "below")])
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program is installed, and not in a checkout."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setattr(cache, "CHECKOUT", packages)
    monkeypatch.delenv("PBX_BRIDGE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return packages


def test_an_installed_program_fetches_into_the_users_folder(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert cache.cache_folder() == tmp_path / ".cache" / "pbx-bridge"
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert cache.cache_folder() == Path("/elsewhere/pbx-bridge")
    monkeypatch.setenv("PBX_BRIDGE_CACHE", "/named")
    assert cache.cache_folder() == Path("/named")


def test_that_of_root_fetches_where_asterisks_user_can_read(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(cache, "open_to_all", lambda _folder: True)
    assert cache.cache_folder() == cache.SYSTEM_CACHE


def test_in_a_checkout_it_is_there(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.delenv("PBX_BRIDGE_CACHE", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert cache.cache_folder() == root / ".cache"
