"""One call of a scenario, as the caller made it and as one desk shows it."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call on its way: the caller, the desk that shows it, its id there."""

    caller: FarEndCaller
    desk: Desk
    id: str

    @property
    def open(self) -> p.OpenCall:
        """As the desk shows it now. Raises AssertionError when it is gone from there."""
        found = self.desk.open(self.id)
        assert found is not None, f"{self.desk.who.name}'s desk does not show the call any more"
        return found

    @property
    def view(self) -> p.CallView:
        return self.open.view

    @property
    def step(self) -> str:
        """Step of the put-through, empty when there is none."""
        found = self.desk.open(self.id)
        return found.view.put_through.step if found and found.view.put_through else ""

    @property
    def phase(self) -> str:
        found = self.desk.open(self.id)
        return found.view.phase if found else "gone"
