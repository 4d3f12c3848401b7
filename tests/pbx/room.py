"""A whole telephone world on free loopback ports: our PBX and the far end with everybody's phones."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pbx_bridge.asterisk.config import PbxConfig, PhoneConfig, Timers
from pbx_bridge.asterisk.far_end import FarEnd
from pbx_bridge.asterisk.far_end_config import FarEndConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port, speech_ports
from pbx_bridge.asterisk.runner import RunningAsterisk

CALM = Timers(queue_wait=120, agent_ring=60, ring=40, grace=10, wait_max=50, park=60, hold_max=120)
"""No limit of the dial plan is reached, however slow the machine is; but an agent whose caller hung up on
hold may be free only after `grace`."""
AGENTS = ("anna", "ben")


@dataclass(frozen=True, slots=True)
class Room:
    """Our PBX and the far end, both running."""

    pbx: RunningAsterisk
    far: FarEnd
    config: PbxConfig


class WatchedConfig(PbxConfig):
    """As it is, but that tests may be logged in beside the service with its own rights."""

    def files(self) -> Mapping[str, str]:
        """With another manager.conf."""
        files = (folder / "manager.conf" for folder in reversed(self.templates))
        alone = next(file for file in files if file.exists()).read_text()
        watched = alone.replace("allowmultiplelogin = no", "allowmultiplelogin = yes")
        assert watched != alone
        return {**PbxConfig.files(self), "manager.conf": watched}


def quick_config(
    trunk_port: int, agents: tuple[str, ...] = AGENTS, kind: type[PbxConfig] = WatchedConfig
) -> PbxConfig:
    """Our PBX with long times, its trunk and its agents' fixed phones at `trunk_port`."""
    return kind(
        ami_port=free_port(),
        ami_secret=secrets.token_urlsafe(12),
        sip_port=free_port(),
        rtp_ports=speech_ports(600),
        trunk_peer=f"127.0.0.1:{trunk_port}",
        phones=tuple(PhoneConfig(name, contact=f"sip:{name}@127.0.0.1:{trunk_port}") for name in agents),
        timers=CALM,
    )


@asynccontextmanager
async def open_room(
    tree: AsteriskTree, agents: tuple[str, ...] = AGENTS, **changes: object
) -> AsyncIterator[Room]:
    """Both sides running; `changes` replace fields of the PbxConfig (allowed=".*"), or the far end's keys;
    `kind`: `PbxConfig` for the one that operators have."""
    keys = str(changes.pop("keys", "rfc4733"))
    far_port, kind = free_port(), changes.pop("kind", WatchedConfig)
    config = replace(quick_config(far_port, agents, kind), **changes)  # type: ignore[arg-type]  # by name
    far_config = FarEndConfig(
        ami_port=free_port(),
        ami_secret=secrets.token_urlsafe(12),
        sip_port=far_port,
        rtp_ports=speech_ports(600),
        pbx_peer=f"127.0.0.1:{config.sip_port}",
        keys=keys,
    )
    with open_folder() as folder:
        async with (
            RunningAsterisk(tree, config, folder / "pbx") as pbx,
            FarEnd(tree, far_config, folder / "far") as far,
        ):
            yield Room(pbx, far, config)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that is gone afterwards and that `nobody` may enter (pytest's tmp_path is closed to him)."""
    with tempfile.TemporaryDirectory(prefix="pbx-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
