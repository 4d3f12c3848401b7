"""What the portal rehearses is what a call on the real PBX does: screen, telephones rung, messages."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.portal.rehearsal.messages import Example, if_answered, messages
from pbx_bridge.storage.db.engine import Database
from rules.calls.rehearsal import Rehearsal, Seen
from rules.model import CallNote, Customer
from rules.text.phone_numbers import dial_digits
from tests.integration import generated_companies as generated
from tests.integration.rehearsed_calls import Desk, Stage, furnish, message, open_stage, rung, talking, told
from tests.until import until

pytestmark = pytest.mark.asterisk


async def test_fifty_companies_get_what_was_rehearsed(
    asterisk_tree: AsteriskTree, sqlite_url: str, sqlite_db: Database
) -> None:
    await furnish(sqlite_db)
    async with open_stage(asterisk_tree, sqlite_url, sqlite_db) as stage:
        in_vain = await _all(_in_vain(stage, sqlite_db, call) for call in generated.calls())
        possible = [call for call, end in zip(generated.calls(), in_vain, strict=True) if end == "rung"]
        taken = await _all(_put_through(stage, sqlite_db, call, place) for place, call in enumerate(possible))
    assert min(len(possible), in_vain.count("refused")) >= 10, "the companies differ too little"
    assert set(taken) == {"first", "later"}, "no deputy has taken a call"


async def _all(plays: Iterable[Coroutine[Any, Any, str]]) -> list[str]:
    """All of them, also when one fails; how each ended."""
    ends = await asyncio.gather(*plays, return_exceptions=True)
    failed = {place: end for place, end in enumerate(ends) if isinstance(end, BaseException)}
    assert not failed
    return [str(end) for end in ends]


async def _in_vain(stage: Stage, db: Database, call: generated.Call) -> str:
    """A call from the first ring to the last message, in which all are busy; whether anybody was rung."""
    async with talking(stage, call) as (caller, desk, rehearsed, seen):
        customer = stage.customers[call.company]
        await _ring_in_vain(desk, seen)
        tried = tuple((one.name, one.result) for one in desk.call.view.tried)
        await stage.room.far.hang_up(caller)
        await until(lambda: desk.call.view.phase == "ended", message="the end")
        note = CallNote(
            "", "Hans Müller", "Angebot", callback_number=f"+{call.number}", recipients=(seen.employee.id,)
        )
        await _save(desk, note)
        at = desk.arrived_at
        expected = messages(customer, rehearsed.caller, note, desk.agent.name, at, tried)
        assert await told(db, desk.call_id) == [message(one) for one in expected]
    return "rung" if seen.plan.steps else "refused"


async def _put_through(stage: Stage, db: Database, call: generated.Call, place: int) -> str:
    """A call that one of the plan takes: the first, or a deputy after all before are busy; who it was."""
    customer, far = stage.customers[call.company], stage.room.far
    async with talking(stage, call) as (caller, desk, rehearsed, seen):
        steps = seen.plan.steps[: place % len(seen.plan.steps) + 1]
        numbers = [dial_digits(step.number) for step in steps]
        await far.behave(numbers[-1], "answer:0.2")
        before = len(rung(stage, customer))
        assert (await desk.tab.ask("ring", call=desk.call_id, employee=seen.employee.id)).ok
        await until(lambda: desk.step() == "consulting", 40, f"{numbers} is there")
        assert (await desk.tab.ask("connect", call=desk.call_id)).ok
        await until(lambda: desk.call.view.phase == "joined", message="connected")
        await far.converse(caller, numbers[-1])
        assert rung(stage, customer)[before:] == numbers, (
            "other telephones than rehearsed, or in another order"
        )
        await _taken(db, desk, customer, rehearsed, seen, len(steps))
        await far.behave(numbers[-1], "busy")
    return "first" if len(steps) == 1 else "later"


async def _taken(
    db: Database, desk: Desk, customer: Customer, rehearsed: Rehearsal, seen: Seen, steps: int
) -> None:
    """Who is told, in which words, after a put-through: as the portal says for the first, or of this one."""
    caller, taker = rehearsed.caller, seen.plan.steps[steps - 1].employee_id
    example = Example("Hans Müller", "Angebot", desk.agent.name)
    note = CallNote(
        "",
        caller.vip.name if caller.vip else example.name,
        example.concern,
        callback_number=caller.number,
        put_through_to=taker,
        asked_for=seen.employee.id,
    )
    tried = tuple((one.name, one.result) for one in desk.call.view.tried)
    assert [one.employee_id for one in desk.call.view.tried] == [
        step.employee_id for step in seen.plan.steps[:steps]
    ]
    await _save(desk, note)
    if steps == 1:
        expected = if_answered(customer, caller, seen, example, desk.arrived_at)
    else:
        expected = messages(customer, caller, note, desk.agent.name, desk.arrived_at, tried)
    assert await told(db, desk.call_id) == [message(one) for one in expected]


async def _ring_in_vain(desk: Desk, seen: Seen) -> None:
    """Everybody is busy, so all of the plan are rung, in order; or the rehearsed refusal is the answer."""
    answer = await desk.tab.ask("ring", call=desk.call_id, employee=seen.employee.id)
    if not seen.plan.steps:
        assert seen.plan.refusal is not None
        assert answer.code == seen.plan.refusal.code
        return
    assert answer.ok, answer
    wanted = [step.employee_id for step in seen.plan.steps]
    await until(lambda: desk.tried() == wanted, 40, f"{wanted} are tried")


async def _save(desk: Desk, note: CallNote) -> None:
    body = {
        "name": note.caller_name,
        "callback": note.callback_number,
        "concern": note.concern,
        "recipients": list(note.recipients),
    }
    saved = await desk.tab.ask("save_note", call=desk.call_id, body=body)
    if saved.code == "storage_down":  # a busy machine: an agent is told so, and presses once more
        saved = await desk.tab.ask("save_note", call=desk.call_id, body=body)
    assert saved.ok, saved
