"""Run an Asterisk of our own as an unprivileged user and end it again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import select
import shutil
import signal
from pathlib import Path
from typing import Self

from pbx_bridge.asterisk.cache import open_to_all
from pbx_bridge.asterisk.config import Configuration, render
from pbx_bridge.asterisk.hold_music import write_hold_music, write_silence
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import Manager, ManagerError, Message
from pbx_bridge.private_files import private_folder

START_LIMIT = 30.0  # seconds; 0.7 is usual
STOP_LIMIT = 5.0
FOLDERS = ("etc", "lib", "log", "moh", "run", "spool")
UNPRIVILEGED = "nobody"


class AsteriskFailed(Exception):
    """Asterisk did not start; the message holds the end of its log."""


class RunningAsterisk:
    """One Asterisk process with its own folder `run_dir`; `async with` starts and stops it."""

    def __init__(self, tree: AsteriskTree, config: Configuration, run_dir: Path) -> None:
        self.tree = tree
        self.config = config
        self.run_dir = run_dir.absolute()
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def log(self) -> Path:
        """Notices, warnings and errors."""
        return self.run_dir / "log" / "messages"

    async def start(self) -> None:
        """Returns when all modules are loaded and the manager answers. Raises `AsteriskFailed`."""
        _end_leftover(self._pid_file, self.run_dir)
        self._prepare()
        account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        with (self.run_dir / "log" / "console").open("wb") as console:
            self._process = await asyncio.create_subprocess_exec(
                *self.tree.command, "-f", "-n", "-C", str(self.run_dir / "etc" / "asterisk.conf"),
                stdin=asyncio.subprocess.DEVNULL, stdout=console, stderr=console,
                start_new_session=True,  # Ctrl-C is for us; we end it in order
                user=account and account.pw_uid, group=account and account.pw_gid,
                extra_groups=[] if account else None,
            )  # fmt: skip
        self._pid_file.write_text(str(self.pid))
        try:
            await asyncio.wait_for(self._fully_booted(), START_LIMIT)
        except (TimeoutError, ManagerError) as error:
            await self.kill()
            raise AsteriskFailed(
                f"Asterisk {self.tree.version} did not start: {error}\n{self._last_words()}"
            ) from error

    async def stop(self) -> None:
        """End it in order; calls are hung up. Harmless if it has ended already."""
        if self._process is None:
            return
        self.thaw()
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_LIMIT)
        except TimeoutError:
            await self.kill()
        self._pid_file.unlink(missing_ok=True)

    async def kill(self) -> None:
        """End it without warning, as a crash would."""
        self._signal(signal.SIGKILL)
        await self._running.wait()

    async def restart(self) -> None:
        """Stop and start again with the same ports; its database stays, calls do not."""
        await self.stop()
        await self.start()

    async def ended(self) -> int:
        """Wait for the end of the process, whoever ended it; its exit status."""
        return await self._running.wait()

    def freeze(self) -> None:
        """Stop the process as it stands: connections stay, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        self._signal(signal.SIGCONT)

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("Asterisk was not started")
        return self._process

    @property
    def _pid_file(self) -> Path:
        return self.run_dir / "asterisk.pid"

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._running.send_signal(number)

    def _prepare(self) -> None:
        shutil.rmtree(self.run_dir / "etc", ignore_errors=True)
        shutil.rmtree(self.run_dir / "run", ignore_errors=True)  # a dead process's control socket
        for name in (*FOLDERS, "spool/voice"):
            private_folder(self.run_dir / name)
        if os.geteuid() == 0 and not open_to_all(self.run_dir):
            raise AsteriskFailed(
                f"Asterisk runs as {UNPRIVILEGED}, who cannot get into {self.run_dir}; take another folder."
            )
        if not (self.run_dir / "moh" / "hold.wav").exists():
            write_hold_music(self.run_dir / "moh" / "hold.wav")
        write_silence(self.run_dir / "lib" / "silence")
        render(self.config, self.run_dir / "etc", {
            "RUN_DIR": self.run_dir, "MODULES": self.tree.module_dir, "DATA": self.tree.data_dir,
            "MOH": self.run_dir / "moh", "SILENCE": self.run_dir / "lib" / "silence",
            "VOICE": self.run_dir / "spool" / "voice",
        })  # fmt: skip
        for name in FOLDERS:  # the manager's secret, callers' numbers; `run_dir` itself is passed through
            (self.run_dir / name).chmod(0o700)
        if os.geteuid() == 0:
            for path in (
                found
                for name in FOLDERS
                for found in (self.run_dir / name, *(self.run_dir / name).rglob("*"))
            ):
                shutil.chown(path, UNPRIVILEGED)

    async def _fully_booted(self) -> None:
        booted = asyncio.Event()

        def look(event: Message) -> None:
            if event.get("Event") == "FullyBooted":
                booted.set()

        while True:
            if self._running.returncode is not None:
                raise ManagerError(f"it ended with status {self._running.returncode}")
            try:
                # A service that has waited for it may be quicker, and is let in alone.
                manager = await Manager.connect(
                    self.config.ami_port, self.config.ami_looker, self.config.ami_secret, look
                )
            except OSError:
                await asyncio.sleep(0.05)
                continue
            await booted.wait()
            return await manager.close()

    def _last_words(self) -> str:
        files = [file for file in (self.run_dir / "log" / "console", self.log) if file.exists()]
        return "\n".join(
            line for file in files for line in file.read_text(errors="replace").splitlines()[-10:]
        )


def _end_leftover(pid_file: Path, run_dir: Path) -> None:
    """End the Asterisk of an earlier run that was killed before it could do so itself."""
    try:
        pid = int(pid_file.read_text())
        process = os.pidfd_open(pid)
    except (OSError, ValueError):
        return
    try:
        if (
            str(run_dir).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        ):  # else the number is somebody else's now
            signal.pidfd_send_signal(process, signal.SIGKILL)
            select.select([process], [], [], STOP_LIMIT)  # readable when it has ended
    finally:
        os.close(process)
