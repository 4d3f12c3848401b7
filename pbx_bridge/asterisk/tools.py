"""The real programs that demo and tests play against: installed ones first, else fetched and unpacked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pbx_bridge.asterisk.apt_mirror import machine_mirror
from pbx_bridge.asterisk.cache import cache_folder
from pbx_bridge.asterisk.debian import FetchError, fetch_tree
from pbx_bridge.asterisk.tree import library_path, multiarch

# The C library must be the one whose loader starts the program: the machine's own, of the same suite.
FROM_MACHINE = ("libc6",)


class ToolMissing(FetchError):
    """The program is neither installed nor to be had from this machine's distribution."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and the environment to start it with, on top of the caller's own."""

    program: Path
    extra_env: Mapping[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The whole environment for a child process."""
        return {**os.environ, **self.extra_env}

    @property
    def folder(self) -> Path:
        """Where its sisters lie (initdb beside postgres, smsbox beside bearerbox)."""
        return self.program.parent


def sipp(cache: Path | None = None) -> Tool:
    """SIPp, which plays SIP phones and trunks by scenario."""
    return _installed("sipp") or _fetched(cache, "sipp", ("sip-tester",), "usr/bin/sipp")


def kannel(cache: Path | None = None) -> Tool:
    """The bearerbox of Kannel, with smsbox beside it; `fake_sms_centre` is its counterpart."""
    return _installed("bearerbox") or _fetched(
        cache, "kannel", ("kannel", "kannel-extras"), "usr/sbin/bearerbox"
    )


def fake_sms_centre(cache: Path | None = None) -> Tool:
    """fakesmsc, Kannel's SMS centre for tests."""
    installed = Path("/usr/lib/kannel/test/fakesmsc")
    if installed.exists():
        return Tool(installed)
    return _fetched(cache, "kannel", ("kannel", "kannel-extras"), "usr/lib/kannel/test/fakesmsc")


def postgres(cache: Path | None = None) -> Tool:
    """The PostgreSQL server, with initdb, pg_ctl and psql beside it."""
    if found := _newest(Path("/"), "usr/lib/postgresql/*/bin/postgres"):
        return Tool(found)
    return _fetched(cache, "postgresql", ("postgresql",), "usr/lib/postgresql/*/bin/postgres")


def chromium(cache: Path | None = None) -> Tool:
    """Chromium for browser tests: its shell without windows, which takes a quarter less CPU."""
    shell = "chromium-headless-shell"
    if found := _installed(shell) or _installed("chromium"):
        return found
    fetched = _fetched(cache, shell, (shell, "fonts-dejavu-core"), f"usr/lib/chromium/{shell}")
    fonts = _fonts_conf(fetched.program.parents[3])
    return Tool(fetched.program, {**fetched.extra_env, "FONTCONFIG_FILE": str(fonts)})


def strace(cache: Path | None = None) -> Tool:
    """strace, which shows what a program asks of the system."""
    return _installed("strace") or _fetched(cache, "strace", ("strace",), "usr/bin/strace")


def speech(cache: Path | None = None) -> Tool:
    """A free program that speaks announcements: eSpeak NG."""
    if found := _installed("espeak-ng"):
        return found
    fetched = _fetched(cache, "espeak-ng", ("espeak-ng",), "usr/bin/espeak-ng")
    data = fetched.program.parents[2] / "usr/lib" / multiarch()
    return Tool(fetched.program, {**fetched.extra_env, "ESPEAK_DATA_PATH": str(data)})


def _installed(name: str) -> Tool | None:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    return Tool(Path(found)) if found else None


def _fetched(cache: Path | None, name: str, packages: tuple[str, ...], program: str) -> Tool:
    mirror = machine_mirror()
    if mirror is None:
        raise ToolMissing(
            f"{name} is not installed, and this machine has no Debian mirror; install {packages[0]}."
        )
    tree = fetch_tree(name, packages, mirror.codename, cache or cache_folder(), without=FROM_MACHINE)
    found = _newest(tree, program)
    if found is None:
        raise ToolMissing(
            f"{name} of {mirror.codename} has no {program}; install {packages[0]} on this machine."
        )
    return Tool(found, {"LD_LIBRARY_PATH": library_path(tree)})


def _newest(root: Path, pattern: str) -> Path | None:
    return max(root.glob(pattern), default=None)


def _fonts_conf(tree: Path) -> Path:
    """A fontconfig file that knows only the fonts of `tree`."""
    file = tree / "fonts.conf"
    if not file.exists():
        written = file.with_suffix(f".{os.getpid()}")
        written.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
            f"<fontconfig><dir>{tree}/usr/share/fonts</dir></fontconfig>\n"
        )
        written.rename(file)
    return file
