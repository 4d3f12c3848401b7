"""The demo's telephones as a visitor uses them: what each does when it rings, what it does now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pbx_bridge.asterisk.far_end import FarEnd
from pbx_bridge.demo import cast
from rules.model import Customer
from rules.text.names import split_name


class Habit(StrEnum):
    """What somebody does when the telephone rings."""

    ANSWERS = "answers"
    BY_BUTTON = "by_button"
    BUSY = "busy"
    DECLINES = "declines"
    SILENT = "silent"
    BRIEF = "brief"  # picks up and soon hangs up again


BEHAVIOURS: Mapping[Habit, str] = MappingProxyType(
    {
        Habit.ANSWERS: "answer:4",
        Habit.BY_BUTTON: "ring",
        Habit.BUSY: "busy",
        Habit.DECLINES: "decline",
        Habit.SILENT: "ring",
        Habit.BRIEF: "answer:3:3",
    }
)
AGENT_HABITS = (Habit.ANSWERS, Habit.BY_BUTTON)


@dataclass(frozen=True, slots=True)
class PhoneOwner:
    """Whose telephone: `number` as the far end knows it, a name for agents, else digits of E.164."""

    number: str
    name: str
    company: str = ""
    hue: int = 0


class Phones:
    """All telephones of the demo; every choice holds from the next ring on."""

    def __init__(self, far: FarEnd, companies: Iterable[Customer]) -> None:
        self._far = far
        self.agents = tuple(PhoneOwner(one.phone, one.name) for one in cast.log_ins() if one.phone)
        self.employees = tuple(
            PhoneOwner(
                person.extension.lstrip("+"), split_name(person.name).spoken, company.name, company.hue
            )
            for company in companies
            for person in company.employees
            if person.extension and company.tariff.put_through
        )
        self._habits: dict[str, Habit] = {}

    async def reset(self) -> None:
        """Everybody answers by themselves, but the second agent waits for a button."""
        for place, owner in enumerate((*self.agents, *self.employees)):
            await self.choose(owner.number, Habit.BY_BUTTON if place == 1 else Habit.ANSWERS)

    async def choose(self, number: str, habit: Habit) -> None:
        """Raises KeyError for a telephone that is not of the demo."""
        self._known(number)
        self._habits[number] = habit
        await self._far.behave(number, BEHAVIOURS[habit])

    async def pick_up(self, number: str) -> None:
        """Harmless unless it rings."""
        if self._far.phone(self._known(number)).doing == "ringing":
            await self._far.pick_up(number)

    async def reject(self, number: str) -> None:
        """Harmless unless it rings."""
        if self._far.phone(self._known(number)).doing == "ringing":
            await self._far.reject(number)

    async def hang_up(self, number: str) -> None:
        """Harmless without a call."""
        if self._far.phone(self._known(number)).channel:
            await self._far.hang_up(number)

    def picture(self) -> dict[str, list[dict[str, Any]]]:
        """Every telephone with habit, state and display."""
        return {
            "agents": [self._view(owner) for owner in self.agents],
            "employees": [self._view(owner) for owner in self.employees],
        }

    def _view(self, owner: PhoneOwner) -> dict[str, Any]:
        handset = self._far.phone(owner.number)
        busy = handset.doing in {"ringing", "talking"}
        return {
            "number": owner.number,
            "name": owner.name,
            "company": owner.company,
            "hue": owner.hue,
            "habit": self._habits.get(owner.number, Habit.ANSWERS),
            "doing": handset.doing if busy else "idle",
            "shown_name": handset.shown_name if busy else "",
            "shown_number": handset.shown_number if busy else "",
        }

    def _known(self, number: str) -> str:
        if not any(owner.number == number for owner in (*self.agents, *self.employees)):
            raise KeyError(number)
        return number
