"""Debian packages, with all they need, unpacked into a folder of our own: no root, verified by apt."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pbx_bridge.asterisk.apt_mirror import Mirror, machine_mirror
from pbx_bridge.asterisk.progress import Progress

MARKER = ".complete.json"

# Hooks of the machine (PackageKit and the like) are for its own package state, not for ours.
APT_CONF = """\
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::State::Lists "{work}/lists";
Dir::State::status "{work}/status";
Dir::Cache "{work}";
Dir::Etc::sourcelist "{work}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Debug::NoLocking "true";
Acquire::Languages "none";
Acquire::Retries "3";
"""


class FetchError(Exception):
    """Packages could not be fetched; the message says why and what to do."""

    short = "not fetched, for the reason below"


class NotInSuite(FetchError):
    """The suite does not have one of the packages."""

    short = "this release does not have it, so another one is asked"


def fetch_tree(
    name: str, packages: Sequence[str], suite: str, cache: Path, *, without: Sequence[str] = ()
) -> Path:
    """The folder `<cache>/<name>-<suite>` holding `packages` and everything they depend on, unpacked.

    Fetched once, at once if it is there already; processes may ask at the same time. `without` are packages
    that are left to the machine. Raises `NotInSuite`, `FetchError`.
    """
    tree = cache / f"{name}-{suite}"
    wanted = {"packages": sorted(packages), "without": sorted(without), "machine": platform.machine()}
    if is_complete(tree, wanted):
        return tree
    _make_folder(cache)
    with _locked(cache / f"{name}-{suite}.lock"):
        if not is_complete(tree, wanted):  # somebody else may have made it while we waited
            _build(tree, packages, suite, without)
            (tree / MARKER).write_text(json.dumps(wanted))
    return tree


def is_complete(tree: Path, wanted: Mapping[str, object] | None = None) -> bool:
    """Whether `tree` was fetched to its end (and, if `wanted` is given, for that list of packages)."""
    try:
        found = json.loads((tree / MARKER).read_text())
    except (OSError, ValueError):
        return False
    return wanted is None or found == wanted


def _make_folder(cache: Path) -> None:
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(
            f"Cannot create the cache folder {cache} ({error.strerror}); "
            "set PBX_BRIDGE_CACHE to a folder you may write to."
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by the kernel whatever ends us
        yield


def _build(tree: Path, packages: Sequence[str], suite: str, without: Sequence[str]) -> None:
    mirror = machine_mirror()
    if mirror is None or shutil.which("apt-get") is None:
        raise FetchError(
            f"This machine has no apt with a Debian or Ubuntu mirror to fetch {', '.join(packages)} from; "
            "install it with the machine's own package manager."
        )
    work = Path(tempfile.mkdtemp(prefix=f".{tree.name}-", dir=tree.parent))
    work.chmod(0o755)  # apt's download user and an unprivileged Asterisk must get in
    try:
        with Progress(tree.name) as progress:
            debs = _download(work, mirror, suite, packages, progress)
            _unpack([deb for deb in debs if deb.name.split("_")[0] not in without], work / "tree", progress)
        shutil.rmtree(tree, ignore_errors=True)
        (work / "tree").rename(tree)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _download(
    work: Path, mirror: Mirror, suite: str, packages: Sequence[str], progress: Progress
) -> list[Path]:
    for folder in ("lists/partial", "archives/partial"):
        (work / folder).mkdir(parents=True)
    (work / "status").touch()  # nothing is installed, so everything needed is fetched
    (work / "sources.list").write_text(mirror.source_line(suite))
    (work / "apt.conf").write_text(APT_CONF.format(work=work))
    _apt(work, ["update", "--error-on=any"], "package lists", progress)
    install = ["install", "-y", "--download-only", "--no-install-recommends", *packages]
    _apt(work, install, "downloading", progress)
    return sorted((work / "archives").glob("*.deb"))


def _apt(work: Path, arguments: list[str], step: str, progress: Progress) -> None:
    command = ["apt-get", "-qq", "-c", str(work / "apt.conf"), "-o", "APT::Status-Fd=1", *arguments]
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    with (
        (work / "apt.err").open("w+") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        ) as apt,
    ):
        for line in apt.stdout or ():
            if found := re.match(r"dlstatus:[^:]*:([0-9.]+):", line):
                progress.show(step, float(found[1]))
        apt.wait()
        errors.seek(0)
        said = errors.read()
    if "Unable to locate package" in said or "has no installation candidate" in said:
        raise NotInSuite(said.strip())
    if apt.returncode != 0:
        raise FetchError(
            f"apt-get {arguments[0]} failed: {said.strip()}\n"
            "Is the network up, and does `apt-get update` work on this machine?"
        )


def _unpack(debs: Sequence[Path], tree: Path, progress: Progress) -> None:
    tree.mkdir()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        jobs = workers.map(lambda deb: subprocess.run(["dpkg", "-x", deb, tree], check=True), debs)
        for done, _ in enumerate(jobs, start=1):
            progress.show("unpacking", 100 * done / len(debs))
