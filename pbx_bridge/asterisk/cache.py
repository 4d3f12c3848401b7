"""The folder for what was fetched: in the checkout, never in git, readable by the user who runs Asterisk; of
an installed program the user's own."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_CACHE = Path("/var/cache/pbx-bridge")


def cache_folder() -> Path:
    """`PBX_BRIDGE_CACHE`, else `.cache` in the checkout; /var/cache for root in a closed checkout.

    Installed without one: /var/cache for root, for others what XDG_CACHE_HOME says, or ~/.cache; never among
    the installed packages.
    """
    if chosen := os.environ.get("PBX_BRIDGE_CACHE"):
        return Path(chosen).absolute()
    is_checkout = (CHECKOUT / "pyproject.toml").exists()
    if os.geteuid() == 0 and not (is_checkout and open_to_all(CHECKOUT)):
        return SYSTEM_CACHE
    if is_checkout:
        return CHECKOUT / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "pbx-bridge"


def open_to_all(folder: Path) -> bool:
    """Whether any user may walk into `folder` (root's home is often closed, and Asterisk runs as nobody)."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))
