"""What goes into the dispatcher and what comes out of it: two closed families."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar


class Message:
    """Base of all that moves the live state: what the PBX tells, and what our own side asks or tells."""

    __slots__ = ()

    @property
    def of_call(self) -> str:
        """The PBX's name of the call it is about, "" for none."""
        return ""

    def refuse(self, _code: str) -> bool:
        """Answer whoever waits for an answer, instead of working on it; False when nobody does."""
        return False


class CallMessage(Message):
    """Base of what is told or asked about one call; each has its own field `call`, in its own place."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def call(self) -> str: ...

    @property
    def of_call(self) -> str:
        return self.call


class Effect:
    """Base of what has to happen in the world because the state moved on; each kind has a handler.

    `lane`: effects of one call and one lane are carried out one after the other; what goes to the PBX need
    not wait for what goes to the database.
    """

    __slots__ = ()
    lane: ClassVar[str] = ""

    @property
    def of_call(self) -> str:
        """The PBX's name of the call it is about, "" for none."""
        return ""


@dataclass(frozen=True, slots=True)
class CallEffect(Effect):
    """Base of what happens because of one call."""

    call: str

    @property
    def of_call(self) -> str:
        return self.call
