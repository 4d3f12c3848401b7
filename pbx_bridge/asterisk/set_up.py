"""What an installation is set up from: every setting, Asterisk's configuration with music for callers on
hold, the unit of systemd."""

from __future__ import annotations

import shutil
from pathlib import Path

from pbx_bridge.asterisk.cache import CHECKOUT
from pbx_bridge.asterisk.hold_music import write_hold_music

IN_CHECKOUT = {
    "settings.toml": "settings.toml",
    "asterisk": "docker/asterisk",
    "fill-in": "docker/fill-in",
    "pbx-bridge.service": "docs/pbx-bridge.service",
}
"""Name → where it lies in a checkout; `force-include` of pyproject.toml puts each into the wheel."""
ANY_RUN = ("cdr.conf", "cel.conf", "indications.conf", "logger.conf")
"""What every Asterisk of ours has beside them, in the image too: nothing is kept of a call on disk."""
IN_WHEEL = Path(__file__).with_name("set_up_files")


def place(name: str) -> Path:
    """Where this file or folder is: beside us when installed from a wheel, else in the checkout."""
    installed = IN_WHEEL / name
    return installed if installed.exists() else CHECKOUT / IN_CHECKOUT[name]


def write_set_up(folder: Path) -> list[Path]:
    """Copy all of it into `folder`, which is made if need be; returns what was written.

    Raises FileExistsError, and writes nothing, where one of them is there already; OSError as it comes.
    """
    if there := next((folder / name for name in IN_CHECKOUT if (folder / name).exists()), None):
        raise FileExistsError(f"{there} is there already; nothing was written. Name an empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in IN_CHECKOUT:
        source = place(name)
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    for name in ANY_RUN:
        shutil.copy(Path(__file__).with_name("any_run") / name, folder / "asterisk" / name)
    music = folder / "asterisk" / "music"  # where fill-in looks for it
    music.mkdir()
    write_hold_music(music / "melody.wav")
    return [folder / name for name in IN_CHECKOUT]
