"""How programs from unpacked Debian packages are started: with the libraries that came with them."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path

from pbx_bridge.asterisk.debian import FetchError

LOADERS = {"x86_64": "ld-linux-x86-64.so.2", "aarch64": "ld-linux-aarch64.so.1"}


def multiarch() -> str:
    """Debian's name of this machine's library folder, "x86_64-linux-gnu"."""
    return f"{platform.machine()}-linux-gnu"


@cache
def library_path(tree: Path) -> str:
    """All library folders of `tree`, joined by colons: the usual ones, then single packages' own."""
    roots = [tree / part / sub for part in ("usr/lib", "lib") for sub in (multiarch(), ".")]
    single = sorted(found.parent for found in (tree / "usr/lib" / multiarch()).glob("*/lib*.so*"))
    folders = [folder.resolve() for folder in (*roots, *single) if folder.is_dir()]
    return ":".join(str(folder) for folder in dict.fromkeys(folders))


def loader_command(tree: Path, program: str) -> tuple[str, ...]:
    """How to run `<tree>/<program>` on the tree's own C library, whatever the machine has.

    Only for programs that do not start themselves again by their own path.
    """
    loader = LOADERS.get(platform.machine())
    if loader is None:
        raise FetchError(f"Only x86_64 and aarch64 are supported, this machine is {platform.machine()}.")
    for folder in ("usr/lib", "lib"):
        found = tree / folder / multiarch() / loader
        if found.exists():
            return (str(found), "--library-path", library_path(tree), str(tree / program))
    raise FetchError(f"{tree} has no program loader {loader}; delete the folder and fetch again.")
