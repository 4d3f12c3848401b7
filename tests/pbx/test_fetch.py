"""Packages are fetched once, completely or not at all, by apt's own rules."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pbx_bridge.asterisk import debian
from pbx_bridge.asterisk.apt_mirror import Mirror, machine_mirror
from pbx_bridge.asterisk.debian import APT_CONF, FetchError, NotInSuite, fetch_tree, is_complete
from pbx_bridge.asterisk.progress import Progress

SMALL = ["fonts-dejavu-core"]


@pytest.fixture
def mirror() -> Mirror:
    found = machine_mirror()
    if found is None:
        pytest.skip("no Debian mirror on this machine")
    return found


@pytest.mark.slow
def test_two_who_ask_at_once_get_the_same_complete_tree(tmp_path: Path, mirror: Mirror) -> None:
    with ThreadPoolExecutor(2) as askers:
        asked = [askers.submit(fetch_tree, "fonts", SMALL, mirror.codename, tmp_path) for _ in range(2)]
        trees = {each.result() for each in asked}
    assert trees == {tmp_path / f"fonts-{mirror.codename}"}
    assert list(trees.pop().rglob("DejaVuSans.ttf"))
    assert [path.name for path in tmp_path.glob(".*")] == []  # no half-made folder stays


@pytest.mark.slow
def test_a_package_that_the_suite_does_not_have_is_said_and_leaves_nothing(
    tmp_path: Path, mirror: Mirror
) -> None:
    with pytest.raises(NotInSuite):
        fetch_tree("none", ["there-is-no-such-package"], mirror.codename, tmp_path)
    assert not (tmp_path / f"none-{mirror.codename}").exists()


@pytest.mark.parametrize(
    "error, said",
    [
        (NotInSuite("…"), "asterisk-bookworm: this release does not have it, so another one is asked"),
        (FetchError("…"), "asterisk-bookworm: not fetched, for the reason below"),
        (KeyboardInterrupt(), "asterisk-bookworm: not fetched"),
    ],
)
def test_the_progress_line_ends_with_what_comes_next(
    error: BaseException, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(type(error)), Progress("asterisk-bookworm"):
        raise error
    assert capsys.readouterr().err.endswith(f"{said}\n")


def test_what_is_there_is_taken_without_asking_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def build(tree: Path, *_: object) -> None:
        tree.mkdir()
        made.append(tree)

    monkeypatch.setattr(debian, "_build", build)
    assert fetch_tree("x", SMALL, "forky", tmp_path) == fetch_tree("x", SMALL, "forky", tmp_path)
    assert len(made) == 1


def test_a_tree_without_its_marker_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "usr").mkdir()
    assert not is_complete(tmp_path)


def test_a_machine_without_apt_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "machine_mirror", lambda: None)
    with pytest.raises(FetchError, match="package manager"):
        fetch_tree("x", SMALL, "forky", tmp_path)


def test_verification_stays_as_the_machine_has_it(tmp_path: Path) -> None:
    conf = tmp_path / "apt.conf"
    conf.write_text(APT_CONF.format(work=tmp_path))
    command = ["apt-config", "-c", str(conf), "dump"]
    for setting in ("AllowInsecureRepositories", "AllowUnauthenticated", "Check-Valid-Until"):
        assert setting not in APT_CONF
    assert "Post-Invoke::" not in subprocess.run(command, capture_output=True, text=True, check=True).stdout
