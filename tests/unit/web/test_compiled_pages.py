"""What one process has compiled the next one finds; what cannot be kept costs time, and no page."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, Template

from pbx_bridge.web import rendering

PAGE = "web/error.html"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were compiled."""
    names: list[str] = []
    real = Environment.compile

    def compile_one(self: Environment, source: object, name: str, *rest: object, **named: object) -> object:
        names.append(name)
        return real(self, source, name, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", compile_one)
    return names


def started_anew() -> Template:
    """A page of a process that knows nothing yet."""
    environment = cache(rendering._environment.__wrapped__)()
    return environment.get_template(PAGE)


def test_the_next_process_compiles_nothing(folder: Path, compiled: list[str]) -> None:
    started_anew()
    started_anew()
    assert compiled == ["error.html"]
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o700, "code that is run is nobody else's to write"


def test_what_somebody_else_has_put_there_is_not_read(folder: Path, compiled: list[str]) -> None:
    started_anew()
    (kept,) = folder.iterdir()
    elsewhere = kept.rename(folder.parent / f"{folder.name} moved")
    kept.symlink_to(elsewhere)
    started_anew()
    assert compiled == ["error.html"] * 2


@pytest.mark.parametrize("broken", ["gone", "no folder", "rubbish"])
def test_no_page_is_missing_where_nothing_can_be_kept(folder: Path, broken: str) -> None:
    started_anew()
    (kept,) = folder.iterdir()
    environment = cache(rendering._environment.__wrapped__)()
    for file in kept.iterdir():
        if broken == "rubbish":
            file.write_bytes(b"rubbish")
        else:
            file.unlink()
    if broken != "rubbish":
        kept.rmdir()
    if broken == "no folder":
        kept.write_bytes(b"")
    assert environment.get_template(PAGE)
