"""How many agents a house needs, by A. K. Erlang's formula for callers who wait (1917): calls come at random,
talks are of exponential length, nobody hangs up while waiting.

Who hangs up makes it easier for those who stay, so what is said here is on the safe side.
"""

from __future__ import annotations

import math


def waiting(offered: float, agents: int) -> float:
    """The share of callers who have to wait at all. `offered`: calls a second times seconds a call. 1.0 where
    the line only grows."""
    if offered >= agents:
        return 1.0
    busy = 1.0  # of as many lines, where nobody may wait (Erlang B), from no line upwards
    for lines in range(1, agents + 1):
        busy = offered * busy / (lines + offered * busy)
    return busy / (1 - offered / agents * (1 - busy))


def in_time(calls_per_second: float, agents: int, seconds_a_call: float, within: float) -> float:
    """The share of callers who are answered within so many seconds."""
    offered = calls_per_second * seconds_a_call
    if offered >= agents:
        return 0.0
    return 1 - waiting(offered, agents) * math.exp((offered - agents) * within / seconds_a_call)


def agents_needed(calls_per_second: float, seconds_a_call: float, within: float, share: float) -> int:
    """The fewest by whom this share is answered in time."""
    agents = math.floor(calls_per_second * seconds_a_call) + 1
    while in_time(calls_per_second, agents, seconds_a_call, within) < share:
        agents += 1
    return agents


def calls_possible(agents: int, seconds_a_call: float, within: float, share: float) -> float:
    """Calls a second with which so many agents just answer this share in time."""
    low, high = 0.0, agents / seconds_a_call
    for _ in range(50):  # halved so often it is exact
        middle = (low + high) / 2
        fits = in_time(middle, agents, seconds_a_call, within) >= share
        low, high = (middle, high) if fits else (low, middle)
    return low
