"""How many agents, in how many cells: the figures of docs/size.md.

`python -m tests.bench.size` prints the table that stands there, for 5,000 agents in ten cells, or as many
as are named; it takes some minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from statistics import mean

from tests.bench.erlang import agents_needed, calls_possible
from tests.bench.figure import Figure, held
from tests.bench.played_house import Edge, House, Played, play

SECONDS_A_CALL, WITHIN, SHARE = 240.0, 20.0, 0.9
HOURS = 4
DAYS = (1, 2, 3, 4)
"""Seeds: the same callers come to every house of a line of the table."""


def run() -> list[Figure]:
    """What cells cost 500 agents, and that an edge which leads to who is free wins it back. The calls are
    reckoned, not made: these figures are the same on every machine."""
    pool = House(1, 500, calls_possible(500, SECONDS_A_CALL, WITHIN, SHARE))
    cells = replace(pool, cells=2)
    led = replace(cells, edge=Edge.FREEST)
    one, parted, freest = (mean(one.in_time(WITHIN) for one in played(house)) for house in (pool, cells, led))
    return [
        held("answered in time, two cells led to the freest", freest / one, "times", "at least", 0.97),
        held("answered in time, two cells in turn", parted / one, "times", "at most", 0.99),
        held("agents more in ten cells than in one", 100 * (_more(5_000, 10) - 1), "%", "at most", 3),
    ]


def played(house: House) -> list[Played]:
    """The same house on some days."""
    return [play(house, HOURS * 3_600, day) for day in DAYS]


def _more(agents: int, cells: int) -> float:
    """How many agents so many cells need, each for itself, for the calls that this pool just answers."""
    calls = calls_possible(agents, SECONDS_A_CALL, WITHIN, SHARE)
    return cells * agents_needed(calls / cells, SECONDS_A_CALL, WITHIN, SHARE) / agents


def houses(agents: int, cells: int) -> Iterator[tuple[str, House]]:
    """The lines of the table: what is different, and the house."""
    pool = House(1, agents, calls_possible(agents, SECONDS_A_CALL, WITHIN, SHARE))
    parted = replace(pool, cells=cells)
    more = replace(parted, agents=round(agents * _more(agents, cells)))
    led = replace(more, edge=Edge.FREEST)
    yield "one pool", pool
    yield f"{cells} cells, in turn", parted
    yield "… agents move, looked at every 2 s", replace(parted, moves_every=2)
    yield "… every 10 s", replace(parted, moves_every=10)
    yield "led to the freest, told every second", replace(parted, edge=Edge.FREEST)
    yield "… every 5 s", replace(parted, edge=Edge.FREEST, told_every=5)
    yield "… every 15 s", replace(parted, edge=Edge.FREEST, told_every=15)
    yield "more agents, in turn", more
    yield "… a cell dies for half an hour", _dying(more)
    yield "… and its agents need two minutes", _dying(more, seated_again=120)
    yield "more agents, led to the freest", led
    yield "… a cell dies for half an hour", _dying(led)
    yield "… and its agents need two minutes", _dying(led, seated_again=120)


def _dying(house: House, seated_again: float = 15) -> House:
    return replace(house, dies_at=3_600.0, back_at=5_400.0, seated_again=seated_again)


def main(agents: int, cells: int) -> None:
    """The table, a line at a time."""
    print("| house | agents | in time | 95 of 100 waited at most | longest | calls lost | moves |")
    print("|---|---|---|---|---|---|---|")
    for name, house in houses(agents, cells):
        days = played(house)
        print(
            f"| {name} | {house.agents:,} | {mean(day.in_time(WITHIN) for day in days):.1%} |"
            f" {mean(day.waited(95) for day in days):.0f} s | {max(max(day.waits) for day in days):.0f} s |"
            f" {mean(day.dropped for day in days):.0f} | {mean(day.moved for day in days):,.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or (5_000, 10)))
