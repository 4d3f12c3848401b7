"""Draws docs/call-states.md from the two tables.

`python -m pbx_bridge.transfers.states_page > docs/call-states.md`
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pbx_bridge.calls import machine as calls
from pbx_bridge.calls.effects import Phase
from pbx_bridge.transfers import machine as transfers
from pbx_bridge.transfers.states import TransferStep

HEAD = """# The states of a call and of a put-through

Drawn from the tables in `pbx_bridge/calls/machine.py` and `pbx_bridge/transfers/machine.py`;
a test keeps it so. Arrows that lead back to where they start are only in the lists.
What has no row changes nothing, is counted and logged.
"""
CALL = """## A call

Only a bridge proves who talks to whom.
News may come late, doubled or not at all: states are set, events never counted."""
TRANSFER = """## A put-through

What the agent asks for has steps of its own: `holding`, `fetching`, `joining`, `returning`.
What is reached is told by a bridge. The employee's leg is an Originate;
every safety net is in `docker/asterisk/secretariat.conf`."""
LATE = 5
"""Rows that are the same from so many states are drawn once, as a note."""

Rows = dict[tuple[StrEnum, StrEnum], tuple[StrEnum, str]]


def page() -> str:
    """The whole document."""
    call: Rows = {key: (to, _name(action)) for key, (to, action) in calls.TABLE.items()}
    transfer: Rows = {key: (to, ", ".join(map(_name, acts))) for key, (to, acts) in transfers.TABLE.items()}
    parts = [HEAD, *_section(CALL, Phase, call), *_section(TRANSFER, TransferStep, transfer)]
    return "\n".join(parts).rstrip() + "\n"


def _section(head: str, states: Iterable[StrEnum], rows: Rows) -> Iterable[str]:
    yield from (head, "", *_diagram(rows), "")
    for state in states:
        yield from (f"### {state}", "", *_list(state, rows), "")


def _diagram(rows: Rows) -> Iterable[str]:
    """Mermaid; what leads to the same place from nearly everywhere would only hide the rest."""
    ways: dict[tuple[StrEnum, StrEnum], list[StrEnum]] = {}
    for (at, happening), (to, _) in rows.items():
        if at is not to:
            ways.setdefault((to, happening), []).append(at)
    yield from ("```mermaid", "stateDiagram-v2")
    for (to, happening), starts in ways.items():
        if len(starts) < LATE:
            yield from (f"    {at} --> {to}: {_words(happening)}" for at in starts)
    yield "```"
    yield ""
    for (to, happening), starts in ways.items():
        if len(starts) >= LATE:
            yield f"- {_words(happening)} → **{to}**, from {', '.join(starts)}"


def _list(state: StrEnum, rows: Rows) -> Iterable[str]:
    for (at, happening), (to, actions) in rows.items():
        if at is state and (to is not at or actions not in {"", "stay"}):
            where = f"→ **{to}**" if to is not at else "stays"
            yield f"- {_words(happening)}: {where}{f' ({actions})' if actions not in {'', 'move'} else ''}"


def _words(happening: StrEnum) -> str:
    """Mermaid takes a second colon for its own."""
    return happening.value.replace(": ", " – ")


def _name(action: object) -> str:
    return str(getattr(action, "__name__", action)).replace("_", " ")


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is what it is for
