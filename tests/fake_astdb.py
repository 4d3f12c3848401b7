"""Asterisk's own database as the dial plan keeps it: who is turned away at which number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pbx_bridge.ami.actions import Action, DBGet, Originate, Response
from pbx_bridge.ami.codec import Frame


@dataclass
class FakeAstdb:
    """`lists`: list → called number → callers; `now`: the list that counts."""

    lists: defaultdict[str, defaultdict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    now: str = ""

    def take(self, action: Action) -> None:
        """What the contexts sec-block and sec-blocklist do."""
        if not isinstance(action, Originate):
            return
        told = {name.lstrip("_"): value for name, value in action.variables}
        number, _, context = action.channel.removeprefix("Local/").removesuffix("/n").partition("@")
        if context == "sec-block":
            callers = self.lists[told["SEC_LIST"]][number]
            callers |= set(filter(None, told.get("SEC_ADD", "").split("-")))
            callers -= set(told.get("SEC_DROP", "").split("-"))
        elif context == "sec-blocklist":
            self.now = told["SEC_LIST"]
            for other in self.lists.keys() - {self.now}:
                del self.lists[other]

    def read(self, action: DBGet) -> Response:
        """What Asterisk answers to DBGet."""
        if (action.family, action.key) == ("blocks", "now"):
            return _found(self.now)
        _, name, called = action.family.split("/")
        return _found("1" if action.key in self.lists[name][called] else "")

    def turned_away(self, called: str) -> set[str]:
        """Callers (digits) who do not get through at this number (digits)."""
        return self.lists[self.now][called] - {"0"}


def _found(value: str) -> Response:
    if not value:
        return Response(ok=False, message="Database entry not found")
    return Response(ok=True, message="", events=(Frame("DBGetResponse", {"Val": value}, {}),))
