"""The house stays small, clean and true to its own documents."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import pbx_bridge
from rules import model

LONGEST_FILE = 300
SOURCE = {".py", ".js", ".css", ".html", ".sql", ".toml", ".md", ".conf", ".yaml", ".yml", ".sh", ".xml", ""}
LEAKS = {
    "path of one machine": re.compile(r"(?<![\w.])/(?:work|home/\w+|root|Users)/\w"),
    "package registry": re.compile(
        r"https?://[^\s\"'<>]*(?:pypi|pythonhosted|npmjs|registry|simple/|mirror)"
    ),
    "local file address": re.compile(r"file:///\w"),
}


def tracked(root: Path) -> list[Path]:
    """What git knows, and what it would take: nothing escapes by not being added yet."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in names.split("\0") if name and (root / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.suffix in SOURCE else ""


def test_no_file_is_too_long(root: Path) -> None:
    folders = ("pbx_bridge", "rules", "tests")
    sources = [path for folder in folders for path in (root / folder).rglob("*.py")]
    lengths = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_module_says_in_a_sentence_what_it_is_for(root: Path) -> None:
    sources = [path for folder in ("pbx_bridge", "rules") for path in (root / folder).rglob("*.py")]
    silent = [str(path) for path in sources if not path.read_text().startswith('"""')]
    assert silent == []


@pytest.mark.parametrize("kind", LEAKS)
def test_nothing_names_a_machine_or_a_registry(kind: str, root: Path) -> None:
    own = Path(__file__)
    leaks = [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path in tracked(root)
        if path != own and path.suffix != ".lock"
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if LEAKS[kind].search(line)
    ]
    assert leaks == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_by_hash_and_name_no_host(name: str, root: Path) -> None:
    text = (root / name).read_text()
    pins = re.findall(r"^[a-z0-9][^\s=]*==\S+", text, re.MULTILINE)
    assert len(pins) > 20
    assert text.count(" \\\n    --hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "index" not in text


def test_the_lock_knows_every_dependency(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=~! ]", item)[0].lower() for item in wanted}
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (root / "requirements-dev.lock").read_text(), re.MULTILINE))
    locked |= set(re.findall(r"^([a-z0-9.-]+)\[", (root / "requirements-dev.lock").read_text(), re.MULTILINE))
    assert names - locked == set()


def test_the_glossary_has_a_word_for_every_class_of_the_model(root: Path) -> None:
    glossary = (root / "docs" / "glossary.md").read_text().lower()
    classes = [
        name
        for name, cls in inspect.getmembers(model, inspect.isclass)
        if cls.__module__.startswith(("rules.model", "rules.fields"))
        and (dataclasses.is_dataclass(cls) or issubclass(cls, enum.Enum))
    ]
    assert classes
    missing = [name for name in classes if f"`{name.lower()}`" not in glossary]
    assert missing == []


def test_commands_that_the_documents_name_exist(root: Path) -> None:
    documents = [root / "README.md", *(root / "docs").rglob("*.md")]
    named = {
        word for path in documents for word in re.findall(r"`?make ([a-z]+(?:-[a-z]+)*)`", path.read_text())
    }
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "check", "test"} <= named
    assert named - targets == set()


def test_files_that_the_documents_link_exist(root: Path) -> None:
    documents = [root / "README.md", *(root / "docs").rglob("*.md")]
    dead = [
        f"{path.relative_to(root)} → {target}"
        for path in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert dead == []


def test_the_changelog_tells_of_this_version(root: Path) -> None:
    assert f"## {pbx_bridge.__version__}" in (root / "CHANGELOG.md").read_text()


def test_the_catalogues_speak_both_languages(root: Path) -> None:
    folders = {path.parent for path in (root / "pbx_bridge").rglob("locale/*.toml")}
    for folder in folders:
        german, english = (
            keys(tomllib.loads((folder / f"{code}.toml").read_text())) for code in ("de", "en")
        )
        assert german == english, folder


def keys(table: dict[str, object], prefix: str = "") -> set[str]:
    """Every path of a catalogue, `errors.not_found`."""
    found: set[str] = set()
    for key, value in table.items():
        found |= keys(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key}
    return found


def test_bodies_are_read_in_one_place_only(root: Path) -> None:
    """`web.bodies` knows what may be read, and how much of it."""
    reading = re.compile(r"request\.(post|multipart|json|text|read|content)\b(?!_)|_request\.post\b")
    served = [
        path
        for room in ("web", "desk", "floor", "portal", "outbox", "auth")
        for path in (root / "pbx_bridge" / room).rglob("*.py")
    ]
    found = {path.name for path in served if reading.search(path.read_text())}
    assert found == {"bodies.py"}
