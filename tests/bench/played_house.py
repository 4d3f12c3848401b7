"""A house of several cells, call by call: what becomes of callers when agents sit in cells, move between
them, and when a cell dies. Time is reckoned, not waited for.

A cell is a PBX with the agents who sit there. A call is led to one of them by the edge and stays there; an
agent takes calls of the own cell only, until moved.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple


class Edge(Enum):
    """Which cell the next call goes to. `TURNS`: in turn, by the number of agents, which needs no word from
    the cells; `FREEST`: to where most agents are free, or fewest wait, as the cells last said."""

    TURNS = auto()
    FREEST = auto()


@dataclass(frozen=True, slots=True)
class House:
    """`seconds_a_call`: talk and note, on average. `moves_every`: seconds between two looks that move free
    agents to where callers wait, 0: nobody moves; `moving`: seconds for which who moves takes no call.
    `told_every`: how old, at most, the edge's picture of the cells is.
    `dies_at`, `back_at`: of the first cell, seconds, None: never; `seated_again`: how long its agents need to
    sit elsewhere."""

    cells: int
    agents: int
    calls_per_second: float
    seconds_a_call: float = 240.0
    within: float = 20.0
    edge: Edge = Edge.TURNS
    moves_every: float = 0.0
    moving: float = 5.0
    told_every: float = 1.0
    dies_at: float | None = None
    back_at: float | None = None
    seated_again: float = 15.0


@dataclass(slots=True)
class Played:
    """`waits`: seconds, of every caller who was answered; `dropped`: callers who talked in a cell, or waited
    there, when it died; `moved`: agents, in the hour before as well; `unanswered`: who waited still at the
    end."""

    waits: list[float] = field(default_factory=list)
    dropped: int = 0
    moved: int = 0
    unanswered: int = 0

    def in_time(self, within: float) -> float:
        """The share of all whom the house did not lose."""
        return sum(one <= within for one in self.waits) / (len(self.waits) + self.unanswered)

    def waited(self, percent: float) -> float:
        """Seconds which so many per cent of those answered did not have to wait longer than."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(slots=True)
class _Cell:
    free: int
    talking: int = 0
    line: deque[tuple[float, float]] = field(default_factory=deque)
    awaited: int = 0  # agents who are on the way to it
    lives: bool = True
    life: int = 0  # how often it has died: who talked before that ends no talk now

    @property
    def seats(self) -> int:
        return self.free + self.talking

    @property
    def spare(self) -> int:
        """Free agents, less who waits."""
        return self.free - len(self.line)


class _Happening(NamedTuple):
    at: float
    order: int
    what: str
    cell: int = 0
    number: int = 0


def play(house: House, seconds: float, seed: int = 1) -> Played:
    """So many seconds of that house, after an hour in which it forgets how it began."""
    return _Play(house, random.Random(seed)).until(seconds)


FILLING = 3_600.0
"""Seconds. A big house takes hours to forget how it began, so it begins with as many talks as it has on
average."""


