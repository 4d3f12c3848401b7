"""What the buttons of /demo do: who calls which line, with what in the SIP headers."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from pbx_bridge.asterisk.far_end import Doing, FarEnd, FarEndCaller
from pbx_bridge.demo import cast

VIP = "+491713920042"
VIP_OF_PARTNER = "+491713920060"
STRANGER = "+491713920077"
KEPT = 12


@dataclass(frozen=True, slots=True)
class Dial:
    """One call: `line` in E.164; `diverted` is the customer's own number that the caller has dialled."""

    line: str
    number: str = STRANGER
    name: str = ""
    withheld: bool = False
    diverted: str = ""
    history: str = ""
    patience: float | None = None  # seconds until the caller gives up while waiting

    @property
    def headers(self) -> dict[str, str]:
        """SIP headers of a call that was forwarded."""
        headers = {}
        if self.diverted:
            headers["diversion"] = f"<sip:{self.diverted}@forwarding.example>;reason=unconditional;counter=1"
        if self.history:
            headers["history_info"] = (
                f"<sip:{self.history}@forwarding.example>;index=1,"
                f"<sip:{self.line}@secretariat.example;cause=302>;index=1.1"
            )
        return headers


@dataclass(frozen=True, slots=True)
class Scene:
    """A button; its words are in the catalogue under `scenes.<key>`."""

    key: str
    calls: tuple[Dial, ...]


MUSTERMANN, PRAXIS, KANZLEI = cast.own_lines()
MUSTERMANN_PUBLIC, PRAXIS_PUBLIC, KANZLEI_PUBLIC = cast.public_numbers()

SCENES = (
    Scene("vip", (Dial(MUSTERMANN, VIP, "Hans Müller"),)),
    Scene("withheld", (Dial(PRAXIS, withheld=True),)),
    Scene("abandoned", (Dial(MUSTERMANN, "+493023125702", "Karl Eilig", patience=3),)),
    Scene("diverted", (Dial(cast.SHARED_LINE, "+493023125703", "Ilse Werner", diverted=PRAXIS_PUBLIC),)),
    Scene("history", (Dial(cast.SHARED_LINE, "+493023125704", "Paul Sander", history=KANZLEI_PUBLIC),)),
    Scene("unknown", (Dial(cast.UNKNOWN_LINE, "+493023125705"),)),
    Scene("client", (Dial(KANZLEI, VIP_OF_PARTNER, "Johanna Richter"),)),
    Scene("block", (Dial(MUSTERMANN, "+493023125604", "Hauser Werke"),)),
    Scene(
        "three",
        (
            Dial(MUSTERMANN, "+493023125706", "Renate Vogel"),
            Dial(PRAXIS, "+493023125707", "Georg Simon"),
            Dial(KANZLEI, "+493023125708", "Dilek Aydin"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Played:
    """A call that a button made."""

    caller: FarEndCaller
    dial: Dial


class Callers:
    """The callers on the demo's page, the newest first."""

    def __init__(self, far: FarEnd) -> None:
        self._far = far
        self._played: deque[Played] = deque(maxlen=KEPT)
        self._impatient: set[asyncio.Task[None]] = set()

    async def play(self, key: str) -> None:
        """Raises KeyError for a scene that there is not."""
        for dial in scene_of(key).calls:
            caller = await self.call(dial)
            if dial.patience is not None:
                task = asyncio.create_task(self._give_up(caller, dial.patience))
                self._impatient.add(task)
                task.add_done_callback(self._impatient.discard)

    async def call(self, dial: Dial) -> FarEndCaller:
        """Let this call happen."""
        caller = await self._far.call(
            dial.line.lstrip("+"), dial.number, dial.name, withheld=dial.withheld, **dial.headers
        )
        self._played.appendleft(Played(caller, dial))
        return caller

    async def hang_up(self, caller_id: str) -> None:
        """Raises KeyError for a caller that there is not."""
        callers = {one.caller.id: one.caller for one in self._played}
        await self._far.hang_up(callers[caller_id])

    def close(self) -> None:
        """Nobody gives up any more."""
        for task in self._impatient:
            task.cancel()

    def picture(self) -> list[dict[str, Any]]:
        """Callers whose call is not over."""
        return [
            {
                "id": one.caller.id,
                "name": one.dial.name,
                "number": "" if one.dial.withheld else one.dial.number,
                "line": one.dial.line,
                "doing": self._far.caller(one.caller),
            }
            for one in self._played
            if self._far.caller(one.caller) is not Doing.OVER
        ]

    async def _give_up(self, caller: FarEndCaller, patience: float) -> None:
        await asyncio.sleep(patience)
        await self._far.hang_up(caller)


def scene_of(key: str) -> Scene:
    """The scene with this key. Raises KeyError."""
    for scene in SCENES:
        if scene.key == key:
            return scene
    raise KeyError(key)
