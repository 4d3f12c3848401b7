"""Make `.venv` from the lock file on a machine that has only git, make and Python 3.11; stdlib only.

Debian splits ensurepip and pip from Python. Where both are missing, pip's wheel is fetched from the machine's
own package source into a private folder: no root, nothing installed, no address named here.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".made-from"
LOCK = ROOT / "requirements-dev.lock"
SOURCES = (LOCK, Path(__file__))


def main() -> None:
    """Bring the environment up to date; returns at once when the lock file has not changed."""
    if sys.version_info < (3, 11):
        sys.exit("pbx-bridge needs Python 3.11 or newer; `make PYTHON=python3.11 …` names another one.")
    VENV.mkdir(exist_ok=True)
    with (VENV / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once: the second finds the work done
        if is_current():
            return
        install()
        STAMP.write_text(fingerprint())


def fingerprint() -> str:
    """The sha256 over all that the environment is made from."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in SOURCES)).hexdigest()


def is_current() -> bool:
    """Whether the environment was made from the files as they are now."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def install() -> None:
    """Create the environment if need be and install exactly what the lock file pins, checked by hash."""
    print("environment: installing the locked packages into .venv, a minute the first time …", flush=True)
    if not PYTHON.exists():
        pip_too = [] if has("ensurepip") else ["--without-pip"]
        run([sys.executable, "-m", "venv", *pip_too, str(VENV)])
    pip = pip_command()
    # twice quiet: errors still show, but not a wall of what pip thinks of the machine's own settings
    run([*pip, "install", "-qq", "--require-hashes", "-r", str(LOCK)])
    run([*pip, "install", "-qq", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    print("environment: ready", flush=True)


def pip_command() -> list[str]:
    """The pip of the environment, else the machine's own, else Debian's wheel of it run as it is."""
    inside = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*inside, "--version"], check=False, capture_output=True).returncode == 0:
        return inside
    if has("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return [str(PYTHON), f"{installed_wheel() or fetched_wheel()}/pip"]


def installed_wheel() -> str | None:
    """The wheel that Debian's package python3-pip-whl brings, if it is installed."""
    return max(map(str, Path("/usr/share/python-wheels").glob("pip-*.whl")), default=None)


def fetched_wheel() -> str:
    """The same wheel, fetched and verified by apt with private state, so that no root is needed."""
    print("environment: fetching pip from the distribution …", flush=True)
    folder = VENV / "bootstrap"
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    apt = [
        "apt-get", "-qq",
        "-o", f"Dir::State::Lists={folder / 'lists'}",
        "-o", f"Dir::Cache={folder}",
        "-o", f"APT::Sandbox::User={os.environ.get('USER', 'root')}",
        "-o", "Debug::NoLocking=true",
    ]  # fmt: skip
    run([*apt, "update"])
    run([*apt, "download", "python3-pip-whl"], cwd=folder)
    (package,) = folder.glob("python3-pip-whl_*.deb")
    run(["dpkg", "-x", str(package), str(folder)])
    return str(next(folder.glob("usr/share/python-wheels/pip-*.whl")))


def has(module: str) -> bool:
    """Whether the Python that runs this has the module."""
    return importlib.util.find_spec(module) is not None


def run(command: list[str], cwd: Path = ROOT) -> None:
    """Run a step; a failure ends everything with the step's own words, not with a traceback."""
    if subprocess.run(command, cwd=cwd, check=False).returncode != 0:
        sys.exit(f"environment: failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
