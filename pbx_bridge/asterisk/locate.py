"""Find an Asterisk for this machine: installed, else fetched from its own mirror."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pbx_bridge.asterisk.apt_mirror import machine_mirror
from pbx_bridge.asterisk.debian import FetchError, NotInSuite, fetch_tree, is_complete
from pbx_bridge.asterisk.tree import loader_command, multiarch

OLDEST = 16  # the dial plan was proven on 16.28 and 22.10
PACKAGES = ("asterisk", "asterisk-modules")
NEWER_DEBIAN = ("forky", "sid")  # Debian 12 and 13 were released without Asterisk

MODULE_FOLDERS = (
    f"usr/lib/{multiarch()}/asterisk/modules",
    "usr/lib/asterisk/modules",
    "usr/lib64/asterisk/modules",
)
DATA_FOLDERS = ("usr/share/asterisk", "var/lib/asterisk")


@dataclass(frozen=True, slots=True)
class AsteriskTree:
    """An Asterisk that any user can start: `command`, then options."""

    version: str  # "22.10.1"
    command: tuple[str, ...]
    module_dir: Path
    data_dir: Path  # holds documentation/, without which many modules do not load

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def locate(cache: Path, suite: str | None = None) -> AsteriskTree:
    """An installed Asterisk ≥ 16, else one of the machine's distribution, else of a newer Debian.

    `suite` ("bullseye", "forky") asks for that one and ignores what is installed. Fetching takes about
    10 s, once. Raises `FetchError`.
    """
    if suite is None and (installed := _installed()):
        return installed
    suites = [suite] if suite else _suites_to_try()
    for candidate in [known for known in suites if is_complete(cache / f"asterisk-{known}")] or suites:
        try:
            tree = fetch_tree("asterisk", PACKAGES, candidate, cache)
        except NotInSuite:
            continue
        return _in_root(tree, loader_command(tree, "usr/sbin/asterisk"))
    raise FetchError(
        f"No Asterisk in {', '.join(suites) or 'any suite'}; install `asterisk` {OLDEST} or newer."
    )


def _suites_to_try() -> Sequence[str]:
    mirror = machine_mirror()
    if mirror is None:
        return ()
    newer = NEWER_DEBIAN if mirror.distribution == "debian" else ()
    return tuple(dict.fromkeys((mirror.codename, *newer)))


def _installed() -> AsteriskTree | None:
    program = shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        return None
    try:
        found = _in_root(Path("/"), (program,))
    except FetchError:
        return None  # broken or without its data: our own is the better one
    return found if found.major >= OLDEST else None


def _in_root(root: Path, command: tuple[str, ...]) -> AsteriskTree:
    said = subprocess.run([*command, "-V"], capture_output=True, text=True, check=False)
    version = re.search(r"Asterisk (?:certified/)?(\d+[\d.]*)", said.stdout)
    modules = _first(root, MODULE_FOLDERS, "chan_pjsip.so")
    data = _first(root, DATA_FOLDERS, "documentation")
    if version is None or modules is None or data is None:
        raise FetchError(f"The Asterisk in {root} does not run: {said.stderr.strip() or 'files are missing'}")
    return AsteriskTree(version[1], command, modules, data)


def _first(root: Path, folders: Sequence[str], containing: str) -> Path | None:
    return next((root / folder for folder in folders if (root / folder / containing).exists()), None)
