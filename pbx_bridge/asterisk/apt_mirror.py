"""The package mirror of this machine, read from its own apt sources (deb822 and one-line form)."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APT = Path("/etc/apt")
KEYRINGS = Path("/usr/share/keyrings")
ONE_LINE = re.compile(
    r"deb\s+(?:\[(?P<options>[^]]*)]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)"
)


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where this machine gets its distribution from; `keyring` is None when apt's trusted keys are meant."""

    distribution: str  # "debian", "ubuntu"
    codename: str  # "bookworm"
    uri: str
    components: tuple[str, ...]
    keyring: Path | None

    def source_line(self, suite: str) -> str:
        """The sources.list line for `suite`, verified by the installed archive keyring."""
        signed = f"[signed-by={self.keyring}] " if self.keyring else ""
        return f"deb {signed}{self.uri} {suite} {' '.join(self.components)}\n"


def machine_mirror(apt: Path = APT) -> Mirror | None:
    """The first usable source of the running distribution, or None."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return None
    distribution, codename = release["ID"], release.get("VERSION_CODENAME", "")
    suites = {codename, "stable", "testing", "unstable", "sid"}
    for uri, found_suites, components, signed_by in _sources(apt):
        if suites & set(found_suites) and re.match(r"(https?|file|copy|mirror)[:+]", uri):
            free = tuple(part for part in components if part in {"main", "universe"})
            return Mirror(distribution, codename, uri, free, _keyring(distribution, signed_by))
    return None


def _keyring(distribution: str, signed_by: str) -> Path | None:
    for candidate in (Path(signed_by), KEYRINGS / f"{distribution}-archive-keyring.gpg"):
        if candidate.is_absolute() and candidate.is_file():
            return candidate
    return None


Source = tuple[str, list[str], list[str], str]  # uri, suites, components, signed-by


def _sources(apt: Path) -> Iterator[Source]:
    for file in sorted((apt / "sources.list.d").glob("*.sources")):
        yield from _deb822(file.read_text())
    for file in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.list"))]:
        if file.is_file():
            yield from _one_line(file.read_text())


def _deb822(text: str) -> Iterator[Source]:
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    for stanza in re.split(r"\n\s*\n", text):
        fields = {
            name.lower(): value.split()
            for name, value in re.findall(r"^([\w-]+):(.*(?:\n[ \t].*)*)", stanza, flags=re.MULTILINE)
        }
        if "deb" in fields.get("types", []) and fields.get("enabled") != ["no"]:
            signed_by = fields.get("signed-by", [""])[0]
            for uri in fields.get("uris", []):
                yield uri, fields.get("suites", []), fields.get("components", []), signed_by


def _one_line(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        if found := ONE_LINE.match(line.split("#")[0].strip()):
            signed_by = re.search(r"signed-by=(\S+)", found["options"] or "")
            yield (
                found["uri"],
                [found["suite"]],
                found["components"].split(),
                signed_by[1] if signed_by else "",
            )
