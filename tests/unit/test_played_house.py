"""The figures by which a house is sized: the formula, and the house that is played, check each other."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest

from tests.bench.erlang import agents_needed, calls_possible, in_time, waiting
from tests.bench.played_house import Edge, House, play

SIXTY = House(cells=1, agents=60, calls_per_second=0.21)
THREE = replace(SIXTY, cells=3)
HOURS = 2 * 3600
SEEDS = (1, 2, 3, 4)


def answered(house: House) -> float:
    """The share in time, over some days."""
    return mean(play(house, HOURS, seed).in_time(house.within) for seed in SEEDS)


@pytest.mark.parametrize(
    "offered, agents, share",
    [(10, 12, 0.4494), (1, 1, 1.0), (0.5, 1, 0.5), (20, 30, 0.0249), (12, 12, 1.0)],
)
def test_the_formula_says_what_its_tables_say(offered: float, agents: int, share: float) -> None:
    assert waiting(offered, agents) == pytest.approx(share, abs=5e-4)


def test_agents_and_calls_are_two_ways_to_ask_the_same() -> None:
    calls = calls_possible(500, 240, 20, 0.9)
    assert (agents_needed(calls * 0.9999, 240, 20, 0.9), agents_needed(calls * 1.001, 240, 20, 0.9)) == (
        500,
        501,
    )
    assert in_time(calls, 500, 240, 20) == pytest.approx(0.9)
    assert in_time(3, 500, 240, 20) == 0.0, "the line only grows"


def test_one_pool_that_is_played_is_what_the_formula_says() -> None:
    assert answered(SIXTY) == pytest.approx(in_time(0.21, 60, 240, 20), abs=0.04)


def test_cells_cost_something_which_the_edge_and_moves_win_back() -> None:
    pool, apart = answered(SIXTY), answered(THREE)
    moved, led = answered(replace(THREE, moves_every=2)), answered(replace(THREE, edge=Edge.FREEST))
    assert apart < moved - 0.03
    assert moved < pool
    assert led > apart + 0.1
    assert led == pytest.approx(pool, abs=0.05)


@pytest.mark.parametrize("moves_every", [0.0, 2.0])
def test_a_cell_that_dies_costs_its_own_calls_and_no_other(moves_every: float) -> None:
    house = replace(THREE, agents=75, moves_every=moves_every, dies_at=600.0, back_at=1_200.0)
    played, quiet = play(house, HOURS), play(replace(house, dies_at=None, back_at=None), HOURS)
    assert 0 < played.dropped <= 25
    callers = len(played.waits) + played.dropped + played.unanswered
    assert callers == pytest.approx(len(quiet.waits) + quiet.unanswered, abs=25), "nobody else is lost"


def test_nobody_is_led_to_a_cell_in_which_nobody_sits() -> None:
    """A cell that is back has no agents until somebody moves them: who was led there waited for ever."""
    house = replace(THREE, agents=63, edge=Edge.FREEST, dies_at=600.0, back_at=1_200.0)
    for seed in SEEDS:
        played = play(house, HOURS, seed)
        assert (played.dropped > 0, played.unanswered) == (True, 0)


def test_the_same_seed_is_the_same_day() -> None:
    first, second = play(THREE, HOURS), play(THREE, HOURS)
    assert first == second
    assert first != play(THREE, HOURS, seed=2)