class _Play:
    def __init__(self, house: House, chance: random.Random) -> None:
        self._house, self._chance, self._found = house, chance, Played()
        each, more = divmod(house.agents, house.cells)
        self._cells = [_Cell(each + (number < more)) for number in range(house.cells)]
        self._told = [one.spare for one in self._cells]
        self._turns = self._in_turn()
        self._coming: list[_Happening] = []
        self._order, self._now = itertools.count(), 0.0

    def until(self, seconds: float) -> Played:
        house, end = self._house, FILLING + seconds
        self._begin()
        self._soon(self._chance.expovariate(house.calls_per_second), "call")
        self._soon(house.told_every, "hear")
        if house.moves_every:
            self._soon(house.moves_every, "look")
        for what, at in (("dies", house.dies_at), ("back", house.back_at)):
            if at is not None:
                self._soon(FILLING + at, what)
        while self._coming[0].at < end:
            happening = heapq.heappop(self._coming)
            self._now = happening.at
            getattr(self, f"_{happening.what}")(happening)
        self._found.unanswered = sum(len(one.line) for one in self._cells)
        return self._found

    def _soon(self, seconds: float, what: str, cell: int = 0, number: int = 0) -> None:
        heapq.heappush(self._coming, _Happening(self._now + seconds, next(self._order), what, cell, number))

    def _begin(self) -> None:
        house = self._house
        for number in range(min(house.agents, round(house.calls_per_second * house.seconds_a_call))):
            at = number % house.cells
            cell, length = self._cells[at], self._chance.expovariate(1 / house.seconds_a_call)
            cell.free, cell.talking = cell.free - 1, cell.talking + 1
            self._soon(length, "done", at, cell.life)

    # ---- what happens

    def _call(self, _: _Happening) -> None:
        self._soon(self._chance.expovariate(self._house.calls_per_second), "call")
        at, length = self._led_to(), self._chance.expovariate(1 / self._house.seconds_a_call)
        self._cells[at].line.append((self._now, length))  # the same callers in every house of this seed
        self._told[at] -= 1  # the edge knows what it has sent there itself
        self._serve(at)

    def _done(self, one: _Happening) -> None:
        cell = self._cells[one.cell]
        if cell.life == one.number:
            cell.talking, cell.free = cell.talking - 1, cell.free + 1
            self._serve(one.cell)

    def _hear(self, _: _Happening) -> None:
        self._soon(self._house.told_every, "hear")
        self._told = [one.spare for one in self._cells]

    def _seated(self, one: _Happening) -> None:
        cell = self._cells[one.cell]
        cell.free, cell.awaited = cell.free + one.number, cell.awaited - one.number
        self._serve(one.cell)

    def _dies(self, _: _Happening) -> None:
        """Its calls are gone; its agents sit down in the others."""
        cell = self._cells[0]
        self._found.dropped += cell.talking + len(cell.line)
        agents, others = cell.seats + cell.awaited, [at for at in range(len(self._cells)) if at]
        for one in self._coming_here(0):
            self._coming.remove(one)
        heapq.heapify(self._coming)
        self._cells[0] = _Cell(0, lives=False, life=cell.life + 1)
        for turn, at in enumerate(others):
            share = agents // len(others) + (turn < agents % len(others))
            self._seat_later(self._house.seated_again, at, share)

    def _back(self, _: _Happening) -> None:
        self._cells[0].lives = True

    def _look(self, _: _Happening) -> None:
        """Whoever is free goes to where callers wait, or to a cell that has less than its share."""
        self._soon(self._house.moves_every, "look")
        living = [at for at, one in enumerate(self._cells) if one.lives]
        share = self._house.agents // len(living)
        for at in living:
            cell = self._cells[at]
            waiting, missing = (one - cell.awaited for one in (-cell.spare, share - cell.seats))
            for other in sorted(living, key=lambda one: -self._cells[one].spare):
                wanted = max(waiting, min(missing, self._cells[other].seats - share))
                giving = min(wanted, self._cells[other].spare // 2)
                if other != at and giving > 0:
                    self._cells[other].free -= giving
                    self._found.moved += giving
                    waiting, missing = waiting - giving, missing - giving
                    self._seat_later(self._house.moving, at, giving)

    # ---- who is where

    def _coming_here(self, at: int) -> list[_Happening]:
        return [one for one in self._coming if one.what == "seated" and one.cell == at]

    def _seat_later(self, seconds: float, at: int, agents: int) -> None:
        self._cells[at].awaited += agents
        self._soon(seconds, "seated", at, agents)

    def _serve(self, at: int) -> None:
        cell = self._cells[at]
        while cell.free and cell.line:
            came, length = cell.line.popleft()
            cell.free, cell.talking = cell.free - 1, cell.talking + 1
            if came >= FILLING:
                self._found.waits.append(self._now - came)
            self._soon(length, "done", at, cell.life)

    def _led_to(self) -> int:
        if self._house.edge is Edge.TURNS:
            return next(self._turns)
        staffed = (at for at, one in enumerate(self._cells) if one.lives and one.seats)
        return max(staffed, key=lambda at: self._told[at])

    def _in_turn(self) -> Iterator[int]:
        """Each as often as it has agents, evenly."""
        owed = [0.0] * len(self._cells)
        while True:
            seats = [one.seats if one.lives else 0 for one in self._cells]
            owed = [was + now for was, now in zip(owed, seats, strict=True)]
            at = max(range(len(owed)), key=lambda one: (seats[one] > 0, owed[one]))
            owed[at] -= sum(seats)
            yield at
