from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.commands import AgentHangsUp
from pbx_bridge.calls.journal import Journal
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.state import CallState
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, CALL, NOW, registry

OVER = tuple(f"over.{number}" for number in range(40))
LIFE = (
    ev.MemberChanged(ANNA, "sec", False, "", ev.MemberStatus.FREE),
    *happens.TO_TALKING,
    AgentHangsUp(CALL, True),
    happens.AGENT_GONE,
    happens.CALLER_GONE,
)


def _after_many_calls() -> Registry:
    seen = registry()
    for name in OVER:
        seen.apply(replace(happens.ARRIVED, call=name), NOW)
        seen.apply(replace(happens.CALLER_GONE, call=name, leg=name), NOW)
    assert [call.live for call in seen.calls.values()] == [False] * len(OVER)
    return seen


def _journal(seen: Registry) -> Journal:
    database: Any = SimpleNamespace(on_recovery=lambda _: None)
    return Journal(database, seen, lambda _: None, lambda: NOW)


@pytest.mark.parametrize("asked", ["live", "waiting", "busy_agent"])
async def test_no_event_of_a_call_asks_those_that_are_over(
    monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    seen = _after_many_calls()
    journal = _journal(seen)
    names: list[str] = []
    _overhear(monkeypatch, asked, names)
    for event in LIFE:
        for effect in seen.apply(event, NOW):
            if isinstance(effect, fx.Arrived):
                await journal.arrived(effect)
            elif isinstance(effect, fx.CallEnded):
                await journal.ended(effect)
        assert seen.coming() == frozenset()
        assert [call.pbx_call for call in seen.waiting] in ([], [CALL])
    assert set(names) == {CALL}
    assert seen.is_quiet()


def _overhear(monkeypatch: pytest.MonkeyPatch, asked: str, names: list[str]) -> None:
    real: Callable[[CallState], object] = getattr(CallState, asked).fget

    def overheard(call: CallState) -> object:
        names.append(call.pbx_call)
        return real(call)

    monkeypatch.setattr(CallState, asked, property(overheard))


def test_those_that_live_are_known_after_every_event() -> None:
    seen = _after_many_calls()
    for event in LIFE:
        seen.apply(event, NOW)
        assert dict(seen.live) == {name: call for name, call in seen.calls.items() if call.live}
