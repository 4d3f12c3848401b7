"""Everything outside the secretariat, played by a second Asterisk: callers and phones."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote

from pbx_bridge.asterisk.ears import Ears, voice_of
from pbx_bridge.asterisk.far_end_config import FarEndConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import Manager, ManagerError, Message
from pbx_bridge.asterisk.runner import RunningAsterisk

PATIENCE = 30.0  # seconds
LISTEN_EVERY = 0.1  # seconds
KEY_MILLISECONDS = 250  # how long a finger stays
STEADY = 3  # looks in a row that must be the same


class Doing(StrEnum):
    """What a phone or a caller is doing."""

    IDLE = "idle"
    RINGING = "ringing"  # a phone rings; a caller hears the ring tone
    TALKING = "talking"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Handset:
    """One telephone as its owner sees it: what its display showed at the last ring, and how often it rang."""

    doing: Doing = Doing.IDLE
    channel: str = ""
    leg: str = ""
    shown_name: str = ""
    shown_number: str = ""
    rings: int = 0


@dataclass(frozen=True, slots=True)
class FarEndCaller:
    """One call into the secretariat."""

    id: str

    def __str__(self) -> str:
        return self.id


class FarEnd:
    """`async with FarEnd(…) as far`. Numbers are digits as dialled by the PBX; agents' phones have names."""

    def __init__(self, tree: AsteriskTree, config: FarEndConfig, run_dir: Path) -> None:
        config = replace(config, as_offered=tree.major >= 18)
        self._asterisk = RunningAsterisk(tree, config, run_dir)
        self._ears = Ears()
        self._ears_port = config.ears_port
        self._manager: Manager | None = None
        self._phones: dict[str, Handset] = {}
        self._callers: dict[str, Doing] = {}
        self.rung: deque[str] = deque(maxlen=1000)
        """Numbers and names of the phones that rang, in order."""
        self._causes: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._ears.listen(self._ears_port)
        await self._asterisk.start()
        config = self._asterisk.config
        self._manager = await Manager.connect(
            config.ami_port, config.ami_user, config.ami_secret, self._on_event
        )
        await self.behave("default", "answer:1")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._manager is not None:
            await self._manager.close()
        await self._asterisk.stop()
        await self._ears.close()

    @property
    def log(self) -> Path:
        """Warnings and errors of this Asterisk."""
        return self._asterisk.log

    async def behave(self, number: str, behaviour: str) -> None:
        """From the next call on: "ring", "answer:<after s>[:<talks s>]", "busy", "decline", "unavailable",
        "notfound". `number` "default" means every phone that was told nothing.
        """
        await self._action("DBPut", Family="behave", Key=number, Val=behaviour)

    async def call(
        self,
        line: str,
        number: str = "491713920042",
        name: str = "",
        *,
        withheld: bool = False,
        diversion: str = "",
        history_info: str = "",
        codec: str = "alaw",
    ) -> FarEndCaller:
        """Somebody calls `line`. `diversion`, `history_info` are whole SIP header values."""
        caller = FarEndCaller(f"caller-{next(self._numbers)}")
        self._callers[caller.id] = Doing.RINGING
        told = {
            "ID": caller.id,
            "NUMBER": number,
            "NAME": quote(name),
            "WITHHELD": "yes" if withheld else "no",
            "DIVERSION": quote(diversion),
            "HISTORY": quote(history_info),
            "CODEC": codec,
            "VIA": "pbx" if codec == "alaw" else f"pbx-{codec}",
        }
        await self._action(
            "Originate",
            Channel=f"Local/{line}@caller/n",
            ChannelId=caller.id,
            OtherChannelId=f"{caller.id}-b",
            Context="caller-talks",
            Exten="s",
            Priority=1,
            Async="true",
            Timeout=300_000,
            Codecs=codec,  # else frames get lost on their way through the Local pair
            Variable=[f"__CALLER_{key}={value}" for key, value in told.items()],
        )
        return caller

    async def pick_up(self, number: str) -> None:
        """The ringing phone is answered."""
        await self._redirect(number, "talk")

    async def reject(self, number: str, how: str = "decline") -> None:
        """The ringing phone refuses: "busy", "decline", "unavailable", "notfound"."""
        await self._redirect(number, how)

    async def press(self, who: FarEndCaller | str, key: str) -> None:
        """A key of a caller, or of the phone of this number, that talks."""
        channel = who.id if isinstance(who, FarEndCaller) else self.phone(who).channel
        await self._action("PlayDTMF", Channel=channel, Digit=key, Duration=KEY_MILLISECONDS)

    async def hang_up(self, who: FarEndCaller | str) -> None:
        """A caller, or the phone of this number, hangs up; harmless if there is no call any more."""
        channel = who.id if isinstance(who, FarEndCaller) else self.phone(who).channel
        try:
            await self._action("Hangup", Channel=channel)
        except ManagerError:
            return

    def phone(self, number: str) -> Handset:
        """What this phone does now and showed last."""
        return self._phones.get(number, Handset())

    def caller(self, caller: FarEndCaller) -> Doing:
        """What this caller does now."""
        return self._callers[caller.id]

    def cause(self, caller: FarEndCaller) -> int:
        """Why this caller's call is over, as the network told them (Q.850)."""
        return self._causes[caller.id]

    async def rang(self, number: str, patience: float = PATIENCE) -> Handset:
        """Wait until the phone rings (or has been answered already). Raises TimeoutError."""
        await self._until(number, {Doing.RINGING, Doing.TALKING}, patience)
        return self.phone(number)

    async def talks(self, who: FarEndCaller | str, patience: float = PATIENCE) -> None:
        """Wait until the phone or the caller has been connected. Raises TimeoutError."""
        await self._until(who, {Doing.TALKING}, patience)

    async def over(self, who: FarEndCaller | str, patience: float = PATIENCE) -> None:
        """Wait until the phone or the caller has no call any more. Raises TimeoutError."""
        await self._until(who, {Doing.OVER, Doing.IDLE}, patience)

    async def heard_of(self, caller: FarEndCaller) -> Doing:
        """What becomes of a call: in the queue, or turned away. Raises TimeoutError."""
        await self._until(caller, {Doing.TALKING, Doing.OVER}, PATIENCE)
        return self.caller(caller)

    def _doing(self, who: FarEndCaller | str) -> Doing:
        return self.caller(who) if isinstance(who, FarEndCaller) else self.phone(who).doing

    def heard(
        self, who: FarEndCaller | str, among: Iterable[FarEndCaller | str]
    ) -> frozenset[FarEndCaller | str]:
        """What this phone or caller hears now: those of `among` who speak, "music", "tone" (of the
        network), "somebody at … Hz"; nothing = silence.
        """
        leg = who.id if isinstance(who, FarEndCaller) else self.phone(who).leg
        others = {str(number): one for number, one in enumerate(among)}
        voices = {
            voice_of(str(one)): number for number, one in reversed(others.items())
        }  # the first one wins
        return frozenset(others.get(name, name) for name in self._ears.heard(leg, voices))

    async def hears(
        self,
        who: FarEndCaller | str,
        *wanted: FarEndCaller | str,
        among: Iterable[FarEndCaller | str] = (),
        patience: float = PATIENCE,
    ) -> None:
        """Wait until this phone or caller hears these and nobody else, for the length of a word.

        `among`: whose voices are known by name. Raises TimeoutError, which says what is heard.
        """
        everybody = dict.fromkeys([*(one for one in wanted if one not in {"music", "tone"}), *among])
        end, times, heard = time.monotonic() + patience, 0, frozenset[FarEndCaller | str]()
        while times < STEADY:
            if time.monotonic() > end:
                raise TimeoutError(f"{who} hears {_names(heard)} and not {_names(wanted)}")
            heard = self.heard(who, everybody)
            if heard == frozenset(wanted):
                times += 1
            elif heard:  # a gap between two words is no wrong word
                times = 0
            await asyncio.sleep(LISTEN_EVERY)

    async def converse(self, one: FarEndCaller | str, other: FarEndCaller | str) -> None:
        """Wait until these two hear each other and nobody else. Raises TimeoutError."""
        await self.hears(one, other)
        await self.hears(other, one)

    async def _until(self, who: FarEndCaller | str, wanted: set[Doing], patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                while self._doing(who) not in wanted:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"{who} is {self._doing(who)} and not {' or '.join(wanted)}") from None

    async def _redirect(self, number: str, exten: str) -> None:
        await self._action(
            "Redirect", Channel=self.phone(number).channel, Context="phone", Exten=exten, Priority=1
        )

    async def _action(self, name: str, **headers: object) -> Message:
        if self._manager is None:
            raise RuntimeError("the far end is not running")
        return await self._manager.action(name, **headers)

    def _on_event(self, event: Message) -> None:
        kind = event.get("UserEvent", event.get("Event"))
        number, channel, unique = (event.get(key, "") for key in ("Number", "Channel", "Uniqueid"))
        match kind:
            case "PhoneRings":
                shown = unquote(event.get("Name", ""))
                self.rung.append(number)
                rings = self.phone(number).rings + 1
                number_shown = event.get("Caller", "")
                self._phones[number] = Handset(Doing.RINGING, channel, unique, shown, number_shown, rings)
            case "PhoneTalks":
                self._phones[number] = replace(self.phone(number), doing=Doing.TALKING)
            case "PhoneOver":
                self._ears.shut(unique)
                if self.phone(number).channel == channel:
                    self._phones[number] = replace(self.phone(number), doing=Doing.OVER, channel="")
            case "Ear":
                self._ears.open(event["Leg"], int(event["Port"]), voice_of(number or event["Leg"]))
            case "CallerTalks":
                self._callers[unique] = Doing.TALKING
            case "CallerRefused" if event.get("Call") in self._callers:
                self._causes[event["Call"]] = int(event.get("Cause", "0"))
            case "Hangup" if unique in self._callers:
                self._ears.shut(unique)
                self._callers[unique] = Doing.OVER
        self._changed.set()


def _names(heard: Iterable[FarEndCaller | str]) -> str:
    return " and ".join(sorted(map(str, heard))) or "nothing"
