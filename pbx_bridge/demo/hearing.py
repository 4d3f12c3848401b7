"""Who hears whom in a scenario, by name: promises about speech."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from pbx_bridge.asterisk.far_end import FarEnd, FarEndCaller

LISTEN_SECONDS = 15.0


class Hearing:
    """`phones`: name of a person → number or name of the telephone; `callers`: who has called so far."""

    def __init__(self, far: FarEnd, phones: Mapping[str, str], callers: Sequence[FarEndCaller]) -> None:
        self._far, self._phones, self._callers = far, phones, callers

    async def of(self, who: FarEndCaller | str, *wanted: FarEndCaller | str) -> str:
        """Whom a caller, or somebody by name, hears: as soon as it is exactly `wanted`, or after some time
        without that. "nothing", "music" and "tone" are heard too.
        """
        ear, sources = self._line(who), [self._line(one) for one in wanted]
        everybody: list[FarEndCaller | str] = [*self._callers, *self._phones.values()]
        with suppress(TimeoutError):
            await self._far.hears(ear, *sources, among=everybody, patience=LISTEN_SECONDS)
            return in_words(*wanted)
        names = {phone: name for name, phone in self._phones.items()}
        heard = self._far.heard(ear, everybody)
        return in_words(*(one if isinstance(one, FarEndCaller) else names.get(one, one) for one in heard))

    def _line(self, who: FarEndCaller | str) -> FarEndCaller | str:
        return who if isinstance(who, FarEndCaller) else self._phones.get(who, who)


def in_words(*who: FarEndCaller | str) -> str:
    """These as a promise names them."""
    return (
        " and ".join(sorted("caller" if isinstance(one, FarEndCaller) else one for one in who)) or "nothing"
    )
